#include "gateway/audit/audit_log.hpp"

namespace tongs::gateway {

namespace {

class NoAuditLog final : public AuditLog {
 public:
  void add(AuditEvent) override {}
};

}  // namespace

std::string_view to_string(AuditKind kind) noexcept {
  switch (kind) {
    case AuditKind::log_started:
      return "log.started";
    case AuditKind::lines_missed:
      return "log.lines_missed";
    case AuditKind::installation_seen:
      return "installation.seen";
    case AuditKind::installation_uninstalled:
      return "installation.uninstalled";
    case AuditKind::consent_approved:
      return "consent.approved";
    case AuditKind::consent_authorized:
      return "consent.authorized";
    case AuditKind::consent_revoked:
      return "consent.revoked";
    case AuditKind::user_consent_authorized:
      return "user_consent.authorized";
    case AuditKind::user_consent_revoked:
      return "user_consent.revoked";
    case AuditKind::token_given:
      return "token.given";
    case AuditKind::client_created:
      return "client.created";
    case AuditKind::client_rotated:
      return "client.rotated";
    case AuditKind::client_deleted:
      return "client.deleted";
    case AuditKind::vault_key_rotated:
      return "vault.key_rotated";
    case AuditKind::vault_backed_up:
      return "vault.backed_up";
    case AuditKind::admin_login:
      return "admin.login";
  }
  return "unknown";
}

std::string_view to_string(AuditOutcome outcome) noexcept {
  switch (outcome) {
    case AuditOutcome::done:
      return "done";
    case AuditOutcome::refused:
      return "refused";
    case AuditOutcome::failed:
      return "failed";
  }
  return "unknown";
}

bool is_essential(const AuditEvent& event) noexcept {
  return event.kind != AuditKind::token_given && event.kind != AuditKind::admin_login;
}

std::shared_ptr<AuditLog> no_audit_log() { return std::make_shared<NoAuditLog>(); }

}  // namespace tongs::gateway
