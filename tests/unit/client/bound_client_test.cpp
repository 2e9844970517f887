#include <gtest/gtest.h>

#include <tongs/client.hpp>
#include <tongs/testing/mock_adapter.hpp>

#include "client/bound_client_state.hpp"
#include "support/fake_waiter.hpp"

namespace tongs {
namespace {

using namespace std::chrono_literals;
using detail::BoundClientAccess;
using testing::MockAdapter;
using Pauses = std::vector<std::chrono::milliseconds>;

const ApiRequest kGet{.path = "/a"};
const ApiRequest kPost{.method = "POST", .path = "/a", .body = "{}"};

class BoundClientTest : public ::testing::Test {
 protected:
  BoundClientAccess::State state() {
    return {.adapter = adapter_, .retry = {.max_attempts = 4, .base = 500ms, .cap = 30s}, .waiter = waiter_};
  }
  BoundClient client() { return BoundClientAccess::make(state()); }

  std::shared_ptr<MockAdapter> adapter_ = std::make_shared<MockAdapter>();
  std::shared_ptr<test::FakeWaiter> waiter_ = std::make_shared<test::FakeWaiter>();
};

AsOfflineUser user(std::string_view token) {
  return {AccessToken(*AccountId::parse("a"), Secret(token), WallTime(4'000'000'000s))};
}
std::string token_of(const Identity& identity) {
  return std::string(std::get<AsOfflineUser>(identity).token.reveal());
}

TEST_F(BoundClientTest, GivesTheAnswerOfASuccess) {
  for (const int status : {200, 201, 204, 207, 303}) {
    adapter_->answer(status, "body");
    const auto answer = client().send(kGet);
    ASSERT_TRUE(answer) << status;
    EXPECT_EQ(answer->status, status);
    EXPECT_EQ(answer->body, "body");
  }
  EXPECT_TRUE(waiter_->pauses().empty());
}

TEST_F(BoundClientTest, ExplainsAFailureInThePeersWords) {
  adapter_->answer(404, R"({"errorMessages":["no such issue"],"errors":{}})");
  const auto answer = client().send(kGet);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code(), Errc::not_found);
  EXPECT_EQ(answer.error().remote()->messages.at(0), "no such issue");
  EXPECT_EQ(adapter_->count(), 1U);
}

TEST_F(BoundClientTest, RepeatsWhatPassesUnderAGrowingCap) {
  adapter_->answer(503).answer(502).fail(Error(Errc::transport_failed, "reset")).answer(200);
  EXPECT_TRUE(client().send(kGet));
  EXPECT_EQ(waiter_->pauses(), (Pauses{500ms, 1s, 2s}));
}

TEST_F(BoundClientTest, GivesUpAfterTheLastAttemptWithTheLastFailure) {
  adapter_->answer(503).answer(503).answer(503).answer(504);
  const auto answer = client().send(kGet);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().remote()->http_status, 504);
  EXPECT_EQ(adapter_->count(), 4U);
  EXPECT_EQ(adapter_->unused(), 0U);
}

TEST_F(BoundClientTest, DoesNotRepeatWhatCouldHappenTwice) {
  for (const char* method : {"POST", "PATCH"}) {
    adapter_->answer(503);
    EXPECT_FALSE(client().send({.method = method, .path = "/a"}));
  }
  EXPECT_EQ(adapter_->count(), 2U);
  EXPECT_TRUE(waiter_->pauses().empty());
}

TEST_F(BoundClientTest, RepeatsAPostThatOnlyReads) {
  adapter_->answer(503).answer(200);
  EXPECT_TRUE(client().send({.method = "POST", .path = "/a", .idempotent = true}));
}

TEST_F(BoundClientTest, DoesNotRepeatWhatWillFailAgain) {
  for (const int status : {400, 403, 404, 409, 500, 501}) {
    adapter_->answer(status);
    EXPECT_FALSE(client().send(kGet)) << status;
  }
  EXPECT_TRUE(waiter_->pauses().empty());
}

TEST_F(BoundClientTest, WaitsAsLongAsThePeerAsks) {
  adapter_->answer(429, "", {{"Retry-After", "60"}}).answer(200);
  EXPECT_TRUE(client().send(kGet));
  EXPECT_EQ(waiter_->pauses(), Pauses{60s + 500ms});
}

TEST_F(BoundClientTest, GivesUpAtOnceIfTheWaitWouldPassTheDeadline) {
  adapter_->answer(429, "", {{"Retry-After", "60"}});
  const auto answer = client().send(kGet, {.deadline = waiter_->now().mono + 60s});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code(), Errc::rate_limited);
  EXPECT_EQ(answer.error().retry_after(), 60s);
  EXPECT_TRUE(waiter_->pauses().empty());
}

TEST_F(BoundClientTest, AStopEndsAWait) {
  std::stop_source stop;
  waiter_->during_wait = [&] { stop.request_stop(); };
  adapter_->answer(503);
  const auto answer = client().send(kGet, {.stop = stop.get_token()});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code(), Errc::cancelled);
  ASSERT_NE(answer.error().cause(), nullptr);
  EXPECT_EQ(answer.error().cause()->code(), Errc::unavailable);
  EXPECT_EQ(adapter_->count(), 1U);
}

TEST_F(BoundClientTest, ADeadlineKnowsWhatWentWrongBefore) {
  adapter_->answer(503).fail(Error(Errc::deadline_exceeded, "too late"));
  const auto answer = client().send(kGet);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code(), Errc::deadline_exceeded);
  ASSERT_NE(answer.error().cause(), nullptr);
  EXPECT_EQ(answer.error().cause()->code(), Errc::unavailable);
}

