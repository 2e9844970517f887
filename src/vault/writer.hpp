#pragma once
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include <tongs/call_options.hpp>
#include <tongs/result.hpp>

#include "vault/changes.hpp"
#include "vault/done.hpp"
#include "vault/seal.hpp"
#include "vault/store.hpp"

namespace tongs::vault {

/// Puts changes on disk from a thread of its own: whatever came in while one transaction was under way is the
/// next one (group commit), and of several changes to one row only the last is written. While the store
/// fails, changes are kept and tried again, at most once in `retry_pause`, and whoever waits is told the
/// failure at once. Thread safety: any.
class Writer {
 public:
  /// Runs on the writer's thread, between two transactions.
  using Job = std::function<void(Store&, Sealer&)>;

  Writer(std::unique_ptr<Store> store, Sealer sealer, std::chrono::milliseconds retry_pause);
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  /// As `close`.
  ~Writer();

  /// All of `changes` (which are moved from) in one transaction with everything that is not yet written.
  /// Quick enough to be called under a lock. `done` may be null.
  void submit(std::span<Change> changes, Done done);
  /// Tries the store though there may be nothing to write, so that `status` tells a store that is gone.
  void probe(Done done);
  /// False if the writer is closing: the job will not run.
  bool run(Job job);

  /// From now on `on_change` is told, on the writer's thread, whenever the store begins to fail, with why,
  /// and whenever it is well again.
  void watch(Done on_change);

  /// Waits until everything submitted before is durable; tries at once even if the store just failed.
  /// Errors: storage_failed, deadline_exceeded, cancelled.
  Result<void> flush(const CallOptions& call);
  /// Writes what is left and ends the thread. Errors: storage_failed (something is lost). Later calls change
  /// nothing.
  Result<void> close();
  bool closing() const;

  struct Status {
    std::optional<Error> failure;  ///< why the last transaction failed; empty once one succeeds
    std::size_t unsaved = 0;       ///< rows that are newer in memory than on disk
    std::uint64_t transactions = 0;
    std::uint64_t rows = 0;
  };
  Status status() const;

 private:
  using Pending = std::map<RowKey, Change::Content>;

  enum class Urgency : std::uint8_t {
    normal,
    at_once,  ///< even if the store just failed
    probe     ///< and even if there is nothing to write
  };
  void enqueue(std::span<Change> changes, Done done, Urgency urgency);
  bool has_work() const;
  void work();
  void wait_for_work(std::unique_lock<std::mutex>& hold);
  void run_jobs(std::unique_lock<std::mutex>& hold);
  void commit_pending(std::unique_lock<std::mutex>& hold);
  bool may_try() const;
  Result<void> write(const Pending& changes);
  Result<void> write_row(const RowKey& key, const Change::Content& content);
  bool note_outcome(const Result<void>& outcome, Pending changes);

  // Of the writer's thread alone.
  std::unique_ptr<Store> store_;
  Sealer sealer_;
  std::string bound_to_;
  std::string plain_;
  std::string sealed_;

  const std::chrono::milliseconds retry_pause_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  Pending pending_;
  std::size_t in_flight_ = 0;
  std::vector<Done> waiting_;
  std::vector<Job> jobs_;
  Urgency urgency_ = Urgency::normal;
  bool closing_ = false;
  bool ended_ = false;
  std::optional<Error> failure_;
  Done on_change_;
  std::chrono::steady_clock::time_point next_try_{};
  std::uint64_t transactions_ = 0;
  std::uint64_t rows_ = 0;
  std::thread thread_;
};

}  // namespace tongs::vault
