#include "gateway/round_robin.hpp"

#include <algorithm>

namespace tongs::gateway {

void RoundRobin::add(const InstallationId& installation, Ticket ticket) {
  auto [place, is_new] = places_.try_emplace(installation);
  if (is_new) place->second = lines_.insert(lines_.end(), Line{installation, {}});
  place->second->tickets.push_back(ticket);
  ++size_;
}

std::optional<Ticket> RoundRobin::take() {
  auto turn = take([](const InstallationId&) { return true; });
  return turn ? std::optional(turn->ticket) : std::nullopt;
}

RoundRobin::Turn RoundRobin::take_first(Lines::iterator line) {
  Turn turn{line->installation, line->tickets.front()};
  line->tickets.pop_front();
  lines_.splice(lines_.end(), lines_, line);
  lost_one(line);
  return turn;
}

void RoundRobin::to_back(const InstallationId& installation) {
  const auto line = places_.find(installation);
  if (line != places_.end()) lines_.splice(lines_.end(), lines_, line->second);
}

void RoundRobin::remove(const InstallationId& installation, Ticket ticket) {
  const auto line = places_.at(installation);
  line->tickets.erase(std::ranges::lower_bound(line->tickets, ticket));
  lost_one(line);
}

std::optional<Ticket> RoundRobin::take_last_of_longest(const InstallationId& installation) {
  const std::size_t length = size_of(installation) + 1;
  const auto longest = std::max_element(lines_.begin(), lines_.end(), [](const Line& a, const Line& b) {
    return a.tickets.size() < b.tickets.size();
  });
  if (longest == lines_.end() || longest->tickets.size() <= length) return std::nullopt;
  const Ticket ticket = longest->tickets.back();
  longest->tickets.pop_back();
  lost_one(longest);
  return ticket;
}

std::size_t RoundRobin::before(const InstallationId& installation, Ticket ticket) const {
  const auto line = places_.at(installation);
  const auto found = std::ranges::lower_bound(line->tickets, ticket);
  return before_place(line, static_cast<std::size_t>(found - line->tickets.begin()));
}

std::size_t RoundRobin::size_of(const InstallationId& installation) const {
  const auto line = places_.find(installation);
  return line == places_.end() ? 0 : line->second->tickets.size();
}

std::size_t RoundRobin::before_next(const InstallationId& installation) const {
  const auto line = places_.find(installation);
  if (line == places_.end()) return before_place(lines_.end(), 0);
  return before_place(line->second, line->second->tickets.size());
}

void RoundRobin::lost_one(Lines::iterator line) {
  --size_;
  if (!line->tickets.empty()) return;
  places_.erase(line->installation);
  lines_.erase(line);
}

/// Before the `index`-th of the line at `place` go those before him in it, as many of each line after it, and
/// one more of each line before it.
std::size_t RoundRobin::before_place(Lines::const_iterator place, std::size_t index) const {
  std::size_t count = index;
  for (auto line = lines_.begin(); line != place; ++line) count += std::min(line->tickets.size(), index + 1);
  if (place == lines_.end()) return count;
  for (auto line = std::next(place); line != lines_.end(); ++line)
    count += std::min(line->tickets.size(), index);
  return count;
}

}  // namespace tongs::gateway
