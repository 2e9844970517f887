#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include <tongs/clock.hpp>
#include <tongs/ids.hpp>
#include <tongs/token.hpp>

#include "common/net/head.hpp"
#include "common/net/response.hpp"
#include "gateway/broker/broker.hpp"
#include "gateway/egress/invocations.hpp"
#include "gateway/egress/proxy_authorization.hpp"
#include "gateway/oauth/issued_tokens.hpp"

namespace tongs::gateway {

/// What a call is authorised with, so that it can be taken back after a 401.
class Credential {
 public:
  using Token = std::variant<Broker::SystemToken, AccessToken, UserTokenPtr>;
  explicit Credential(Token token) : token_(std::move(token)) {}
  std::string_view reveal() const noexcept;
  const Token& token() const noexcept { return token_; }

 private:
  Token token_;
};

/// Who makes a call, with everything that he named looked up.
struct Caller {
  enum class As : std::uint8_t {
    app,
    absent_user,    ///< `account`, who need not be there
    invoking_user,  ///< `account`, with the token that came with `invocation`
    bearer          ///< whoever `bearer` is for
  };
  As as = As::app;
  std::shared_ptr<const vault::Installation> installation;
  std::optional<AccountId> account = {};
  std::string invocation = {};
  std::optional<Credential> bearer = {};
};

/// What the values of a request name.
struct CallerContext {
  const Broker& broker;
  const Invocations& invocations;
  const oauth::IssuedTokens* issued;  ///< null: OAuth is switched off
  WallTime now;
};

/// The one `forge-proxy-authorization` of a request. Errors: invalid_argument.
Result<ProxyAuthorization> proxy_authorization_of(const net::RequestHead& request);

/// The installation that the header names, itself or by an invocation. Errors: invalid_argument (two that
/// differ), not_found (no such invocation).
Result<InstallationId> installation_of(const ProxyAuthorization& asked, const CallerContext& context);

/// Who asks: by `forge-proxy-authorization`, or by a token that our OAuth endpoint gave out. Nothing: he
/// shows a token that it did not (any more). Errors: invalid_argument (the header is missing or wrong),
/// not_found (no such installation or invocation), forbidden (no consent), rejected (the user's token has
/// ended).
Result<std::optional<Caller>> caller_of(const net::RequestHead& request, const CallerContext& context);

/// Of whom a request speaks, whether or not he consents (any more).
struct SpokenOf {
  InstallationId installation;
  std::optional<AccountId> account = {};
};
/// Nothing: of nobody who is known.
std::optional<SpokenOf> spoken_of(const net::RequestHead& request, const CallerContext& context);

/// The answer to a token that is not known (RFC 6750 3.1).
net::Response unknown_bearer();

}  // namespace tongs::gateway
