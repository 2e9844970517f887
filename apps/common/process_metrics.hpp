#pragma once
#include "common/metrics.hpp"

namespace tongs::metrics {

/// Adds what Prometheus' own clients say about their process: `process_resident_memory_bytes`,
/// `process_open_fds`, `process_max_fds` and `process_start_time_seconds`; and `tongs_build_info{version=…}`.
/// They are measured when they are read.
void add_process_metrics(Registry& registry, std::string_view version);

}  // namespace tongs::metrics
