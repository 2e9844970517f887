#include "gateway/broker/broker.hpp"

#include "auth/token_answer_codec.hpp"
#include "auth/token_question.hpp"
#include "http/url.hpp"

namespace tongs::gateway {

/// Asks the platform for one installation's offline user tokens, with whatever system token the vault holds
/// by then.
class Broker::GraphqlSource final : public AsyncUserTokenSource {
 public:
  GraphqlSource(Broker& broker, InstallationId installation)
      : broker_(broker), installation_(std::move(installation)) {}

  Task<Result<FetchedToken>> fetch(AccountId account, MonoTime deadline) override {
    for (bool again = true;; again = false) {
      auto installation = broker_.serving(installation_, account);
      if (!installation) co_return std::move(installation).error();
      auto token = broker_.system_token(installation_);
      if (!token) co_return std::move(token).error();
      auto request = question(**installation, **token, account);
      if (!request) co_return std::move(request).error();
      auto response = co_await broker_.transport_->send(*std::move(request), deadline);
      if (!response) co_return std::move(response).error();
      if (response->status == 401) broker_.reject(installation_, *token);
      if (response->status != 401 || !again || !another_than(*token)) {
        co_return detail::decode_direct_answer(*std::move(response), broker_.clock_->wall_now());
      }
    }
  }

 private:
  Result<HttpRequest> question(const vault::Installation& installation, const vault::Token& token,
                               const AccountId& account) const {
    auto url = broker_.graphql_url(installation);
    if (!url) return std::move(url).error();
    if (!installation.context) {
      return Error(
          Errc::invalid_argument,
          "it is not known where the app is installed, so no user can be acted for: no invocation of this "
          "installation named a Jira or Confluence context");
    }
    return detail::direct_question(*url, token.secret.reveal(), *installation.context, account);
  }

  bool another_than(const std::shared_ptr<const vault::Token>& rejected) const {
    const auto current = broker_.system_token(installation_);
    return current && *current != rejected;
  }

  Broker& broker_;
  const InstallationId installation_;
};

Broker::Broker(net::Reactor& reactor, BrokerOptions options, std::shared_ptr<vault::Vault> vault,
               std::shared_ptr<AsyncTransport> transport, std::shared_ptr<const Clock> clock)
    : reactor_(reactor),
      options_(std::move(options)),
      vault_(std::move(vault)),
      transport_(std::move(transport)),
      clock_(std::move(clock)) {}

Result<std::shared_ptr<const vault::Installation>> Broker::serving(const InstallationId& installation) const {
  auto record = vault_->installation(installation);
  if (!record || record->state == vault::InstallationState::uninstalled) {
    return Error(
        Errc::not_found,
        "no such installation: it has not sent a verified invocation yet, or the app was uninstalled there");
  }
  if (record->revoked)
    return Error(Errc::forbidden, "an admin has revoked offline access for this installation");
  if (record->waiting) {
    return Error(Errc::forbidden,
                 "this installation waits for approval: an admin has to authorize its offline access first");
  }
  return record;
}

Result<std::shared_ptr<const vault::Installation>> Broker::serving(const InstallationId& installation,
                                                                   const AccountId& account) const {
  auto record = serving(installation);
  if (!record) return record;
  const auto consent = vault_->user_consent(installation, account);
  if (!consent || !consent->revoked) return record;
  return Error(Errc::forbidden, "an admin has revoked offline access for this user of the installation");
}

Result<std::shared_ptr<const vault::Token>> Broker::system_token(const InstallationId& installation) const {
  auto record = serving(installation);
  if (!record) return std::move(record).error();
  auto token = vault_->system_token(installation);
  if (token && token->expires_at > clock_->wall_now()) return token;
  return Error(
      Errc::rejected,
      "there is no live system token for this installation: the next event or scheduled trigger that Forge "
      "sends to an endpoint with auth.appSystemToken enabled brings one");
}

void Broker::reject(const InstallationId& installation, const std::shared_ptr<const vault::Token>& token) {
  const WallTime now = clock_->wall_now();
  vault_->reject_system_token(installation, token, now + InstallationCredentials::kRejectedFor, now);
}

net::Task<Result<AccessToken>> Broker::user_token(InstallationId installation, AccountId account,
                                                  net::Steady::time_point deadline) {
  for (;;) {
    if (auto may = serving(installation, account); !may) co_return std::move(may).error();
    Users& users = users_of(installation);
    const auto before = users.changes_of_consent;
    auto token = co_await users.tokens.get_token(account, deadline);
    if (auto still = serving(installation, account); !still) co_return std::move(still).error();
    if (users.changes_of_consent == before) co_return token;
  }
}

void Broker::reject(const InstallationId& installation, const AccessToken& token) {
  const auto known = users_.find(installation);
  if (known != users_.end()) known->second.tokens.invalidate(token);
}

void Broker::forget_users(const InstallationId& installation) {
  const auto known = users_.find(installation);
  if (known == users_.end()) return;
  ++known->second.changes_of_consent;
  known->second.tokens.invalidate_all();
}

void Broker::forget_user(const InstallationId& installation, const AccountId& account) {
  const auto known = users_.find(installation);
  if (known == users_.end()) return;
  ++known->second.changes_of_consent;
  known->second.tokens.invalidate(account);
}

std::uint64_t Broker::changes_of_consent(const InstallationId& installation) const {
  const auto known = users_.find(installation);
  return known == users_.end() ? 0 : known->second.changes_of_consent;
}

Result<std::string> Broker::graphql_url(const vault::Installation& installation) const {
  if (!options_.graphql_url.empty()) return options_.graphql_url;
  const std::string_view bitbucket = "https://api.bitbucket.org";
  std::string_view base = installation.api_base_url;
  for (const vault::ProductContext& context : installation.contexts) {
    if (base.starts_with(bitbucket)) base = context.api_base_url;
  }
  auto url = detail::parse_base_url(base);
  if (!url) return std::move(url).error();
  return detail::origin(*url) + "/graphql";
}

Broker::Users& Broker::users_of(const InstallationId& installation) {
  const auto known = users_.find(installation);
  if (known != users_.end()) return known->second;
  auto source = std::make_shared<GraphqlSource>(*this, installation);
  AsyncTokenManager made(reactor_.context, std::move(source), options_.policy, clock_);
  return users_.emplace(installation, Users{std::move(made)}).first->second;
}

}  // namespace tongs::gateway
