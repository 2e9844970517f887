#pragma once
#include <cstdint>
#include <deque>
#include <string_view>

#include "emulator/base/members.hpp"
#include "emulator/base/time.hpp"

namespace tongs::emulator {

/// What the platform did, for whoever asks why. Holds no secret: tokens appear as fingerprints. The oldest
/// entries go when there are `kMostEntries`. Thread safety: none.
class EventLog {
 public:
  void add(std::string_view kind, json::object facts, RealTime real, PlatformTime now);

  struct Filter {
    std::int64_t since = 0;  ///< only entries with a greater `seq`
    std::string_view kind;   ///< empty: all
    std::int64_t limit = 1000;
  };
  /// `{"entries":[…],"last":N}`, the oldest first; `last` is the `since` of the next call.
  json::object read(const Filter& filter) const;

  static constexpr std::size_t kMostEntries = 10'000;

 private:
  struct Entry {
    std::int64_t sequence;
    json::object content;
  };
  std::deque<Entry> entries_;
  std::int64_t last_ = 0;
};

}  // namespace tongs::emulator
