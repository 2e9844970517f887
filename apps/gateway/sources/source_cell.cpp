#include "gateway/sources/source_cell.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "http/backoff.hpp"

namespace tongs::gateway {

namespace {

/// What a source's failure is to somebody who asked for something else: that it was refused something, or
/// did not find it, says nothing of his own question.
Errc code_for_caller(Errc code) noexcept {
  const bool passes =
      code == Errc::deadline_exceeded || code == Errc::transport_failed || code == Errc::rate_limited;
  return passes ? code : Errc::unavailable;
}

}  // namespace

SourceCell::SourceCell(const std::vector<std::string_view>& names, const SourcePolicy& policy)
    : names_(&names), policy_(&policy), sources_(names.size()) {}

bool SourceCell::any_may_be_asked(MonoTime now) const noexcept {
  return std::any_of(sources_.begin(), sources_.end(),
                     [&](const Source& source) { return source.not_before <= now; });
}

SourceCell::Step SourceCell::get(Held held, MonoTime now) noexcept {
  if (held == Held::good) return Step::serve;
  if (flying()) return held == Held::ends_soon ? Step::serve : Step::join;
  if (held != Held::none && now < settled_until_) return Step::serve;
  if (!any_may_be_asked(now)) return held == Held::none ? Step::fail : Step::serve;
  at_ = 0;
  return held == Held::ends_soon ? Step::serve_and_fly : Step::fly;
}

std::optional<std::size_t> SourceCell::next(MonoTime now) noexcept {
  for (std::size_t& at = *at_; at < sources_.size();) {
    const std::size_t candidate = at++;
    if (sources_[candidate].not_before <= now) return candidate;
  }
  at_.reset();
  return std::nullopt;
}

void SourceCell::brought(std::size_t source, MonoTime now) noexcept {
  sources_[source] = Source{};
  at_.reset();
  settled_until_ = now + policy_->settled;
}

void SourceCell::failed(std::size_t source, Error why, bool sent, MonoTime now, std::uint32_t random) {
  Source& state = sources_[source];
  if (sent) {
    ++state.failures;
    const auto asked = why.retry_after().value_or(std::chrono::milliseconds(0));
    state.not_before =
        now + std::max(policy_->floor, asked) + detail::draw_pause(policy_->pause, state.failures, random);
  }
  state.last = std::move(why);
}

Error SourceCell::why(MonoTime now) const {
  Errc code = Errc::rejected;
  std::string message = "no source gave a system token";
  std::optional<MonoTime> again;
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    const Source& source = sources_[i];
    if (!source.last) continue;
    if (source.failures > 0) code = code_for_caller(source.last->code());
    message.append("; ").append((*names_)[i]).append(": ").append(source.last->describe());
    if (source.not_before > now) again = std::min(again.value_or(MonoTime::max()), source.not_before);
  }
  Error error(code, std::move(message));
  if (!again) return error;
  return std::move(error).with_retry_after(std::chrono::ceil<std::chrono::milliseconds>(*again - now));
}

bool SourceCell::is_blank(MonoTime now) const noexcept {
  return !flying() && settled_until_ <= now &&
         std::all_of(sources_.begin(), sources_.end(), [&](const Source& source) {
           return source.failures == 0 || source.not_before + std::chrono::hours(1) < now;
         });
}

void FailureBudget::refill(MonoTime now) noexcept {
  if (filled_ != MonoTime::min()) {
    left_ = std::min(kMost, left_ + std::chrono::duration<double>(now - filled_).count());
  }
  filled_ = now;
}

bool FailureBudget::allows(MonoTime now) noexcept {
  refill(now);
  return left_ >= 1;
}

void FailureBudget::spend(MonoTime now) noexcept {
  refill(now);
  left_ = std::max(0.0, left_ - 1);
}

}  // namespace tongs::gateway
