#pragma once
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "emulator/catalog/catalog.hpp"
#include "emulator/products/site_json.hpp"
#include "unit/emulator/support.hpp"

namespace tongs::emulator::testing {

/// Every scope that an operation names.
inline std::vector<std::string> all_scopes(Catalog& catalog) {
  std::set<std::string> scopes;
  for (ServedApi& api : catalog.apis()) {
    for (std::size_t i = 0; i < api.operations.size(); ++i) {
      const Operation operation = api.operations[i];
      for (const auto* alternatives : {&operation.classic_scopes, &operation.granular_scopes}) {
        for (const auto& set : *alternatives) scopes.insert(set.begin(), set.end());
      }
    }
  }
  return {scopes.begin(), scopes.end()};
}

/// The demo site with an app that has some scopes, and a user's token.
struct Platform {
  explicit Platform(std::vector<std::string> scopes) : stage(app_with(std::move(scopes))) {
    const auto installation = stage.install(R"({"site":"demo"})");
    cloud_id = text_at(installation, "cloudId");
    stage.admin("POST", "/_emulator/invoke",
                R"({"module":"panel","path":"/","user":")" + std::string(kDemoUser) +
                    R"(","installationId":")" + text_at(installation, "id") + "\"}");
    token = stage.last_header("x-forge-oauth-user");
  }

  static App app_with(std::vector<std::string> scopes) {
    App app = quiet_app();
    app.scopes = {{"read:app-system-token", false}, {"read:app-user-token", false}};
    for (std::string& scope : scopes) app.scopes.push_back({std::move(scope), false});
    return app;
  }

  Site& site() { return *stage.world().directory.find_cloud(cloud_id); }
  std::string base(Product product) const {
    return std::string("/ex/") + (product == Product::jira ? "jira/" : "confluence/") + cloud_id;
  }
  /// One request with the user's token, and with a body in the form of the operation.
  HttpResponse call(const Operation& operation, const std::string& target, const json::object& sample,
                    std::string body) {
    ApiCall made =
        Stage::call_of(std::string(operation.method), base(operation.product) + target, std::move(body));
    made.headers.push_back({"Authorization", "Bearer " + token, true});
    for (const OperationParameter& parameter : operation.parameters) {
      if (parameter.in == OperationParameter::In::header && sample.contains(parameter.name))
        made.headers.push_back({std::string(parameter.name), "1"});
    }
    return serve_platform(stage.world(), made, stage.now()).response;
  }

  Stage stage;
  std::string cloud_id, token;
};

}  // namespace tongs::emulator::testing
