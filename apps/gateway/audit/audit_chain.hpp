#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <tongs/result.hpp>

#include "gateway/audit/audit_log.hpp"

namespace tongs::gateway {

/// The last line of a chain: what the next one goes on from. By default there was none.
struct ChainEnd {
  std::uint64_t seq = 0;
  std::string hash = std::string(64, '0');

  friend bool operator==(const ChainEnd&, const ChainEnd&) = default;
};

using AuditTime = std::chrono::sys_time<std::chrono::milliseconds>;

/// No line is longer: a longer field is cut.
inline constexpr std::size_t kLongestAuditLine = 32 * 1024;

/// The next line of the chain, with its line end; `end` is moved on.
///
///     {"seq":7,"time":"2026-01-02T03:04:05.678Z","event":"consent.revoked","outcome":"done",
///      "installation":"…","actor":"admin","prev":"<64 hex digits>","hash":"<64 hex digits>"}
///
/// on one line. `hash` is SHA-256 of the bytes of the line before `,"hash":`, `prev` among them; `prev` is
/// the hash of the line before, or zeros.
std::string audit_line(ChainEnd& end, const AuditEvent& event, AuditTime time);

/// A line as it was read.
struct AuditLine {
  ChainEnd end;      ///< its own number and hash
  std::string prev;  ///< the hash it goes on from
  std::string time, event, outcome, installation, account, client, actor, reason;
};

/// Reads one line (without its line end) and compares it with its own hash.
/// Errors: malformed_response (no audit line), signature_invalid (it was changed).
Result<AuditLine> read_audit_line(std::string_view line);

/// Follows a chain from line to line, from one file to the next too.
class ChainCheck {
 public:
  /// Why the chain breaks at this line; empty: it goes on. The very first line may go on from anything: files
  /// from before it are not at hand.
  std::string_view follow(const AuditLine& line);
  /// Of the last line; nothing before the first.
  const std::optional<ChainEnd>& end() const noexcept { return end_; }
  /// The number of the first line.
  std::uint64_t begin() const noexcept { return begin_; }

 private:
  std::optional<ChainEnd> end_;
  std::uint64_t begin_ = 0;
};

}  // namespace tongs::gateway
