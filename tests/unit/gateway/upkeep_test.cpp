#include "gateway/broker/upkeep.hpp"

#include <atomic>
#include <filesystem>

#include <tongs/testing/fake_clock.hpp>

#include "support/vault_fixture.hpp"

namespace tongs::gateway {
namespace {

using std::chrono::seconds;
using vault::testing::installation;
using vault::testing::installation_id;

class Upkeep : public ::testing::Test {
 protected:
  Upkeep() {
    vault::VaultOptions options;
    options.url = "sqlite:" + file_;
    options.keys.file = directory_.file("vault.key");
    vault_ = vault::Vault::open(std::move(options)).value();
  }

  /// Has it work until something holds; false if it stopped working before.
  template <class Condition>
  bool works_until(Condition holds) {
    if (!std::exchange(begun_, true)) {
      boost::asio::co_spawn(reactor_.context,
                            keep_in_order(reactor_, vault_, clock_, std::chrono::milliseconds(1)),
                            boost::asio::detached);
    }
    while (!holds()) {
      if (reactor_.context.run_one_for(seconds(20)) == 0) return false;
    }
    return true;
  }

  void keep_token(int number, seconds life) {
    const WallTime now = clock_->wall_now();
    ASSERT_TRUE(vault_->observe(installation(number)));
    ASSERT_TRUE(
        vault_->offer_system_token(installation_id(number), Secret("token"), now + life, now).value());
  }
  bool has_token(int number) const { return vault_->system_token(installation_id(number)) != nullptr; }

  vault::testing::TemporaryDirectory directory_;
  const std::string file_ = directory_.file("tongs.db");
  std::shared_ptr<testing::FakeClock> clock_ = std::make_shared<testing::FakeClock>();
  std::shared_ptr<vault::Vault> vault_;
  net::Reactor reactor_;
  bool begun_ = false;
};

TEST_F(Upkeep, erases_tokens_that_ended_again_and_again) {
  keep_token(1, seconds(10));
  keep_token(2, seconds(20));
  keep_token(3, seconds(30));
  clock_->advance(seconds(10));
  EXPECT_TRUE(works_until([&] { return !has_token(1); }));
  EXPECT_TRUE(has_token(2));
  clock_->advance(seconds(10));
  EXPECT_TRUE(works_until([&] { return !has_token(2); }));
  EXPECT_TRUE(has_token(3));
}

TEST_F(Upkeep, notices_a_store_that_is_gone_though_nothing_is_written) {
  std::atomic<int> failures = 0;
  vault_->watch([&](const Result<void>& outcome) { failures += outcome ? 0 : 1; });
  std::filesystem::remove(file_);
  EXPECT_TRUE(works_until([&] { return failures > 0; }));
  EXPECT_TRUE(vault_->close());
  EXPECT_EQ(failures, 1);
}

}  // namespace
}  // namespace tongs::gateway
