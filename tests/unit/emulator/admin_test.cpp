#include <string>
#include <string_view>

#include "unit/emulator/support.hpp"

namespace tongs::emulator::testing {
namespace {

std::string detail(const HttpResponse& answer) { return text_at(json::parse(answer.body), "detail"); }

TEST(Installations, AnswerEverythingThatATesterNeeds) {
  Stage stage(quiet_app());
  const auto answer = stage.admin("POST", "/_emulator/installations");
  EXPECT_EQ(answer.status, 201);
  const auto made = json::parse(answer.body).as_object();
  const std::string id = text_at(made, "id"), cloud = text_at(made, "cloudId");
  EXPECT_EQ(text_at(made, "installationId"), "ari:cloud:ecosystem::installation/" + id);
  EXPECT_EQ(text_at(made, "context"), "ari:cloud:jira::site/" + cloud);
  EXPECT_EQ(text_at(made, "apiBaseUrl"), "http://127.0.0.1:7080/ex/jira/" + cloud);
  EXPECT_EQ(text_at(made, "products"), R"(["jira","confluence"])");
  EXPECT_EQ(made.at("site").at("name").as_string(), "demo");
  EXPECT_EQ(text_at(made, "state"), "installed");
  EXPECT_EQ(text_at(made, "deliveries"), "[]");
  const auto listed = stage.admin_json("GET", "/_emulator/installations").at("installations").as_array();
  ASSERT_EQ(listed.size(), 1U);
  EXPECT_EQ(text_at(listed[0], "id"), id);
  EXPECT_EQ(text_at(stage.admin_json("GET", "/_emulator/installations/" + id), "cloudId"), cloud);
  EXPECT_EQ(
      text_at(stage.admin_json("GET", "/_emulator/installations/ari:cloud:ecosystem::installation/" + id),
              "id"),
      id);
  EXPECT_EQ(text_at(stage.admin_json(
                        "GET", "/_emulator/installations/ari%3Acloud%3Aecosystem%3A%3Ainstallation%2F" + id),
                    "id"),
            id);
}

TEST(Installations, OneAfterTheOtherGoToSitesOfTheirOwn) {
  Stage stage(quiet_app());
  const auto first = stage.install(), second = stage.install(), third = stage.install(R"({"site":"acme"})");
  EXPECT_NE(text_at(first, "cloudId"), text_at(second, "cloudId"));
  EXPECT_EQ(third.at("site").at("name").as_string(), "acme");
  const auto again = stage.admin("POST", "/_emulator/installations", R"({"site":"acme"})");
  EXPECT_EQ(again.status, 409);
  EXPECT_NE(detail(again).find(text_at(third, "id")), std::string::npos);
  const auto by_cloud =
      stage.admin("POST", "/_emulator/installations", R"({"site":")" + text_at(second, "cloudId") + "\"}");
  EXPECT_EQ(by_cloud.status, 409);
}

TEST(Installations, ReinstallingGivesANewIdOnTheSameSite) {
  Stage stage(quiet_app());
  const auto first = stage.install();
  EXPECT_EQ(stage.admin("DELETE", "/_emulator/installations/" + text_at(first, "installationId")).status,
            200);
  const auto second = stage.install();
  EXPECT_EQ(text_at(first, "cloudId"), text_at(second, "cloudId"));
  EXPECT_NE(text_at(first, "id"), text_at(second, "id"));
  EXPECT_EQ(text_at(stage.admin_json("GET", "/_emulator/installations/" + text_at(first, "id")), "state"),
            "uninstalled");
}

const std::string kTooDeep = std::string(65, '[') + std::string(65, ']');

struct Refused {
  std::string_view method, path, body;
  int status;
  std::string_view detail;
};
class AdminRefuses : public ::testing::TestWithParam<Refused> {};

TEST_P(AdminRefuses, WithAClearMessage) {
  Stage stage;
  stage.install();
  const auto& wrong = GetParam();
  const auto answer = stage.admin(std::string(wrong.method), wrong.path, std::string(wrong.body));
  EXPECT_EQ(answer.status, wrong.status);
  EXPECT_EQ(answer.header("content-type"), "application/problem+json");
  EXPECT_TRUE(detail(answer).starts_with(wrong.detail)) << detail(answer);
}

INSTANTIATE_TEST_SUITE_P(
    Table, AdminRefuses,
    ::testing::Values(
        Refused{"GET", "/_emulator/instalations", "", 404,
                "the admin API has no such path; did you mean /_emulator/installations?"},
        Refused{"GET", "/_emulator", "", 404, "the admin API has no such path"},
        Refused{"PATCH", "/_emulator/installations", "", 405, "this path takes GET, POST"},
        Refused{"POST", "/_emulator/installations", "{", 400, "line 1, column 2: the text is not JSON"},
        Refused{"POST", "/_emulator/installations", "[]", 400, "must be a JSON object"},
        Refused{"POST", "/_emulator/installations", kTooDeep, 400,
                "line 1, column 65: the JSON is nested more than 64 levels deep"},
        Refused{"POST", "/_emulator/installations", R"({"sitee":"x"})", 400,
                "/sitee: is not known here; did you mean site?"},
        Refused{"POST", "/_emulator/installations", R"({"site":"A B"})", 400, "/site: must be the name"},
        Refused{"POST", "/_emulator/installations", R"({"products":["trello"]})", 400,
                "/products: may hold jira and confluence"},
        Refused{"POST", "/_emulator/installations", R"({"installer":"a b"})", 400,
                "/installer: must be an account id"},
        Refused{"POST", "/_emulator/installations", R"({"environment":"PROD"})", 400,
                "/environment: must be DEVELOPMENT"},
        Refused{"POST", "/_emulator/installations", R"({"icLabel":"../x"})", 400,
                "/icLabel: must be 1 to 50 of a-z"},
        Refused{"POST", "/_emulator/installations", R"({"icLabel":""})", 400, "/icLabel: must be"},
        Refused{"POST", "/_emulator/installations", R"({"icLabel":"a","hostileIcLabel":"b"})", 400,
                "/hostileIcLabel: takes the place"},
        Refused{"POST", "/_emulator/sites", R"({"name":"../e\n"})", 400, "/name: must be lower-case letters"},
        Refused{"DELETE", "/_emulator/installations/none", "", 404, "there is no such installation"},
        Refused{"POST", "/_emulator/invoke", "{}", 400, "/module: must say which module is invoked"},
        Refused{"POST", "/_emulator/invoke", R"({"module":"pannel"})", 400,
                "/module: the manifest has no module that leads to an endpoint, with the key pannel; did you "
                "mean panel?"},
        Refused{"POST", "/_emulator/invoke", R"({"module":"panel","method":"TRACE"})", 400,
                "/method: must be GET, POST"},
        Refused{"POST", "/_emulator/invoke", R"({"module":"panel","user":"a,b"})", 400,
                "/user: must be an account id"},
        Refused{"POST", "/_emulator/invoke", R"({"module":"panel","body":[1]})", 400,
                "/body: must be an object"},
        Refused{"POST", "/_emulator/invoke", R"({"module":"panel","path":"/a b"})", 400,
                "/path: does not make a URL"},
        Refused{"POST", "/_emulator/invoke", R"({"module":"panel","headers":{"a b":"x"}})", 400,
                "/headers: must hold valid"},
        Refused{"POST", "/_emulator/invoke", R"({"module":"panel","headers":{"a":"x\ny"}})", 400,
                "/headers: must hold valid"},
        Refused{"POST", "/_emulator/invoke", R"({"module":"panel","installationId":"none"})", 400,
                "/installationId: there is no such installation"},
        Refused{"POST", "/_emulator/invoke", R"({"remote":"bakend","path":"/"})", 400,
                "/remote: the manifest has no remote bakend; did you mean backend?"},
        Refused{"POST", "/_emulator/invoke", R"({"remote":"backend"})", 400, "/path: Missing or empty path"},
        Refused{"POST", "/_emulator/invoke", R"({"module":"on-install"})", 400,
                "/module: is a trigger, which events call: POST /_emulator/events with the name "
                "avi:forge:installed:app or avi:forge:upgraded:app"},
        Refused{"POST", "/_emulator/invoke", R"({"module":"farewell"})", 400,
                "/module: is called when the app is uninstalled"},
        Refused{"POST", "/_emulator/events", "{}", 400, "/name: must name the event"},
        Refused{"POST", "/_emulator/events", R"({"name":"e","payload":[]})", 400,
                "/payload: must be an object"},
        Refused{"POST", "/_emulator/clock/advance", "{}", 400, "must hold either seconds or duration"},
        Refused{"POST", "/_emulator/clock/advance", R"({"seconds":1,"duration":"1s"})", 400,
                "must hold either"},
        Refused{"POST", "/_emulator/clock/advance", R"({"seconds":-1})", 400,
                "/seconds: must be a number from 0"},
        Refused{"POST", "/_emulator/clock/advance", R"({"duration":"1 hour"})", 400,
                "/duration: must be a duration"},
        Refused{"POST", "/_emulator/clock/advance", R"({"duration":"366d"})", 400,
                "would run scheduled triggers more than"},
        Refused{"PUT", "/_emulator/clock", R"({"scale":0})", 400, "/scale: must be a number from"},
        Refused{"POST", "/_emulator/keys/rotate", R"({"overlap":"no"})", 400,
                "/overlap: must be true or false"},
        Refused{"PUT", "/_emulator/remotes/none", R"({"baseUrl":"http://h"})", 404,
                "the manifest has no such remote"},
        Refused{"PUT", "/_emulator/remotes/backend", R"({"baseUrl":"localhost:9000"})", 400,
                "/baseUrl: must be an absolute"},
        Refused{"PUT", "/_emulator/behaviour", R"({"eventBody":"round"})", 400,
                "/eventBody: must be flat or wrapped"},
        Refused{"PUT", "/_emulator/behaviour", R"({"eventRetrys":1})", 400,
                "/eventRetrys: is not known here; did you mean eventRetries?"},
        Refused{"POST", "/_emulator/sites", R"({"name":"demo"})", 409, "there is a site of that name"},
        Refused{"GET", "/_emulator/log?since=x", "", 400, "/since: must be a whole number from 0"},
        Refused{"GET", "/_emulator/log?since=-1", "", 400, "/since: must be a whole number from 0"},
        Refused{"GET", "/_emulator/log?since=", "", 400, "/since: must be a whole number from 0"},
        Refused{"GET", "/_emulator/log?limit=0", "", 400, "/limit: must be a whole number from 1 to 10000"},
        Refused{"GET", "/_emulator/log?limit=10001", "", 400, "/limit: must be a whole number from 1"},
        Refused{"GET", "/_emulator/log?limit=1&limit=2", "", 400, "/limit: stands twice"},
        Refused{"GET", "/_emulator/log?limti=5", "", 400, "/limti: is not known here; did you mean limit?"}));

TEST(Invoke, PassesBodiesOnAsTheyWereWritten) {
  constexpr std::string_view written = R"({"ms": 1.20, "n":1e3,"big":12345678901234567890123})";
  for (const auto* target : {R"("module":"panel")", R"("remote":"backend")"}) {
    Stage stage(quiet_app());
    stage.install();
    stage.remote = [&](const HttpRequest&) {
      return Stage::answered(200, std::string(written), {{"Content-Type", "application/json"}});
    };
    const auto answer =
        stage.admin("POST", "/_emulator/invoke",
                    "{" + std::string(target) + R"(,"path":"/x","body": )" + std::string(written) + "}");
    EXPECT_EQ(stage.requests.back().body, written);
    EXPECT_EQ(stage.last_header("content-type"), "application/json");
    EXPECT_NE(answer.body.find(R"("body":)" + std::string(written)), std::string::npos) << answer.body;
    EXPECT_TRUE(json::parse(answer.body).is_object());
  }
}

TEST(Invoke, ShowsABodyThatIsNoJsonAsAString) {
  Stage stage(quiet_app());
  stage.install();
  for (const auto& [body, shown] :
       std::initializer_list<std::pair<std::string, std::string>>{{"hello", R"("hello")"},
                                                                  {"\"hello\"", R"("hello")"},
                                                                  {"1.2 x", R"("1.2 x")"},
                                                                  {"", "null"},
                                                                  {"null", "null"}}) {
    stage.remote = [body = body](const HttpRequest&) { return Stage::answered(200, body); };
    const auto answer = stage.admin_json("POST", "/_emulator/invoke", R"({"module":"panel","path":"/x"})");
    EXPECT_EQ(json::serialize(answer.at("body")), shown) << body;
  }
}

TEST(Invoke, AnswersWhatTheUiWouldSee) {
  Stage stage(quiet_app());
  stage.install();
  stage.remote = [](const HttpRequest&) {
    return Stage::answered(200, R"({"hello":"world"})", {{"Content-Type", "application/json"}});
  };
  const auto answer =
      stage.admin("POST", "/_emulator/invoke",
                  R"({"module":"panel","path":"/x","method":"POST","user":"1:new","body":{}})");
  EXPECT_EQ(answer.status, 200);
  const auto seen = json::parse(answer.body).as_object();
  EXPECT_EQ(text_at(seen, "status"), "200");
  EXPECT_EQ(text_at(seen, "body"), R"({"hello":"world"})");
  EXPECT_EQ(text_at(seen, "headers"), R"({"content-type":"application/json"})");
  EXPECT_FALSE(seen.contains("error"));
  EXPECT_NE(stage.world().directory.sites().front().find_user("1:new"), nullptr)
      << "whoever opens the page exists";
}

TEST(Invoke, NeedsToKnowTheInstallationWhenThereAreSeveral) {
  Stage stage(quiet_app());
  const auto empty = stage.admin("POST", "/_emulator/invoke", R"({"module":"panel","path":"/"})");
  EXPECT_EQ(detail(empty),
            "/installationId: the app is installed nowhere: POST /_emulator/installations first");
  const auto first = stage.install(), second = stage.install();
  const auto which = stage.admin("POST", "/_emulator/invoke", R"({"module":"panel","path":"/"})");
  EXPECT_EQ(which.status, 400);
  EXPECT_NE(detail(which).find(text_at(first, "id")), std::string::npos);
  const auto chosen =
      stage.admin("POST", "/_emulator/invoke",
                  R"({"module":"panel","path":"/","installation":")" + text_at(second, "id") + "\"}");
  EXPECT_EQ(chosen.status, 200);
  EXPECT_EQ(claims_of(stage.last_header("authorization").substr(7)).at("app").at("installationId"),
            second.at("installationId"));
}

