// What the typed clients send. `calls --operations` describes every operation, a line of JSON each. Without
// it, reads lines `{"api", "name", "args"}` and writes for each the request that the generated function
// makes.
#include <array>
#include <iostream>
#include <memory>

#include <tongs/adapter.hpp>
#include <tongs/confluence/v1/operations.hpp>
#include <tongs/confluence/v2/operations.hpp>
#include <tongs/jira/service_management/operations.hpp>
#include <tongs/jira/software/operations.hpp>
#include <tongs/jira/v2/operations.hpp>
#include <tongs/jira/v3/operations.hpp>

#include "json/writer.hpp"
#include "peers/runner.hpp"

namespace tongs::peers {

namespace {

struct Api {
  std::string_view name;
  const OperationTable& (*operations)() noexcept;
  std::span<const Runner> (*runners)();
};

constexpr std::array kApis = {
    Api{"jira_v3", jira::v3::operations, runners_of_jira_v3},
    Api{"jira_v2", jira::v2::operations, runners_of_jira_v2},
    Api{"jira_software", jira::software::operations, runners_of_jira_software},
    Api{"jira_service_management", jira::service_management::operations, runners_of_jira_service_management},
    Api{"confluence_v1", confluence::v1::operations, runners_of_confluence_v1},
    Api{"confluence_v2", confluence::v2::operations, runners_of_confluence_v2},
};

/// Answers everything with 204, and keeps what was sent.
class Recorder final : public Transport {
 public:
  Result<HttpResponse> send(const HttpRequest& request, const CallOptions&) const override {
    sent_ = request;
    return HttpResponse{.status = 204};
  }
  std::optional<HttpRequest> taken() { return std::exchange(sent_, std::nullopt); }

 private:
  mutable std::optional<HttpRequest> sent_;
};

constexpr std::string_view kSite = "https://site.example";

std::string described(const HttpRequest& request) {
  JsonWriter out;
  out.open_object().name("method").string(request.method);
  out.name("target").string(std::string_view(request.url).substr(kSite.size()));
  out.name("headers").open_object();
  for (const Header& header : request.headers) {
    if (!header.sensitive) out.name(header.name).string(header.value);
  }
  return std::move(out.close_object().name("body").string(request.body).close_object()).text();
}

std::string described(std::string_view api, const Operation& operation) {
  constexpr std::array<std::string_view, 3> places = {"path", "query", "header"};
  constexpr std::array<std::string_view, 4> types = {"string", "integer", "number", "boolean"};
  constexpr std::array<std::string_view, 5> bodies = {"", "json", "patch", "files", "bytes"};
  JsonWriter out;
  out.open_object()
      .name("api")
      .string(api)
      .name("name")
      .string(operation.name)
      .name("id")
      .string(operation.id);
  out.name("method").string(operation.method).name("path").string(operation.path);
  out.name("body").string(bodies[static_cast<std::size_t>(operation.body)]);
  out.name("parameters").open_array();
  for (const OperationParameter& parameter : operation.parameters) {
    out.open_object().name("name").string(parameter.name);
    out.name("in").string(places[static_cast<std::size_t>(parameter.in)]);
    out.name("type").string(types[static_cast<std::size_t>(parameter.type)]);
    out.name("list").boolean(parameter.list).name("pairs").boolean(parameter.pairs);
    out.name("value").string(parameter.values.empty() ? std::string_view() : parameter.values.front());
    out.close_object();
  }
  return std::move(out.close_array().close_object()).text();
}

const Runner* find_runner(std::string_view api, std::string_view name) {
  for (const Api& each : kApis) {
    if (each.name != api) continue;
    for (const Runner& runner : each.runners()) {
      if (runner.name == name) return &runner;
    }
  }
  return nullptr;
}

int describe_all() {
  for (const Api& api : kApis) {
    for (std::size_t i = 0; i < api.operations().size(); ++i) {
      std::cout << described(api.name, api.operations()[i]) << '\n';
    }
  }
  return 0;
}

int run_all() {
  const auto recorder = std::make_shared<Recorder>();
  const auto client_of = [&](Product product) {
    return as_user(direct_adapter({.product = product,
                                   .api_base_url = std::string(kSite),
                                   .transport = recorder,
                                   .credentials = nullptr})
                       .value(),
                   Secret("token"));
  };
  const BoundClient jira = client_of(Product::jira);
  const BoundClient confluence = client_of(Product::confluence);
  for (std::string line; std::getline(std::cin, line);) {
    const auto call = JsonDocument::parse(line).value();
    const std::string_view api = call["api"].string_or({});
    const Runner* runner = find_runner(api, call["name"].string_or({}));
    if (runner != nullptr) (void)runner->run(api.starts_with("jira") ? jira : confluence, call["args"]);
    const auto sent = recorder->taken();
    std::cout << (sent ? described(*sent) : "null") << '\n';
  }
  return 0;
}

}  // namespace
}  // namespace tongs::peers

int main(int count, char** arguments) {
  const bool describes = count > 1 && std::string_view(arguments[1]) == "--operations";
  return describes ? tongs::peers::describe_all() : tongs::peers::run_all();
}
