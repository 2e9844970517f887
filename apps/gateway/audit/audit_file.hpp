#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <tongs/result.hpp>

#include "gateway/audit/audit_chain.hpp"

namespace tongs::gateway {

/// A file that lines of a chain are added to, by one process at a time. Messages of all errors name the file.
/// Thread safety: none.
class AuditFile {
 public:
  /// Opens the file, or makes one of mode 0600, and finds the end of its chain; an empty file goes on from
  /// `before`. A last line that was not written to its end (`kill -9`) is cut off.
  /// Errors: storage_failed (not ours to write, no regular file, its end is no chain), conflict (another
  /// process writes it).
  static Result<AuditFile> open(const std::string& path, ChainEnd before = {});
  AuditFile(AuditFile&& other) noexcept;
  AuditFile& operator=(AuditFile&& other) noexcept;
  ~AuditFile();

  /// Where its chain ends.
  const ChainEnd& end() const noexcept { return end_; }
  /// Bytes of a torn line that were cut off when it was opened.
  std::size_t torn() const noexcept { return torn_; }
  /// Is the file of that name still this one?
  bool is_in_place() const;

  /// Whole lines, all of them or none; `end` is the end of the last one. `sync`: they are on the disk, not
  /// only with the system. Errors: storage_failed.
  Result<void> append(std::string_view lines, const ChainEnd& end, bool sync);

 private:
  AuditFile(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}
  Result<void> find_end(ChainEnd before);
  Result<void> cut_off();
  Result<void> write(std::string_view lines) const;

  std::string path_;
  int descriptor_ = -1;
  ChainEnd end_;
  std::size_t torn_ = 0;
  std::optional<std::int64_t> cut_to_;  ///< its size without a torn line that is still there
};

}  // namespace tongs::gateway
