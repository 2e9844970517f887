#include "cli/api.hpp"

#include <chrono>
#include <fstream>
#include <ostream>
#include <utility>

#include <tongs/client.hpp>
#include <tongs/paging.hpp>

#include "cli/api_products.hpp"
#include "cli/api_request.hpp"
#include "cli/api_token.hpp"
#include "cli/error_print.hpp"
#include "cli/exit_status.hpp"
#include "cli/json_print.hpp"
#include "cli/transport.hpp"
#include "client/answer.hpp"
#include "client/download.hpp"

namespace tongs::cli {

namespace {

constexpr std::chrono::seconds kPatience{60};
/// The egress renews the tokens of users, so ours has no end.
constexpr WallTime kNever{std::chrono::seconds(253402300799)};

/// The egress holds the tokens; the client only says in whose name it calls.
Result<BoundClient> client_for(const std::string& as, std::shared_ptr<const Adapter> adapter) {
  if (as == "app") return as_app(std::move(adapter));
  if (as == "user") return as_user(std::move(adapter), Secret());
  auto account = AccountId::parse(as);
  if (!account) return std::move(account).error();
  return as_offline_user(std::move(adapter), AccessToken(*std::move(account), Secret(), kNever));
}

/// Past the egress: the token says who calls.
Result<BoundClient> connect_directly(const ApiOptions& options, std::shared_ptr<const Transport> transport) {
  auto token = api_token(options, *transport);
  if (!token) return std::move(token).error();
  auto adapter = direct_adapter({.product = options.operation->product,
                                 .api_base_url = options.api_base_url,
                                 .transport = std::move(transport),
                                 .credentials = nullptr});
  if (!adapter) return std::move(adapter).error();
  return as_user(*std::move(adapter), *std::move(token));
}

Result<BoundClient> connect(const ApiOptions& options) {
  auto transport = make_transport();
  if (!transport) return std::move(transport).error();
  if (!options.api_base_url.empty()) return connect_directly(options, *std::move(transport));
  auto installation = InstallationId::parse(options.installation);
  if (!installation) return std::move(installation).error();
  auto adapter = proxy_adapter({.product = options.operation->product,
                                .proxy_url = options.proxy_url,
                                .installation = *std::move(installation),
                                .transport = *std::move(transport),
                                .invocation_id = options.invocation});
  if (!adapter) return std::move(adapter).error();
  return client_for(options.as, *std::move(adapter));
}

/// Adds the call to a list, as `tongs manifest check --calls` reads it.
bool record(const ApiOptions& options) {
  std::ofstream list(options.record, std::ios::app);
  return static_cast<bool>((list << options.product << ' ' << options.operation->name << '\n').flush());
}

int report_usage_error(const Error& error, Terminal& terminal) {
  terminal.err() << "tongs: " << printable(error.describe()) << "\n";
  return kUsage;
}

/// With what can be done about it by whoever typed the command.
int report(const Error& error, const ApiOptions& options, Terminal& terminal) {
  if (is_usage_error(error)) return report_usage_error(error, terminal);
  print_error(error, terminal);
  if (error.code() == Errc::transport_failed && options.api_base_url.empty()) {
    terminal.err() << "  the egress of the gateway is expected at " << printable(options.proxy_url) << "\n";
  }
  const RemoteDetail* remote = error.remote();
  if (remote != nullptr && !remote->failure_category.empty())
    terminal.err() << "  " << scopes_of(*options.operation) << "\n";
  return kFailure;
}

void print(JsonView json, const ApiOptions& options, Terminal& terminal) {
  terminal.out() << (options.format == Format::json ? json.text() : pretty(json, true)) << "\n";
}

/// Every item as JSON, one on a line with `--format json`; how far it is on standard error.
int print_all_pages(const BoundClient& client, const ApiRequest& request, const ApiOptions& options,
                    Terminal& terminal) {
  Pager pager(client, request, *options.operation->paging);
  std::size_t items = 0;
  for (std::size_t pages = 1;; ++pages) {
    const auto page = pager.next(CallOptions::within(kPatience));
    if (!page) return report(page.error(), options, terminal);
    if (!*page) return kFine;
    for (const JsonView item : (*page)->items()) print(item, options, terminal);
    items += (*page)->items().size();
    terminal.err() << "page " << pages << ": " << count_of(items, "item");
    if (const auto total = (*page)->total()) terminal.err() << " of " << *total;
    terminal.err() << "\n";
  }
}

/// The body, and of a status that says more than success that too. Of an answer without a body, nothing.
int print_answer(const HttpResponse& answer, const ApiOptions& options, Terminal& terminal) {
  const auto document = detail::parse_answer(answer);
  if (!document) return report(document.error(), options, terminal);
  if (answer.status == 207 || answer.status >= 300) {
    terminal.err() << "status " << answer.status;
    if (const auto place = answer.header("location"); !place.empty())
      terminal.err() << ", location " << printable(place);
    terminal.err() << "\n";
  }
  if (!answer.body.empty()) print(document->root(), options, terminal);
  return kFine;
}

int save_download(const BoundClient& client, const ApiRequest& request, const ApiOptions& options,
                  Terminal& terminal) {
  const auto file = detail::download(client, request, CallOptions::within(kPatience));
  if (!file) return report(file.error(), options, terminal);
  if (options.output.empty() || options.output == "-") {
    terminal.out() << file->bytes;
    return kFine;
  }
  std::ofstream out(options.output, std::ios::binary);
  if ((out << file->bytes).flush()) return kFine;
  terminal.err() << "tongs: --output: the file cannot be written\n";
  return kFailure;
}

}  // namespace

int run_api(const ApiOptions& options, Terminal& terminal) {
  if (!options.api_base_url.empty() && options.token_url.empty() && options.as != "app") {
    terminal.err()
        << "tongs: --as needs the egress or --token-url: the token of TONGS_API_TOKEN says who calls\n";
    return kUsage;
  }
  if (options.as == "user" && options.invocation.empty()) {
    terminal.err()
        << "tongs: --as user needs --invocation, the invocation whose user is meant; for a user who "
           "is not there, use --as ACCOUNT\n";
    return kUsage;
  }
  const auto request = request_of(options);
  if (!request) return report_usage_error(request.error(), terminal);
  const auto client = connect(options);
  if (!client) return report(client.error(), options, terminal);
  if (!options.record.empty() && !record(options)) {
    terminal.err() << "tongs: --record: the file cannot be written\n";
    return kFailure;
  }
  if (options.all) return print_all_pages(*client, *request, options, terminal);
  if (options.operation->downloads) return save_download(*client, *request, options, terminal);
  const auto answer = client->send(*request, CallOptions::within(kPatience));
  return answer ? print_answer(*answer, options, terminal) : report(answer.error(), options, terminal);
}

}  // namespace tongs::cli