TEST_F(BoundClientTest, ARefusedCredentialIsRenewedOnceWhateverTheMethod) {
  std::vector<std::string> refused;
  int asked = 0;
  auto renewing = state();
  renewing.retry.max_attempts = 1;
  renewing.renew = [&](const CallOptions&) -> Result<Identity> {
    return Identity(user("t" + std::to_string(++asked)));
  };
  renewing.refuse = [&](const Identity& identity) { refused.push_back(token_of(identity)); };
  adapter_->answer(401).answer(200);
  EXPECT_TRUE(BoundClientAccess::make(renewing).send(kPost));
  EXPECT_EQ(refused, std::vector<std::string>{"t1"});
  EXPECT_EQ(token_of(adapter_->last_call()->identity), "t2");

  adapter_->answer(401).answer(401);
  const auto answer = BoundClientAccess::make(renewing).send(kPost);
  EXPECT_EQ(answer.error().code(), Errc::rejected);
  EXPECT_EQ(refused.size(), 2U);
  EXPECT_EQ(adapter_->count(), 4U);
  EXPECT_TRUE(waiter_->pauses().empty());
}

TEST_F(BoundClientTest, ARenewalDoesNotUseUpAnAttempt) {
  auto renewing = state();
  renewing.retry.max_attempts = 2;
  renewing.renew = [&](const CallOptions&) -> Result<Identity> { return Identity(user("t")); };
  adapter_->answer(401).answer(503).answer(200);
  EXPECT_TRUE(BoundClientAccess::make(renewing).send(kGet));
}

TEST_F(BoundClientTest, AScopeMismatchIsNotHealedByAnotherToken) {
  int refusals = 0;
  auto renewing = state();
  renewing.renew = [&](const CallOptions&) -> Result<Identity> { return Identity(user("t")); };
  renewing.refuse = [&](const Identity&) { ++refusals; };
  adapter_->answer(401, "", {{"X-Failure-Category", "FAILURE_CLIENT_SCOPE_CHECK"}});
  EXPECT_EQ(BoundClientAccess::make(renewing).send(kGet).error().code(), Errc::rejected);
  EXPECT_EQ(refusals, 0);
  EXPECT_EQ(adapter_->count(), 1U);
}

TEST_F(BoundClientTest, WithoutRenewalTheAdapterSaysWhetherThereIsAnotherCredential) {
  adapter_->answer(401);
  EXPECT_EQ(client().send(kGet).error().code(), Errc::rejected);
  EXPECT_EQ(adapter_->rejected().size(), 1U);

  adapter_->offer_other_credentials(9);
  adapter_->answer(401).answer(200);
  EXPECT_TRUE(client().send(kPost));
  adapter_->answer(401).answer(401).answer(200);
  EXPECT_FALSE(client().send(kPost));
  EXPECT_EQ(adapter_->unused(), 1U);
}

