#include "emulator/platform/event_log.hpp"

#include <utility>

namespace tongs::emulator {

void EventLog::add(std::string_view kind, json::object facts, RealTime real, PlatformTime now) {
  json::object content{
      {"seq", ++last_}, {"kind", kind}, {"time", iso_time(now)}, {"realTime", iso_time(real)}};
  for (auto& [name, value] : facts) content[name] = std::move(value);
  entries_.push_back({last_, std::move(content)});
  if (entries_.size() > kMostEntries) entries_.pop_front();
}

json::object EventLog::read(const Filter& filter) const {
  json::array entries;
  std::int64_t last = filter.since;
  for (const auto& entry : entries_) {
    if (entry.sequence <= filter.since) continue;
    if (static_cast<std::int64_t>(entries.size()) >= filter.limit) break;
    last = entry.sequence;
    if (filter.kind.empty() || entry.content.at("kind").get_string() == filter.kind)
      entries.push_back(entry.content);
  }
  return {{"entries", std::move(entries)}, {"last", last}};
}

}  // namespace tongs::emulator
