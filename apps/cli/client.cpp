#include "cli/client.hpp"

#include <ostream>
#include <utility>

#include <tongs/json.hpp>
#include <tongs/secret.hpp>

#include "cli/admin_call.hpp"
#include "cli/exit_status.hpp"
#include "cli/input.hpp"

namespace tongs::cli {

namespace {

constexpr std::size_t kLargestJwks = std::size_t{64} * 1024;

/// A JSON object under construction.
class Members {
 public:
  void add(std::string_view name, const std::string& json) {
    text_.append(text_.empty() ? "{" : ",").append(json_quote(name)).append(":").append(json);
  }
  std::string text() const { return text_.empty() ? "{}" : text_ + "}"; }

 private:
  std::string text_;
};

Result<std::string> wishes_of(const ClientOptions& options) {
  Members wishes;
  if (!options.name.empty()) wishes.add("name", json_quote(options.name));
  if (options.expires_in_days) wishes.add("expiresInDays", std::to_string(*options.expires_in_days));
  if (options.connect) wishes.add("connect", "true");
  std::string networks;
  for (const std::string& network : options.allow_from) {
    networks.append(networks.empty() ? "" : ",").append(json_quote(network));
  }
  if (!networks.empty()) wishes.add("allowFrom", "[" + networks + "]");
  if (options.jwks.empty()) return wishes.text();
  auto content = read_input(options.jwks, kLargestJwks);
  if (!content) return std::move(content).error();
  const auto document = JsonDocument::parse(*content);
  if (!document) return Error(Errc::invalid_argument, "--jwks: the file is not JSON");
  wishes.add("jwks", document->root().text());
  return wishes.text();
}

void print_line(std::string_view what, std::string_view value, Terminal& terminal) {
  if (value.empty()) return;
  terminal.out() << terminal.paint(Terminal::Style::bold, what) << "  " << printable(value) << "\n";
}

std::string words_of(JsonView list) {
  std::string words;
  for (const JsonView word : list) words.append(words.empty() ? "" : " ").append(word.string_or({}));
  return words;
}

void print_client(JsonView client, Terminal& terminal) {
  print_line("client id     ", client["clientId"].string_or({}), terminal);
  print_line("client secret ", client["clientSecret"].string_or({}), terminal);
  print_line("installation  ", client["installation"].string_or({}), terminal);
  print_line("name          ", client["name"].string_or({}), terminal);
  print_line("proves itself ", client["authentication"].string_or({}), terminal);
  print_line("may call from ", words_of(client["allowFrom"]), terminal);
  for (const JsonView secret : client["secrets"]) {
    print_line("secret ends   ", secret["expiresAt"].string_or("when it is replaced"), terminal);
  }
  print_line("token endpoint", client["tokenEndpoint"].string_or({}), terminal);
}

/// Makes the call and prints what it gave.
template <class Print>
int report(const ClientOptions& options, const AdminCall& call, Terminal& terminal, Print print) {
  const auto made = call_admin({options.admin, options.admin_token}, call);
  if (!made) return report_admin_failure(made.error(), terminal);
  const JsonView answer = **made;
  if (options.format == Format::json) {
    terminal.out() << (answer ? answer.text() : "{}") << "\n";
  } else {
    print(answer);
  }
  return kFine;
}

}  // namespace

int run_client_create(const ClientOptions& options, Terminal& terminal) {
  auto wishes = wishes_of(options);
  if (!wishes) return report_admin_failure(wishes.error(), terminal);
  const AdminCall call{"POST", {"installations", options.installation, "clients"}, *std::move(wishes)};
  return report(options, call, terminal, [&](JsonView client) {
    print_client(client, terminal);
    if (client["clientSecret"]) terminal.err() << "Keep the secret now: it is not shown again.\n";
  });
}

int run_client_list(const ClientOptions& options, Terminal& terminal) {
  const AdminCall call{"GET", {"installations", options.installation, "clients"}, {}};
  return report(options, call, terminal, [&](JsonView answer) {
    const char* separator = "";
    for (const JsonView client : answer["clients"]) {
      terminal.out() << std::exchange(separator, "\n");
      print_client(client, terminal);
    }
    if (answer["clients"].size() == 0) terminal.out() << "This installation has no clients.\n";
  });
}

int run_client_rotate(const ClientOptions& options, Terminal& terminal) {
  Members wishes;
  if (options.overlap_seconds) wishes.add("overlapSeconds", std::to_string(*options.overlap_seconds));
  if (options.expires_in_days) wishes.add("expiresInDays", std::to_string(*options.expires_in_days));
  const AdminCall call{"POST", {"clients", options.client, "rotate"}, wishes.text()};
  return report(options, call, terminal, [&](JsonView client) {
    print_client(client, terminal);
    terminal.err() << "Keep the secret now: it is not shown again.\n";
  });
}

int run_client_delete(const ClientOptions& options, Terminal& terminal) {
  const AdminCall call{"DELETE", {"clients", options.client}, {}};
  return report(options, call, terminal, [&](JsonView) { terminal.out() << "The client is deleted.\n"; });
}

}  // namespace tongs::cli
