#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <optional>
#include <unordered_map>

#include <tongs/ids.hpp>

namespace tongs::gateway {

/// Who waits for a turn; unique among those of one limit. They grow.
enum class Ticket : std::uint64_t {};

/// A line of tickets for each installation, served in turn: whoever is alone in his line waits for one ticket
/// of each other installation at most, however long their lines are. Thread safety: none.
class RoundRobin {
 public:
  /// To the end of the installation's line.
  void add(const InstallationId& installation, Ticket ticket);
  /// The next one, who waits no longer.
  std::optional<Ticket> take();
  /// The same among the installations for which `may_go` says yes; the others keep their places.
  struct Turn {
    InstallationId installation;
    Ticket ticket;
  };
  template <class MayGo>
  std::optional<Turn> take(MayGo may_go) {
    const auto line = std::ranges::find_if(lines_, may_go, &Line::installation);
    return line == lines_.end() ? std::nullopt : std::optional(take_first(line));
  }
  /// After all others that wait now, if it has anybody waiting.
  void to_back(const InstallationId& installation);
  /// Somebody left. Precondition: he waits here.
  void remove(const InstallationId& installation, Ticket ticket);
  /// The last one of the longest line, if that is longer than the line of `installation` would be with one
  /// more; he waits no longer.
  std::optional<Ticket> take_last_of_longest(const InstallationId& installation);

  /// How many go before this one, if nobody else comes. Precondition: he waits here.
  std::size_t before(const InstallationId& installation, Ticket ticket) const;
  /// How many would go before one who comes now.
  std::size_t before_next(const InstallationId& installation) const;

  std::size_t size() const noexcept { return size_; }
  std::size_t size_of(const InstallationId& installation) const;

 private:
  struct Line {
    InstallationId installation;
    std::deque<Ticket> tickets;
  };
  using Lines = std::list<Line>;
  Turn take_first(Lines::iterator line);
  void lost_one(Lines::iterator line);
  std::size_t before_place(Lines::const_iterator place, std::size_t index) const;

  Lines lines_;  ///< in the order of their turns
  std::unordered_map<InstallationId, Lines::iterator> places_;
  std::size_t size_ = 0;
};

}  // namespace tongs::gateway