TEST(Invoke, TakesTheOnlyModuleAndPutsTheExtensionIntoTheContext) {
  Stage stage(quiet_app());
  stage.install();
  stage.admin("POST", "/_emulator/invoke", R"({"path":"/","extension":{"issue":{"key":"PROJ-1"}}})");
  const auto claims = claims_of(stage.last_header("authorization").substr(7));
  EXPECT_EQ(json::serialize(claims.at("context").at("extension")),
            R"({"issue":{"key":"PROJ-1"},"type":"jira:issuePanel"})");
}

TEST(Invoke, CallsAnEndpointThatNoModuleUsesYet) {
  Stage stage;
  stage.install();
  stage.admin("POST", "/_emulator/invoke", R"({"module":"sync"})");
  EXPECT_EQ(stage.requests.back().url, "http://127.0.0.1:9000/base/forge/sync");
  EXPECT_EQ(
      claims_of(stage.last_header("authorization").substr(7)).at("app").at("module").at("type").as_string(),
      "core:endpoint");
}

TEST(Events, GoToTheNamedInstallationOrToAll) {
  Stage stage;
  const auto first = stage.install();
  stage.install();
  stage.requests.clear();
  auto answer = stage.admin_json("POST", "/_emulator/events", R"({"eventType":"avi:jira:created:issue"})");
  EXPECT_EQ(answer.at("deliveries").as_array().size(), 2U);
  answer = stage.admin_json(
      "POST", "/_emulator/events",
      R"({"name":"avi:jira:created:issue","installationId":")" + text_at(first, "id") + "\"}");
  ASSERT_EQ(answer.at("deliveries").as_array().size(), 1U);
  EXPECT_EQ(answer.at("deliveries").at(0).at("state").as_string(), "delivered");
  EXPECT_EQ(answer.at("deliveries").at(0).at("installationId"), first.at("installationId"));
  answer = stage.admin_json("POST", "/_emulator/events", R"({"name":"avi:nobody:listens"})");
  EXPECT_TRUE(answer.at("deliveries").as_array().empty());
  EXPECT_EQ(stage.requests.size(), 3U);
  EXPECT_EQ(stage.admin_json("GET", "/_emulator/deliveries").at("deliveries").as_array().size(), 5U);
}

