#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace tongs::gateway {

/// What administrators and tokens do. The words in the file are those of `to_string`; never give one another
/// meaning.
enum class AuditKind : std::uint8_t {
  log_started,        ///< a gateway began to write this log
  lines_missed,       ///< the disk could not follow; `reason` says how many lines are missing
  installation_seen,  ///< for the first time, or again after it was uninstalled
  installation_uninstalled,
  consent_approved,  ///< given for the first time to an installation that waited for it
  consent_authorized,
  consent_revoked,
  user_consent_authorized,
  user_consent_revoked,
  token_given,  ///< or refused
  client_created,
  client_rotated,
  client_deleted,
  vault_key_rotated,
  vault_backed_up,
  admin_login,  ///< only those that were refused
};
std::string_view to_string(AuditKind kind) noexcept;

enum class AuditOutcome : std::uint8_t { done, refused, failed };
std::string_view to_string(AuditOutcome outcome) noexcept;

/// One thing that happened. Account ids are in it on purpose: the log answers who was acted for. Never a
/// secret, a token, or free text of a peer.
struct AuditEvent {
  AuditKind kind{};
  AuditOutcome outcome = AuditOutcome::done;
  std::string installation = {};  ///< bare id; empty: none, as for all of these
  std::string account = {};       ///< the user that a token or a consent is for
  std::string client = {};        ///< the OAuth client id that asked
  std::string actor = {};         ///< who did it: `admin`, `egress`, `oauth`, `forge`
  std::string reason = {};        ///< a word or sentence of ours: why it was refused or failed
};

/// Of these none is ever dropped, however slow the disk is. Of the others, which callers can cause as often
/// as they like, some are when the queue is full; the log then says how many.
bool is_essential(const AuditEvent& event) noexcept;

/// Where events go. Thread safety: any.
class AuditLog {
 public:
  virtual ~AuditLog() = default;
  /// Never waits for a disk.
  virtual void add(AuditEvent event) = 0;
};

/// Keeps nothing, for a gateway whose log is switched off.
std::shared_ptr<AuditLog> no_audit_log();

}  // namespace tongs::gateway
