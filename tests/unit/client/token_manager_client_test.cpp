#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <tongs/client.hpp>
#include <tongs/testing/fake_clock.hpp>
#include <tongs/token_manager.hpp>

#include "support/scripted_user_tokens.hpp"
#include "support/tokens.hpp"

namespace tongs {
namespace {

using namespace std::chrono_literals;
using testing::account_id;
using testing::FakeClock;
using testing::ScriptedUserTokens;

/// Answers 200, but 401 to the tokens that are refused; remembers with which token each call came.
class RecordingAdapter final : public Adapter {
 public:
  Product product() const noexcept override { return Product::jira; }
  Result<HttpResponse> send(const ApiRequest&, const Identity& as, const CallOptions&) const override {
    seen.emplace_back(std::get<AsOfflineUser>(as).token.reveal());
    return HttpResponse{.status = seen.back() == refused ? 401 : 200};
  }
  bool reject(const Identity&) const override { return false; }

  mutable std::vector<std::string> seen;
  std::string refused;
};

class TokenManagerClientTest : public ::testing::Test {
 protected:
  TokenManagerClientTest() {
    source_->answer("first", 3600s);
    source_->answer("second", 3600s);
  }

  std::shared_ptr<ScriptedUserTokens> source_ = std::make_shared<ScriptedUserTokens>();
  std::shared_ptr<FakeClock> clock_ = std::make_shared<FakeClock>(WallTime(1'700'000'000s));
  std::shared_ptr<RecordingAdapter> adapter_ = std::make_shared<RecordingAdapter>();
  std::optional<TokenManager> manager_ = TokenManager(source_, {}, clock_);
};

TEST_F(TokenManagerClientTest, CallsInTheNameOfTheUser) {
  const auto client = manager_->bound_client(adapter_, account_id());
  ASSERT_TRUE(client);
  EXPECT_EQ(source_->asked(), 1) << "the first token is fetched at once";
  ASSERT_TRUE(client->send({.path = "/rest/api/3/myself"}));
  EXPECT_EQ(adapter_->seen, std::vector<std::string>{"first"});
  EXPECT_EQ(source_->asked(), 1);
}

TEST_F(TokenManagerClientTest, AKeptClientRenewsItsToken) {
  const auto client = manager_->bound_client(adapter_, account_id());
  clock_->advance(2h);
  ASSERT_TRUE(client->send({.path = "/rest/api/3/myself"}));
  EXPECT_EQ(adapter_->seen, std::vector<std::string>{"second"});
}

TEST_F(TokenManagerClientTest, ARefusedTokenIsReplacedAndTheCallSentOnceMore) {
  adapter_->refused = "first";
  const auto client = manager_->bound_client(adapter_, account_id());
  ASSERT_TRUE(client->send({.method = "POST", .path = "/rest/api/3/issue"}));
  EXPECT_EQ(adapter_->seen, (std::vector<std::string>{"first", "second"}));
  EXPECT_EQ(manager_->get_token(account_id())->reveal(), "second");
}

TEST_F(TokenManagerClientTest, TheClientOutlivesTheManager) {
  const auto client = manager_->bound_client(adapter_, account_id());
  manager_.reset();
  clock_->advance(2h);
  EXPECT_TRUE(client->send({.path = "/rest/api/3/myself"}));
}

TEST_F(TokenManagerClientTest, WithoutAFirstTokenThereIsNoClient) {
  source_ = std::make_shared<ScriptedUserTokens>();
  source_->fail(Error(Errc::forbidden, "no impersonation"));
  TokenManager manager(source_, {}, clock_);
  EXPECT_EQ(manager.bound_client(adapter_, account_id()).error().code(), Errc::forbidden);
  EXPECT_EQ(manager.bound_client(nullptr, account_id()).error().code(), Errc::invalid_argument);
}

}  // namespace
}  // namespace tongs
