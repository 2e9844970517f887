#include <string>
#include <string_view>

#include "emulator/platform/forge_graphql.hpp"
#include "unit/emulator/support.hpp"

namespace tongs::emulator::testing {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kUser = "655362:312d3308-8954-42b0-aa38-771a10c88656";

/// The app on the demo site, and a way to ask the mutation.
class OfflineToken : public ::testing::Test {
 protected:
  explicit OfflineToken(App app = quiet_app()) : stage_(std::move(app)) {
    installation_ = stage_.install();
    stage_.admin("POST", "/_emulator/invoke", R"({"module":"panel","path":"/","user":"1:visitor"})");
    system_ = stage_.last_header("x-forge-oauth-system");
    user_ = stage_.last_header("x-forge-oauth-user");
  }

  HttpResponse post(const json::object& request, std::string_view token) {
    return stage_.api("POST", "/graphql", token, json::serialize(request));
  }

  HttpResponse ask(std::string_view context, std::string_view user, std::string_view token = {}) {
    return post({{"query",
                  "mutation forge_remote_offlineUserAuthToken($input: OfflineUserAuthTokenInput!) {"
                  " offlineUserAuthToken(input: $input) { success errors { message extensions { errorType "
                  "statusCode }"
                  " } authToken { token ttl } } }"},
                 {"variables", {{"input", {{"contextIds", json::array{context}}, {"userId", user}}}}}},
                token.empty() ? std::string_view(system_) : token);
  }

  static json::object payload(const HttpResponse& answer) {
    return json::parse(answer.body).at("data").at("offlineUserAuthToken").as_object();
  }
  static std::string message(const HttpResponse& answer) {
    return std::string(payload(answer).at("errors").at(0).at("message").as_string());
  }
  std::string context() const { return text_at(installation_, "context"); }
  std::string cloud() const { return text_at(installation_, "cloudId"); }

