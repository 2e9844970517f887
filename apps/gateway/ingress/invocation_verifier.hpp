#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <tongs/clock.hpp>
#include <tongs/fit.hpp>

#include "auth/fit_checker.hpp"
#include "gateway/ingress/key_directory.hpp"
#include "gateway/ingress/known_keys.hpp"
#include "gateway/ingress/verdict_cache.hpp"

namespace tongs::gateway {

/// What a token must be.
struct VerifyRules {
  std::vector<AppId> apps;
  const KeyDirectory* keys = nullptr;
  FitPolicy policy;
  std::chrono::milliseconds key_time{5000};  ///< until a key must be known
};

/// Verifies the tokens that one worker meets. Shares nothing with other workers but the keys, and looks at
/// those without a lock. Thread safety: none; lives in its worker's reactor.
class InvocationVerifier {
 public:
  /// `remembered_tokens`: how many verdicts are kept at most.
  explicit InvocationVerifier(std::size_t remembered_tokens,
                              std::shared_ptr<const Clock> clock = Clock::system());

  /// The verdict about a token that was verified before, if it still holds `now`; else null. Costs no RSA.
  std::shared_ptr<const Verdict> recall(std::string_view token, const VerifyRules& rules,
                                        net::Steady::time_point now) noexcept;
  /// `token` and `rules` must stay until it ends. Errors: as FitVerifier::verify.
  net::Task<Result<std::shared_ptr<const Verdict>>> verify(std::string_view token, const VerifyRules& rules);
  /// The rules have changed: verdicts under the old ones do not count, nor will those that are being found.
  void forget() noexcept;

 private:
  net::Task<Result<KeyAnswer>> find_key(const detail::UnverifiedFit& fit, const VerifyRules& rules);

  KnownKeys known_keys_;
  VerdictCache verdicts_;
  std::uint64_t rules_used_ = 0;  ///< how many other rules came before
  std::shared_ptr<const Clock> clock_;
};

}  // namespace tongs::gateway
