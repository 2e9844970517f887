#include "gateway/ingress/invocation_verifier.hpp"

#include <optional>

#include <gtest/gtest.h>

#include <tongs/testing/fake_clock.hpp>
#include <tongs/testing/test_issuer.hpp>

#include "common/net/timer.hpp"

namespace tongs::gateway {
namespace {

using tongs::testing::FakeClock;
using tongs::testing::TestFit;
using tongs::testing::TestIssuer;

/// A key server that answers when the test says.
class HeldTransport final : public AsyncTransport {
 public:
  HeldTransport(net::Context& context, std::string jwks) : released_(context), jwks_(std::move(jwks)) {
    released_.expires_at(net::Steady::time_point::max());
  }
  net::Task<Result<HttpResponse>> send(HttpRequest, MonoTime) override {
    ++requests;
    (void)co_await released_.async_wait(net::use_tuple);
    HttpResponse answer;
    answer.status = 200;
    answer.body = jwks_;
    co_return answer;
  }
  void release() { released_.cancel(); }

  int requests = 0;

 private:
  net::Timer released_;
  std::string jwks_;
};

class InvocationVerifierTest : public ::testing::Test {
 protected:
  using Answer = Result<std::shared_ptr<const Verdict>>;

  void verify() {
    net::asio::co_spawn(
        reactor.context,
        [this]() -> net::Task<> {
          auto found = co_await verifier.verify(token, rules);
          answer = std::move(found);
        },
        net::asio::detached);
    run();
  }
  /// Lets everything happen that can happen now.
  void run() {
    reactor.context.restart();
    reactor.context.poll();
  }

  net::Reactor reactor;
  const TestIssuer issuer;
  const std::string token = issuer.sign(TestFit());
  std::shared_ptr<HeldTransport> server = std::make_shared<HeldTransport>(reactor.context, issuer.jwks());
  KeyDirectory keys{std::make_unique<KeyHub>(
      reactor, "forge",
      AsyncKeySource::create(reactor.context, "https://keys.example.com/jwks", server).value())};
  const VerifyRules rules{.apps = {AppId::parse(TestFit().app_id).value()}, .keys = &keys, .policy = {}};
  InvocationVerifier verifier{16, std::make_shared<FakeClock>()};
  std::optional<Answer> answer;
};

TEST_F(InvocationVerifierTest, RemembersAVerdictAndTheKeyThatItNeeded) {
  verify();
  ASSERT_FALSE(answer) << "the key has not come";
  server->release();
  run();
  ASSERT_TRUE(answer && *answer);
  EXPECT_EQ(verifier.recall(token, rules, net::Steady::now()), **answer);
  verifier.forget();
  EXPECT_EQ(verifier.recall(token, rules, net::Steady::now()), nullptr);
  verify();
  EXPECT_TRUE(*answer);
  EXPECT_EQ(server->requests, 1);
}

TEST_F(InvocationVerifierTest, RemembersNothingThatBeganUnderRulesOfBefore) {
  verify();
  verifier.forget();
  server->release();
  run();
  ASSERT_TRUE(answer && *answer) << "it is answered by the rules that it began under";
  EXPECT_EQ(verifier.recall(token, rules, net::Steady::now()), nullptr);
}

}  // namespace
}  // namespace tongs::gateway
