#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

namespace tongs::log {

/// For a message that strangers can cause as often as they like: lets one a second through and counts those
/// in between. Thread safety: none.
class Sample {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// How many were held back since the last one, if this one may be logged.
  std::optional<std::uint64_t> take(Time now) noexcept {
    if (now < next_) {
      ++held_back_;
      return std::nullopt;
    }
    next_ = now + std::chrono::seconds(1);
    return std::exchange(held_back_, 0);
  }

 private:
  Time next_ = Time::min();
  std::uint64_t held_back_ = 0;
};

}  // namespace tongs::log
