#include "cli/client.hpp"

#include <functional>
#include <ostream>
#include <utility>

#include <tongs/json.hpp>

#include "cli/exit_status.hpp"
#include "cli/input.hpp"
#include "http/url.hpp"
#include "json/writer.hpp"

namespace tongs::cli {

namespace {

constexpr std::size_t kLargestJwks = std::size_t{64} * 1024;

Result<std::string> read_jwks(const std::string& file) {
  auto content = read_input(file, kLargestJwks);
  if (!content) return Error(content.error().code(), "--jwks").with_cause(content.error());
  const auto document = JsonDocument::parse(*content);
  if (!document) return Error(Errc::invalid_argument, "--jwks: the file is not JSON");
  return std::string(document->root().text());
}

Result<std::string> wishes_of(const ClientOptions& options) {
  JsonWriter wishes;
  wishes.open_object();
  if (!options.name.empty()) wishes.name("name").string(options.name);
  if (options.expires_in_days) wishes.name("expiresInDays").integer(*options.expires_in_days);
  if (options.connect) wishes.name("connect").boolean(true);
  if (!options.allow_from.empty()) {
    wishes.name("allowFrom").open_array();
    for (const std::string& network : options.allow_from) wishes.string(network);
    wishes.close_array();
  }
  if (!options.certificate.empty()) wishes.name("certificate").string(options.certificate);
  if (!options.jwks.empty()) {
    const auto jwks = read_jwks(options.jwks);
    if (!jwks) return jwks.error();
    wishes.name("jwks").raw(*jwks);
  }
  return std::move(wishes.close_object()).text();
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
  print_line("certificate   ", client["certificate"].string_or({}), terminal);
  print_line("may call from ", words_of(client["allowFrom"]), terminal);
  for (const JsonView secret : client["secrets"]) {
    print_line("secret ends   ", secret["expiresAt"].string_or("when it is replaced"), terminal);
  }
  print_line("token endpoint", client["tokenEndpoint"].string_or({}), terminal);
}

int print(const Result<JsonDocument>& answer, const ClientOptions& options, Terminal& terminal,
          const std::function<void(JsonView)>& in_words) {
  if (!answer) return report_admin_error(answer.error(), terminal);
  if (options.format == Format::json) {
    terminal.out() << answer->root().text() << "\n";
  } else {
    in_words(answer->root());
  }
  return kFine;
}

Result<JsonDocument> post(const ClientOptions& options, const std::string& path, std::string body) {
  const auto gateway = AdminClient::create(options.admin);
  if (!gateway) return gateway.error();
  return gateway->post(path, std::move(body));
}

std::string clients_of(const std::string& installation) {
  return "/v1/installations/" + detail::percent_encode(installation) + "/clients";
}

std::string path_of(const std::string& client) { return "/v1/clients/" + detail::percent_encode(client); }

}  // namespace

int run_client_create(const ClientOptions& options, Terminal& terminal) {
  auto wishes = wishes_of(options);
  if (!wishes) return report_admin_error(wishes.error(), terminal);
  const auto made = post(options, clients_of(options.installation), *std::move(wishes));
  return print(made, options, terminal, [&](JsonView client) {
    print_client(client, terminal);
    if (client["clientSecret"]) terminal.err() << "Keep the secret now: it is not shown again.\n";
  });
}

int run_client_list(const ClientOptions& options, Terminal& terminal) {
  const auto gateway = AdminClient::create(options.admin);
  if (!gateway) return report_admin_error(gateway.error(), terminal);
  return print(gateway->get(clients_of(options.installation)), options, terminal, [&](JsonView answer) {
    const char* separator = "";
    for (const JsonView client : answer["clients"]) {
      terminal.out() << std::exchange(separator, "\n");
      print_client(client, terminal);
    }
    if (answer["clients"].size() == 0) terminal.out() << "This installation has no clients.\n";
  });
}

int run_client_rotate(const ClientOptions& options, Terminal& terminal) {
  JsonWriter wishes;
  wishes.open_object();
  if (options.overlap_seconds) wishes.name("overlapSeconds").integer(*options.overlap_seconds);
  if (options.expires_in_days) wishes.name("expiresInDays").integer(*options.expires_in_days);
  wishes.close_object();
  const auto rotated = post(options, path_of(options.client) + "/rotate", wishes.text());
  return print(rotated, options, terminal, [&](JsonView client) {
    print_client(client, terminal);
    terminal.err() << "Keep the secret now: it is not shown again.\n";
  });
}

int run_client_delete(const ClientOptions& options, Terminal& terminal) {
  const auto gateway = AdminClient::create(options.admin);
  if (!gateway) return report_admin_error(gateway.error(), terminal);
  return print(gateway->erase(path_of(options.client)), options, terminal,
               [&](JsonView) { terminal.out() << "The client is deleted.\n"; });
}

}  // namespace tongs::cli
