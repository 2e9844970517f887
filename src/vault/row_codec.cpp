#include "vault/row_codec.hpp"

#include <cstddef>
#include <optional>
#include <utility>

#include "vault/fields.hpp"

namespace tongs::vault {

namespace {

constexpr std::string_view kBinding = "tongs vault row 1";

/// The numbers are on disk: never reuse one.
enum class InstallationField : std::uint8_t {
  app = 1,
  app_version = 2,
  environment_type = 3,
  environment_id = 4,
  product_context = 5,  // repeated
  context = 6,
  api_base_url = 7,
  state = 8,
  revoked = 9,
  license_active = 10,
  auth_trigger_url = 11,
  installed_at = 12,
  updated_at = 13,
  waiting = 14,  // only of those that wait
};
enum class ContextField : std::uint8_t { name = 1, api_base_url = 2, cloud_id = 3, workspace_id = 4 };
enum class TokenField : std::uint8_t { secret = 1, received_at = 2 };
enum class ConsentField : std::uint8_t { revoked = 1, changed_at = 2 };

std::size_t size_of(const ProductContext& c) noexcept {
  return 4 * fields::kHead + c.name.size() + c.api_base_url.size() + c.cloud_id.size() +
         c.workspace_id.size();
}

/// An upper bound, cheap to compute.
std::size_t size_of(const Installation& i) noexcept {
  std::size_t size = 14 * (fields::kHead + sizeof(std::int64_t)) + i.app.str().size() + i.app_version.size() +
                     i.environment_type.size() + i.environment_id.size() + i.api_base_url.size() +
                     i.auth_trigger_url.size() + (i.context ? i.context->str().size() : 0);
  for (const auto& context : i.contexts) size += fields::kHead + size_of(context);
  return size;
}

std::string encoded(const ProductContext& context) {
  std::string out;
  fields::append_text(out, ContextField::name, context.name);
  fields::append_text(out, ContextField::api_base_url, context.api_base_url);
  fields::append_text(out, ContextField::cloud_id, context.cloud_id);
  fields::append_text(out, ContextField::workspace_id, context.workspace_id);
  return out;
}

bool take_state(InstallationState& out, std::string_view bytes) noexcept {
  const auto value = fields::read_number<std::uint8_t>(bytes);
  if (!value || *value < 1 || *value > 2) return false;
  out = static_cast<InstallationState>(*value);
  return true;
}

bool take_context(std::vector<ProductContext>& out, std::string_view bytes) {
  auto& context = out.emplace_back();
  return fields::each<ContextField>(bytes, [&](ContextField tag, std::string_view value) {
    switch (tag) {
      case ContextField::name:
        context.name = value;
        return true;
      case ContextField::api_base_url:
        context.api_base_url = value;
        return true;
      case ContextField::cloud_id:
        context.cloud_id = value;
        return true;
      case ContextField::workspace_id:
        context.workspace_id = value;
        return true;
    }
    return false;
  });
}

/// The value of the first field with that tag, or nothing.
template <class Tag>
std::string_view find_field(std::string_view bytes, Tag wanted) {
  std::string_view found;
  fields::each<Tag>(bytes, [&](Tag tag, std::string_view value) {
    if (tag == wanted) found = value;
    return tag != wanted;
  });
  return found;
}

bool take_field(Installation& record, InstallationField tag, std::string_view value) {
  switch (tag) {
    case InstallationField::app:
      return true;  // read before all others
    case InstallationField::app_version:
      record.app_version = value;
      return true;
    case InstallationField::environment_type:
      record.environment_type = value;
      return true;
    case InstallationField::environment_id:
      record.environment_id = value;
      return true;
    case InstallationField::product_context:
      return take_context(record.contexts, value);
    case InstallationField::context: {
      auto context = ContextAri::parse(value);
      if (context) record.context = std::move(*context);
      return context.has_value();
    }
    case InstallationField::api_base_url:
      record.api_base_url = value;
      return true;
    case InstallationField::state:
      return take_state(record.state, value);
    case InstallationField::revoked:
      return fields::take_flag(record.revoked, value);
    case InstallationField::waiting:
      return fields::take_flag(record.waiting, value);
    case InstallationField::license_active:
      return fields::take_flag(record.license_active.emplace(), value);
    case InstallationField::auth_trigger_url:
      record.auth_trigger_url = Secret(value);
      return true;
    case InstallationField::installed_at:
      return fields::take_time(record.installed_at, value);
    case InstallationField::updated_at:
      return fields::take_time(record.updated_at, value);
  }
  return false;
}

}  // namespace

void associated_data(RowKind kind, std::string_view installation, std::string_view account,
                     std::int64_t ends_at, std::string& out) {
  out.assign(kBinding);
  out.push_back(static_cast<char>(kind));
  fields::append_number(out, ends_at);
  fields::append_number(out, static_cast<std::uint32_t>(installation.size()));
  out.append(installation).append(account);
}

void encode(const Installation& record, std::string& out) {
  fields::make_room(out, size_of(record));
  fields::append_text(out, InstallationField::app, record.app.str());
  fields::append_text(out, InstallationField::app_version, record.app_version);
  fields::append_text(out, InstallationField::environment_type, record.environment_type);
  fields::append_text(out, InstallationField::environment_id, record.environment_id);
  for (const auto& context : record.contexts) {
    const std::string bytes = encoded(context);
    fields::append_head(out, InstallationField::product_context, bytes.size());
    out.append(bytes);
  }
  if (record.context) fields::append_text(out, InstallationField::context, record.context->str());
  fields::append_text(out, InstallationField::api_base_url, record.api_base_url);
  fields::append_integer(out, InstallationField::state, static_cast<std::uint8_t>(record.state));
  fields::append_integer(out, InstallationField::revoked, static_cast<std::uint8_t>(record.revoked));
  if (record.waiting) fields::append_integer(out, InstallationField::waiting, std::uint8_t{1});
  if (record.license_active) {
    fields::append_integer(out, InstallationField::license_active,
                           static_cast<std::uint8_t>(*record.license_active));
  }
  fields::append_text(out, InstallationField::auth_trigger_url, record.auth_trigger_url.reveal());
  fields::append_time(out, InstallationField::installed_at, record.installed_at);
  fields::append_time(out, InstallationField::updated_at, record.updated_at);
}

void encode(const Token& record, std::string& out) {
  fields::make_room(out, record.secret.size() + 2 * (fields::kHead + sizeof(std::int64_t)));
  fields::append_text(out, TokenField::secret, record.secret.reveal());
  fields::append_time(out, TokenField::received_at, record.received_at);
}

void encode(const UserConsent& record, std::string& out) {
  out.clear();
  fields::append_integer(out, ConsentField::revoked, static_cast<std::uint8_t>(record.revoked));
  fields::append_integer(out, ConsentField::changed_at,
                         std::int64_t{record.changed_at.time_since_epoch().count()});
}

Result<Installation> decode_installation(const InstallationId& id, std::string_view bytes) {
  auto app = AppId::parse(find_field(bytes, InstallationField::app));
  if (!app) return fields::broken();
  Installation record{.id = id, .app = std::move(*app)};
  const bool whole = fields::each<InstallationField>(
      bytes, [&](InstallationField tag, std::string_view value) { return take_field(record, tag, value); });
  if (!whole) return fields::broken();
  return record;
}

Result<Token> decode_token(WallTime expires_at, std::string_view bytes) {
  Token token{.secret = {}, .expires_at = expires_at, .received_at = {}};
  const bool whole = fields::each<TokenField>(bytes, [&](TokenField tag, std::string_view value) {
    switch (tag) {
      case TokenField::secret:
        token.secret = Secret(value);
        return true;
      case TokenField::received_at:
        return fields::take_time(token.received_at, value);
    }
    return false;
  });
  if (!whole || token.secret.empty()) return fields::broken();
  return token;
}

Result<UserConsent> decode_user_consent(std::string_view bytes) {
  UserConsent consent;
  bool said = false;
  const bool whole = fields::each<ConsentField>(bytes, [&](ConsentField tag, std::string_view value) {
    switch (tag) {
      case ConsentField::revoked:
        said = true;
        return fields::take_flag(consent.revoked, value);
      case ConsentField::changed_at:
        return fields::take_time(consent.changed_at, value);
    }
    return false;
  });
  if (!whole || !said) return fields::broken();
  return consent;
}

}  // namespace tongs::vault
