#pragma once
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <tongs/call_options.hpp>
#include <tongs/clock.hpp>
#include <tongs/http.hpp>
#include <tongs/ids.hpp>
#include <tongs/installation.hpp>
#include <tongs/result.hpp>
#include <tongs/secret.hpp>

namespace tongs {

/// A user's access token. Copies share one secret; the last copy wipes it.
/// Thread safety: const.
class AccessToken {
 public:
  AccessToken(AccountId account, Secret token, WallTime expires_at);

  const AccountId& account() const noexcept;
  WallTime expires_at() const noexcept;
  std::string_view reveal() const noexcept;
  /// Do both come from one answer of the source? Identity, not bytes.
  friend bool same_token(const AccessToken& a, const AccessToken& b) noexcept {
    return a.content_ == b.content_;
  }

 private:
  struct Content;
  std::shared_ptr<const Content> content_;
};

/// What a source answered: the token, and when it ends. An answer whose end has passed or is more than a day
/// away is refused as malformed by the token manager, so that milliseconds never pass for seconds.
struct FetchedToken {
  Secret token = {};
  /// Life in seconds, counted from before the request was sent (`ttl`, contract 4.2.6), or
  std::optional<std::chrono::seconds> life = {};
  /// the end in Unix seconds (`expiry` of the seed's wire form). Exactly one of the two is set.
  std::optional<WallTime> expires_at = {};
};

/// Where offline user tokens of one installation come from.
/// Thread safety: any.
class UserTokenSource {
 public:
  virtual ~UserTokenSource() = default;
  virtual const InstallationId& installation() const noexcept = 0;
  /// One attempt, no retry but with another system token. Keeps to the limits of `call`.
  /// Errors: see `TokenManager::get_token`. `rejected` without RemoteDetail says that nothing was sent, so
  /// the next caller may ask at once; after every other error the manager pauses.
  virtual Result<FetchedToken> fetch(const AccountId& account, const CallOptions& call) = 0;
};

/// The documented Remote contract (contract 4.2): the GraphQL mutation `offlineUserAuthToken`, authorised by
/// the installation's app system token, which is asked for anew at each fetch.
struct DirectTokenSourceOptions {
  std::shared_ptr<InstallationCredentials> credentials = {};
  std::shared_ptr<const Transport> transport = {};
  /// The context ARI of the installation (contract 4.3).
  ContextAri context;
  std::string graphql_url = "https://api.atlassian.com/graphql";
  /// For `Retry-After` in the form of a date.
  std::shared_ptr<const Clock> clock = Clock::system();
};
/// Errors: invalid_argument (no credentials, transport or clock; a URL that is neither https nor loopback).
Result<std::shared_ptr<UserTokenSource>> direct_token_source(DirectTokenSourceOptions options);

/// The seed's wire form: `POST <proxy_url>/graphql` with `forge-proxy-authorization`, answer `accessToken`
/// and `expiry` in Unix seconds (contract 6.2). With credentials it is the seed's `ForgeRemoteTokenManager`
/// (the header carries the system token); without, its `OfflineTokenManager` (the identity of a Container,
/// which the proxy knows by itself).
struct ProxyTokenSourceOptions {
  std::string proxy_url = {};
  InstallationId installation;
  std::shared_ptr<const Transport> transport = {};
  std::shared_ptr<InstallationCredentials> credentials = {};
  /// For `Retry-After` in the form of a date.
  std::shared_ptr<const Clock> clock = Clock::system();
};
/// Errors: invalid_argument (no transport or clock; a URL that is neither https nor loopback; credentials of
/// another installation).
Result<std::shared_ptr<UserTokenSource>> proxy_token_source(ProxyTokenSourceOptions options);

}  // namespace tongs
