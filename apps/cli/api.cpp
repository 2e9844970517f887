#include "cli/api.hpp"

#include <chrono>
#include <ostream>
#include <utility>

#include <tongs/client.hpp>

#include "cli/error_print.hpp"
#include "cli/exit_status.hpp"
#include "cli/input.hpp"
#include "cli/json_print.hpp"
#include "cli/transport.hpp"

namespace tongs::cli {

namespace {

constexpr std::size_t kLargestBody = 16 * 1024 * 1024;
constexpr std::chrono::seconds kPatience{60};
/// The egress renews the tokens of users, so ours has no end.
constexpr WallTime kNever{std::chrono::seconds(253402300799)};

Result<ApiRequest> request_of(const ApiOptions& options) {
  const ApiOperation& operation = *options.operation;
  ApiRequest request;
  request.method = operation.method;
  request.path = operation.path;
  request.idempotent = operation.idempotent;
  for (const auto& [option, value] : options.values) {
    for (const ApiParameter& parameter : operation.parameters) {
      if (parameter.option != option) continue;
      auto& target = parameter.in == ApiParameter::In::path ? request.path_parameters : request.query;
      target.emplace_back(parameter.name, value);
    }
  }
  if (!options.body.empty()) {
    auto body = read_input(options.body, kLargestBody);
    if (!body) return std::move(body).error();
    request.body = *std::move(body);
  }
  return request;
}

/// The egress holds the tokens; the client only says in whose name it calls.
Result<BoundClient> client_for(const std::string& as, std::shared_ptr<const Adapter> adapter) {
  if (as == "app") return as_app(std::move(adapter));
  if (as == "user") return as_user(std::move(adapter), Secret());
  auto account = AccountId::parse(as);
  if (!account) return std::move(account).error();
  return as_offline_user(std::move(adapter), AccessToken(*std::move(account), Secret(), kNever));
}

Result<BoundClient> connect(const ApiOptions& options) {
  auto installation = InstallationId::parse(options.installation);
  if (!installation) return std::move(installation).error();
  auto transport = make_transport();
  if (!transport) return std::move(transport).error();
  auto adapter = proxy_adapter({.product = options.operation->product,
                                .proxy_url = options.proxy_url,
                                .installation = *std::move(installation),
                                .transport = *std::move(transport),
                                .invocation_id = options.invocation});
  if (!adapter) return std::move(adapter).error();
  return client_for(options.as, *std::move(adapter));
}

int report_usage_error(std::string_view option, const Error& error, Terminal& terminal) {
  terminal.err() << "tongs: " << option << error.describe() << "\n";
  return kUsage;
}

}  // namespace

int run_api(const ApiOptions& options, Terminal& terminal) {
  if (options.as == "user" && options.invocation.empty()) {
    terminal.err()
        << "tongs: --as user needs --invocation, the invocation whose user is meant; for a user who "
           "is not there, use --as ACCOUNT\n";
    return kUsage;
  }
  const auto request = request_of(options);
  if (!request) return report_usage_error("--body: ", request.error(), terminal);
  const auto client = connect(options);
  const auto answer = client ? client->send_json(*request, CallOptions::within(kPatience)) : client.error();
  if (!answer) {
    if (is_usage_error(answer.error())) return report_usage_error("", answer.error(), terminal);
    print_error(answer.error(), terminal);
    return kFailure;
  }
  terminal.out() << (options.format == Format::json ? answer->root().text() : pretty(answer->root(), true))
                 << "\n";
  return kFine;
}

}  // namespace tongs::cli
