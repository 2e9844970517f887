#include <memory>
#include <utility>
#include <variant>

#include <tongs/token_manager.hpp>

#include "client/bound_client_state.hpp"

namespace tongs {

Result<BoundClient> TokenManager::bound_client(std::shared_ptr<const Adapter> adapter,
                                               const AccountId& account, const CallOptions& call) {
  if (!adapter) return Error(Errc::invalid_argument, "a bound client needs an adapter");
  auto first = get_token(account, call);
  if (!first) return std::move(first).error();

  const std::shared_ptr<TokenManager> tokens(new TokenManager(impl_));
  BoundClient::State state{.adapter = std::move(adapter),
                           .identity = AsOfflineUser{*std::move(first)},
                           .renew = [tokens, account](const CallOptions& limits) -> Result<Identity> {
                             return tokens->get_token(account, limits).transform([](AccessToken token) {
                               return Identity(AsOfflineUser{std::move(token)});
                             });
                           },
                           .refuse =
                               [tokens](const Identity& refused) {
                                 if (const auto* user = std::get_if<AsOfflineUser>(&refused))
                                   tokens->invalidate(user->token);
                               }};
  return BoundClient(std::make_shared<const BoundClient::State>(std::move(state)));
}

}  // namespace tongs
