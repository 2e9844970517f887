#include "cli/admin_verbs.hpp"

#include <string>

#include "cli/verb_options.hpp"

namespace tongs::cli {

namespace {

/// Where the options of a verb go, and what to run once it is chosen.
struct Line {
  AdminVerbs& options;
  std::function<int(Terminal&)>& run;
};

void add_admin(CLI::App& verb, AdminOptions& admin) {
  verb.add_option("--admin", admin.url, "Admin listener of the gateway (default: http://127.0.0.1:7074)")
      ->type_name("URL");
  verb.add_option("--admin-token", admin.token_file, "File with its token (default: admin.token)")
      ->type_name("FILE");
}

void add_consent_verb(CLI::App& consent, Line line, ConsentOptions::Action action, const std::string& name,
                      const std::string& about) {
  auto& verb = *consent.add_subcommand(name, about);
  const bool lists = action == ConsentOptions::Action::list;
  verb.add_option("--installation", line.options.consent.installation,
                  lists ? "Only this one, with its users (default: all)" : "Installation that it is about")
      ->required(!lists)
      ->type_name("ID");
  if (!lists) {
    verb.add_option("--user", line.options.consent.user,
                    "Account id: only what the app does in the name of this user (default: everything)")
        ->type_name("ACCOUNT");
  }
  add_admin(verb, line.options.consent.admin);
  add_format(verb, line.options.consent.format);
  verb.footer(
      "Exit status 2 if the command line or the token file is of no use, 3 if the gateway refuses or "
      "cannot be reached.");
  verb.callback([line, action] {
    line.options.consent.action = action;
    line.run = [line](Terminal& terminal) { return run_consent(line.options.consent, terminal); };
  });
}

void add_consent(CLI::App& tongs, Line line) {
  using Action = ConsentOptions::Action;
  auto& verb = *tongs.add_subcommand("consent", "Who may have tokens: see it, give it, take it back");
  verb.require_subcommand(1);
  add_consent_verb(verb, line, Action::list, "list",
                   "Installations and users, with consent and tokens' ends");
  add_consent_verb(verb, line, Action::authorize, "authorize", "Allow offline access (again)");
  add_consent_verb(verb, line, Action::revoke, "revoke",
                   "Take offline access back, at once; wipes its tokens");
  verb.footer(
      "A revocation holds until an admin authorizes again, whatever invocations come. The app stays "
      "installed "
      "and its invocations still reach the backend.\n\nExamples:\n"
      "  tongs consent list\n"
      "  tongs consent revoke --installation 0a3a7799-53ae-4a5b-9e7e-03338980abb5\n"
      "  tongs consent revoke --installation 0a3a7799-53ae-4a5b-9e7e-03338980abb5 --user 557058:bob\n"
      "  tongs consent authorize --installation 0a3a7799-53ae-4a5b-9e7e-03338980abb5 --admin-token "
      "/etc/tongs/admin.token");
}

void add_audit_show(CLI::App& audit, Line line) {
  auto& verb = *audit.add_subcommand("show", "Lines of an audit log, each compared with its own hash");
  verb.add_option("file", line.options.audit_show.file, "Audit log; - is standard input")
      ->required()
      ->type_name("FILE");
  verb.add_option("--installation", line.options.audit_show.installation, "Only what is about this one")
      ->type_name("ID");
  verb.add_option("--event", line.options.audit_show.event, "Only this event, such as consent.revoked")
      ->type_name("EVENT");
  verb.add_option("--since", line.options.audit_show.since,
                  "Only from then on: RFC 3339, or seconds since 1970")
      ->type_name("TIME");
  add_format(verb, line.options.audit_show.format);
  verb.footer(
      "With --format json, lines are printed as they are in the file. Exit status 1 if a line was "
      "changed.\n\n"
      "Examples:\n"
      "  tongs audit show tongs.audit --event consent.revoked\n"
      "  tongs audit show tongs.audit --since 2026-01-02T00:00:00Z --format json");
  verb.callback([line] {
    line.run = [line](Terminal& terminal) { return run_audit_show(line.options.audit_show, terminal); };
  });
}

void add_audit_verify(CLI::App& audit, Line line) {
  auto& verb = *audit.add_subcommand("verify", "Whether lines were changed, removed, put in or moved");
  verb.add_option("files", line.options.audit_verify.files,
                  "Audit logs, the oldest first; - is standard input")
      ->required()
      ->type_name("FILE");
  add_format(verb, line.options.audit_verify.format);
  verb.footer(
      "Exit status 1 and the line if the chain breaks. Lines that are missing at the very end cannot be seen "
      "from "
      "the file alone: keep the hash that it ends with elsewhere, and compare.\n\nExamples:\n"
      "  tongs audit verify tongs.audit\n"
      "  tongs audit verify tongs.audit.2 tongs.audit.1 tongs.audit");
  verb.callback([line] {
    line.run = [line](Terminal& terminal) { return run_audit_verify(line.options.audit_verify, terminal); };
  });
}

CLI::App& add_vault_verb(CLI::App& vault, Line line, VaultCommand::Action action, const std::string& name,
                         const std::string& about) {
  auto& verb = *vault.add_subcommand(name, about);
  verb.add_option("--vault", line.options.vault.vault, "Vault, a SQLite file (default: tongs.db)")
      ->type_name("FILE");
  verb.add_option("--key-file", line.options.vault.key_file,
                  "Its keys, unless TONGS_VAULT_KEYS has them (default: vault.key)")
      ->type_name("FILE");
  verb.callback([line, action] {
    line.options.vault.action = action;
    line.run = [line](Terminal& terminal) { return run_vault(line.options.vault, terminal); };
  });
  return verb;
}

/// A verb that asks the gateway if that has the file open.
CLI::App& add_upkeep_verb(CLI::App& vault, Line line, VaultCommand::Action action, const std::string& name,
                          const std::string& about) {
  auto& verb = add_vault_verb(vault, line, action, name, about);
  add_admin(verb, line.options.vault.admin);
  add_format(verb, line.options.vault.format);
  verb.footer("Goes through the running gateway if that has the vault open.");
  return verb;
}

void add_vault(CLI::App& tongs, Line line) {
  using Action = VaultCommand::Action;
  auto& vault = *tongs.add_subcommand("vault", "The encrypted file with installations, consents and tokens");
  vault.require_subcommand(1);
  auto& init =
      add_vault_verb(vault, line, Action::init, "init", "Make a new vault, and a key if there is none");
  add_format(init, line.options.vault.format);
  add_upkeep_verb(vault, line, Action::status, "status",
                  "How much is in it, under which keys, and whether it is well");
  add_upkeep_verb(vault, line, Action::rotate_key, "rotate-key", "Seal everything under a new key");
  auto& backup =
      add_upkeep_verb(vault, line, Action::backup, "backup", "Write a consistent copy, sealed as it is");
  backup.add_option("file", line.options.vault.file, "A new file")->required()->type_name("FILE");
  auto& export_all =
      add_vault_verb(vault, line, Action::export_all, "export", "Write what it holds as JSON lines");
  export_all
      .add_option("--output", line.options.vault.file, "A new file, mode 0600 (default: standard output)")
      ->type_name("FILE");
  export_all.add_flag("--reveal-secrets", line.options.vault.reveal_secrets, "Tokens too, in clear");
  auto& import_all =
      add_vault_verb(vault, line, Action::import_all, "import", "Take the lines of an export over");
  import_all.add_option("file", line.options.vault.file, "Export; - is standard input")
      ->required()
      ->type_name("FILE");
  import_all.add_flag("--merge", line.options.vault.merge,
                      "Into a vault that is not empty; what is stricter wins");
  vault.footer(
      "A copy of the vault is of no use without its key file: keep both, apart from each other.\nExit status "
      "2 if "
      "the command or a file is of no use, 3 if the work failed.\n\nExamples:\n"
      "  tongs vault status --vault /var/lib/tongs/tongs.db --key-file /etc/tongs/vault.key\n"
      "  tongs vault backup tongs-2026-01-02.db\n"
      "  tongs vault export --reveal-secrets --output vault.jsonl\n"
      "  tongs vault import vault.jsonl --vault new.db --key-file new.key");
}

}  // namespace

void add_admin_verbs(CLI::App& tongs, AdminVerbs& options, std::function<int(Terminal&)>& run) {
  const Line line{options, run};
  add_consent(tongs, line);
  auto& audit = *tongs.add_subcommand("audit", "What the gateway gave, refused and changed, and who did it");
  audit.require_subcommand(1);
  add_audit_show(audit, line);
  add_audit_verify(audit, line);
  add_vault(tongs, line);
}

}  // namespace tongs::cli
