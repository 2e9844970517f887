/// Every request of both token sources, failed in turn in every way that a transport knows.

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <tongs/installation.hpp>
#include <tongs/testing/fake_clock.hpp>
#include <tongs/testing/scripted_transport.hpp>
#include <tongs/token_manager.hpp>

#include "support/tokens.hpp"

namespace tongs {
namespace {

using namespace std::chrono_literals;
using testing::account_id;
using testing::FakeClock;
using testing::installation_id;
using testing::ScriptedTransport;

constexpr WallTime kStart{1'700'000'000s};

struct World {
  std::shared_ptr<FakeClock> clock = std::make_shared<FakeClock>(kStart);
  std::shared_ptr<ScriptedTransport> transport = std::make_shared<ScriptedTransport>();
  std::shared_ptr<InstallationCredentials> credentials =
      std::make_shared<InstallationCredentials>(installation_id(), clock);
};

struct Dialect {
  const char* name;
  std::shared_ptr<UserTokenSource> (*make)(const World& world);
  const char* answer;
};

std::shared_ptr<UserTokenSource> make_direct(const World& world) {
  return *direct_token_source({.credentials = world.credentials,
                               .transport = world.transport,
                               .context = *ContextAri::parse("ari:cloud:jira::site/1"),
                               .clock = world.clock});
}
std::shared_ptr<UserTokenSource> make_proxy(const World& world) {
  return *proxy_token_source({.proxy_url = "http://127.0.0.1:7072",
                              .installation = installation_id(),
                              .transport = world.transport,
                              .credentials = world.credentials,
                              .clock = world.clock});
}

/// The longest conversation there is: the system token is refused, another one has come, that one is
/// accepted. The step numbered `failing` fails with `code` instead.
void script(World& world, const char* answer, std::size_t failing, Errc code) {
  const std::vector<std::function<HttpResponse()>> steps = {
      [&world] {
        world.credentials->offer(Secret("renewed"), kStart + 7200s);
        return HttpResponse{.status = 401};
      },
      [answer] { return HttpResponse{.status = 200, .headers = {}, .body = answer}; }};
  for (std::size_t i = 0; i < steps.size(); ++i) {
    world.transport->run([step = steps[i], fails = i == failing, code](
                             const HttpRequest&, const CallOptions&) -> Result<HttpResponse> {
      if (fails) return Error(code, "failed by the test");
      return step();
    });
  }
}

class TokenSourceFaults : public ::testing::TestWithParam<Dialect> {};

TEST_P(TokenSourceFaults, EachFailureOfTheTransportReachesTheCallerAndEndsTheConversation) {
  constexpr std::size_t steps = 2;
  for (std::size_t failing = 0; failing < steps; ++failing) {
    for (const Errc code : {Errc::transport_failed, Errc::malformed_response, Errc::deadline_exceeded,
                            Errc::cancelled, Errc::invalid_argument}) {
      World world;
      world.credentials->offer(Secret("system-token"), kStart + 3600s);
      script(world, GetParam().answer, failing, code);
      const auto token = GetParam().make(world)->fetch(account_id(), {});
      ASSERT_FALSE(token) << failing << to_string(code);
      EXPECT_EQ(token.error().code(), code) << failing;
      EXPECT_EQ(world.transport->count(), failing + 1) << "nothing is repeated";
      EXPECT_TRUE(world.credentials->current()) << "a failure says nothing about the system token";
    }
  }
}

TEST_P(TokenSourceFaults, TheConversationSucceedsWhenNothingFails) {
  World world;
  world.credentials->offer(Secret("system-token"), kStart + 3600s);
  script(world, GetParam().answer, 2, Errc::internal);
  EXPECT_TRUE(GetParam().make(world)->fetch(account_id(), {}));
  EXPECT_EQ(world.transport->unused(), 0U);
}

TEST_P(TokenSourceFaults, AnAnswerCutShortAnywhereIsMalformed) {
  const std::string whole = GetParam().answer;
  for (std::size_t length = 0; length < whole.size(); ++length) {
    World world;
    world.credentials->offer(Secret("system-token"), kStart + 3600s);
    world.transport->answer(200, whole.substr(0, length));
    const auto token = GetParam().make(world)->fetch(account_id(), {});
    ASSERT_FALSE(token) << length;
    EXPECT_EQ(token.error().code(), Errc::malformed_response) << length;
  }
}

TEST_P(TokenSourceFaults, WhateverFailsALivingTokenIsServedAndTheSourceLeftAlone) {
  for (const int status : {301, 400, 401, 403, 404, 429, 500, 503}) {
    World world;
    world.credentials->offer(Secret("system-token"), kStart + 7200s);
    world.transport->answer(200, GetParam().answer).answer(status, "failed by the test");
    TokenManager manager(GetParam().make(world), {}, world.clock);
    ASSERT_TRUE(manager.get_token(account_id()));
    world.clock->advance(3590s);
    EXPECT_TRUE(manager.get_token(account_id())) << status;
    EXPECT_TRUE(manager.get_token(account_id())) << status;
    EXPECT_EQ(world.transport->count(), 2U) << status;
  }
}

INSTANTIATE_TEST_SUITE_P(
    BothDialects, TokenSourceFaults,
    ::testing::Values(
        Dialect{
            "direct", make_direct,
            R"({"data":{"offlineUserAuthToken":{"success":true,"authToken":{"token":"abc","ttl":3600}}}})"},
        Dialect{"proxy", make_proxy,
                R"({"data":{"offlineUserAuthToken":{"accessToken":"abc","expiry":1700003600}}})"}),
    [](const auto& dialect) { return dialect.param.name; });

}  // namespace
}  // namespace tongs
