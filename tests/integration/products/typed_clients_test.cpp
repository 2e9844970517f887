// Every generated function against the emulated products, in one thread.
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <tongs/client.hpp>
#include <tongs/paging.hpp>

#include "emulator/products/stateful.hpp"
#include "emulator/products/synthetic.hpp"
#include "http/ascii.hpp"
#include "http/url.hpp"
#include "peers/runner.hpp"
#include "unit/emulator/platform.hpp"
#include "unit/emulator/sample_call.hpp"

namespace tongs::emulator::testing {
namespace {

/// Carries requests to an emulated platform in the same thread.
class InProcess final : public Transport {
 public:
  explicit InProcess(Stage& stage) noexcept : stage_(stage) {}

  Result<HttpResponse> send(const HttpRequest& request, const CallOptions&) const override {
    const std::size_t path = request.url.find('/', request.url.find("://") + 3);
    ApiCall call = Stage::call_of(request.method, std::string_view(request.url).substr(path), request.body);
    call.headers = request.headers;
    last = serve_platform(stage_.world(), call, stage_.now()).response;
    return last;
  }

  mutable HttpResponse last;  ///< the answer to the last request

 private:
  Stage& stage_;
};

BoundClient client_of(Platform& platform, Product product, std::shared_ptr<const Transport> transport) {
  return as_user(direct_adapter({.product = product,
                                 .api_base_url = platform.stage.world().origin + platform.base(product),
                                 .transport = std::move(transport),
                                 .credentials = nullptr})
                     .value(),
                 Secret(platform.token));
}

std::span<const peers::Runner> runners_of(ApiName api) {
  switch (api) {
    case ApiName::jira_v3:
      return peers::runners_of_jira_v3();
    case ApiName::jira_v2:
      return peers::runners_of_jira_v2();
    case ApiName::jira_software:
      return peers::runners_of_jira_software();
    case ApiName::jira_service_management:
      return peers::runners_of_jira_service_management();
    case ApiName::confluence_v1:
      return peers::runners_of_confluence_v1();
    case ApiName::confluence_v2:
      break;
  }
  return peers::runners_of_confluence_v2();
}

TEST(TypedClients, DecodeWhatTheEmulatorAnswersToEachOperation) {
  Catalog catalog;
  const auto scopes = all_scopes(catalog);
  Platform shared(scopes);
  std::size_t called = 0;
  for (ServedApi& api : catalog.apis()) {
    for (const peers::Runner& runner : runners_of(api.name)) {
      const auto operation = api.operations.find(runner.name);
      ASSERT_TRUE(operation) << runner.name;
      const bool changes = find_stateful(api.name, operation->name) != nullptr;
      std::optional<Platform> own;
      Platform& platform = changes ? own.emplace(scopes) : shared;
      const auto transport = std::make_shared<InProcess>(platform.stage);
      const auto client = client_of(platform, operation->product, transport).with_retry({.max_attempts = 1});
      const auto args = JsonDocument::parse(json::serialize(sample_call(api, *operation, platform.site())));
      const auto outcome = runner.run(client, args.value().root());
      EXPECT_TRUE(outcome.has_value()) << operation->method << ' ' << operation->path << ": "
                                       << outcome.error().describe() << transport->last.body;
      ++called;
    }
  }
  EXPECT_EQ(called, 1754U);
}

/// The call of a sample, as the pager takes it.
ApiRequest request_of(const Operation& operation, const json::object& sample) {
  ApiRequest request{.method = std::string(operation.method), .path = std::string(operation.path)};
  for (const OperationParameter& parameter : operation.parameters) {
    const json::value* given = sample.if_contains(parameter.name);
    if (given == nullptr) continue;
    const json::value& one = given->is_array() ? given->get_array().front() : *given;
    const std::string text = one.is_string() ? std::string(one.get_string()) : json::serialize(one);
    auto& place = parameter.in == OperationParameter::In::path ? request.path_parameters : request.query;
    place.emplace_back(parameter.name, text);
  }
  if (const json::value* body = sample.if_contains("@body")) request.body = json::serialize(*body);
  return request;
}

TEST(TypedClients, ReadEveryListOfTheEmulatorToItsEnd) {
  Catalog catalog;
  Platform platform(all_scopes(catalog));
  const auto transport = std::make_shared<InProcess>(platform.stage);
  std::size_t lists = 0;
  for (ServedApi& api : catalog.apis()) {
    for (std::size_t i = 0; i < api.operations.size(); ++i) {
      const Operation operation = api.operations[i];
      if (!operation.paging) continue;
      SCOPED_TRACE(std::string(operation.method) + ' ' + std::string(operation.path));
      Pager pager(client_of(platform, operation.product, transport),
                  request_of(operation, sample_call(api, operation, platform.site())), *operation.paging);
      std::size_t items = 0;
      for (auto page = pager.next(); !page || *page; page = pager.next()) {
        ASSERT_TRUE(page) << page.error().describe() << transport->last.body;
        items += (*page)->items().size();
      }
      if (find_stateful(api.name, operation.name) == nullptr) {
        EXPECT_LE(items, 1U) << transport->last.body;
      }
      ++lists;
    }
  }
  EXPECT_GT(lists, 350U);
}

/// Keeps a request, and answers that there is nothing.
class Recorder final : public Transport {
 public:
  Result<HttpResponse> send(const HttpRequest& request, const CallOptions&) const override {
    last = request;
    return HttpResponse{204, {}, {}};
  }

