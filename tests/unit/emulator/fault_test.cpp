#include <chrono>
#include <string>
#include <string_view>

#include "unit/emulator/support.hpp"

namespace tongs::emulator::testing {
namespace {

using namespace std::chrono_literals;

std::string fault(Stage& stage, std::string_view body) {
  const auto made = stage.admin_json("POST", "/_emulator/faults", std::string(body));
  return text_at(made, "id");
}

TEST(Faults, AreCountedAndReported) {
  Stage stage(quiet_app());
  const std::string id =
      fault(stage, R"({"match":{"path":"/.well-known/jwks.json"},"count":2,"action":{"status":503}})");
  const auto state = [&](std::string_view name) {
    return text_at(stage.admin_json("GET", "/_emulator/faults/" + id), name);
  };
  EXPECT_EQ(state("remaining"), "2");
  EXPECT_EQ(stage.api("GET", "/.well-known/jwks.json").status, 503);
  EXPECT_EQ(state("consumed"), "1");
  EXPECT_EQ(state("completed"), "false");
  EXPECT_EQ(stage.api("GET", "/.well-known/jwks.json").status, 503);
  EXPECT_EQ(state("completed"), "true");
  EXPECT_EQ(stage.api("GET", "/.well-known/jwks.json").status, 200);
  EXPECT_EQ(state("consumed"), "2");
  EXPECT_EQ(stage.admin_json("GET", "/_emulator/faults").at("faults").as_array().size(), 1U);
  EXPECT_EQ(stage.admin("DELETE", "/_emulator/faults/" + id).status, 204);
  EXPECT_EQ(stage.admin("GET", "/_emulator/faults/" + id).status, 404);
}

TEST(Faults, ChangeAnAnswerOnTheWire) {
  Stage stage(quiet_app());
  fault(stage, R"({"match":{"target":"jwks"},"action":{"delay":"250ms","malformed":true}})");
  const auto cut = stage.api_answer("GET", "/.well-known/jwks.json", "");
  EXPECT_EQ(cut.delay, 250ms);
  EXPECT_EQ(cut.response.status, 200);
  EXPECT_FALSE(std::holds_alternative<json::value>(parse_json(cut.response.body)));
  fault(stage, R"({"match":{"target":"jwks"},"action":{"truncateAfter":10}})");
  EXPECT_EQ(stage.api_answer("GET", "/.well-known/jwks.json", "").truncate_after, 10U);
  fault(stage, R"({"match":{"target":"jwks"},"action":{"reset":true,"delay":2}})");
  const auto reset = stage.api_answer("GET", "/.well-known/jwks.json", "");
  EXPECT_TRUE(reset.reset);
  EXPECT_EQ(reset.delay, 2s);
  fault(
      stage,
      R"({"match":{"target":"jwks"},"action":{"status":200,"body":{"keys":[]},"headers":{"cache-control":"max-age=5"}}})");
  const auto replaced = stage.api("GET", "/.well-known/jwks.json");
  EXPECT_EQ(replaced.body, R"({"keys":[]})");
  EXPECT_EQ(replaced.header("cache-control"), "max-age=5");
  EXPECT_EQ(replaced.header("content-type"), "application/json");
}

TEST(Faults, MatchByOperation) {
  Stage stage(quiet_app());
  const auto installation = stage.install();
  stage.admin("POST", "/_emulator/invoke", R"({"module":"panel","path":"/"})");
  const std::string token = stage.last_header("x-forge-oauth-system");
  fault(stage, R"({"match":{"operation":"offlineUserAuthToken"},"action":{"status":500}})");
  EXPECT_EQ(stage.api("POST", "/graphql", token, R"({"query":"mutation { other }"})").status, 200);
  EXPECT_EQ(
      stage.api("POST", "/graphql", token, R"({"query":"mutation A { offlineUserAuthToken { x } }"})").status,
      500);
  fault(stage, R"({"match":{"operation":"getIssue","method":"GET"},"action":{"status":502}})");
  const std::string base = "/ex/jira/" + text_at(installation, "cloudId") + "/rest/api/3/";
  EXPECT_EQ(stage.api("GET", base + "serverInfo", token).status, 200);
  EXPECT_EQ(stage.api("GET", base + "issue/PROJ-1", token).status, 502);
  EXPECT_EQ(stage.api("GET", base + "issue/PROJ-1", token).status, 200);
}

struct PathCase {
  std::string_view pattern, path;
  bool matches;
};
class FaultPaths : public ::testing::TestWithParam<PathCase> {};

TEST_P(FaultPaths, AreWholeSegmentsOrPatterns) {
  FaultMatch match;
  match.path = GetParam().pattern;
  EXPECT_EQ(match.matches({.target = FaultTarget::products, .method = "GET", .path = GetParam().path}),
            GetParam().matches)
      << GetParam().pattern << " " << GetParam().path;
}

INSTANTIATE_TEST_SUITE_P(Table, FaultPaths,
                         ::testing::Values(PathCase{"", "/a", true}, PathCase{"/a", "/a", true},
                                           PathCase{"/a", "/a/b", true}, PathCase{"/b", "/a/b", true},
                                           PathCase{"/a", "/ab", false}, PathCase{"/b", "/ab", false},
                                           PathCase{"/a/b", "/x/a/b/c", true}, PathCase{"/a/", "/a/b", true},
                                           PathCase{"b", "/a/b", true}, PathCase{"*", "/a/b", true},
                                           PathCase{"/ex/*/issue/*", "/ex/jira/1/issue/A-1", true},
                                           PathCase{"/ex/*/issue", "/ex/jira/1/issue/A-1", false},
                                           PathCase{"/a*c", "/abcabc", true},
                                           PathCase{"/a*d", "/abcabc", false}));

TEST(Faults, RateLimitsCarryEveryFamilyOfHeaders) {
  Stage stage(quiet_app());
  fault(
      stage,
      R"({"match":{"target":"jwks"},"action":{"rateLimit":{"reason":"jira-quota-tenant-based","retryAfterSeconds":7}}})");
  const auto answer = stage.api("GET", "/.well-known/jwks.json");
  EXPECT_EQ(answer.status, 429);
  EXPECT_EQ(answer.header("retry-after"), "7");
  EXPECT_EQ(answer.header("ratelimit-reason"), "jira-quota-tenant-based");
  EXPECT_EQ(answer.header("x-ratelimit-remaining"), "0");
}

TEST(Faults, OfDeliveriesSpoilTheFit) {
  Stage stage(quiet_app());
  stage.install();
  fault(stage, R"({"match":{"target":"deliveries","module":"panel"},"action":{"fit":"expired"}})");
  stage.admin("POST", "/_emulator/invoke", R"({"module":"panel","path":"/"})");
  const auto claims = claims_of(stage.last_header("authorization").substr(7));
  EXPECT_LT(claims.at("exp").as_int64(), unix_seconds(kStart));
  EXPECT_EQ(claims.at("exp").as_int64() - claims.at("iat").as_int64(), 25);
}

TEST(Faults, OfDeliveriesSendAnOlderTokenOrNone) {
  Stage stage(quiet_app());
  stage.install();
  const auto exp = [&] { return claims_of(stage.last_header("x-forge-oauth-system")).at("exp").as_int64(); };
  const auto go = [&] { stage.admin("POST", "/_emulator/invoke", R"({"module":"panel","path":"/"})"); };
  go();
  const auto first = exp();
  fault(stage, R"({"match":{"target":"deliveries"},"action":{"token":"stale"}})");
  go();
  EXPECT_LT(exp(), first);
  fault(stage, R"({"action":{"token":"missing"}})");
  go();
  EXPECT_EQ(stage.last_header("x-forge-oauth-system"), "");
  go();
  EXPECT_EQ(exp(), first) << "the stale one was never kept";
}

TEST(Faults, OfDeliveriesPlayTheRemote) {
  Stage stage(quiet_app());
  stage.install();
  fault(stage, R"({"match":{"remote":"backend","operation":"ui"},"action":{"reset":true}})");
  auto answer = stage.admin_json("POST", "/_emulator/invoke", R"({"module":"panel","path":"/"})");
  EXPECT_EQ(text_at(answer, "error"), "Invalid response from remote - remote network error");
  fault(stage, R"({"match":{"target":"deliveries"},"action":{"status":401}})");
  answer = stage.admin_json("POST", "/_emulator/invoke", R"({"module":"panel","path":"/"})");
  EXPECT_EQ(text_at(answer, "error"), "Remote could not verify the Forge Invocation Token");
  EXPECT_TRUE(stage.requests.empty());
  fault(stage, R"({"match":{"target":"deliveries"},"action":{"duplicate":true}})");
  stage.admin("POST", "/_emulator/invoke", R"({"module":"panel","path":"/"})");
  EXPECT_EQ(stage.requests.size(), 2U);
}

TEST(Faults, OfEventsMatchTheEventsName) {
  Stage stage;
  fault(stage,
        R"({"match":{"target":"deliveries","operation":"avi:forge:installed:app"},"action":{"status":500}})");
  const auto installation = stage.install();
  EXPECT_TRUE(stage.requests.empty());
  EXPECT_EQ(installation.at("deliveries").at(0).at("retryReason").as_string(),
            "INVALID_REMOTE_INVOCATION_ERROR");
  stage.admin("POST", "/_emulator/clock/advance", R"({"seconds":60})");
  EXPECT_EQ(stage.requests.size(), 1U);
}

struct BadFault {
  std::string_view body, problem;
};
class FaultRefusals : public ::testing::TestWithParam<BadFault> {};

TEST_P(FaultRefusals, SayWhatIsWrong) {
  Stage stage(quiet_app());
  const auto answer = stage.admin("POST", "/_emulator/faults", std::string(GetParam().body));
  EXPECT_EQ(answer.status, 400);
  const auto detail = text_at(json::parse(answer.body), "detail");
  EXPECT_TRUE(detail.starts_with(GetParam().problem)) << detail;
}

INSTANTIATE_TEST_SUITE_P(
    Table, FaultRefusals,
    ::testing::Values(
        BadFault{"{}", "/action: must say what goes wrong"},
        BadFault{R"({"action":{}})", "/action: must say what goes wrong"},
        BadFault{R"({"action":{"staus":500}})", "/action/staus: is not known here; did you mean status?"},
        BadFault{R"({"action":{"status":99}})", "/action/status: must be a whole number from 200 to 599"},
        BadFault{R"({"action":{"status":500},"count":0})", "/count: must be a whole number"},
        BadFault{R"({"action":{"status":500},"cuont":1})", "/cuont: is not known here; did you mean count?"},
        BadFault{R"({"action":{"delay":"soon"}})", "/action/delay: must be seconds, or a duration"},
        BadFault{R"({"action":{"delay":"2h"}})", "/action/delay: must be seconds, or a duration"},
        BadFault{R"({"action":{"fit":"old"}})", "/action/fit: must be expired,"},
        BadFault{R"({"action":{"token":"x"}})",
                 "/action/token: must be stale, missing, expired, short or opaque"},
        BadFault{R"({"match":{"target":"moon"},"action":{"reset":true}})", "/match/target: must be jwks"},
        BadFault{R"({"match":{"target":"jwks"},"action":{"fit":"expired"}})",
                 "/action: fit, token, installation and duplicate exist for the target deliveries only"},
        BadFault{R"({"match":{"target":"deliveries"},"action":{"malformed":true}})",
                 "/action: the answer to a delivery is the remote's own"},
        BadFault{R"({"action":{"status":500,"headers":{"a b":"x"}}})",
                 "/action/headers: must hold header names"},
        BadFault{"[1]", "must be a JSON object"}, BadFault{"{", "line 1, column 2: the text is not JSON"}));

}  // namespace
}  // namespace tongs::emulator::testing