TEST_F(BoundClientTest, AFailedRenewalIsTheEndOfAPostOnlyIfItWillFailAgain) {
  int asked = 0;
  auto renewing = state();
  renewing.renew = [&](const CallOptions&) -> Result<Identity> {
    if (++asked == 1) return Error(Errc::unavailable, "the source is down");
    return Identity(user("t"));
  };
  EXPECT_TRUE(BoundClientAccess::make(renewing).send(kPost));  // the POST itself was sent once
  EXPECT_EQ(adapter_->count(), 1U);

  int refusals = 0;
  RemoteDetail unauthorised;
  unauthorised.http_status = 401;
  renewing.renew = [&](const CallOptions&) -> Result<Identity> {
    return Error(Errc::rejected, "the source refused").with_remote(unauthorised);
  };
  renewing.refuse = [&](const Identity&) { ++refusals; };
  EXPECT_EQ(BoundClientAccess::make(renewing).send(kGet).error().message(), "the source refused");
  EXPECT_EQ(refusals, 0);
  EXPECT_EQ(adapter_->count(), 1U);
}

TEST_F(BoundClientTest, AnErrorBeforeTheWireIsNotRepeated) {
  adapter_->fail(Error(Errc::invalid_argument, "bad path"));
  EXPECT_EQ(client().send(kGet).error().message(), "bad path");
  EXPECT_TRUE(waiter_->pauses().empty());
}

TEST_F(BoundClientTest, JsonIsParsed) {
  adapter_->answer(200, R"({"key":"PROJ-1"})");
  const auto document = client().send_json(kGet);
  ASSERT_TRUE(document);
  EXPECT_EQ((*document)["key"].string(), "PROJ-1");
}

TEST_F(BoundClientTest, AnEmptyAnswerIsNull) {
  adapter_->answer(204);
  const auto document = client().send_json(kGet);
  ASSERT_TRUE(document);
  EXPECT_TRUE(document->root().is_null());
}

TEST_F(BoundClientTest, AnAnswerThatIsNoJsonIsMalformed) {
  adapter_->answer(200, "<html>log in</html>", {{"atl-traceid", "t"}});
  const auto document = client().send_json(kGet);
  ASSERT_FALSE(document);
  EXPECT_EQ(document.error().code(), Errc::malformed_response);
  EXPECT_NE(document.error().cause(), nullptr);
  EXPECT_EQ(document.error().remote()->request_id, "t");
  EXPECT_EQ(document.error().message().find("html"), std::string_view::npos);
}

TEST_F(BoundClientTest, APolicyBelongsToItsCopy) {
  const auto patient = client();
  const auto hasty = patient.with_retry({.max_attempts = 1});
  adapter_->answer(503);
  EXPECT_FALSE(hasty.send(kGet));
  EXPECT_EQ(adapter_->count(), 1U);
  adapter_->answer(503).answer(200);
  EXPECT_TRUE(patient.send(kGet));
}

TEST_F(BoundClientTest, IdentitiesReachTheAdapter) {
  EXPECT_TRUE(as_app(adapter_).send(kGet));
  EXPECT_TRUE(std::holds_alternative<AsApp>(adapter_->last_call()->identity));
  EXPECT_TRUE(as_user(adapter_, Secret("u")).send(kGet));
  EXPECT_EQ(std::get<AsUser>(adapter_->last_call()->identity).token->reveal(), "u");
  EXPECT_TRUE(as_offline_user(adapter_, user("o").token).send(kGet));
  EXPECT_EQ(token_of(adapter_->last_call()->identity), "o");
  EXPECT_EQ(as_app(adapter_).product(), Product::jira);
}

TEST(SystemWaiter, AStopEndsAWaitOfTheRealOne) {
  std::stop_source stop;
  stop.request_stop();
  detail::Waiter::system()->wait(std::chrono::hours(1), {.stop = stop.get_token()});
  detail::Waiter::system()->wait(0ms, {});
}

}  // namespace
}  // namespace tongs
