#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <tongs/fit.hpp>

#include "common/net/reactor.hpp"

namespace tongs::gateway {

/// A file that lines are added to, by all workers. Thread safety: any.
class AccessLogFile {
 public:
  /// Creates it if it is not there, readable for its owner and group. Errors: storage_failed.
  static Result<std::shared_ptr<AccessLogFile>> open(std::string path);
  ~AccessLogFile();
  AccessLogFile(const AccessLogFile&) = delete;
  AccessLogFile& operator=(const AccessLogFile&) = delete;

  /// Opens it anew under its name: a log rotation has moved the old one. Errors: storage_failed; the old one
  /// stays then.
  Result<void> reopen();
  /// Adds whole lines at once. Those that the disk does not take are lost and counted.
  void append(std::string_view lines) noexcept;
  std::uint64_t lost_writes() const noexcept { return lost_.load(std::memory_order_relaxed); }

 private:
  AccessLogFile(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}

  const std::string path_;
  const int descriptor_;
  std::atomic<std::uint64_t> lost_{0};
};

/// What is said of one request. No secret, no claim that was not verified; who took part only if `personal`.
struct AccessRecord {
  std::string_view method, path;
  int status = 0;
  std::uint64_t bytes = 0;
  std::chrono::nanoseconds duration{};
  std::string_view verdict;  ///< `accepted`, or why not
  const VerifiedInvocation* invocation = nullptr;
  std::string_view trace_id;
  std::string_view peer;
};

/// The lines of one worker, gathered and added to the file a few times a second. Thread safety: none; lives
/// in its worker's reactor.
class AccessLog {
 public:
  /// `personal`: also the peer's address and the account.
  AccessLog(net::Reactor& reactor, std::shared_ptr<AccessLogFile> file, bool personal);
  ~AccessLog();
  AccessLog(const AccessLog&) = delete;
  AccessLog& operator=(const AccessLog&) = delete;

  void add(const AccessRecord& record);
  void flush() noexcept;

 private:
  class Flusher;
  std::shared_ptr<AccessLogFile> file_;
  const bool personal_;
  std::string lines_;
  std::unique_ptr<Flusher> flusher_;
};

}  // namespace tongs::gateway
