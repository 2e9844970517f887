#include "gateway/broker/pace.hpp"

#include <algorithm>

namespace tongs::gateway {

namespace {

using std::chrono::minutes;
using std::chrono::nanoseconds;

constexpr int kMostHalvings = 4;
constexpr std::chrono::milliseconds kShortestStop{1000}, kLongestStop{3'600'000};

}  // namespace

Pace::Pace(std::uint32_t per_minute) noexcept
    : limit_(per_minute),
      burst_(std::max<std::int64_t>(1, per_minute / 5)),
      // A full bucket, and what fills up within a minute that begins with its first one: not above the limit.
      gap_((nanoseconds(minutes(1)).count() + limit_ - burst_) / (limit_ - burst_ + 1)) {}

int Pace::halvings(MonoTime now) const noexcept {
  if (halved_ == 0 || now <= stopped_until_) return halved_;
  const auto quiet = std::chrono::floor<minutes>(now - stopped_until_).count();
  return static_cast<int>(std::max<std::int64_t>(0, halved_ - quiet));
}

nanoseconds Pace::gap(MonoTime now) const noexcept { return gap_ * (1 << halvings(now)); }

MonoTime Pace::turn(std::uint64_t n, MonoTime now) const noexcept {
  const auto beyond = static_cast<std::int64_t>(n) - burst_;
  return std::max(now, std::max(full_at_, now) + beyond * gap(now));
}

void Pace::spend(MonoTime now) noexcept { full_at_ = std::max(full_at_, now) + gap(now); }

void Pace::throttled(std::chrono::milliseconds wait, MonoTime now) noexcept {
  // What comes while it is stopped was sent before, and says the same thing again.
  if (now >= stopped_until_) halved_ = std::min(halvings(now) + 1, kMostHalvings);
  stopped_until_ = std::max(stopped_until_, now + std::clamp(wait, kShortestStop, kLongestStop));
  full_at_ = std::max(full_at_, stopped_until_ + burst_ * gap(now));  // empty until then
}

std::uint32_t Pace::per_minute(MonoTime now) const noexcept {
  return std::max<std::uint32_t>(1, limit_ >> halvings(now));
}

}  // namespace tongs::gateway
