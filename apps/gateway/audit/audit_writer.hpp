#pragma once
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <tongs/result.hpp>

#include "gateway/audit/audit_chain.hpp"
#include "gateway/audit/audit_file.hpp"
#include "gateway/audit/audit_log.hpp"

namespace tongs::gateway {

struct AuditOptions {
  std::string path;
  /// What is written survives a power cut too. By default it survives the end of the process.
  bool sync = false;
  /// Events that wait for the disk; beyond it only those are taken that are never dropped.
  std::size_t queue = 65536;
  /// A disk that failed is tried this seldom.
  std::chrono::milliseconds retry_pause{1000};
  std::function<AuditTime()> now = [] {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  };
};

/// The audit log in a file. `add` puts an event in a queue; a thread of its own makes lines of whatever came
/// in meanwhile and writes them at once. Thread safety: any.
class AuditWriter final : public AuditLog {
 public:
  /// Errors: as `AuditFile::open`.
  static Result<std::shared_ptr<AuditWriter>> open(AuditOptions options);
  /// Writes what is left.
  ~AuditWriter() override;
  AuditWriter(const AuditWriter&) = delete;
  AuditWriter& operator=(const AuditWriter&) = delete;

  void add(AuditEvent event) override;
  /// A log rotation has moved the file: from now on lines go to a new one of the same name, and its chain
  /// goes on from the old one. If that cannot be opened, the log says so and the old one stays.
  void reopen();
  /// Waits until everything before this call was written, or tried. Errors: storage_failed, conflict.
  Result<void> flush();

  struct Status {
    std::optional<Error> failure;  ///< why the last write failed; empty if it did not
    std::size_t waiting = 0;       ///< events that are not in the file
    std::uint64_t lines = 0;       ///< written since the start
    std::uint64_t missed = 0;      ///< events that were dropped since the start
  };
  Status status() const;

 private:
  using Event = std::pair<AuditTime, AuditEvent>;
  struct Work {
    std::vector<Event> events;
    bool reopen = false;
    std::uint64_t asked = 0;
    bool took_queue = false;
  };

  AuditWriter(AuditOptions options, AuditFile file);
  void work();
  Work wait_for_work();
  void open_anew();
  void make_lines(const std::vector<Event>& events);
  Result<void> write();
  void note(const Result<void>& outcome, const Work& done);

  const AuditOptions options_;

  // Of the thread alone.
  AuditFile file_;
  ChainEnd end_;
  std::string unwritten_;
  std::size_t unwritten_lines_ = 0;

  mutable std::mutex mutex_;
  std::condition_variable wake_, tried_;
  std::vector<Event> queue_;
  std::size_t in_hand_ = 0;
  std::uint64_t missed_ = 0, missed_unsaid_ = 0, lines_ = 0;
  std::uint64_t asked_ = 0, answered_ = 0;
  bool reopen_ = false, closing_ = false;
  std::optional<Error> failure_;
  std::thread thread_;
};

}  // namespace tongs::gateway
