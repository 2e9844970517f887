#include "emulator/platform/scheduler.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace tongs::emulator {

std::optional<Millis> parse_interval(std::string_view text) noexcept {
  constexpr std::array<std::pair<std::string_view, Millis>, 4> intervals{{
      {"fiveMinute", std::chrono::minutes(5)},
      {"hour", std::chrono::hours(1)},
      {"day", std::chrono::days(1)},
      {"week", std::chrono::weeks(1)},
  }};
  for (const auto& [name, length] : intervals) {
    if (name == text) return length;
  }
  return std::nullopt;
}

void Scheduler::start(std::string_view installation, const std::vector<Module>& modules, PlatformTime now) {
  stop(installation);
  for (const auto& module : modules) {
    if (module.type != "scheduledTrigger") continue;
    const auto interval = parse_interval(module.interval);
    if (interval) entries_.push_back({{std::string(installation), module.key}, now + kFirstRun, *interval});
  }
}

void Scheduler::stop(std::string_view installation) {
  std::erase_if(entries_, [&](const Entry& entry) { return entry.run.installation == installation; });
}

std::optional<PlatformTime> Scheduler::next() const noexcept {
  const auto first = std::min_element(entries_.begin(), entries_.end(),
                                      [](const Entry& a, const Entry& b) { return a.at < b.at; });
  return first == entries_.end() ? std::nullopt : std::optional(first->at);
}

std::vector<Scheduler::Run> Scheduler::take_due(PlatformTime now) {
  std::vector<Run> due;
  for (auto& entry : entries_) {
    if (entry.at > now) continue;
    due.push_back(entry.run);
    entry.at += entry.interval * ((now - entry.at) / entry.interval + 1);
  }
  return due;
}

}  // namespace tongs::emulator
