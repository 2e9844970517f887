#pragma once
#include <atomic>
#include <cstdint>

namespace tongs::vault::testing {

/// Stands between SQLite and the disk of this process, for every database that is opened after `install`, and
/// fails what it is told to. Thread safety: any.
class FaultyDisk {
 public:
  enum class Fault : std::uint8_t {
    none,
    full,       ///< nothing can be written: SQLITE_FULL
    read_only,  ///< nothing may be written: SQLITE_READONLY
    write,      ///< the device fails to write and to sync
    everything  ///< opening, reading and deleting fail too
  };

  static FaultyDisk& install();

  /// From the `step`-th operation from now on that `fault` concerns (1: the next); with `once`, only that
  /// one.
  void fail(Fault fault, std::uint64_t step = 1, bool once = false);
  void heal();
  /// Operations on files since `install`.
  std::uint64_t operations() const { return operations_; }
  /// Operations that were made to fail since the last `fail`.
  std::uint64_t failures() const { return failures_; }

  enum class Operation : std::uint8_t { open, read, write, sync, truncate, remove };
  /// The result code for an operation that is about to happen; 0: let it happen.
  int verdict(Operation operation);

 private:
  std::atomic<Fault> fault_{Fault::none};
  std::atomic<std::uint64_t> steps_left_{0};
  std::atomic<bool> once_{false};
  std::atomic<std::uint64_t> operations_{0};
  std::atomic<std::uint64_t> failures_{0};
};

}  // namespace tongs::vault::testing