TEST(Clock, IsShownAdvancedAndScaled) {
  Stage stage;
  stage.install();
  auto clock = stage.admin_json("GET", "/_emulator/clock");
  EXPECT_EQ(text_at(clock, "now"), "2027-01-15T08:00:00.000Z");
  EXPECT_EQ(text_at(clock, "nextDue"), "2027-01-15T08:05:00.000Z");
  clock = stage.admin_json("POST", "/_emulator/clock/advance", R"({"duration":"1h"})");
  EXPECT_EQ(text_at(clock, "now"), "2027-01-15T09:00:00.000Z");
  EXPECT_EQ(text_at(clock, "realTime"), "2027-01-15T08:00:00.000Z");
  EXPECT_EQ(clock.at("deliveries").as_array().size(), 1U);
  stage.admin("PUT", "/_emulator/clock", R"({"scale":60})");
  stage.real += std::chrono::seconds(1);
  EXPECT_EQ(text_at(stage.admin_json("GET", "/_emulator/clock"), "now"), "2027-01-15T09:01:00.000Z");
}

TEST(Keys, RotateWithAndWithoutOverlap) {
  Stage stage(quiet_app());
  const auto first = stage.admin_json("GET", "/_emulator/keys");
  auto rotated = stage.admin_json("POST", "/_emulator/keys/rotate", R"({"overlap":true})");
  EXPECT_EQ(rotated.at("published").as_array().size(), 2U);
  EXPECT_EQ(text_at(rotated, "withdrawn"), "[]");
  rotated = stage.admin_json("POST", "/_emulator/keys/rotate", R"({"overlap":false})");
  EXPECT_EQ(rotated.at("published").as_array().size(), 1U);
  EXPECT_EQ(rotated.at("withdrawn").as_array().size(), 2U);
  const auto jwks = json::parse(stage.api("GET", "/.well-known/jwks.json").body);
  ASSERT_EQ(jwks.at("keys").as_array().size(), 1U);
  EXPECT_EQ(jwks.at("keys").at(0).at("kid"), rotated.at("current"));
}

