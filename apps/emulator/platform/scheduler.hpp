#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/base/time.hpp"
#include "emulator/platform/app.hpp"

namespace tongs::emulator {

/// `fiveMinute`, `hour`, `day` or `week` (contract 1.6.15).
std::optional<Millis> parse_interval(std::string_view text) noexcept;

/// When the scheduled triggers of each installation run: the first time five minutes after the app came, then
/// once per interval, always at the same offset. Thread safety: none.
class Scheduler {
 public:
  struct Run {
    std::string installation;  ///< ARI
    std::string module;        ///< key
  };

  /// All scheduled triggers of an installation, from anew: what an installation and a deployment do.
  void start(std::string_view installation, const std::vector<Module>& modules, PlatformTime now);
  void stop(std::string_view installation);

  std::optional<PlatformTime> next() const noexcept;
  /// What is due. A trigger that missed several runs, because the machine slept, runs once.
  std::vector<Run> take_due(PlatformTime now);

  struct Entry {
    Run run;
    PlatformTime at{};
    Millis interval{};
  };
  const std::vector<Entry>& entries() const noexcept { return entries_; }
  void restore(std::vector<Entry> entries) { entries_ = std::move(entries); }

  static constexpr std::chrono::minutes kFirstRun{5};

 private:
  std::vector<Entry> entries_;
};

}  // namespace tongs::emulator
