#include "common/process_metrics.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>

#include <sys/resource.h>
#include <unistd.h>

namespace tongs::metrics {

namespace {

double resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  double size = 0, resident = 0;
  statm >> size >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

double open_files() {
  std::error_code failed;
  const std::filesystem::directory_iterator files("/proc/self/fd", failed);
  if (failed) return 0;
  return static_cast<double>(std::distance(begin(files), end(files))) - 1;  // the listing is open itself
}

double most_files() noexcept {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return static_cast<double>(limit.rlim_cur);
}

}  // namespace

void add_process_metrics(Registry& registry, std::string_view version) {
  registry.gauge("tongs_build_info", "Always 1; the version is in the label.", {{"version", version}}).set(1);
  registry.gauge("process_start_time_seconds", "When the process started, in seconds since 1970.")
      .set(std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count());
  Gauge& resident = registry.gauge("process_resident_memory_bytes", "Memory that is resident.");
  Gauge& open = registry.gauge("process_open_fds", "Open file descriptors.");
  Gauge& most = registry.gauge("process_max_fds", "How many file descriptors may be open.");
  registry.before_reading([&resident, &open, &most] {
    resident.set(resident_bytes());
    open.set(open_files());
    most.set(most_files());
  });
}

}  // namespace tongs::metrics
