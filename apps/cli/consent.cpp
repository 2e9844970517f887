#include "cli/consent.hpp"

#include <ostream>

#include <tongs/ids.hpp>

#include "cli/exit_status.hpp"
#include "http/url.hpp"
#include "json/writer.hpp"

namespace tongs::cli {

namespace {

constexpr std::string_view kInstallations = "/v1/installations";

std::string below(std::string_view installation) {
  return std::string(kInstallations) + "/" + detail::percent_encode(installation);
}

void print_consent(Terminal& terminal, std::string_view consent) {
  const auto style = consent == "granted"   ? Terminal::Style::green
                     : consent == "waiting" ? Terminal::Style::yellow
                                            : Terminal::Style::red;
  terminal.out() << terminal.paint(style, printable(consent));
}

void print_token(Terminal& terminal, JsonView expires_at, std::string_view kind) {
  const auto time = expires_at.string();
  terminal.out() << ", "
                 << (time ? printable(kind) + " until " + printable(*time) : "no " + std::string(kind))
                 << "\n";
}

void print_installation(Terminal& terminal, JsonView installation) {
  terminal.out() << terminal.paint(Terminal::Style::bold, printable(installation["id"].string_or("")))
                 << "  ";
  print_consent(terminal, installation["consent"].string_or(""));
  terminal.out() << ", " << printable(installation["state"].string_or(""));
  if (const auto environment = installation["environment"].string_or(""); !environment.empty()) {
    terminal.out() << ", " << printable(environment);
  }
  print_token(terminal, installation["systemTokenExpiresAt"], "system token");
}

void print_user(Terminal& terminal, JsonView user) {
  terminal.out() << "  " << printable(user["account"].string_or("")) << "  ";
  print_consent(terminal, user["consent"].string_or(""));
  if (const auto since = user["changedAt"].string()) terminal.out() << " since " << printable(*since);
  print_token(terminal, user["tokenExpiresAt"], "token");
}

/// One page after the other.
int list_all(const AdminClient& gateway, Format format, Terminal& terminal) {
  JsonWriter report;
  report.open_object().name("installations").open_array();
  std::string cursor;
  std::size_t count = 0;
  do {
    const auto page = gateway.get(std::string(kInstallations) + "?cursor=" + detail::percent_encode(cursor));
    if (!page) return report_admin_error(page.error(), terminal);
    for (const JsonView installation : (*page)["installations"]) {
      ++count;
      report.raw(installation.text());
      if (format == Format::human) print_installation(terminal, installation);
    }
    cursor = (*page)["cursor"].string_or("");
  } while (!cursor.empty());
  report.close_array().close_object();
  if (format == Format::json) {
    terminal.out() << report.text() << "\n";
  } else if (count == 0) {
    terminal.out() << "no installations: none has sent a verified invocation yet\n";
  }
  return kFine;
}

int list_one(const AdminClient& gateway, const ConsentOptions& options, Terminal& terminal) {
  const auto installation = gateway.get(below(options.installation));
  if (!installation) return report_admin_error(installation.error(), terminal);
  const auto users = gateway.get(below(options.installation) + "/users");
  if (!users) return report_admin_error(users.error(), terminal);
  if (options.format == Format::json) {
    JsonWriter report;
    report.open_object().name("installation").raw(installation->root().text());
    report.name("users").raw((*users)["users"].text()).close_object();
    terminal.out() << report.text() << "\n";
    return kFine;
  }
  print_installation(terminal, installation->root());
  for (const JsonView user : (*users)["users"]) print_user(terminal, user);
  return kFine;
}

int change(const AdminClient& gateway, const ConsentOptions& options, Terminal& terminal) {
  std::string path = below(options.installation);
  if (!options.user.empty()) path += "/users/" + detail::percent_encode(options.user);
  path += options.action == ConsentOptions::Action::authorize ? "/authorize" : "/revoke";
  const auto now = gateway.post(path);
  if (!now) return report_admin_error(now.error(), terminal);
  if (options.format == Format::json) {
    terminal.out() << now->root().text() << "\n";
  } else if (options.user.empty()) {
    print_installation(terminal, now->root());
  } else {
    print_user(terminal, now->root());
  }
  return kFine;
}

int report_usage(std::string_view option, const Error& error, Terminal& terminal) {
  terminal.err() << "tongs: " << option << error.describe() << "\n";
  return kUsage;
}

}  // namespace

int run_consent(const ConsentOptions& options, Terminal& terminal) {
  const bool one = !options.installation.empty();
  if (const auto id = InstallationId::parse(options.installation); one && !id) {
    return report_usage("--installation: ", id.error(), terminal);
  }
  if (const auto account = AccountId::parse(options.user); !options.user.empty() && !account) {
    return report_usage("--user: ", account.error(), terminal);
  }
  const auto gateway = AdminClient::create(options.admin);
  if (!gateway) return report_admin_error(gateway.error(), terminal);
  if (options.action != ConsentOptions::Action::list) return change(*gateway, options, terminal);
  return one ? list_one(*gateway, options, terminal) : list_all(*gateway, options.format, terminal);
}

}  // namespace tongs::cli
