#include "integration/gateway/oauth_scene.hpp"

namespace tongs::gateway::testing {
namespace {

/// A gateway that may ask for one user's token a minute.
class OneAMinute : public ::testing::Test {
 protected:
  OneAMinute() {
    scene_.push_system_token("system-1");
    client_ = scene_.make_client();
  }
  HttpResponse egress(const std::string& account) const {
    return scene_.egress("/jira/x",
                         "Forge as=user,accountId=" + account + ",installationId=" + scene_.installation);
  }
  HttpResponse oauth(const std::string& account) const {
    return scene_.token(client_.with(OAuthScene::exchange(account)));
  }
  std::string metrics() const {
    return scene_.get("http://" + scene_.gateway->addresses().admin + "/metrics").body;
  }

  OAuthScene scene_{"[platform]\nuser_tokens_per_minute = 1\n"};
  Client client_;
};

TEST_F(OneAMinute, tells_everybody_else_when_to_come_again_and_does_not_ask_the_platform) {
  ASSERT_EQ(egress("557058:first").status, 200);
  const auto refused = egress("557058:second");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.header("content-type"), "application/problem+json");
  EXPECT_NE(refused.body.find("urn:tongs:problem:rate-limited"), std::string::npos) << refused.body;
  EXPECT_GT(std::stoi(std::string(refused.header("retry-after"))), 30);
  const auto slow_down = oauth("557058:third");
  EXPECT_EQ(slow_down.status, 429);
  EXPECT_EQ(member(slow_down, "error"), "slow_down");
  EXPECT_GT(std::stoi(std::string(slow_down.header("retry-after"))), 30);
  EXPECT_EQ(scene_.offline_tokens, 1);
  EXPECT_EQ(oauth("557058:first").status, 200) << "what is there is given out";
  EXPECT_EQ(scene_.token(client_.with(OAuthScene::client_credentials())).status, 200)
      << "system tokens have no part in it";
  EXPECT_NE(metrics().find("tongs_user_token_turns_total{outcome=\"refused\"} 2\n"), std::string::npos);
}

TEST(UserTokenLimit, holds_for_all_when_the_platform_says_that_it_is_reached) {
  OAuthScene scene;
  scene.push_system_token("system-1");
  const Client client = scene.make_client();
  scene.on_user_token = [] {
    auto answer = net::Response::text(429, "too many");
    answer.headers.add("Retry-After", "120");
    return answer;
  };
  const std::string other = "1b3a7799-53ae-4a5b-9e7e-03338980abb6";
  const auto as = [](const std::string& account, const std::string& installation) {
    return "Forge as=user,accountId=" + account + ",installationId=" + installation;
  };
  EXPECT_EQ(scene.egress("/jira/x", as("557058:first", scene.installation)).status, 429);
  const std::string first = std::exchange(scene.installation, other);
  scene.push_system_token("system-2");
  const auto refused = scene.egress("/jira/x", as("557058:second", other));
  EXPECT_EQ(refused.status, 429) << refused.body;
  EXPECT_GT(std::stoi(std::string(refused.header("retry-after"))), 100);
  const auto slow_down = scene.token(client.with(OAuthScene::exchange("557058:third")));
  EXPECT_EQ(slow_down.status, 429);
  EXPECT_GT(std::stoi(std::string(slow_down.header("retry-after"))), 100);
  EXPECT_EQ(scene.offline_tokens, 1) << "the platform was left alone";
}

}  // namespace
}  // namespace tongs::gateway::testing