  Stage stage_;
  json::object installation_;
  std::string system_, user_;
};

TEST_F(OfflineToken, IsGivenInTheFormOfTheContract) {
  const auto answer = ask(context(), kUser);
  EXPECT_EQ(answer.status, 200);
  const auto body = json::parse(answer.body).as_object();
  EXPECT_TRUE(body.at("extensions").at("gateway").as_object().contains("request_id"));
  const auto given = payload(answer);
  EXPECT_EQ(text_at(given, "success"), "true");
  EXPECT_EQ(text_at(given, "errors"), "null");
  EXPECT_EQ(given.at("authToken").at("ttl").as_int64(), 3600);
  const std::string token(given.at("authToken").at("token").as_string());
  EXPECT_EQ(claims_of(token).at("sub").as_string(), kUser);
  const auto me = stage_.api("GET", "/ex/jira/" + cloud() + "/rest/api/3/myself", token);
  EXPECT_EQ(me.status, 200);
  EXPECT_EQ(text_at(json::parse(me.body), "accountId"), kUser);
}

TEST_F(OfflineToken, UnderstandsTheOtherSpelling) {
  const auto answer =
      post({{"query",
             "mutation OfflineTokenMutation($userId: String!, $contextIds: "
             "[ID!]!){offlineUserAuthToken(input:{userId:"
             "$userId, contextIds:$contextIds}){success errors{message} authToken{token ttl}}}"},
            {"operationName", "OfflineTokenMutation"},
            {"variables", {{"userId", kUser}, {"contextIds", json::array{context()}}}}},
           system_);
  EXPECT_EQ(text_at(payload(answer), "success"), "true") << answer.body;
}

TEST_F(OfflineToken, UnderstandsAliasesAndInlineInput) {
  const auto answer =
      post({{"query", "mutation { t: offlineUserAuthToken(input: {contextIds: \"" + context() +
                          "\", userId: \"" + std::string(kUser) + "\"}) { ok: success } }"}},
           system_);
  EXPECT_EQ(json::serialize(json::parse(answer.body).at("data")), R"({"t":{"ok":true}})");
}

TEST_F(OfflineToken, IsRefusedForAnotherTenantsContext) {
  const auto other = stage_.install(R"({"site":"other"})");
  const std::string foreign = text_at(other, "context");
  const auto answer = ask(foreign, kUser);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(message(answer),
            "Could not load permissions for app user in the provided contextIds of [" + foreign + "]");
  EXPECT_EQ(text_at(payload(answer), "authToken"), "null");
}

TEST_F(OfflineToken, TakesTheContextFormsThatWork) {
  EXPECT_EQ(text_at(payload(ask("ari:cloud:confluence::site/" + cloud(), kUser)), "success"), "true");
  EXPECT_EQ(text_at(payload(ask("ari:cloud:jira:" + cloud() + ":workspace/" + cloud(), kUser)), "success"),
            "true");
  for (const auto& wrong :
       {std::string("x"), "ari:cloud:bitbucket::site/" + cloud(), "ari:cloud:jira:" + cloud() + ":workspace/",
        text_at(installation_, "installationId")}) {
    EXPECT_EQ(text_at(payload(ask(wrong, kUser)), "success"), "false") << wrong;
  }
}

TEST_F(OfflineToken, IsRefusedForTwoContextsAtOnce) {
  const auto answer =
      post({{"query",
             "mutation($i: OfflineUserAuthTokenInput!) { offlineUserAuthToken(input: $i) { success errors { "
             "message } } }"},
            {"variables", {{"i", {{"contextIds", json::array{context(), context()}}, {"userId", kUser}}}}}},
           system_);
  EXPECT_TRUE(message(answer).starts_with("Could not load permissions for app user")) << answer.body;
}

TEST_F(OfflineToken, IsRefusedForUsersWhoCannotBeActedFor) {
  EXPECT_EQ(message(ask(context(), "1:nobody")), "There is no such user on this site");
  EXPECT_EQ(message(ask(context(), app_account(stage_.world().app))), "An app cannot be impersonated");
}

TEST_F(OfflineToken, NeedsTheAppsOwnToken) {
  EXPECT_EQ(message(ask(context(), kUser, user_)),
            "Only an app system token may ask for offline user tokens");
  EXPECT_EQ(post({{"query", "{ a }"}}, "").status, 401);
  EXPECT_EQ(post({{"query", "{ a }"}}, "forged").status, 401);
}

TEST_F(OfflineToken, IsLimitedPerMinuteAndApp) {
  stage_.world().behaviour.offline_rate_limit = 2;
  EXPECT_EQ(ask(context(), kUser).status, 200);
  EXPECT_EQ(ask(context(), kUser).status, 200);
  const auto limited = ask(context(), kUser);
  EXPECT_EQ(limited.status, 429);
  EXPECT_EQ(limited.header("retry-after"), "60");
  EXPECT_EQ(json::parse(limited.body).at("errors").at(0).at("extensions").at("statusCode").as_int64(), 429);
  stage_.real += 1min;
  EXPECT_EQ(ask(context(), kUser).status, 200);
}

TEST_F(OfflineToken, EndsWithItsLifeAndItsInstallation) {
  const std::string token(payload(ask(context(), kUser)).at("authToken").at("token").as_string());
  const std::string path = "/ex/jira/" + cloud() + "/rest/api/3/myself";
  stage_.real += 59min;
  EXPECT_EQ(stage_.api("GET", path, token).status, 200);
  stage_.real += 1min;
  EXPECT_EQ(stage_.api("GET", path, token).status, 401);
  const std::string second(payload(ask(context(), kUser)).at("authToken").at("token").as_string());
  stage_.admin("DELETE", "/_emulator/installations/" + text_at(installation_, "id"));
  EXPECT_EQ(stage_.api("GET", path, second).status, 401);
}

TEST_F(OfflineToken, MayOnlyUseScopesWithImpersonation) {
  App app = quiet_app();
  app.scopes = {{"read:app-system-token", false}, {"read:jira-work", true}, {"read:jira-user", false}};
  Stage stage(app);
  const auto installation = stage.install();
  stage.admin("POST", "/_emulator/invoke", R"({"module":"panel","path":"/"})");
  const auto answer = stage.api(
      "POST", "/graphql", stage.last_header("x-forge-oauth-system"),
      json::serialize(json::object{
          {"query",
           "mutation($i: OfflineUserAuthTokenInput!) { offlineUserAuthToken(input: $i) { authToken { token } "
           "} }"},
          {"variables",
           {{"i", {{"contextIds", json::array{installation.at("context")}}, {"userId", kUser}}}}}}));
  const std::string token(payload(answer).at("authToken").at("token").as_string());
  const std::string base = "/ex/jira/" + text_at(installation, "cloudId") + "/rest/api/3";
  EXPECT_EQ(stage.api("GET", base + "/issue/PROJ-1", token).status, 200);
  EXPECT_EQ(stage.api("GET", base + "/myself", token).status, 401);
}

class NoImpersonation : public OfflineToken {
 protected:
  static App app() {
    App app = quiet_app();
    for (auto& scope : app.scopes) scope.allow_impersonation = false;
    return app;
  }
  NoImpersonation() : OfflineToken(app()) {}
};

TEST_F(NoImpersonation, IsRefusedWithAClearMessage) {
  EXPECT_EQ(message(ask(context(), kUser)), "No scope of the app has allowImpersonation: true");
}

TEST_F(OfflineToken, AnswersMistakesInTheFormOfGraphql) {
  const auto unknown = post({{"query", "mutation { other }"}}, system_);
  EXPECT_EQ(unknown.status, 200);
  EXPECT_EQ(json::parse(unknown.body).at("errors").at(0).at("message").as_string(),
            "type Mutation has no field other");
  EXPECT_EQ(post({{"query", 7}}, system_).status, 400);
  EXPECT_EQ(post({{"query", "{a}"}, {"variables", "x"}}, system_).status, 400);
  EXPECT_EQ(stage_.api("POST", "/graphql", system_, "not json").status, 400);
  EXPECT_EQ(stage_.api("GET", "/graphql", system_).status, 405);
}

TEST(OperationsOf, NamesOperationAndRootFields) {
  EXPECT_EQ(operations_of({"mutation A { x: offlineUserAuthToken { y } } query B { me }", "A", {}}),
            (std::vector<std::string>{"A", "offlineUserAuthToken"}));
  EXPECT_EQ(operations_of({"mutation Only { offlineUserAuthToken { y } }", "", {}}),
            (std::vector<std::string>{"Only", "offlineUserAuthToken"}));
  EXPECT_TRUE(operations_of({"{", "", {}}).empty());
}

}  // namespace
}  // namespace tongs::emulator::testing
