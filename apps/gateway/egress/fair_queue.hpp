#pragma once
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <unordered_map>

#include <tongs/ids.hpp>

namespace tongs::gateway {

/// Whose call is next: so many at once, so many of one installation, and the installations that wait take
/// turns. One with a thousand waiting calls delays the single call of another by no more than one of its own.
/// Bounded; without clock or I/O. Thread safety: none.
class FairQueue {
 public:
  struct Limits {
    std::size_t at_once = 512;
    std::size_t at_once_each = 64;  ///< of one installation
    std::size_t waiting = 10'000;
    std::size_t waiting_each = 2'000;  ///< of one installation
  };
  using Ticket = std::uint64_t;
  enum class Entry : std::uint8_t {
    go,
    wait,       ///< until `leave` or `give_up` of another one returns its ticket
    each_full,  ///< too many of this installation wait
    full        ///< too many wait
  };

  explicit FairQueue(Limits limits) : limits_(limits) {}

  /// Would a call of this installation go at once?
  bool has_room_for(const InstallationId& installation) const;
  /// A call arrives. Precondition: tickets grow.
  Entry enter(const InstallationId& installation, Ticket ticket);
  /// A call that went has ended. The ticket of the one that goes in its place, if one waits.
  std::optional<Ticket> leave(const InstallationId& installation);
  /// A call waits no longer.
  void give_up(const InstallationId& installation, Ticket ticket);

  std::size_t running() const noexcept { return running_; }
  std::size_t waiting() const noexcept { return waiting_; }

 private:
  struct Line {
    std::size_t running = 0;
    std::deque<Ticket> waiting;  ///< rising
    bool in_turn = false;        ///< stands in `turns_`
  };
  using Lines = std::unordered_map<InstallationId, Line>;

  bool may_go(const Line& line) const noexcept {
    return !line.waiting.empty() && line.running < limits_.at_once_each;
  }
  void queue_up(Lines::value_type& line);
  void tidy(const InstallationId& installation);

  const Limits limits_;
  std::size_t running_ = 0, waiting_ = 0;
  Lines lines_;
  std::deque<Lines::value_type*> turns_;  ///< those of whom a call may go; some may have changed their mind
};

}  // namespace tongs::gateway
