#include "gateway/ingress/known_keys.hpp"

#include <algorithm>

namespace tongs::gateway {

std::optional<KeyAnswer> KnownKeys::find(const KeyHub& hub, std::string_view kid,
                                         net::Steady::time_point now) const noexcept {
  const auto found = std::ranges::find_if(entries_, [&](const Entry& entry) {
    return entry.answer.state.hub == &hub && entry.kid == kid && entry.answer.state.holds(now);
  });
  if (found == entries_.end()) return std::nullopt;
  return found->answer;
}

void KnownKeys::remember(std::string_view kid, const KeyAnswer& answer) {
  constexpr std::size_t most = 64;  // several sets of keys, before and after a rotation
  const auto now = net::Steady::now();
  std::erase_if(entries_, [&](const Entry& entry) { return !entry.answer.state.holds(now); });
  if (entries_.size() >= most) entries_.clear();
  entries_.push_back({std::string(kid), answer});
}

}  // namespace tongs::gateway
