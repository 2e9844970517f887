// Every generated function against the emulated products, in one thread.
#include <memory>
#include <optional>
#include <span>
#include <string>

#include <gtest/gtest.h>

#include <tongs/client.hpp>

#include "emulator/products/stateful.hpp"
#include "emulator/products/synthetic.hpp"
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

}  // namespace
}  // namespace tongs::emulator::testing
