#include "vault/row_codec.hpp"

#include <concepts>
#include <cstddef>
#include <optional>
#include <utility>

namespace tongs::vault {

namespace {

constexpr std::string_view kBinding = "tongs vault row 1";
constexpr std::size_t kFieldHead = 1 + 4;  // tag, length

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

template <std::integral T>
void append_number(std::string& out, T value) {
  auto rest = static_cast<std::uint64_t>(value);
  for (std::size_t i = 0; i < sizeof value; ++i, rest >>= 8) out.push_back(static_cast<char>(rest & 0xff));
}

template <std::integral T>
std::optional<T> read_number(std::string_view bytes) noexcept {
  if (bytes.size() != sizeof(T)) return std::nullopt;
  std::uint64_t value = 0;
  for (std::size_t i = sizeof(T); i-- > 0;) value = (value << 8) | static_cast<unsigned char>(bytes[i]);
  return static_cast<T>(value);
}

/// The buffer never grows while a secret is in it: growing would leave a copy behind.
void make_room(std::string& out, std::size_t size) {
  out.clear();
  if (out.capacity() < size) out.reserve(2 * size);
}

template <class Tag>
void append_head(std::string& out, Tag tag, std::size_t size) {
  out.push_back(static_cast<char>(tag));
  append_number(out, static_cast<std::uint32_t>(size));
}

template <class Tag>
void append_text(std::string& out, Tag tag, std::string_view text) {
  if (text.empty()) return;
  append_head(out, tag, text.size());
  out.append(text);
}

template <class Tag, std::integral T>
void append_integer(std::string& out, Tag tag, T value) {
  append_head(out, tag, sizeof value);
  append_number(out, value);
}

std::size_t size_of(const ProductContext& c) noexcept {
  return 4 * kFieldHead + c.name.size() + c.api_base_url.size() + c.cloud_id.size() + c.workspace_id.size();
}

/// An upper bound, cheap to compute.
std::size_t size_of(const Installation& i) noexcept {
  std::size_t size = 14 * (kFieldHead + sizeof(std::int64_t)) + i.app.str().size() + i.app_version.size() +
                     i.environment_type.size() + i.environment_id.size() + i.api_base_url.size() +
                     i.auth_trigger_url.size() + (i.context ? i.context->str().size() : 0);
  for (const auto& context : i.contexts) size += kFieldHead + size_of(context);
  return size;
}

std::string encoded(const ProductContext& context) {
  std::string out;
  append_text(out, ContextField::name, context.name);
  append_text(out, ContextField::api_base_url, context.api_base_url);
  append_text(out, ContextField::cloud_id, context.cloud_id);
  append_text(out, ContextField::workspace_id, context.workspace_id);
  return out;
}

Error broken() {
  return {Errc::storage_failed, "a row of the vault is not what this version of tongs writes"};
}

/// Calls `take(tag, value)` for each field; false if the bytes are cut short or `take` said no.
template <class Tag, class Take>
bool each_field(std::string_view bytes, Take take) {
  while (!bytes.empty()) {
    if (bytes.size() < kFieldHead) return false;
    const auto tag = static_cast<Tag>(static_cast<unsigned char>(bytes.front()));
    const std::size_t size = *read_number<std::uint32_t>(bytes.substr(1, 4));
    bytes.remove_prefix(kFieldHead);
    if (size > bytes.size() || !take(tag, bytes.substr(0, size))) return false;
    bytes.remove_prefix(size);
  }
  return true;
}

bool take_time(WallTime& out, std::string_view bytes) noexcept {
  const auto seconds = read_number<std::int64_t>(bytes);
  if (seconds) out = WallTime(std::chrono::seconds(*seconds));
  return seconds.has_value();
}

bool take_flag(bool& out, std::string_view bytes) noexcept {
  const auto value = read_number<std::uint8_t>(bytes);
  if (!value || *value > 1) return false;
  out = *value == 1;
  return true;
}

bool take_state(InstallationState& out, std::string_view bytes) noexcept {
  const auto value = read_number<std::uint8_t>(bytes);
  if (!value || *value < 1 || *value > 2) return false;
  out = static_cast<InstallationState>(*value);
  return true;
}

bool take_context(std::vector<ProductContext>& out, std::string_view bytes) {
  auto& context = out.emplace_back();
  return each_field<ContextField>(bytes, [&](ContextField tag, std::string_view value) {
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
  each_field<Tag>(bytes, [&](Tag tag, std::string_view value) {
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
      return take_flag(record.revoked, value);
    case InstallationField::waiting:
      return take_flag(record.waiting, value);
    case InstallationField::license_active:
      return take_flag(record.license_active.emplace(), value);
    case InstallationField::auth_trigger_url:
      record.auth_trigger_url = Secret(value);
      return true;
    case InstallationField::installed_at:
      return take_time(record.installed_at, value);
    case InstallationField::updated_at:
      return take_time(record.updated_at, value);
  }
  return false;
}

}  // namespace

void associated_data(RowKind kind, std::string_view installation, std::string_view account,
                     std::int64_t ends_at, std::string& out) {
  out.assign(kBinding);
  out.push_back(static_cast<char>(kind));
  append_number(out, ends_at);
  append_number(out, static_cast<std::uint32_t>(installation.size()));
  out.append(installation).append(account);
}

void encode(const Installation& record, std::string& out) {
  make_room(out, size_of(record));
  append_text(out, InstallationField::app, record.app.str());
  append_text(out, InstallationField::app_version, record.app_version);
  append_text(out, InstallationField::environment_type, record.environment_type);
  append_text(out, InstallationField::environment_id, record.environment_id);
  for (const auto& context : record.contexts) {
    const std::string bytes = encoded(context);
    append_head(out, InstallationField::product_context, bytes.size());
    out.append(bytes);
  }
  if (record.context) append_text(out, InstallationField::context, record.context->str());
  append_text(out, InstallationField::api_base_url, record.api_base_url);
  append_integer(out, InstallationField::state, static_cast<std::uint8_t>(record.state));
  append_integer(out, InstallationField::revoked, static_cast<std::uint8_t>(record.revoked));
  if (record.waiting) append_integer(out, InstallationField::waiting, std::uint8_t{1});
  if (record.license_active) {
    append_integer(out, InstallationField::license_active, static_cast<std::uint8_t>(*record.license_active));
  }
  append_text(out, InstallationField::auth_trigger_url, record.auth_trigger_url.reveal());
  append_integer(out, InstallationField::installed_at,
                 std::int64_t{record.installed_at.time_since_epoch().count()});
  append_integer(out, InstallationField::updated_at,
                 std::int64_t{record.updated_at.time_since_epoch().count()});
}

void encode(const Token& record, std::string& out) {
  make_room(out, record.secret.size() + 2 * (kFieldHead + sizeof(std::int64_t)));
  append_text(out, TokenField::secret, record.secret.reveal());
  append_integer(out, TokenField::received_at, std::int64_t{record.received_at.time_since_epoch().count()});
}

void encode(const UserConsent& record, std::string& out) {
  out.clear();
  append_integer(out, ConsentField::revoked, static_cast<std::uint8_t>(record.revoked));
  append_integer(out, ConsentField::changed_at, std::int64_t{record.changed_at.time_since_epoch().count()});
}

Result<Installation> decode_installation(const InstallationId& id, std::string_view bytes) {
  auto app = AppId::parse(find_field(bytes, InstallationField::app));
  if (!app) return broken();
  Installation record{.id = id, .app = std::move(*app)};
  const bool whole = each_field<InstallationField>(
      bytes, [&](InstallationField tag, std::string_view value) { return take_field(record, tag, value); });
  if (!whole) return broken();
  return record;
}

Result<Token> decode_token(WallTime expires_at, std::string_view bytes) {
  Token token{.secret = {}, .expires_at = expires_at, .received_at = {}};
  const bool whole = each_field<TokenField>(bytes, [&](TokenField tag, std::string_view value) {
    switch (tag) {
      case TokenField::secret:
        token.secret = Secret(value);
        return true;
      case TokenField::received_at:
        return take_time(token.received_at, value);
    }
    return false;
  });
  if (!whole || token.secret.empty()) return broken();
  return token;
}

Result<UserConsent> decode_user_consent(std::string_view bytes) {
  UserConsent consent;
  bool said = false;
  const bool whole = each_field<ConsentField>(bytes, [&](ConsentField tag, std::string_view value) {
    switch (tag) {
      case ConsentField::revoked:
        said = true;
        return take_flag(consent.revoked, value);
      case ConsentField::changed_at:
        return take_time(consent.changed_at, value);
    }
    return false;
  });
  if (!whole || !said) return broken();
  return consent;
}

}  // namespace tongs::vault