  mutable HttpRequest last;
};

/// Another value for each parameter, of its type, that has to be encoded where it can be.
json::value given_for(const OperationParameter& parameter, std::size_t number) {
  using Type = OperationParameter::Type;
  if (parameter.pairs) return json::object{{"pair " + std::to_string(number), "a&b"}};
  json::value value;
  if (parameter.type == Type::integer || parameter.type == Type::number) {
    value = static_cast<std::int64_t>(number + 40);
  } else if (parameter.type == Type::boolean) {
    value = number % 2 == 0;
  } else {
    value = json::value("v " + std::to_string(number) + "+ü");
  }
  return parameter.list ? json::value(json::array{value, value}) : value;
}

std::string text_of_value(const json::value& value) {
  return value.is_string() ? std::string(value.get_string()) : json::serialize(value);
}

/// The target and the headers that an operation has with these values, by its row of the table.
struct Expected {
  std::string path, query;
  std::vector<std::pair<std::string, std::string>> headers = {};

  void add(const OperationParameter& parameter, const json::value& value) {
    const std::string name(parameter.name);
    if (parameter.in == OperationParameter::In::path) {
      const std::string hole = '{' + name + '}';
      path.replace(path.find(hole), hole.size(), detail::percent_encode(text_of_value(value)));
    } else if (parameter.in == OperationParameter::In::header) {
      headers.emplace_back(name, text_of_value(value));
    } else if (parameter.pairs) {
      for (const auto& [key, one] : value.get_object()) add_pair(key, text_of_value(one));
    } else if (!value.is_array()) {
      add_pair(name, text_of_value(value));
    } else {
      const std::string first = text_of_value(value.get_array().front());
      if (parameter.joined) return add_pair(name, first + ',' + first);
      add_pair(name, first);
      add_pair(name, first);
    }
  }

  void add_pair(std::string_view name, const std::string& value) {
    query += (query.empty() ? '?' : '&') + detail::percent_encode(name) + '=' + detail::percent_encode(value);
  }
};

std::string_view header_in(const HttpRequest& request, std::string_view name) {
  for (const Header& header : request.headers) {
    if (detail::to_lower(header.name) == detail::to_lower(name)) return header.value;
  }
  return {};
}

void expect_body(const Operation& operation, const HttpRequest& sent) {
  const std::string_view type = header_in(sent, "content-type");
  switch (operation.body) {
    case BodyKind::none:
      EXPECT_EQ(sent.body, "");
      break;
    case BodyKind::json:
      EXPECT_EQ(sent.body, R"({"probe":1})");
      EXPECT_EQ(type, "application/json");
      break;
    case BodyKind::json_patch:
      EXPECT_EQ(sent.body, R"({"probe":1})");
      EXPECT_EQ(type, "application/json-patch+json");
      break;
    case BodyKind::bytes:
      EXPECT_EQ(sent.body, "bytes");
      EXPECT_EQ(type, "image/x-probe");
      break;
    case BodyKind::files:
      EXPECT_NE(sent.body.find("filename=\"a.txt\""), std::string::npos) << sent.body;
      for (const auto field : operation.body_fields)
        EXPECT_NE(sent.body.find("name=\"" + std::string(field) + '"'), std::string::npos) << sent.body;
  }
}

TEST(TypedClients, SendEverythingThatTheyAreGiven) {
  Catalog catalog;
  std::size_t called = 0, parameters = 0;
  for (ServedApi& api : catalog.apis()) {
    for (const peers::Runner& runner : runners_of(api.name)) {
      const Operation operation = *api.operations.find(runner.name);
      SCOPED_TRACE(std::string(operation.method) + ' ' + std::string(operation.path));
      json::object args{{"@body", {{"probe", 1}}},
                        {"@content", "bytes"},
                        {"@contentType", "image/x-probe"},
                        {"@files", json::array{json::object{{"name", "a.txt"}, {"content", "a"}}}}};
      for (const auto field : operation.body_fields) args[field] = "true";
      Expected expected{std::string(operation.path), {}};
      for (const OperationParameter& parameter : operation.parameters) {
        const json::value value = given_for(parameter, parameters++);
        args[parameter.name] = value;
        expected.add(parameter, value);
      }
      const auto transport = std::make_shared<Recorder>();
      const auto client = as_user(direct_adapter({.product = operation.product,
                                                  .api_base_url = "https://api.example",
                                                  .transport = transport,
                                                  .credentials = nullptr})
                                      .value(),
                                  Secret("token"));
      const auto outcome = runner.run(client, JsonDocument::parse(json::serialize(args)).value().root());
      EXPECT_TRUE(outcome.has_value()) << outcome.error().describe();
      const HttpRequest& sent = transport->last;
      EXPECT_EQ(sent.method, operation.method);
      EXPECT_EQ(sent.url, "https://api.example" + expected.path + expected.query);
      for (const auto& [name, value] : expected.headers) EXPECT_EQ(header_in(sent, name), value) << name;
      for (const auto& [name, value] : operation.headers) EXPECT_EQ(header_in(sent, name), value) << name;
      expect_body(operation, sent);
      ++called;
    }
  }
  EXPECT_EQ(called, 1754U);
  EXPECT_EQ(parameters, 3835U);
}

}  // namespace
}  // namespace tongs::emulator::testing
