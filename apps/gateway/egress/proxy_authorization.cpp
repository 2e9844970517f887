#include "gateway/egress/proxy_authorization.hpp"

#include <algorithm>
#include <set>

#include "auth/token_text.hpp"

namespace tongs::gateway {

namespace {

Error malformed(const char* what) {
  return {
      Errc::invalid_argument,
      std::string("forge-proxy-authorization ") + what +
          "; write Forge as=app,installationId=<uuid> or Forge as=user,accountId=<id>,installationId=<uuid>"};
}

std::string_view trimmed(std::string_view text) noexcept {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

Result<void> take(ProxyAuthorization& into, std::string_view name, std::string_view value) {
  if (name == "as") {
    if (value != "app" && value != "user")
      return malformed("has an identity that is neither as=app nor as=user");
    into.as_user = value == "user";
  } else if (name == "installationId") {
    auto id = InstallationId::parse(value);
    if (!id) return malformed("has an installationId that is none");
    into.installation = *std::move(id);
  } else if (name == "accountId") {
    auto id = AccountId::parse(value);
    if (!id) return malformed("has an accountId that is none");
    into.account = *std::move(id);
  } else if (name == "id") {
    if (!detail::is_sendable_token(value)) return malformed("has an invocation id that is none");
    into.invocation_id = value;
  } else if (name == "token") {
    if (!detail::is_sendable_token(value)) return malformed("has a token that is none");
    into.token = Secret(value);
  } else {
    return malformed("has a field that does not exist");
  }
  return {};
}

}  // namespace

Result<ProxyAuthorization> ProxyAuthorization::parse(std::string_view value) {
  constexpr std::string_view scheme = "Forge ";
  if (!value.starts_with(scheme)) return malformed("does not start with the scheme Forge");
  value.remove_prefix(scheme.size());

  ProxyAuthorization result;
  std::set<std::string_view> seen;
  while (true) {
    const auto comma = std::min(value.find(','), value.size());
    const std::string_view field = trimmed(value.substr(0, comma));
    const auto equals = field.find('=');
    if (equals == std::string_view::npos) return malformed("has a field without a value");
    if (!seen.insert(field.substr(0, equals)).second) return malformed("has one field twice");
    auto taken = take(result, field.substr(0, equals), field.substr(equals + 1));
    if (!taken) return std::move(taken).error();
    if (comma == value.size()) break;
    value.remove_prefix(comma + 1);
  }
  if (!result.installation && result.invocation_id.empty()) {
    return malformed("names neither an installation nor an invocation");
  }
  if (result.account && !result.as_user) return malformed("names an account, which needs as=user");
  return result;
}

}  // namespace tongs::gateway
