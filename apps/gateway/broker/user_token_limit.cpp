#include "gateway/broker/user_token_limit.hpp"

#include <string>
#include <utility>

#include "common/log.hpp"

namespace tongs::gateway {

namespace {

/// If the platform does not say how long it wants no questions.
constexpr std::chrono::seconds kUsualStop{5};

metrics::Counter& turns(metrics::Registry& registry, std::string_view outcome) {
  return registry.counter("tongs_user_token_turns_total",
                          "Questions for a user's token, by whether the app's limit let them through.",
                          {{"outcome", outcome}});
}

Error too_many(std::chrono::milliseconds wait) {
  return Error(
             Errc::rate_limited,
             "the app asks for more tokens of users than Atlassian allows in a minute, and the turn of this "
             "installation does not come in time")
      .with_retry_after(wait);
}

}  // namespace

UserTokenLimit::UserTokenLimit(net::Reactor& reactor, std::uint32_t per_minute, metrics::Registry& registry,
                               std::shared_ptr<const Clock> clock)
    : reactor_(reactor),
      clock_(std::move(clock)),
      limit_(per_minute == 0 ? std::nullopt : std::optional<FairLimit>(per_minute)),
      timer_(reactor.context),
      granted_(turns(registry, "granted")),
      refused_(turns(registry, "refused")),
      throttled_(registry.counter("tongs_user_token_throttled_total",
                                  "Questions for a user's token that Atlassian answered with 429.")),
      waiting_(registry.gauge("tongs_user_token_waiting", "Questions that wait for their turn.")),
      per_minute_(
          registry.gauge("tongs_user_token_limit", "Questions a minute that are let through; 0: all.")) {
  per_minute_.set(per_minute);
}

net::Task<Result<void>> UserTokenLimit::turn(InstallationId installation, Urgency urgency,
                                             MonoTime deadline) {
  if (!limit_) co_return Result<void>();
  const auto step = limit_->arrive(installation, urgency, deadline, clock_->mono_now());
  std::shared_ptr<Landing> landing;
  if (const auto* wait = std::get_if<FairLimit::Wait>(&step)) {
    landing = std::make_shared<Landing>(reactor_.context);
    landings_.emplace(wait->ticket, landing);
  }
  advance();
  if (!landing) {
    if (const auto* refused = std::get_if<FairLimit::Refused>(&step)) {
      refused_.add();
      co_return too_many(refused->retry_after);
    }
    granted_.add();
    co_return Result<void>();
  }
  auto outcome = co_await landing->wait(MonoTime::max());
  if (!outcome) co_return std::move(outcome).error();
  co_return *std::move(outcome);
}

void UserTokenLimit::throttled(std::optional<std::chrono::milliseconds> wait) {
  throttled_.add();
  if (!limit_) return;
  limit_->throttled(wait.value_or(kUsualStop), clock_->mono_now());
  advance();
  const auto held_back = complaints_.take(clock_->mono_now());
  if (!held_back) return;
  log::warn("Atlassian limits the app's questions for tokens of users: fewer are sent for some minutes",
            {{"per_minute", std::to_string(static_cast<int>(per_minute_.value()))},
             {"more_since_last_line", std::to_string(*held_back)}});
}

void UserTokenLimit::advance() {
  const MonoTime now = clock_->mono_now();
  for (const auto& [ticket, refused] : limit_->advance(now)) {
    const auto waiter = landings_.extract(ticket);
    (refused ? refused_ : granted_).add();
    waiter.mapped()->land(refused ? Result<void>(too_many(refused->retry_after)) : Result<void>());
  }
  waiting_.set(static_cast<double>(limit_->waiting()));
  per_minute_.set(limit_->pace().per_minute(now));
  watch();
}

void UserTokenLimit::watch() {
  const MonoTime now = clock_->mono_now();
  const auto next = limit_->next(now);
  if (!next) {
    timer_.cancel();
    return;
  }
  timer_.expires_after(*next - now);
  timer_.async_wait([this](const boost::system::error_code& stopped) {
    if (!stopped) advance();
  });
}

}  // namespace tongs::gateway
