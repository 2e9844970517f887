#include <string>

#include <gtest/gtest.h>

#include <tongs/clock.hpp>
#include <tongs/json.hpp>
#include <tongs/testing/test_issuer.hpp>

#include "base/base64url.hpp"
#include "support/loopback_server.hpp"
#include "support/program.hpp"
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
  for (const std::string& input : {token, "Bearer " + token + "\n", "  " + token + "\r\n"}) {
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
  for (const std::string& input :
       {std::string(), std::string("no token"), token.substr(0, token.rfind('.')), "a.b.c" + token}) {
    const Outcome outcome = kTongs.run({"token", "inspect", "-"}, input);
    EXPECT_EQ(outcome.status, 2) << input;
    EXPECT_EQ(outcome.out, "");
    EXPECT_TRUE(outcome.err.starts_with("tongs: ")) << outcome.err;
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
  testing::TestFit staging = fit;
  staging.api_base_url = "https://api.stg.atlassian.com/ex/jira/d0d52620-3203-4cfa-8db5-f2587155f0dd";
  std::string changed = token;
  changed[changed.size() - 20] = changed[changed.size() - 20] == 'A' ? 'B' : 'A';
  const std::vector<Case> cases{
      {token, "1700175300", "token_expired", "it expired 2 min before the time of --at"},
      {token, "1800000000", "token_expired", "its own time is 1700175149"},
      {token, "1700000000", "token_not_yet_valid", "before the token's own, which is 1700175149"},
      {issuer().sign(foreign), kDuringItsLife, "audience_mismatch", "11111111-1f32-48bb-8c52-5877dab48107"},
      {stranger.sign(fit), kDuringItsLife, "key_unknown", "older than the last rotation"},
      {stranger.sign(staging), kDuringItsLife, "key_unknown", "Atlassian's staging"},
      {changed, kDuringItsLife, "signature_invalid", "changed on its way"},
      {token.substr(0, token.size() / 2), kDuringItsLife, "token_malformed", "copy the whole header value"},
      {issuer().sign(R"({"alg":"none"})", fit.json()), kDuringItsLife, "algorithm_not_allowed",
       "RS256 alone"},
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
  EXPECT_NE(said_of(-std::chrono::hours(3)).find("the clock of this machine is behind"), std::string::npos);
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
