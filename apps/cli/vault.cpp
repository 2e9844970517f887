#include "cli/vault.hpp"

#include <filesystem>
#include <future>
#include <ostream>
#include <utility>

#include "cli/exit_status.hpp"
#include "cli/input.hpp"
#include "cli/vault_lines.hpp"
#include "common/process.hpp"
#include "gateway/admin/vault_report.hpp"
#include "json/writer.hpp"
#include "vault/files.hpp"

namespace tongs::cli {

namespace {

using Action = VaultCommand::Action;

constexpr std::size_t kLargestImport = std::size_t{512} * 1024 * 1024;
constexpr std::size_t kPage = 100;

int refuse(const VaultCommand& command, std::string_view why, Terminal& terminal) {
  terminal.err() << "tongs: " << printable(command.vault) << ": " << why << "\n";
  return kUsage;
}

int fail(const VaultCommand& command, const Error& error, Terminal& terminal) {
  terminal.err() << "tongs: " << printable(command.vault) << ": " << printable(error.describe()) << "\n";
  return kFailure;
}

/// A key file that is not there, or open to others, can be mended by whoever typed the command.
int cannot_open(const VaultCommand& command, const Error& error, Terminal& terminal) {
  if (error.code() == Errc::conflict) {
    return refuse(
        command, "a gateway has this vault open: stop it first (status, rotate-key and backup go through it)",
        terminal);
  }
  (void)fail(command, error, terminal);
  return kUsage;
}

/// A file that would be written over is a matter of the command line.
int cannot_write(const Error& error, Terminal& terminal) {
  terminal.err() << "tongs: " << printable(error.describe()) << "\n";
  return error.code() == Errc::conflict ? kUsage : kFailure;
}

Result<std::unique_ptr<vault::Vault>> open(const VaultCommand& command) {
  vault::VaultOptions options;
  options.url = "sqlite:" + command.vault;
  options.keys.file = command.key_file;
  options.lock_wait = std::chrono::milliseconds(0);
  if (const auto keys = process::environment_variable("TONGS_VAULT_KEYS")) options.keys.text = Secret(*keys);
  return vault::Vault::open(std::move(options));
}

/// What a call that ends with a `Done` came to.
template <class Start>
Result<void> wait_for(Start start) {
  std::promise<Result<void>> ended;
  start([&ended](const Result<void>& outcome) { ended.set_value(outcome); });
  return ended.get_future().get();
}

int print_report(const std::string& json, const VaultCommand& command, Terminal& terminal) {
  if (command.format == Format::json) {
    terminal.out() << json << "\n";
    return kFine;
  }
  const auto report = JsonDocument::parse(json);
  if (!report) return fail(command, report.error(), terminal);
  const auto number = [&](std::string_view name) { return (*report)[name].integer().value_or(0); };
  terminal.out() << count_of(static_cast<std::size_t>(number("installations")), "installation") << "\n"
                 << "sealed under key " << printable((*report)["activeKey"].string_or("")) << "\n";
  for (const JsonView key : (*report)["olderKeys"]) {
    terminal.out() << "  some rows still under key " << printable(key.string_or("")) << "\n";
  }
  if ((*report)["rotating"].boolean() == true) terminal.out() << "rows are being sealed under the new key\n";
  if (const auto rows = number("unsaved"); rows > 0) {
    terminal.out() << terminal.paint(Terminal::Style::red, count_of(static_cast<std::size_t>(rows), "row"))
                   << " only in memory\n";
  }
  if (const auto rows = number("unreadableRows"); rows > 0) {
    terminal.out()
        << terminal.paint(Terminal::Style::red, count_of(static_cast<std::size_t>(rows), "row"))
        << " did not open: changed, moved or damaged; restore a backup, or let admins decide anew\n";
  }
  if (const auto failure = (*report)["failure"].string()) {
    terminal.out() << terminal.paint(Terminal::Style::red, "cannot be written") << ": " << printable(*failure)
                   << "\n";
  }
  return kFine;
}

int do_init(const VaultCommand& command, Terminal& terminal) {
  if (std::filesystem::exists(command.vault)) return refuse(command, "is there already", terminal);
  const auto vault = open(command);
  if (!vault) return cannot_open(command, vault.error(), terminal);
  const auto status = (*vault)->status();
  if (command.format == Format::human && status.key_file_created) {
    terminal.out() << "a new key was made: keep a copy of " << printable(command.key_file)
                   << ", without it nothing in the vault can be read\n";
  }
  return print_report(gateway::vault_report(status), command, terminal);
}

int do_export(const VaultCommand& command, const vault::Vault& vault, Terminal& terminal) {
  const auto secrets = command.reveal_secrets ? Secrets::reveal : Secrets::leave_out;
  const bool to_file = !command.file.empty() && command.file != "-";
  std::string all = export_head(secrets);
  for (std::optional<InstallationId> after;;) {
    auto page = vault.installations(after, kPage);
    for (const auto& installation : page.installations) {
      std::string lines = export_lines(vault, *installation, secrets);
      all += lines;
      wipe(lines);
    }
    if (!page.next) break;
    after = std::move(page.next);
  }
  Result<void> written;
  if (to_file) {
    written = vault::write_private_file(command.file, all, vault::Replace::no);
  } else {
    terminal.out() << all;
  }
  wipe(all);
  if (!written) return cannot_write(written.error(), terminal);
  if (secrets == Secrets::leave_out) {
    terminal.err() << "tongs: tokens were left out; --reveal-secrets exports them too\n";
  }
  return kFine;
}

/// The lines to import; nothing: there are none, and it was said why.
std::optional<Secret> read_export(const std::string& from, Terminal& terminal) {
  auto text = read_input(from.empty() ? "-" : from, kLargestImport);
  const std::string_view wrong = !text                           ? text.error().message()
                                 : text->size() > kLargestImport ? "is larger than 512 MiB"
                                 : text->empty()                 ? "is empty, so it is no vault export"
                                                                 : "";
  if (wrong.empty()) return Secret::take(*std::move(text));
  terminal.err() << "tongs: " << printable(from) << ": " << wrong << "\n";
  if (text) wipe(*text);
  return std::nullopt;
}

int do_import(const VaultCommand& command, const Secret& text, vault::Vault& vault, Terminal& terminal) {
  if (vault.status().installations > 0 && !command.merge) {
    return refuse(command, "is not empty: --merge adds to it, and lifts no revocation that it holds",
                  terminal);
  }
  Imported counts;
  const WallTime now = Clock::system()->wall_now();
  std::size_t number = 0;
  for (std::string_view rest = text.reveal(); !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    const auto taken = import_line(vault, line, ++number == 1, now, counts);
    if (taken) continue;
    terminal.err() << "tongs: " << printable(command.file) << ":" << number << ": " << taken.error().message()
                   << "; the lines before it were imported\n";
    return kUsage;
  }
  if (auto durable = vault.flush(); !durable) return fail(command, durable.error(), terminal);
  terminal.out() << count_of(counts.installations, "new installation") << ", "
                 << count_of(counts.consents, "revoked consent") << " and "
                 << count_of(counts.tokens, "token") << " imported";
  if (counts.left_out > 0) terminal.out() << ", " << count_of(counts.left_out, "token") << " left out";
  terminal.out() << "\n";
  return kFine;
}

int do_upkeep(const VaultCommand& command, vault::Vault& vault, Terminal& terminal) {
  Result<void> done;
  if (command.action == Action::backup) {
    done = wait_for([&](vault::Done ended) { vault.backup(command.file, std::move(ended)); });
  } else if (command.action == Action::rotate_key) {
    done = wait_for([&](const vault::Done& ended) {
      if (auto begun = vault.rotate_key(ended); !begun) ended(begun);
    });
  }
  if (!done) {
    const bool target = command.action == Action::backup;
    terminal.err() << "tongs: " << printable(target ? command.file : command.vault) << ": "
                   << printable(done.error().describe()) << "\n";
    return target && done.error().code() == Errc::invalid_argument ? kUsage : kFailure;
  }
  return print_report(gateway::vault_report(vault.status()), command, terminal);
}

/// The same through the gateway that has the vault open.
int ask_gateway(const VaultCommand& command, Terminal& terminal) {
  const auto gateway = AdminClient::create(command.admin);
  if (!gateway) {
    terminal.err() << "tongs: a gateway has " << printable(command.vault) << " open, and has to be asked\n";
    return report_admin_error(gateway.error(), terminal);
  }
  Result<JsonDocument> report = Error(Errc::internal, "not asked");
  if (command.action == Action::status) report = gateway->get("/v1/vault");
  if (command.action == Action::rotate_key) report = gateway->post("/v1/vault/rotate-key");
  if (command.action == Action::backup) {
    JsonWriter body;
    const auto path = std::filesystem::absolute(command.file).lexically_normal();
    body.open_object().name("path").string(path.string()).close_object();
    report = gateway->post("/v1/vault/backup", body.text());
  }
  if (!report) return report_admin_error(report.error(), terminal);
  return print_report(report->root().text(), command, terminal);
}

}  // namespace

int run_vault(const VaultCommand& command, Terminal& terminal) {
  if (command.action == Action::init) return do_init(command, terminal);
  const bool imports = command.action == Action::import_all;
  if (!imports && !std::filesystem::exists(command.vault)) {
    return refuse(command, "is not there: name the vault with --vault, or make one with 'tongs vault init'",
                  terminal);
  }
  const auto lines = imports ? read_export(command.file, terminal) : std::optional(Secret());
  if (!lines) return kUsage;
  auto vault = open(command);
  const bool exports = command.action == Action::export_all;
  if (!vault && vault.error().code() == Errc::conflict && !exports && !imports)
    return ask_gateway(command, terminal);
  if (!vault) return cannot_open(command, vault.error(), terminal);
  const int status = exports   ? do_export(command, **vault, terminal)
                     : imports ? do_import(command, *lines, **vault, terminal)
                               : do_upkeep(command, **vault, terminal);
  const auto closed = (*vault)->close();
  return closed || status != kFine ? status : fail(command, closed.error(), terminal);
}

}  // namespace tongs::cli
