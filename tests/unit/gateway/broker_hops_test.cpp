#include <optional>

#include <gtest/gtest.h>

#include "common/net/timer.hpp"
#include "gateway/broker/broker.hpp"
#include "support/passive_sources.hpp"
#include "support/vault_fixture.hpp"

namespace tongs::gateway {
namespace {

using vault::testing::account_id;
using vault::testing::installation;
using vault::testing::installation_id;

/// A platform that lets everybody wait.
class SilentPlatform final : public AsyncTransport {
 public:
  explicit SilentPlatform(net::Reactor& reactor) : reactor_(reactor) {}
  Task<Result<HttpResponse>> send(HttpRequest, MonoTime deadline) override {
    net::Timer timer(reactor_.context, deadline);
    (void)co_await timer.async_wait(net::use_tuple);
    co_return Error(Errc::deadline_exceeded, "the peer did not answer in time");
  }

 private:
  net::Reactor& reactor_;
};

TEST(BrokerHops, name_the_platform_that_is_silent_before_the_callers_time_is_over) {
  net::Reactor reactor;
  vault::VaultOptions options;
  options.url = "memory:";
  const std::shared_ptr<vault::Vault> vault = vault::Vault::open(std::move(options)).value();
  const WallTime now = Clock::system()->wall_now();
  ASSERT_TRUE(vault->observe(installation(1)));
  (void)vault->offer_system_token(installation_id(1), Secret("system"), now + std::chrono::hours(1), now);
  testing::PassiveBroker broker(
      reactor,
      {.graphql_url = "http://127.0.0.1/graphql", .policy = {.fetch_timeout = std::chrono::milliseconds(30)}},
      vault, std::make_shared<SilentPlatform>(reactor), Clock::system());
  std::optional<Result<AccessToken>> token;
  const auto ask = [&]() -> net::Task<> {
    const auto patience = net::Steady::now() + std::chrono::hours(1);
    token = co_await broker->user_token(installation_id(1), account_id(1), patience);
  };
  boost::asio::co_spawn(reactor.context, ask(), boost::asio::detached);
  while (!token) reactor.context.run_one();
  ASSERT_FALSE(*token);
  EXPECT_EQ(token->error().code(), Errc::deadline_exceeded);
  EXPECT_EQ(token->error().describe(),
            "no offline user token: Atlassian's GraphQL endpoint was asked: the peer did not answer in time");
}

}  // namespace
}  // namespace tongs::gateway
