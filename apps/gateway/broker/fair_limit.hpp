#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include <tongs/clock.hpp>
#include <tongs/ids.hpp>

#include "gateway/broker/pace.hpp"
#include "gateway/round_robin.hpp"

namespace tongs::gateway {

/// Does somebody wait for what is asked for, or is it done ahead of its time?
enum class Urgency : bool { ahead, waited_for };

/// A limit that many installations share, each of them as much as any other: they take turns, and what is
/// done ahead gives way to what is waited for. It decides without clock or I/O.
///
/// | at `arrive`                          | outcome                                                      |
/// |--------------------------------------|--------------------------------------------------------------|
/// | nobody before him, the limit allows  | `Go`                                                         |
/// | his turn comes before his deadline   | `Wait`; `advance` settles it                                 |
/// | his turn comes later                 | `Refused`, with how long it would take                       |
/// | too many wait                        | the longest line loses its last one; his own: `Refused`      |
///
/// Thread safety: none.
class FairLimit {
 public:
  using milliseconds = std::chrono::milliseconds;

  struct Go {};
  struct Wait {
    Ticket ticket;
  };
  struct Refused {
    milliseconds retry_after;  ///< until his turn would come
  };
  using Step = std::variant<Go, Wait, Refused>;
  /// What became of one who waited.
  struct Settled {
    Ticket ticket;
    std::optional<Refused> refused;  ///< none: it is his turn
  };

  /// Precondition: `per_minute` is at least 1.
  explicit FairLimit(std::uint32_t per_minute, std::size_t most_waiting = 4000)
      : pace_(per_minute), most_waiting_(most_waiting) {}

  Step arrive(const InstallationId& installation, Urgency urgency, MonoTime deadline, MonoTime now);
  /// All whose turn has come, or cannot come any more before their deadlines. To be called after `arrive` and
  /// `throttled` too.
  std::vector<Settled> advance(MonoTime now);
  /// When `advance` has something to do again; nothing: nobody waits.
  std::optional<MonoTime> next(MonoTime now) const;
  /// Whoever sets the limit says that it is reached: it holds for all, now.
  void throttled(milliseconds wait, MonoTime now) noexcept { pace_.throttled(wait, now); }

  std::size_t waiting() const noexcept { return waiters_.size(); }
  const Pace& pace() const noexcept { return pace_; }

 private:
  struct Waiter {
    InstallationId installation;
    Urgency urgency;
    MonoTime deadline;
  };
  RoundRobin& line(Urgency urgency) noexcept { return urgency == Urgency::ahead ? ahead_ : waited_for_; }
  std::size_t before_next(const InstallationId& installation, Urgency urgency) const;
  Refused refusal(std::size_t before, MonoTime now) const;
  bool make_room(const InstallationId& installation, Urgency urgency, MonoTime now);
  void settle(Ticket ticket, std::optional<Refused> refused);
  void expire(MonoTime now);
  void grant(MonoTime now);

  Pace pace_;
  const std::size_t most_waiting_;
  RoundRobin waited_for_, ahead_;
  std::unordered_map<Ticket, Waiter> waiters_;
  std::set<std::pair<MonoTime, Ticket>> deadlines_;
  std::vector<Settled> settled_;  ///< since the last `advance`
  std::uint64_t last_ticket_ = 0;
};

}  // namespace tongs::gateway
