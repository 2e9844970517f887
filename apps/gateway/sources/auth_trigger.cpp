#include "gateway/sources/auth_trigger.hpp"

#include <optional>
#include <utility>

#include "gateway/sources/trigger_url.hpp"
#include "http/response_error.hpp"

namespace tongs::gateway {

/// The call of the trigger, and what came of it. Outlives whoever waits for the token.
struct AuthTrigger::Call {
  std::optional<Result<HttpResponse>> answer;
  std::weak_ptr<Arrivals::Watch> waiting;
};

AuthTrigger::AuthTrigger(net::Reactor& reactor, std::shared_ptr<vault::Vault> vault,
                         std::shared_ptr<AsyncTransport> transport, Arrivals& arrivals,
                         std::vector<std::string> hosts, std::shared_ptr<const Clock> clock)
    : reactor_(reactor),
      vault_(std::move(vault)),
      transport_(std::move(transport)),
      arrivals_(arrivals),
      hosts_(std::move(hosts)),
      clock_(std::move(clock)) {}

Result<std::string> AuthTrigger::url_of(const InstallationId& id) const {
  const auto installation = vault_->installation(id);
  if (!installation || installation->auth_trigger_url.empty()) {
    return Error(Errc::rejected, "no authTriggerUrl of this installation was ever sent");
  }
  const std::string_view url = installation->auth_trigger_url.reveal();
  auto allowed = check_trigger_url(url, installation->api_base_url, hosts_);
  if (!allowed) return std::move(allowed).error();
  return std::string(url);
}

Result<void> AuthTrigger::verdict(const Result<HttpResponse>& answer) const {
  constexpr const char* what = "the authTriggerUrl was called";
  if (!answer) return Error(answer.error().code(), what).with_cause(answer.error());
  if (answer->status >= 200 && answer->status < 300) return {};
  if (answer->status >= 300 && answer->status < 400) {
    return Error(Errc::unexpected_status,
                 "the authTriggerUrl answers with a redirect, which is not followed");
  }
  return detail::error_from_response(*answer, "the authTriggerUrl does not answer with success",
                                     clock_->wall_now());
}

Task<Result<void>> AuthTrigger::ask(std::shared_ptr<Ask> ask) {
  auto url = url_of(ask->installation);
  if (!url) co_return std::move(url).error();
  const auto watch = std::make_shared<Arrivals::Watch>(arrivals_, ask->installation);
  const auto call = std::make_shared<Call>();
  call->waiting = watch;
  ask->sent = true;
  ask->hop = Hop::call;
  net::asio::co_spawn(reactor_.context, carry(call, *std::move(url), ask->deadline), net::asio::detached);
  while (clock_->mono_now() < ask->deadline) {
    co_await watch->wait(ask->deadline);
    if (watch->token_came()) co_return Result<void>{};
    if (!call->answer || ask->hop == Hop::push) continue;
    auto success = verdict(*call->answer);
    if (!success && !watch->refusal()) {
      if (*call->answer) ask->hop = Hop::answer;
      co_return success;
    }
    if (!success) break;
    ask->hop = Hop::push;
  }
  if (watch->refusal()) {
    ask->hop = Hop::token;
    co_return *watch->refusal();
  }
  if (ask->hop == Hop::push) {
    co_return Error(Errc::unavailable, "the trigger answered with success, but no token was pushed in time");
  }
  co_return Error(Errc::deadline_exceeded, "the trigger did not answer in time, and no token was pushed");
}

net::Task<> AuthTrigger::carry(std::shared_ptr<Call> call, std::string url, MonoTime deadline) {
  HttpRequest request{.method = "GET", .url = std::move(url), .headers = {}, .body = {}};
  auto answer = co_await transport_->send(std::move(request), deadline);
  call->answer.emplace(std::move(answer));
  if (const auto waiting = call->waiting.lock()) waiting->wake();
}

}  // namespace tongs::gateway
