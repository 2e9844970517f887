#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>

#include "emulator/platform/lifecycle.hpp"
#include "emulator/platform/route.hpp"
#include "unit/emulator/support.hpp"

namespace tongs::emulator::testing {
namespace {

using namespace std::chrono_literals;

Outcome silent(Outcome::Kind kind, Millis duration = Millis(0)) { return {kind, {}, duration}; }

struct Seen {
  std::string_view name;
  Outcome outcome;
  std::string_view view;
};
class UiView : public ::testing::TestWithParam<Seen> {};

TEST_P(UiView, IsWhatTheCallerInTheBrowserSees) {
  EXPECT_EQ(json::serialize(ui_view(GetParam().outcome)), GetParam().view);
}

INSTANTIATE_TEST_SUITE_P(
    Table, UiView,
    ::testing::Values(
        Seen{"json", Stage::answered(200, R"({"a":1})", {{"Content-Type", "application/json"}}),
             R"({"status":200,"headers":{"content-type":"application/json"},"body":{"a":1}})"},
        Seen{"nothing", Stage::answered(204), R"({"status":204,"headers":{},"body":null})"},
        Seen{"text", Stage::answered(200, "hello", {{"content-type", "text/plain"}}),
             R"({"status":200,"headers":{"content-type":"text/plain"},"body":"hello"})"},
        Seen{"repeated_header", Stage::answered(200, "", {{"Set-Cookie", "a=1"}, {"set-cookie", "b=2"}}),
             R"({"status":200,"headers":{"set-cookie":"a=1,b=2"},"body":null})"},
        Seen{"error_with_json",
             Stage::answered(422, R"({"e":1})", {{"content-type", "application/json; charset=utf-8"}}),
             R"({"status":422,"headers":{"content-type":"application/json; charset=utf-8"},"body":{"e":1}})"},
        Seen{"error_without_type", Stage::answered(500, R"([])"), R"({"status":500,"headers":{},"body":[]})"},
        Seen{"unverified", Stage::answered(401, R"({"e":1})", {{"content-type", "application/json"}}),
             R"({"error":"Remote could not verify the Forge Invocation Token"})"},
        Seen{"wrong_type", Stage::answered(500, "oops", {{"content-type", "text/html"}}),
             R"({"error":"Invalid response from remote - content-type header must be set to application/json)"
             R"( and is currently: text/html. Status: 500."})"},
        Seen{"bad_json", Stage::answered(502, "oops"),
             R"({"error":"Invalid response from remote - cannot parse body as JSON. Status: 502."})"},
        Seen{"empty_error", Stage::answered(404),
             R"({"error":"Invalid response from remote - cannot parse body as JSON. Status: 404."})"},
        Seen{"redirect", Stage::answered(302, "", {{"location", "/elsewhere"}}),
             R"({"error":"Invalid response from remote - cannot parse body as JSON. Status: 302."})"},
        Seen{"unreachable", silent(Outcome::Kind::unreachable),
             R"({"error":"Invalid response from remote - remote network error"})"},
        Seen{"slow", silent(Outcome::Kind::timed_out, 25003ms),
             R"({"error":"Remote invocation timed out after 25 seconds"})"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(FunctionView, ShowsEveryAnswerAsItIs) {
  EXPECT_EQ(json::serialize(function_view(Stage::answered(401, "no"))),
            R"({"status":401,"headers":{},"body":"no"})");
}

TEST(Limits, AreThoseOfTheContract) {
  EXPECT_EQ(time_limit(Way::ui), 25s);
  EXPECT_EQ(time_limit(Way::event), 5s);
  EXPECT_EQ(time_limit(Way::schedule), 5s);
  EXPECT_EQ(time_limit(Way::pre_uninstall), 55s);
  EXPECT_EQ(retries(Way::event, {}), 4);
  EXPECT_EQ(retries(Way::schedule, {}), 0);
  EXPECT_EQ(retries(Way::ui, {}), 0);
}

std::vector<std::string> header_names(const HttpRequest& request) {
  std::vector<std::string> names;
  for (const auto& header : request.headers) names.push_back(header.name);
  return names;
}

TEST(Attempt, OfAUserCarriesExactlyTheHeadersOfTheContract) {
  Stage stage(quiet_app());
  stage.install();
  stage.admin(
      "POST", "/_emulator/invoke",
      R"({"module":"panel","path":"/hello?x=1","user":"1:ada","body":{"a":1},"headers":{"x-mine":"yes",)"
      R"("Authorization":"Bearer forged","x-forge-oauth-system":"forged","X-B3-TraceId":"forged",)"
      R"("content-type":"text/plain"}})");
  const HttpRequest& request = stage.requests.back();
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.url, "http://127.0.0.1:9000/base/hello?x=1");
  EXPECT_EQ(request.body, R"({"a":1})");
  EXPECT_EQ(header_names(request),
            (std::vector<std::string>{"content-type", "authorization", "x-b3-traceid", "x-b3-spanid",
                                      "x-forge-oauth-system", "x-forge-oauth-user", "x-mine"}));
  EXPECT_EQ(stage.last_header("content-type"), "application/json");
  EXPECT_TRUE(stage.last_header("authorization").starts_with("Bearer ey"));
  EXPECT_EQ(stage.last_header("x-b3-traceid").size(), 16U);
  const auto claims = claims_of(stage.last_header("authorization").substr(7));
  EXPECT_EQ(claims.at("principal").as_string(), "1:ada");
  EXPECT_EQ(claims.at("app").at("module").at("type").as_string(), "jira:issuePanel");
  EXPECT_EQ(claims.at("context").at("moduleKey").as_string(), "panel");
}

TEST(Attempt, WithoutAUserHasNoPrincipalAndNoUserToken) {
  Stage stage(quiet_app());
  stage.install();
  stage.admin("POST", "/_emulator/invoke", R"({"module":"panel","path":"hello"})");
  EXPECT_EQ(stage.requests.back().method, "GET");
  EXPECT_EQ(
      header_names(stage.requests.back()),
      (std::vector<std::string>{"authorization", "x-b3-traceid", "x-b3-spanid", "x-forge-oauth-system"}));
  EXPECT_FALSE(claims_of(stage.last_header("authorization").substr(7)).contains("principal"));
}

TEST(Attempt, WithholdsTokensThatTheManifestDoesNotEarn) {
  App app = quiet_app();
  app.scopes = {{"read:app-system-token", false}, {"read:app-user-token", false}};
  Stage stage(app);
  stage.install();
  stage.admin("POST", "/_emulator/invoke", R"({"module":"panel","path":"/","user":"1:ada"})");
  EXPECT_EQ(stage.last_header("x-forge-oauth-system"), "");
  EXPECT_EQ(stage.last_header("x-forge-oauth-user"), "");
  const std::string log = stage.admin("GET", "/_emulator/log?kind=delivery").body;
  EXPECT_NE(log.find("withheld: the manifest has no scope besides those for tokens"), std::string::npos)
      << log;
  app.scopes = {{"read:jira-work", false}};
  Stage other(app);
  other.install();
  other.admin("POST", "/_emulator/invoke", R"({"module":"panel","path":"/"})");
  EXPECT_EQ(other.last_header("x-forge-oauth-system"), "");
}

TEST(Attempt, OfAFunctionHasNoContextAndTheTokensOfTheRemote) {
  Stage stage(quiet_app());
  stage.install();
  stage.admin("POST", "/_emulator/invoke",
              R"({"remote":"backend","path":"/fn","method":"PUT","user":"1:ada","body":"raw"})");
  EXPECT_EQ(stage.requests.back().method, "PUT");
  EXPECT_EQ(stage.requests.back().body, "raw");
  EXPECT_EQ(stage.last_header("content-type"), "");
  EXPECT_NE(stage.last_header("x-forge-oauth-user"), "");
  const auto claims = claims_of(stage.last_header("authorization").substr(7));
  EXPECT_FALSE(claims.contains("context"));
  EXPECT_FALSE(claims.contains("principal"));
  EXPECT_EQ(claims.at("app").at("module").at("type").as_string(), "core:endpoint");
  stage.world().behaviour.function_context = true;
  stage.admin("POST", "/_emulator/invoke", R"({"remote":"backend","path":"/fn"})");
  EXPECT_TRUE(
      claims_of(stage.last_header("authorization").substr(7)).at("context").as_object().contains("cloudId"));
}

TEST(Attempt, PassesForgedTokensOnlyWhenAsked) {
  App app = quiet_app();
  app.scopes.clear();
  Stage stage(app);
  stage.install();
  constexpr auto invocation = R"({"module":"panel","path":"/","headers":{"x-forge-oauth-system":"forged"}})";
  stage.admin("POST", "/_emulator/invoke", invocation);
  EXPECT_EQ(stage.last_header("x-forge-oauth-system"), "");
  stage.world().behaviour.pass_caller_tokens = true;
  stage.admin("POST", "/_emulator/invoke", invocation);
  EXPECT_EQ(stage.last_header("x-forge-oauth-system"), "forged");
}

TEST(Events, AreFlatAndSayWhatTheContractSays) {
  Stage stage;
  const auto installation = stage.install(R"({"installer":"1:admin"})");
  ASSERT_EQ(stage.requests.size(), 1U);
  EXPECT_EQ(stage.requests.back().url, "http://127.0.0.1:9000/base/forge/sync");
  EXPECT_EQ(stage.requests.back().method, "POST");
  const auto body = json::parse(stage.requests.back().body).as_object();
  EXPECT_EQ(body.at("eventType").as_string(), "avi:forge:installed:app");
  EXPECT_EQ(body.at("id"), installation.at("id"));
  EXPECT_EQ(body.at("context"), installation.at("context"));
  EXPECT_EQ(body.at("installerAccountId").as_string(), "1:admin");
  EXPECT_EQ(body.at("app").at("id").as_string(), "8db33809-1f32-48bb-8c52-5877dab48107");
  EXPECT_EQ(body.at("environment").at("id").as_string(), stage.world().environment_id);
  const auto claims = claims_of(stage.last_header("authorization").substr(7));
  EXPECT_EQ(claims.at("app").at("module").at("type").as_string(), "core:endpoint");
  EXPECT_EQ(claims.at("app").at("module").at("key").as_string(), "on-install");
  EXPECT_NE(stage.last_header("x-forge-oauth-system"), "");
  EXPECT_EQ(stage.last_header("x-forge-oauth-user"), "");
}

TEST(Events, AreWrappedIfTheBehaviourSaysSo) {
  Stage stage;
  stage.world().behaviour.wrapped_events = true;
  stage.install();
  const auto body = json::parse(stage.requests.back().body).as_object();
  EXPECT_EQ(body.size(), 1U);
  EXPECT_EQ(body.at("payload").at("eventType").as_string(), "avi:forge:installed:app");
}

TEST(Events, AreRepeatedFourTimesAMinuteApart) {
  App app = demo_app();
  std::erase_if(app.modules, [](const Module& module) { return module.type != "trigger"; });
  Stage stage(app);
  stage.install();
  stage.requests.clear();
  int calls = 0;
  stage.remote = [&](const HttpRequest&) -> Outcome {
    ++calls;
    if (calls == 1) return Stage::answered(500);
    if (calls == 2) return {Outcome::Kind::timed_out, {}, 5s};
    return Stage::answered(401);
  };
  stage.admin("POST", "/_emulator/events",
              R"({"name":"avi:jira:created:issue","payload":{"issue":{"key":"PROJ-1"}}})");
  ASSERT_EQ(stage.requests.size(), 1U);
  EXPECT_FALSE(json::parse(stage.requests[0].body).as_object().contains("retryContext"));
  stage.admin("POST", "/_emulator/clock/advance", R"({"seconds":59})");
  EXPECT_EQ(stage.requests.size(), 1U);
  stage.admin("POST", "/_emulator/clock/advance", R"({"seconds":1})");
  ASSERT_EQ(stage.requests.size(), 2U);
  const auto answer = stage.admin_json("POST", "/_emulator/clock/advance", R"({"duration":"4m"})");
  ASSERT_EQ(calls, 5) << "one delivery and four repetitions, no more";
  const auto context = [&](std::size_t i) {
    return json::serialize(json::parse(stage.requests[i].body).at("retryContext"));
  };
  EXPECT_EQ(context(1),
            R"({"retryCount":1,"retryReason":"INVALID_REMOTE_INVOCATION_ERROR","retryData":null})");
  EXPECT_EQ(context(2), R"({"retryCount":2,"retryReason":"TIMEOUT_ERROR","retryData":null})");
  EXPECT_EQ(context(3),
            R"({"retryCount":3,"retryReason":"INVALID_FORGE_INVOCATION_TOKEN","retryData":null})");
  EXPECT_EQ(answer.at("deliveries").as_array().back().at("state").as_string(), "failed");
  const auto jti = [&](std::size_t i) {
    return claims_of(stage.requests[i].headers.at(1).value.substr(7)).at("jti");
  };
  EXPECT_NE(jti(0), jti(1)) << "each attempt has a FIT of its own";
}

TEST(Events, LargerThan200KbAreNotDelivered) {
  Stage stage;
  stage.install();
  stage.requests.clear();
  const auto answer = stage.admin_json(
      "POST", "/_emulator/events",
      R"({"name":"avi:jira:created:issue","payload":{"x":")" + std::string(200'000, 'x') + "\"}}");
  EXPECT_TRUE(stage.requests.empty());
  EXPECT_EQ(answer.at("deliveries").at(0).at("state").as_string(), "skipped");
}

TEST(RetryContext, StandsInsideTheWrapping) {
  EXPECT_EQ(
      json::serialize(
          with_retry_context(json::parse(R"({"payload":{"eventType":"e"}})"), 2, "TIMEOUT_ERROR")),
      R"({"payload":{"eventType":"e","retryContext":{"retryCount":2,"retryReason":"TIMEOUT_ERROR","retryData":null}}})");
}

TEST(Schedule, RunsFiveMinutesAfterTheInstallationAndThenEveryHour) {
  Stage stage;
  stage.install();
  stage.requests.clear();
  stage.admin("POST", "/_emulator/clock/advance", R"({"seconds":299})");
  EXPECT_TRUE(stage.requests.empty());
  stage.admin("POST", "/_emulator/clock/advance", R"({"seconds":1})");
  ASSERT_EQ(stage.requests.size(), 1U);
  EXPECT_EQ(stage.requests[0].method, "POST");
  const auto body = json::parse(stage.requests[0].body).as_object();
  EXPECT_EQ(body.at("context").at("moduleKey").as_string(), "hourly");
  EXPECT_TRUE(body.contains("contextToken"));
  EXPECT_NE(stage.last_header("x-forge-oauth-system"), "");
  stage.admin("POST", "/_emulator/clock/advance", R"({"duration":"59m59s"})");
  EXPECT_EQ(stage.requests.size(), 1U);
  stage.admin("POST", "/_emulator/clock/advance", R"({"seconds":1})");
  EXPECT_EQ(stage.requests.size(), 2U);
  stage.admin("POST", "/_emulator/clock/advance", R"({"duration":"5h"})");
  EXPECT_EQ(stage.requests.size(), 7U) << "every run on the way, each at its own time";
}

TEST(Schedule, EachRunOnTheWaySeesItsOwnTime) {
  Stage stage;
  stage.install();
  stage.requests.clear();
  stage.admin("POST", "/_emulator/clock/advance", R"({"duration":"5h"})");
  ASSERT_EQ(stage.requests.size(), 5U);
  const auto token = [&](std::size_t i) {
    const auto& headers = stage.requests[i].headers;
    return std::find_if(headers.begin(), headers.end(),
                        [](const Header& header) { return header.name == "x-forge-oauth-system"; })
        ->value;
  };
  EXPECT_EQ(token(0), token(1));
  EXPECT_NE(token(0), token(4)) << "hours later the first token has too little left";
  EXPECT_GT(claims_of(token(4)).at("exp").as_int64(), claims_of(token(0)).at("exp").as_int64());
}

TEST(Schedule, MissedRunsHappenOnce) {
  Stage stage;
  stage.install();
  stage.requests.clear();
  stage.real += 10h;  // the machine slept
  const auto due = take_due(stage.world(), stage.now());
  EXPECT_EQ(due.size(), 1U);
  EXPECT_EQ(*stage.world().scheduler.next() - stage.now().platform, 5min) << "the offset stays";
}

TEST(Schedule, IsNotRepeatedUnlessTheBehaviourSaysSo) {
  Stage stage;
  stage.install();
  stage.requests.clear();
  stage.remote = [](const HttpRequest&) { return Stage::answered(500); };
  stage.admin("POST", "/_emulator/clock/advance", R"({"duration":"10m"})");
  EXPECT_EQ(stage.requests.size(), 1U);
  stage.world().behaviour.schedule_retries = 4;
  stage.admin("POST", "/_emulator/clock/advance", R"({"duration":"1h"})");
  EXPECT_EQ(stage.requests.size(), 6U);
}

TEST(Schedule, CanBeRunOutOfItsTurn) {
  Stage stage;
  stage.install();
  const auto answer = stage.admin_json("POST", "/_emulator/invoke", R"({"module":"hourly"})");
  EXPECT_EQ(text_at(answer, "delivered"), "true");
  EXPECT_EQ(json::parse(stage.requests.back().body).at("context").at("moduleKey").as_string(), "hourly");
}

TEST(Uninstall, SaysFarewellThenStopsEverything) {
  Stage stage;
  const auto installation = stage.install();
  stage.requests.clear();
  stage.remote = [](const HttpRequest&) { return Stage::answered(500); };
  const auto answer = stage.admin_json("DELETE", "/_emulator/installations/" + text_at(installation, "id"));
  EXPECT_EQ(text_at(answer, "state"), "uninstalled") << "what the app says cannot stop it";
  ASSERT_EQ(stage.requests.size(), 1U);
  EXPECT_EQ(json::parse(stage.requests[0].body).at("context").at("moduleKey").as_string(), "farewell");
  stage.admin("POST", "/_emulator/clock/advance", R"({"duration":"3h"})");
  EXPECT_EQ(stage.requests.size(), 1U);
  EXPECT_EQ(stage.admin("DELETE", "/_emulator/installations/" + text_at(installation, "id")).status, 404);
}

TEST(Uninstall, StopsRepetitionsUnderWay) {
  Stage stage;
  stage.remote = [](const HttpRequest&) { return Stage::answered(500); };
  const auto installation = stage.install();
  stage.admin("DELETE", "/_emulator/installations/" + text_at(installation, "id"));
  const auto before = stage.requests.size();
  stage.admin("POST", "/_emulator/clock/advance", R"({"duration":"10m"})");
  EXPECT_EQ(stage.requests.size(), before);
}

TEST(Uninstall, SendsTheUndocumentedEventIfAsked) {
  App app = demo_app();
  app.modules.push_back({"trigger", "on-uninstall", "sync", {std::string(kUninstalledEvent)}, {}});
  Stage stage(app);
  stage.world().behaviour.uninstalled_event = true;
  const auto installation = stage.install();
  stage.admin("DELETE", "/_emulator/installations/" + text_at(installation, "id"));
  EXPECT_EQ(json::parse(stage.requests.back().body).at("eventType").as_string(), kUninstalledEvent);
}

TEST(Route, RemotesElsewhereAreLeftAloneUntilSomebodySaysOtherwise) {
  Stage stage(demo_app());
  stage.install();
  const auto refused = stage.admin("POST", "/_emulator/invoke", R"({"module":"far-page","path":"/"})");
  EXPECT_EQ(refused.status, 400);
  EXPECT_NE(refused.body.find("the remote far is not on this machine"), std::string::npos) << refused.body;
  EXPECT_EQ(stage.admin("PUT", "/_emulator/remotes/far", R"({"baseUrl":"http://127.0.0.1:9999"})").status,
            200);
  EXPECT_EQ(stage.admin("POST", "/_emulator/invoke", R"({"module":"far-page","path":"/y"})").status, 200);
  EXPECT_EQ(stage.requests.back().url, "http://127.0.0.1:9999/y");
}

TEST(Route, UsesTheUrlOfTheSitesRegion) {
  App app = quiet_app();
  app.remotes[0].urls = {{"default", "http://127.0.0.1:9000"}, {"EU", "http://127.0.0.1:9001"}};
  Stage stage(app);
  stage.admin("POST", "/_emulator/sites", R"({"name":"europe","region":"EU"})");
  stage.install(R"({"site":"europe"})");
  stage.admin("POST", "/_emulator/invoke", R"({"module":"panel","path":"/"})");
  EXPECT_EQ(stage.requests.back().url, "http://127.0.0.1:9001/");
}

struct Join {
  std::string_view base, path;
  bool resolve;
  std::string_view url;
};
class RouteJoin : public ::testing::TestWithParam<Join> {};

TEST_P(RouteJoin, FollowsTheBehaviour) {
  Behaviour behaviour;
  behaviour.resolve_paths = GetParam().resolve;
  const auto joined = join_path(GetParam().base, GetParam().path, behaviour);
  const auto* url = std::get_if<std::string>(&joined);
  EXPECT_EQ(url == nullptr ? "refused" : *url, GetParam().url);
}

INSTANTIATE_TEST_SUITE_P(
    Table, RouteJoin,
    ::testing::Values(
        Join{"http://h", "/a", false, "http://h/a"}, Join{"http://h/", "a", false, "http://h/a"},
        Join{"http://h/base/", "/a?b=c", false, "http://h/base/a?b=c"},
        Join{"http://h/base", "", false, "http://h/base"}, Join{"http://h/base/x", "/a", true, "http://h/a"},
        Join{"http://h/base/x", "a", true, "http://h/base/a"}, Join{"http://h", "a", true, "http://h/a"},
        Join{"http://h/base", "/../secret", false, "refused"},
        Join{"http://h/base", "/a b", false, "refused"}, Join{"http://h/base", "/a#b", false, "refused"},
        Join{"http://h", "https://evil.example", false, "http://h/https://evil.example"}));

TEST(DeliveryBook, ForgetsFinishedDeliveriesAtLast) {
  DeliveryBook book;
  for (std::size_t i = 0; i < DeliveryBook::kMostFinished + 10; ++i) {
    const auto id = book.add({}, 0, {});
    book.begin(id);
    book.finish(id, Stage::answered(200), Millis(0), {});
  }
  EXPECT_LE(book.all().size(), DeliveryBook::kMostFinished + 1);
}

}  // namespace
}  // namespace tongs::emulator::testing
