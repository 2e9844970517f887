#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <tongs/clock.hpp>
#include <tongs/json.hpp>
#include <tongs/testing/test_issuer.hpp>

#include "base/base64url.hpp"
#include "support/loopback_server.hpp"
#include "support/program.hpp"
#include "support/replaced.hpp"
#include "support/scratch_folder.hpp"

namespace tongs {
namespace {

using test::Outcome;

const test::Program kTongs(TONGS_BINARY);
constexpr const char* kDuringItsLife = "1700175150";

class Fit : public ::testing::Test {
 protected:
  /// `tongs token verify` with the keys of the issuer, during the life of the token unless said otherwise.
  Outcome verify(const std::string& given, const std::string& at = kDuringItsLife,
                 const std::string& format = "human", std::string_view input = {}) const {
    std::vector<std::string> arguments{"token", "verify", "--app-id", fit.app_id, "--jwks",
                                       jwks,    "--at",   at,         "--format", format};
    if (!given.empty()) arguments.push_back(given);
    return kTongs.run(arguments, input);
  }
  static const testing::TestIssuer& issuer() {
    static const auto* const made = new testing::TestIssuer;
    return *made;
  }

  testing::TestFit fit;
  std::string token = issuer().sign(fit);
  test::ScratchFolder folder;
  std::string jwks = folder.write("jwks.json", issuer().jwks());
};

TEST_F(Fit, IsShownWithoutProof) {
  const Outcome outcome = kTongs.run({"token", "inspect", token});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_TRUE(outcome.out.starts_with("not verified")) << outcome.out;
  EXPECT_NE(outcome.out.find("\"iss\": \"forge/invocation-token\""), std::string::npos);
  EXPECT_NE(outcome.out.find("exp  2023-11-16T22:52:54Z  expired "), std::string::npos);
  EXPECT_EQ(outcome.out.find(token.substr(0, 40)), std::string::npos) << "the token itself is never printed";
}

TEST_F(Fit, IsReadFromStandardInputInAnyWrapping) {
  for (const std::string& input :
       {token, "Bearer " + token + "\n", "  " + token + "\r\n", "BEARER  " + token, "\"" + token + "\"",
        "> authorization: Bearer " + token + "\r\n", "  \"Authorization\": \"Bearer " + token + "\",\n",
        "-H 'Authorization: Bearer " + token + "'"}) {
    const Outcome outcome = kTongs.run({"token", "inspect", "--format", "json"}, input);
    EXPECT_EQ(outcome.status, 0);
    const auto shown = JsonDocument::parse(outcome.out);
    ASSERT_TRUE(shown) << outcome.out;
    EXPECT_EQ((*shown)["verified"].boolean(), false);
    EXPECT_EQ((*shown)["claims"]["iss"].string_or(""), fit.issuer);
    EXPECT_EQ((*shown)["times"]["exp"]["at"].string_or(""), "2023-11-16T22:52:54Z");
  }
}

TEST_F(Fit, IsNotShownIfItIsNone) {
  for (const std::string& input : {std::string(), std::string("Bearer "), std::string("no token"),
                                   token.substr(0, token.rfind('.')), "a.b.c" + token}) {
    const Outcome outcome = kTongs.run({"token", "inspect", "-"}, input);
    EXPECT_EQ(outcome.status, 2) << input;
    EXPECT_EQ(outcome.out, "");
    EXPECT_TRUE(outcome.err.starts_with("tongs: ")) << outcome.err;
  }
}

TEST_F(Fit, SaysHowItWasDamaged) {
  const std::string begin = token.substr(0, token.find('.')), end = token.substr(token.rfind('.'));
  const std::vector<std::pair<std::string, std::string_view>> cases{
      {begin.substr(0, 20), "cut off in its first part"},
      {token.substr(0, token.size() / 2), "cut off in its second part"},
      {token.substr(0, token.size() - end.size() + 1), "the signature is cut off"},
      {token.substr(0, token.size() - 1), "not as long as an RSA signature"},
      {token.substr(0, token.size() - 40), "not as long as an RSA signature"},
      {token + "AAAA", "not as long as an RSA signature"},
      {token.substr(20), "its beginning is missing"},
      {token.substr(0, 90) + "...", "it was shortened where it was shown"},
      {token.substr(0, 90) + "\u2026", "it was shortened where it was shown"},
      {token.substr(0, 76) + "\n" + token.substr(76), "put it on one line"},
      {"Bearer%20" + token, "percent-encoded"},
      {token + "==", "it was encoded again"},
      {token + ".AAAA", "something was appended"},
      {token + ".AAAA.AAAA", "it is encrypted"},
      {"ATOAuthToken", "it is no JWT"},
  };
  for (const auto& [given, damage] : cases) {
    const Outcome verdict = verify("-", kDuringItsLife, "human", given);
    EXPECT_EQ(verdict.status, 1) << verdict.err;
    EXPECT_NE(verdict.out.find(damage), std::string::npos) << verdict.out << damage;
    const Outcome shown = kTongs.run({"token", "inspect"}, given);
    EXPECT_TRUE(shown.status == 0 || shown.err.find(damage) != std::string::npos) << shown.err << damage;
  }
}

TEST_F(Fit, CannotSteerTheTerminal) {
  const std::string hostile = issuer().sign(R"({"a":"\u001b[31m\u009b"})");
  const Outcome outcome = kTongs.run({"token", "inspect"}, hostile);
  EXPECT_EQ(outcome.out.find('\x1b'), std::string::npos);
  EXPECT_EQ(outcome.out.find("\xc2\x9b"), std::string::npos);
}

TEST_F(Fit, IsValidDuringItsLife) {
  const Outcome outcome = verify(token);
  EXPECT_EQ(outcome.status, 0) << outcome.out << outcome.err;
  EXPECT_TRUE(outcome.out.starts_with("valid, expires in 24 s\n")) << outcome.out;
  EXPECT_NE(outcome.out.find("iat  2023-11-16T22:52:29Z  issued 1 s ago\n"), std::string::npos);
  const auto report = JsonDocument::parse(verify("", kDuringItsLife, "json", token).out);
  ASSERT_TRUE(report);
  EXPECT_EQ((*report)["valid"].boolean(), true);
  EXPECT_EQ((*report)["claims"]["aud"].string_or(""), fit.app_id);
  EXPECT_FALSE((*report)["error"]);
}

TEST_F(Fit, IsJudgedAsOfAWrittenTimeToo) {
  EXPECT_EQ(kTongs
                .run({"token", "verify", "--app-id", "8db33809-1f32-48bb-8c52-5877dab48107", "--jwks", jwks,
                      "--at", "2023-11-16T22:52:50Z", token})
                .status,
            0);
}

TEST_F(Fit, IsRefusedWithItsReason) {
  struct Case {
    std::string token;
    std::string at;
    std::string_view error;
    std::string_view hint;
  };
  testing::TestFit foreign = fit;
  foreign.app_id = "ari:cloud:ecosystem::app/11111111-1f32-48bb-8c52-5877dab48107";
  const testing::TestIssuer stranger;
  std::string changed = token;
  changed[changed.size() - 20] = changed[changed.size() - 20] == 'A' ? 'B' : 'A';
  const std::vector<Case> cases{
      {token, "1700175300", "token_expired", "it expired 2 min before the time of --at"},
      {token, "1800000000", "token_expired", "its own time is 1700175149"},
      {token, "1700000000", "token_not_yet_valid", "before the token's own, which is 1700175149"},
      {issuer().sign(foreign), kDuringItsLife, "audience_mismatch", "11111111-1f32-48bb-8c52-5877dab48107"},
      {stranger.sign(fit), kDuringItsLife, "key_unknown", "older than the last rotation"},
      {changed, kDuringItsLife, "signature_invalid", "changed on its way"},
      {token.substr(0, token.size() / 2), kDuringItsLife, "token_malformed", "copy the whole header value"},
      {issuer().sign(R"({"alg":"none"})", fit.json()), kDuringItsLife, "algorithm_not_allowed",
       "it is not signed at all"},
      {issuer().sign(R"({"alg":"HS256"})", fit.json()), kDuringItsLife, "algorithm_not_allowed",
       "as Connect does"},
      {issuer().sign(R"({"alg":"PS256"})", fit.json()), kDuringItsLife, "algorithm_not_allowed",
       "RS256 alone"},
      {issuer().sign(R"({"a":1})"), kDuringItsLife, "token_malformed",
       "no Forge Invocation Token: take the one of the header 'authorization'"},
      {issuer().sign(replaced(fit.json(), fit.issuer, "https://auth.atlassian.com")), kDuringItsLife,
       "issuer_mismatch", "it is of 'https://auth.atlassian.com'"},
      {issuer().sign(replaced(fit.json(), "\"jti\"", "\"x\"")), kDuringItsLife, "token_malformed",
       "Forge makes none like it"},
      {issuer().sign(replaced(fit.json(), "\"aud\":\"" + fit.app_id + "\"", "\"aud\":[\"a\",\"b\"]")),
       kDuringItsLife, "audience_mismatch", "a list of receivers"},
      {issuer().sign(
           replaced(fit.json(), "\"id\":\"" + fit.app_id + "\"", "\"id\":\"ari:cloud:ecosystem::app/0\"")),
       kDuringItsLife, "audience_mismatch", "says of itself that it comes from 'ari:cloud:ecosystem::app/0'"},
      {issuer().sign(replaced(fit.json(), "\"aud\":\"" + fit.app_id + "\"", "\"aud\":\"https://me\"")),
       kDuringItsLife, "audience_mismatch", "for 'https://me', which is no Forge app"},
  };
  for (const Case& refused : cases) {
    const Outcome outcome = verify(refused.token, refused.at);
    EXPECT_EQ(outcome.status, 1) << refused.error << outcome.err;
    EXPECT_TRUE(outcome.out.starts_with("refused: ")) << outcome.out;
    EXPECT_NE(outcome.out.find("[" + std::string(refused.error) + "]"), std::string::npos) << outcome.out;
    EXPECT_NE(outcome.out.find(refused.hint), std::string::npos) << outcome.out;
    EXPECT_EQ(verify(refused.token, refused.at, "json").out,
              R"({"valid":false,"error":")" + std::string(refused.error) + "\"}\n");
  }
}

TEST_F(Fit, SaysWhichKeysWouldDoIfItIsFromElsewhere) {
  const testing::TestIssuer elsewhere;
  const auto hint_on = [&](const std::string& api, const std::string& label = {}) {
    testing::TestFit other = fit;
    other.api_base_url = api;
    other.ic_label = label;
    return verify(elsewhere.sign(other)).out;
  };
  const std::vector<std::pair<std::string, std::string>> places{
      {"https://api.stg.atlassian.com/ex/jira/x",
       "--jwks https://forge.cdn.stg.atlassian-dev.net/.well-known/jwks.json, and never accept"},
      {"https://api.atlassian-us-gov-mod.com/ex/jira/x",
       "--jwks https://forge.cdn.prod.atlassian-dev-us-gov-mod.net/.well-known/jwks.json\n"},
      {"https://api.stg.atlassian-us-gov-mod.com/ex/jira/x",
       "--jwks https://forge.cdn.stg.atlassian-dev-us-gov-mod.net/.well-known/jwks.json, and never accept"},
      {"http://127.0.0.1:7080/ex/jira/x", "an emulator on this machine"},
      {"http://127.0.0.1:7080/ex/jira/x", "--jwks http://127.0.0.1:7080/.well-known/jwks.json\n"},
      {"https://api.atlassian.com/ex/jira/x", "names the key '" + elsewhere.kid() + "'"},
      {"https://api.stg.atlassian.com.evil.example/", "older than the last rotation"},
  };
  for (const auto& [api, expected] : places) {
    EXPECT_NE(hint_on(api).find(expected), std::string::npos) << hint_on(api);
  }
  EXPECT_NE(hint_on(fit.api_base_url, "acme").find("the Isolated Cloud 'acme'"), std::string::npos);
}

TEST_F(Fit, SaysWhoElseMadeItIfTheKeysArePublished) {
  const std::string keys = issuer().jwks();
  const test::LoopbackServer server([&](test::Connection& peer) {
    (void)peer.read_head();
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(keys.size()) + "\r\n\r\n" + keys);
  });
  const testing::TestIssuer stranger;
  jwks = server.url("/.well-known/jwks.json");
  EXPECT_NE(verify(stranger.sign(fit)).out.find("it was withdrawn since, or somebody else"),
            std::string::npos);
  testing::TestFit fresh = fit;
  fresh.issued_at = Clock::system()->wall_now();
  EXPECT_NE(kTongs.run({"token", "verify", "--app-id", fit.app_id, "--jwks", jwks, stranger.sign(fresh)})
                .out.find("not published there: somebody else signed the token"),
            std::string::npos);
  testing::TestFit emulated = fit;
  emulated.api_base_url = server.url("/ex/jira/x");
  const std::string of_emulator = verify(stranger.sign(emulated)).out;
  EXPECT_NE(of_emulator.find("somebody else signed the token"), std::string::npos)
      << of_emulator << "who has the keys of the emulator already is not told to use them";
}

TEST_F(Fit, BlamesTheClockOnlyIfItWasAsked) {
  const auto said_of = [&](std::chrono::seconds age) {
    testing::TestFit aged = fit;
    aged.issued_at = Clock::system()->wall_now() - age;
    const Outcome outcome =
        kTongs.run({"token", "verify", "--app-id", fit.app_id, "--jwks", jwks, issuer().sign(aged)});
    EXPECT_EQ(outcome.status, 1) << outcome.err;
    return outcome.out;
  };
  EXPECT_NE(said_of(std::chrono::minutes(3)).find("the clock of this machine is ahead"), std::string::npos);
  EXPECT_NE(said_of(std::chrono::hours(3)).find("2 h ago: a FIT lives 25 s; check it"), std::string::npos);
  EXPECT_NE(said_of(-std::chrono::hours(3)).find("or the token was made for later"), std::string::npos);
  EXPECT_NE(said_of(-std::chrono::minutes(3)).find("the clock of this machine is behind"), std::string::npos);
  EXPECT_EQ(verify(token, "1700000000").out.find("clock of this machine"), std::string::npos);
}

TEST_F(Fit, IsUndecidedWithoutKeys) {
  const Outcome outcome = kTongs.run({"token", "verify", "--app-id", fit.app_id, "--jwks",
                                      "http://127.0.0.1:1/jwks.json", "--at", kDuringItsLife, token});
  EXPECT_EQ(outcome.status, 3) << outcome.out;
  EXPECT_TRUE(outcome.out.starts_with("undecided: ")) << outcome.out;
  EXPECT_NE(outcome.out.find("[keys_unavailable]"), std::string::npos);
}

TEST_F(Fit, IsNotJudgedByTheKeysOfAProxyBetweenThisMachineAndItself) {
  const std::string keys = issuer().jwks();
  const test::LoopbackServer proxy([&](test::Connection& peer) {
    (void)peer.read_head();
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(keys.size()) + "\r\n\r\n" + keys);
  });
  const Outcome outcome = kTongs.run({"token", "verify", "--app-id", fit.app_id, "--jwks",
                                      "http://127.0.0.1:1/jwks.json", "--at", kDuringItsLife, token},
                                     {}, {"http_proxy=" + proxy.url()});
  EXPECT_EQ(outcome.status, 3) << outcome.out;
  EXPECT_EQ(proxy.connections(), 0);
}

TEST_F(Fit, NeedsArgumentsThatMakeSense) {
  const auto complaint = [&](const std::string& app, const std::string& keys, const std::string& at,
                             const std::string& given) {
    const Outcome outcome =
        kTongs.run({"token", "verify", "--app-id", app, "--jwks", keys, "--at", at, given});
    EXPECT_EQ(outcome.status, 2) << outcome.out;
    return outcome.err.substr(0, outcome.err.find(": ", 7));
  };
  const std::string missing = folder.path().string() + "/none.json";
  EXPECT_EQ(complaint("not an id", jwks, kDuringItsLife, token), "tongs: --app-id");
  EXPECT_EQ(complaint(fit.app_id, jwks, "yesterday", token), "tongs: --at");
  EXPECT_EQ(complaint(fit.app_id, missing, kDuringItsLife, token), "tongs: --jwks");
  EXPECT_EQ(complaint(fit.app_id, folder.write("no.json", "{}"), kDuringItsLife, token), "tongs: --jwks");
  EXPECT_EQ(complaint(fit.app_id, jwks, kDuringItsLife, "-"), "tongs: there is no token");
}

}  // namespace
}  // namespace tongs
