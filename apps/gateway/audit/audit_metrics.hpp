#pragma once
#include "common/metrics.hpp"
#include "gateway/audit/audit_writer.hpp"

namespace tongs::gateway {

/// What the audit log looks like; set when it is read.
struct AuditMetrics {
  explicit AuditMetrics(metrics::Registry& registry)
      : lines(registry.gauge("tongs_audit_lines", "Lines of the audit log since the start.")),
        waiting(registry.gauge("tongs_audit_waiting_events", "Events that are not in the audit log yet.")),
        missed(registry.gauge("tongs_audit_missed_events", "Events that the audit log could not take.")),
        failing(registry.gauge("tongs_audit_failing", "1 if the last write to the audit log failed.")) {}

  void set(const AuditWriter::Status& status) noexcept {
    lines.set(static_cast<double>(status.lines));
    waiting.set(static_cast<double>(status.waiting));
    missed.set(static_cast<double>(status.missed));
    failing.set(status.failure ? 1 : 0);
  }

  metrics::Gauge &lines, &waiting, &missed, &failing;
};

}  // namespace tongs::gateway