TEST(Behaviour, IsShownAndChanged) {
  Stage stage(quiet_app());
  const auto before = stage.admin_json("GET", "/_emulator/behaviour");
  EXPECT_EQ(text_at(before, "eventBody"), "flat");
  EXPECT_EQ(text_at(before, "offlineRateLimit"), "1000");
  const auto after =
      stage.admin_json("PUT", "/_emulator/behaviour", R"({"eventBody":"wrapped","tokenLifeSeconds":60})");
  EXPECT_EQ(text_at(after, "eventBody"), "wrapped");
  EXPECT_TRUE(stage.world().behaviour.wrapped_events);
  EXPECT_EQ(stage.world().behaviour.token_life, std::chrono::seconds(60));
  EXPECT_EQ(text_at(after, "retryDelaySeconds"), "60") << "what is not named stays";
}

TEST(Log, ListsTheCallsThatAScopeCheckReads) {
  Stage stage;
  const auto installation = stage.install();
  const std::string base = "/ex/jira/" + text_at(installation, "cloudId");
  for (const std::string_view path : {"/rest/api/3/myself?expand=x", "/rest/api/3/issue/A-1",
                                      "/rest/api/3/myself", "/rest/api/3/no-such-thing"}) {
    stage.api("GET", base + std::string(path));
  }
  stage.api("POST", "/graphql", {}, "{}");
  EXPECT_EQ(stage.admin("GET", "/_emulator/calls").body,
            "GET /rest/api/3/issue/A-1\nGET /rest/api/3/myself\n");
}

