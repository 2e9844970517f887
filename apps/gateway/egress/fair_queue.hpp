#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>

#include <tongs/ids.hpp>

#include "gateway/round_robin.hpp"

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
  enum class Entry : std::uint8_t {
    go,
    wait,       ///< until `leave` of another one returns its ticket
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
  void give_up(const InstallationId& installation, Ticket ticket) { waiting_.remove(installation, ticket); }

  std::size_t running() const noexcept { return running_; }
  std::size_t waiting() const noexcept { return waiting_.size(); }

 private:
  bool may_go(const InstallationId& installation) const;
  void go(const InstallationId& installation);

  const Limits limits_;
  std::size_t running_ = 0;
  std::unordered_map<InstallationId, std::size_t> running_each_;  ///< of those that have any
  RoundRobin waiting_;
};

}  // namespace tongs::gateway
