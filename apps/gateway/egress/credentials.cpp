#include "gateway/egress/credentials.hpp"

#include <utility>

namespace tongs::gateway {

namespace {

template <class Token>
Result<Credential> credential(Result<Token> token) {
  if (!token) return std::move(token).error();
  return Credential(*std::move(token));
}

}  // namespace

std::optional<Credential> Credentials::at_hand(const Caller& caller) const {
  if (caller.as != Caller::As::app) return std::nullopt;
  auto token = broker_.system_token(caller.installation->id);
  return token ? std::optional<Credential>(*std::move(token)) : std::nullopt;
}

net::Task<Result<Credential>> Credentials::get(const Caller& caller, net::Steady::time_point deadline) {
  const InstallationId& installation = caller.installation->id;
  switch (caller.as) {
    case Caller::As::bearer:
      co_return of_bearer(caller);
    case Caller::As::invoking_user:
      co_return of_invocation(caller);
    case Caller::As::absent_user:
      co_return credential(co_await broker_.user_token(installation, *caller.account, deadline));
    case Caller::As::app:
      break;
  }
  co_return credential(co_await broker_.system_token(installation, deadline));
}

net::Task<Result<Credential>> Credentials::another(const Caller& caller, net::Steady::time_point deadline) {
  if (caller.as != Caller::As::app) co_return co_await get(caller, deadline);
  co_return credential(co_await broker_.another_system_token(caller.installation->id, deadline));
}

void Credentials::reject(const Caller& caller, const Credential& credential) {
  const Credential::Token& token = credential.token();
  if (const auto* invoking = std::get_if<UserTokenPtr>(&token)) {
    invocations_.reject(caller.invocation, *invoking);
  } else if (const auto* user = std::get_if<AccessToken>(&token)) {
    broker_.reject(caller.installation->id, *user);
  } else {
    broker_.reject(caller.installation->id, std::get<Broker::SystemToken>(token));
  }
}

/// Shown a while ago: the consent may have ended.
Result<Credential> Credentials::of_bearer(const Caller& caller) const {
  const InstallationId& installation = caller.installation->id;
  auto serving =
      caller.account ? broker_.serving(installation, *caller.account) : broker_.serving(installation);
  if (!serving) return std::move(serving).error();
  return *caller.bearer;
}

Result<Credential> Credentials::of_invocation(const Caller& caller) const {
  auto serving = broker_.serving(caller.installation->id, *caller.account);
  if (!serving) return std::move(serving).error();
  const auto known = invocations_.find(caller.invocation, Clock::system()->wall_now());
  if (known && known->user) return Credential(known->user);
  return Error(
      Errc::rejected,
      "no token of the user came with this invocation (auth.appUserToken of the endpoint), or it has "
      "ended; as=user,accountId=<account id> acts for a user who is not there");
}

}  // namespace tongs::gateway
