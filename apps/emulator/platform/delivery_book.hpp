#pragma once
#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "emulator/base/time.hpp"
#include "emulator/platform/delivery.hpp"

namespace tongs::emulator {

enum class DeliveryId : std::uint64_t {};
std::string to_string(DeliveryId id);

enum class DeliveryState : std::uint8_t { waiting, under_way, delivered, failed };
std::string_view to_string(DeliveryState state) noexcept;

struct Delivery {
  DeliveryId id{};
  Message message;
  DeliveryState state = DeliveryState::waiting;
  std::int64_t attempts = 0;          ///< begun
  std::int64_t attempts_allowed = 1;  ///< in all
  PlatformTime due{};                 ///< of the next attempt, while waiting
  std::string retry_reason = {};      ///< why the last attempt failed
  std::optional<Outcome> last = {};
};

/// Every delivery and when its next attempt is due: at once, and after a failure again and again at a fixed
/// distance until it succeeds or has been tried often enough (contract 1.2.3). Finished ones are remembered
/// until there are `kMostFinished` of them. Thread safety: none.
class DeliveryBook {
 public:
  DeliveryId add(Message message, std::int64_t retries, PlatformTime now);
  /// Valid until it is finished and many others came after it.
  const Delivery* find(DeliveryId id) const noexcept;

  /// When the next attempt is due, of those that wait for their time.
  std::optional<PlatformTime> next() const noexcept;
  std::vector<DeliveryId> due(PlatformTime now) const;

  /// Null if it is not waiting.
  const Delivery* begin(DeliveryId id);
  const Delivery* finish(DeliveryId id, Outcome outcome, Millis retry_delay, PlatformTime now);
  /// Nothing more goes to this installation.
  void drop_waiting(std::string_view installation);

  std::vector<const Delivery*> all() const;

  /// How many there have ever been.
  std::uint64_t made() const noexcept { return made_; }
  /// One of an earlier run, under the id that it had there.
  void restore(Delivery delivery);
  /// How many an earlier run ever made, so that no id comes twice.
  void go_on_after(std::uint64_t made) noexcept { made_ = std::max(made_, made); }

  static constexpr std::size_t kMostFinished = 1000;

 private:
  void forget_old();

  std::map<DeliveryId, Delivery> deliveries_;
  std::uint64_t made_ = 0;
};

}  // namespace tongs::emulator
