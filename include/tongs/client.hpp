#pragma once
#include <memory>
#include <string>
#include <string_view>

#include <tongs/adapter.hpp>
#include <tongs/call_options.hpp>
#include <tongs/ids.hpp>
#include <tongs/json.hpp>
#include <tongs/result.hpp>
#include <tongs/retry.hpp>
#include <tongs/token.hpp>

namespace tongs {

class TokenManager;
namespace detail {
struct BoundClientAccess;
}

/// An adapter bound to an identity: what a typed call takes. Copies share state.
///
/// It repeats what may be repeated (RetryPolicy), and once more after a 401 with the refused credential
/// invalidated and another one in its place: a 401 means that the call did not run. Thread safety: any.
class BoundClient {
 public:
  Product product() const noexcept;

  /// Sends, repeats if allowed, and gives the first answer with a 2xx or 3xx status.
  /// Errors by status: invalid_argument (400, 422), rejected (401), forbidden (403), not_found (404, 410),
  /// conflict (409, 412), rate_limited (429), unavailable (5xx), unexpected_status; with the peer's words
  /// parsed into RemoteDetail (Jira, Confluence, API gateway, Forge: contract 7.5). And those of the adapter.
  Result<HttpResponse> send(const ApiRequest& request, const CallOptions& call = {}) const;

  /// As `send`, with the answer parsed. An empty answer (204, 202) gives JSON `null`.
  /// Errors: as `send`, and malformed_response.
  Result<JsonDocument> send_json(const ApiRequest& request, const CallOptions& call = {}) const;

  /// The same client with another policy.
  BoundClient with_retry(RetryPolicy policy) const;

 private:
  friend class TokenManager;
  friend struct detail::BoundClientAccess;
  struct State;
  explicit BoundClient(std::shared_ptr<const State> state) noexcept;
  std::shared_ptr<const State> state_;
};

/// Calls in the name of the app itself. `adapter`, here and below, is not null.
BoundClient as_app(std::shared_ptr<const Adapter> adapter);
/// Calls in the name of the user of the current invocation, with the token that came with it.
BoundClient as_user(std::shared_ptr<const Adapter> adapter, Secret token);
/// Calls in the name of a user who is not there, with one token of a token manager. The client ends with that
/// token; `TokenManager::bound_client` gives one that renews it.
BoundClient as_offline_user(std::shared_ptr<const Adapter> adapter, AccessToken token);

}  // namespace tongs