TEST(Log, IsReadInPieces) {
  Stage stage;
  stage.install();
  const auto first = stage.admin_json("GET", "/_emulator/log?limit=1");
  ASSERT_EQ(first.at("entries").as_array().size(), 1U);
  EXPECT_EQ(first.at("entries").at(0).at("kind").as_string(), "install");
  const auto rest = stage.admin_json("GET", "/_emulator/log?since=" + text_at(first, "last"));
  EXPECT_EQ(rest.at("entries").at(0).at("seq").as_int64(), 2);
  const auto outcome = stage.admin_json("GET", "/_emulator/log?kind=outcome");
  EXPECT_EQ(outcome.at("entries").at(0).at("status").as_int64(), 200);
  EXPECT_TRUE(stage.admin_json("GET", "/_emulator/log?since=" + text_at(outcome, "last"))
                  .at("entries")
                  .as_array()
                  .empty());
}

TEST(Admin, HealthSaysWhichApp) {
  Stage stage(quiet_app());
  stage.install();
  EXPECT_EQ(stage.admin("GET", "/_emulator/health").body,
            R"({"status":"ok","app":")" + kAppId + R"(","installations":1})");
}

TEST(Admin, KeepsEverySecretOutOfItsAnswers) {
  Stage stage;
  stage.install();
  stage.admin("POST", "/_emulator/invoke", R"({"module":"panel","path":"/","user":"1:ada"})");
  const std::string system = stage.last_header("x-forge-oauth-system"),
                    user = stage.last_header("x-forge-oauth-user"),
                    fit = stage.last_header("authorization").substr(7);
  for (const auto* path :
       {"/_emulator/log", "/_emulator/deliveries", "/_emulator/installations", "/_emulator/keys"}) {
    const std::string shown = stage.admin("GET", path).body;
    for (const auto& secret : {system, user, fit}) EXPECT_EQ(shown.find(secret), std::string::npos) << path;
  }
}

}  // namespace
}  // namespace tongs::emulator::testing
