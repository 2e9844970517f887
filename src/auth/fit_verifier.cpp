#include <memory>
#include <utility>
#include <vector>

#include <tongs/fit.hpp>

#include "auth/fit_checker.hpp"

namespace tongs {

using detail::FitChecker;

struct FitVerifier::Impl {
  std::vector<AppId> audiences;
  std::shared_ptr<KeySource> keys;
  FitPolicy policy;
  std::shared_ptr<const Clock> clock;
};

FitVerifier::FitVerifier(std::shared_ptr<const Impl> impl) noexcept : impl_(std::move(impl)) {}

Result<FitVerifier> FitVerifier::create(AppId audience, std::shared_ptr<KeySource> keys, FitPolicy policy,
                                        std::shared_ptr<const Clock> clock) {
  return create(std::vector{std::move(audience)}, std::move(keys), policy, std::move(clock));
}

Result<FitVerifier> FitVerifier::create(std::vector<AppId> audiences, std::shared_ptr<KeySource> keys,
                                        FitPolicy policy, std::shared_ptr<const Clock> clock) {
  if (audiences.empty()) return Error(Errc::invalid_argument, "a FIT verifier needs the id of an app");
  if (!keys || !clock) return Error(Errc::invalid_argument, "a FIT verifier needs keys and a clock");
  if (const auto sane = FitChecker::check_policy(policy); !sane) return sane.error();
  return FitVerifier(
      std::make_shared<const Impl>(Impl{std::move(audiences), std::move(keys), policy, std::move(clock)}));
}

Result<VerifiedInvocation> FitVerifier::verify(std::string_view token, const CallOptions& call) const {
  auto fit = FitChecker::check(token, impl_->policy, impl_->audiences, impl_->clock->wall_now());
  if (!fit) return std::move(fit).error();
  const auto key = impl_->keys->find(fit->kid(), call);
  if (!key) return key.error();
  return FitChecker::confirm(*std::move(fit), **key);
}

}  // namespace tongs
