#include "gateway/broker/broker.hpp"

#include <algorithm>

#include "auth/token_answer_codec.hpp"
#include "auth/token_question.hpp"
#include "common/log.hpp"
#include "gateway/broker/serving.hpp"
#include "http/response_error.hpp"
#include "http/url.hpp"

namespace tongs::gateway {

namespace {

/// The active sources keep their own pauses: a user's token need not wait beyond them (see
/// TokenCell::failed).
Error no_question(Error why) {
  const bool said =
      why.code() == Errc::rejected || why.code() == Errc::not_found || why.code() == Errc::forbidden;
  if (said) return why;
  return Error(Errc::rejected, "no user token").with_cause(std::move(why));
}

/// What it was that gave none.
Error no_answer(const Error& why) {
  return Error(why.code(), "no offline user token: Atlassian's GraphQL endpoint was asked").with_cause(why);
}

/// Time is kept for the question itself, so that whoever gets no turn hears of it before his own time is
/// over.
MonoTime latest_turn(MonoTime now, MonoTime deadline) noexcept { return now + (deadline - now) / 5 * 4; }

/// Is it time to ask for a successor? In the last minutes of its life, of a short one in the last quarter.
bool ends_soon(const vault::Token& token, WallTime now) noexcept {
  constexpr std::chrono::seconds ahead = std::chrono::minutes(5);
  return token.expires_at - now <=
         std::min<std::chrono::seconds>(ahead, (token.expires_at - token.received_at) / 4);
}

}  // namespace

/// Asks the platform for one installation's offline user tokens, with whatever system token the vault holds
/// by then.
class Broker::GraphqlSource final : public AsyncUserTokenSource {
 public:
  GraphqlSource(Broker& broker, InstallationId installation)
      : broker_(broker), installation_(std::move(installation)) {}

  Task<Result<FetchedToken>> fetch(AccountId account, MonoTime deadline) override {
    for (bool again = true;; again = false) {
      auto may = co_await may_ask(account, deadline);
      if (!may) co_return std::move(may).error();
      // As they are now, after the wait.
      auto installation = broker_.serving(installation_, account);
      if (!installation) co_return std::move(installation).error();
      auto token = broker_.system_token(installation_);
      if (!token) co_return no_question(std::move(token).error());
      auto request = question(**installation, **token, account);
      if (!request) co_return std::move(request).error();
      auto response = co_await broker_.transport_->send(*std::move(request), deadline);
      if (!response) co_return no_answer(std::move(response).error());
      if (detail::refuses_credential(*response)) {
        broker_.reject(installation_, *token);
      } else {
        broker_.accepted(installation_);
      }
      if (response->status != 401 || !again || !another_than(*token)) {
        co_return read(*std::move(response));
      }
    }
  }

 private:
  /// There is a token to ask with, and it is the turn of this installation.
  net::Task<Result<void>> may_ask(const AccountId& account, MonoTime deadline) {
    auto may = broker_.serving(installation_, account);
    if (!may) co_return std::move(may).error();
    auto token = co_await broker_.system_token(installation_, deadline);
    if (!token) co_return no_question(std::move(token).error());
    const bool ahead = broker_.users_of(installation_).tokens.has_token(account);
    const Urgency urgency = ahead ? Urgency::ahead : Urgency::waited_for;
    const MonoTime latest = latest_turn(broker_.clock_->mono_now(), deadline);
    co_return co_await broker_.limit_.turn(installation_, urgency, latest);
  }

  Result<FetchedToken> read(HttpResponse response) {
    auto fetched = detail::decode_direct_answer(std::move(response), broker_.clock_->wall_now());
    if (!fetched && fetched.error().code() == Errc::rate_limited) {
      broker_.limit_.throttled(fetched.error().retry_after());
    }
    return fetched;
  }

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
               std::shared_ptr<AsyncTransport> transport, SourceChain& chain, Departures& departures,
               UserTokenLimit& limit, SourceMetrics& metrics, std::shared_ptr<const Clock> clock)
    : reactor_(reactor),
      options_(std::move(options)),
      vault_(std::move(vault)),
      transport_(std::move(transport)),
      chain_(chain),
      departures_(departures),
      limit_(limit),
      metrics_(metrics),
      clock_(std::move(clock)) {}

Result<std::shared_ptr<const vault::Installation>> Broker::serving(const InstallationId& installation) const {
  return gateway::serving(*vault_, installation);
}

Result<std::shared_ptr<const vault::Installation>> Broker::serving(const InstallationId& installation,
                                                                   const AccountId& account) const {
  return gateway::serving(*vault_, installation, account);
}

Result<Broker::SystemToken> Broker::system_token(const InstallationId& installation) const {
  auto record = serving(installation);
  if (!record) return std::move(record).error();
  auto token = vault_->system_token(installation);
  const WallTime now = clock_->wall_now();
  if (token && token->expires_at > now) {
    if (ends_soon(*token, now)) chain_.refresh(installation);
    return token;
  }
  return Error(
      Errc::rejected,
      "there is no live system token for this installation: the next event or scheduled trigger that Forge "
      "sends to an endpoint with auth.appSystemToken enabled brings one");
}

net::Task<Result<Broker::SystemToken>> Broker::system_token(InstallationId installation,
                                                            net::Steady::time_point deadline) {
  auto token = system_token(installation);
  if (token || token.error().code() != Errc::rejected || chain_.empty()) co_return token;
  auto fetched = co_await chain_.fetch(installation, SourceChain::Held::none, deadline);
  token = system_token(installation);
  if (token || token.error().code() != Errc::rejected || fetched) co_return token;
  Error why = Error(fetched.error().code(), "there is no live system token for this installation")
                  .with_cause(fetched.error());
  if (const auto wait = fetched.error().retry_after()) why = std::move(why).with_retry_after(*wait);
  co_return why;
}

net::Task<Result<Broker::SystemToken>> Broker::another_system_token(InstallationId installation,
                                                                    net::Steady::time_point deadline) {
  if (!chain_.empty()) {
    (void)co_await chain_.fetch(installation, SourceChain::Held::refused, deadline);  // its best is enough
  }
  co_return system_token(installation);
}

void Broker::set_aside(const InstallationId& installation, const SystemToken& token) {
  const WallTime now = clock_->wall_now();
  vault_->reject_system_token(installation, token, now + InstallationCredentials::kRejectedFor, now);
}

void Broker::reject(const InstallationId& installation, const SystemToken& token) {
  set_aside(installation, token);
  const Now now = clock_->now();
  const auto record = vault_->installation(installation);
  if (!record || token->expires_at <= now.wall) return;
  if (!departures_.refused(installation, now.wall - record->installed_at, now.mono)) return;
  if (!vault_->mark_uninstalled(installation, now.wall)) return;
  metrics_.uninstalled_inferred.add();
  log::warn("the app seems to be uninstalled: Atlassian refuses its tokens, and Forge calls no more",
            {{"installation", installation.bare()}});
  options_.audit->add({.kind = AuditKind::installation_uninstalled,
                       .installation = std::string(installation.bare()),
                       .actor = "gateway",
                       .reason = "Atlassian refuses its tokens, and Forge calls no more"});
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
