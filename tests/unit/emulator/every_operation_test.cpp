// Every operation of the catalogs, served.
#include <optional>
#include <string>

#include "emulator/products/stateful.hpp"
#include "emulator/products/synthetic.hpp"
#include "emulator/schema/validate.hpp"
#include "unit/emulator/platform.hpp"
#include "unit/emulator/sample_call.hpp"

namespace tongs::emulator::testing {
namespace {

/// Calls `each` for every operation, with a platform whose token has the scopes of all of them. Operations
/// with state get a platform of their own.
template <class Each>
void for_each_operation(const Each& each) {
  Catalog catalog;
  const auto scopes = all_scopes(catalog);
  Platform shared(scopes);
  for (ServedApi& api : catalog.apis()) {
    for (std::size_t i = 0; i < api.operations.size(); ++i) {
      const Operation operation = api.operations[i];
      SCOPED_TRACE(std::string(operation.method) + ' ' + std::string(operation.path));
      std::optional<Platform> own;
      const bool stateful = find_stateful(api.name, operation.name) != nullptr;
      each(api, operation, stateful ? own.emplace(scopes) : shared, stateful);
    }
  }
}

std::string body_of(const json::object& sample) {
  const json::value* body = sample.if_contains("@body");
  if (body != nullptr) return json::serialize(*body);
  return sample.contains("@files") || sample.contains("@content") ? "bytes" : "";
}

TEST(EveryOperation, AnswersWhatItsSchemaAccepts) {
  std::size_t served = 0, with_state = 0;
  for_each_operation([&](ServedApi& api, const Operation& operation, Platform& platform, bool stateful) {
    const json::object sample = sample_call(api, operation, platform.site());
    const auto answer = platform.call(operation, target_of(operation, sample), sample, body_of(sample));
    const Contract contract = api.contracts.contract(operation.name);
    // Of its two successes the catalog tells first the one that a parameter asks for.
    const int success = operation.name == "edit-issue" ? 204 : contract.status;
    EXPECT_EQ(answer.status, operation.downloads ? 200 : success) << answer.body;
    EXPECT_EQ(answer.header(kSynthesized), stateful ? "" : "true");
    ++served;
    with_state += stateful ? 1 : 0;
    if (contract.answer == nullptr || operation.downloads || answer.body.empty()) return;
    for (const Misfit& misfit :
         validate(*contract.answer, json::parse(answer.body), Direction::answer, api.contracts.schemas()))
      ADD_FAILURE() << misfit.at << ' ' << misfit.message << " in " << answer.body;
  });
  EXPECT_EQ(served, 1754U);
  EXPECT_EQ(with_state, 130U);
}

TEST(EveryOperation, RefusesABodyThatIsBroken) {
  for_each_operation([&](ServedApi& api, const Operation& operation, Platform& platform, bool) {
    if (!operation.body_required) return;
    const json::object sample = sample_call(api, operation, platform.site());
    const std::string target = target_of(operation, sample);
    EXPECT_EQ(platform.call(operation, target, sample, "").status, 400);
    const bool is_json = operation.body == BodyKind::json || operation.body == BodyKind::json_patch;
    if (!is_json) return;
    EXPECT_EQ(platform.call(operation, target, sample, "{\"a\":").status, 400);
    const json::object* schema =
        resolve(api.contracts.contract(operation.name).body, api.contracts.schemas());
    if (schema != nullptr && type_of(*schema) == "object") {
      EXPECT_EQ(platform.call(operation, target, sample, "[]").status, 400);
    }
  });
}

TEST(EveryOperation, RefusesATokenWithoutItsScopes) {
  Catalog catalog;
  Platform platform({"read:nothing:emulator"});
  std::size_t refused = 0, open = 0;
  for (ServedApi& api : catalog.apis()) {
    for (std::size_t i = 0; i < api.operations.size(); ++i) {
      const Operation operation = api.operations[i];
      const json::object sample = sample_call(api, operation, platform.site());
      const auto answer = platform.call(operation, target_of(operation, sample), sample, body_of(sample));
      const bool stated = !operation.classic_scopes.empty() || !operation.granular_scopes.empty();
      if (!stated) {
        EXPECT_NE(answer.status, 401) << operation.path;
        ++open;
        continue;
      }
      EXPECT_EQ(answer.status, 401) << operation.method << ' ' << operation.path;
      EXPECT_EQ(answer.header("x-failure-category"), "FAILURE_CLIENT_SCOPE_CHECK");
      EXPECT_EQ(answer.body, R"({"code":401,"message":"Unauthorized; scope does not match"})");
      ++refused;
    }
  }
  EXPECT_EQ(refused + open, 1754U);
  EXPECT_GE(refused, 1600U);
}

TEST(EveryOperation, EachOfSeveralScopeAlternativesIsEnough) {
  Catalog catalog;
  const auto operation = *catalog.api(ApiName::jira_v3).operations.find("get-issue");
  const auto granted = [&](const std::vector<std::string_view>& scopes) {
    return is_granted(operation, [&](std::string_view scope) {
      return std::find(scopes.begin(), scopes.end(), scope) != scopes.end();
    });
  };
  EXPECT_TRUE(granted(operation.classic_scopes.front()));
  EXPECT_TRUE(granted(operation.granular_scopes.front()));
  EXPECT_FALSE(granted({operation.granular_scopes.front().front()})) << "an alternative counts whole";
}

struct Asked {
  std::string_view method, target, body;
  int status;
  std::string_view answer;
};
class Unserved : public ::testing::TestWithParam<Asked> {};

TEST_P(Unserved, IsRefusedInTheFormOfItsApi) {
  Catalog catalog;
  Platform platform(all_scopes(catalog));
  const bool wiki = GetParam().target.starts_with("/wiki");
  const auto answer = platform.stage.api(
      std::string(GetParam().method),
      platform.base(wiki ? Product::confluence : Product::jira) + std::string(GetParam().target),
      platform.token, std::string(GetParam().body));
  EXPECT_EQ(answer.status, GetParam().status);
  EXPECT_EQ(answer.body, GetParam().answer);
}

INSTANTIATE_TEST_SUITE_P(
    Table, Unserved,
    ::testing::Values(
        Asked{"GET", "/rest/api/3/nowhere", "", 404,
              R"({"errorMessages":["There is no such resource in this API."],"errors":{}})"},
        Asked{"GET", "/rest/servicedeskapi/nowhere", "", 404,
              R"({"errorMessage":"There is no such resource in this API.",)"
              R"("i18nErrorMessage":{"i18nKey":"sd.error","parameters":[]}})"},
        Asked{"GET", "/wiki/rest/api/nowhere", "", 404,
              R"({"statusCode":404,"message":"There is no such resource in this API."})"},
        Asked{"GET", "/wiki/api/v2/nowhere", "", 404,
              R"({"errors":[{"status":404,"code":"NOT_FOUND",)"
              R"("title":"There is no such resource in this API.","detail":null}]})"},
        Asked{"PATCH", "/rest/api/3/issue/PROJ-1", "", 405,
              R"({"errorMessages":["This resource has other methods than this one."],"errors":{}})"},
        Asked{"GET", "/rest/api/3/dashboard?startAt=x", "", 400,
              R"({"errorMessages":["The parameter startAt must be an integer."],"errors":{}})"},
        Asked{"GET", "/rest/api/3/dashboard?filter=all", "", 400,
              R"({"errorMessages":["The parameter filter must be one of my, favourite."],"errors":{}})"},
        Asked{"POST", "/rest/api/3/project", R"({"name":"x","assigneeType":"ME"})", 400,
              R"({"errorMessages":[],"errors":{"key":"is required",)"
              R"("assigneeType":"must be one of \"PROJECT_LEAD\", \"UNASSIGNED\""}})"},
        Asked{"PUT", "/wiki/api/v2/pages/x", "", 400,
              R"({"errors":[{"status":400,"code":"INVALID_REQUEST_PARAMETER","title":)"
              R"("The parameter id must be an integer.","detail":null},{"status":400,)"
              R"("code":"INVALID_REQUEST_PARAMETER","title":"The request body does not fit: a body is )"
              R"(required.","detail":null}]})"}));

}  // namespace
}  // namespace tongs::emulator::testing
