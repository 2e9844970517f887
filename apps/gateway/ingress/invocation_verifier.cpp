#include "gateway/ingress/invocation_verifier.hpp"

#include "gateway/ingress/invocation_headers.hpp"

namespace tongs::gateway {

using detail::FitChecker;

InvocationVerifier::InvocationVerifier(std::size_t remembered_tokens, std::shared_ptr<const Clock> clock)
    : verdicts_(remembered_tokens), clock_(std::move(clock)) {}

std::shared_ptr<const Verdict> InvocationVerifier::recall(std::string_view token, const VerifyRules& rules,
                                                          net::Steady::time_point now) noexcept {
  auto verdict = verdicts_.find(token);
  if (!verdict || !verdict->keys.holds(now)) return nullptr;
  const auto& claims = verdict->invocation.claims();
  return FitChecker::check_dates(claims, rules.policy, clock_->wall_now()) ? verdict : nullptr;
}

net::Task<Result<std::shared_ptr<const Verdict>>> InvocationVerifier::verify(std::string_view token,
                                                                             const VerifyRules& rules) {
  const std::uint64_t began_under = rules_used_;
  auto unverified = FitChecker::check(token, rules.policy, rules.apps, clock_->wall_now());
  if (!unverified) co_return std::move(unverified).error();
  auto answer = co_await find_key(*unverified, rules);
  if (!answer) co_return std::move(answer).error();
  auto invocation = FitChecker::confirm(*std::move(unverified), *answer->key);
  if (!invocation) co_return std::move(invocation).error();
  std::string lines = invocation_headers(*invocation, token).take();
  auto verdict =
      std::make_shared<const Verdict>(Verdict{*std::move(invocation), std::move(lines), answer->state});
  if (began_under == rules_used_) verdicts_.remember(token, verdict);
  co_return verdict;
}

void InvocationVerifier::forget() noexcept {
  ++rules_used_;
  verdicts_.clear();
}

net::Task<Result<KeyAnswer>> InvocationVerifier::find_key(const detail::UnverifiedFit& fit,
                                                          const VerifyRules& rules) {
  KeyHub* const hub = rules.keys->find(fit.unverified_claims().ic_label);
  if (hub == nullptr) {
    co_return Error(Errc::key_unknown,
                    "the token names an Isolated Cloud that jwks.isolated_clouds does not list");
  }
  const auto now = net::Steady::now();
  if (auto known = known_keys_.find(*hub, fit.kid(), now)) co_return *known;
  std::string kid(fit.kid());
  auto answer = co_await hub->find(kid, now + rules.key_time);
  if (answer) known_keys_.remember(kid, *answer);
  co_return answer;
}

}  // namespace tongs::gateway
