// However many ask at once, the platform is asked once for each user of each installation.

#include <future>
#include <latch>
#include <set>

#include "integration/gateway/oauth_scene.hpp"
#include "support/open_files.hpp"

namespace tongs::gateway::testing {
namespace {

constexpr const char* kRaised = "[vault]\nurl = \"memory:\"\n[platform]\nuser_tokens_per_minute = 1000000\n";

std::string http(const std::string& method, const std::string& target, const std::string& more_headers,
                 const std::string& body = {}) {
  return method + " " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + more_headers +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::uint16_t port_of(const std::string& address) {
  return static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
}

TEST(Stampede, of_a_thousand_callers_for_one_user_asks_the_platform_once_through_either_door) {
  constexpr int kCallers = 1000;
  test::allow_open_files(rlim_t{3} * kCallers);
  OAuthScene scene(kRaised);
  scene.push_system_token("system-1");
  const Client client = scene.make_client();
  struct Door {
    std::uint16_t port;
    std::string request, words;
  };
  const std::array doors{
      Door{scene.egress_port(),
           http("GET", "/jira/x",
                "forge-proxy-authorization: Forge as=user,accountId=557058:one,installationId=" +
                    scene.installation + "\r\n"),
           R"({"as":"Bearer offline-1"})"},
      Door{port_of(scene.gateway->addresses().oauth),
           http("POST", "/oauth2/token", "Content-Type: application/x-www-form-urlencoded\r\n",
                form(client.with(OAuthScene::exchange("557058:two")))),
           R"("access_token":"offline-2")"}};
  for (int number = 0; const auto& [port, request, words] : doors) {
    std::latch all_ask(1);
    scene.on_user_token = [&]() -> std::optional<net::Response> {
      all_ask.wait();
      return std::nullopt;
    };
    std::vector<std::unique_ptr<net::testing::RawPeer>> callers;
    for (int i = 0; i < kCallers; ++i) {
      callers.push_back(std::make_unique<net::testing::RawPeer>(port));
      callers.back()->say(request);
    }
    all_ask.count_down();
    for (auto& caller : callers) {
      const std::string answer = caller->hear_all();
      ASSERT_NE(answer.find(words), std::string::npos) << answer;
    }
    EXPECT_EQ(scene.offline_tokens, ++number);
  }
}

/// A hundred tenants, each with a hundred users.
class Crowd : public ::testing::Test {
 protected:
  static constexpr int kTenants = 100, kUsers = 100, kThreads = 10;

  void SetUp() override {
    for (int tenant = 0; tenant < kTenants; ++tenant) {
      scene_.installation = "tenant-" + std::to_string(1000 + tenant);
      scene_.push_system_token("system-" + std::to_string(tenant));
      clients_.push_back(scene_.make_client());
    }
  }

  /// The token of this tenant's user, in turn by OAuth and in the words of the egress's callers.
  std::string token(int tenant, int user) const {
    const std::string account = "557058:user-" + std::to_string(user);
    if (user % 2 == 0) {
      const Client& client = clients_[static_cast<std::size_t>(tenant)];
      return member(scene_.token(client.with(OAuthScene::exchange(account))), "access_token");
    }
    const auto answer =
        scene_.egress("/jira/x", "Forge as=user,accountId=" + account + ",installationId=tenant-" +
                                     std::to_string(1000 + tenant));
    constexpr std::string_view before = R"({"as":"Bearer )";
    return answer.body.starts_with(before)
               ? answer.body.substr(before.size(), answer.body.size() - before.size() - 2)
               : answer.body;
  }

  /// Each thread asks for all users of its own tenants, and for some of its neighbour's.
  std::map<std::pair<int, int>, std::set<std::string>> ask_as_thread(int thread) const {
    constexpr int each = kTenants / kThreads;
    std::map<std::pair<int, int>, std::set<std::string>> tokens;
    for (int user = 0; user < kUsers; ++user) {
      for (int i = 0; i < each; ++i) {
        const int own = thread * each + i, neighbours = (own + each) % kTenants;
        tokens[{own, user}].insert(token(own, user));
        if (i == 0) tokens[{neighbours, user}].insert(token(neighbours, user));
      }
    }
    return tokens;
  }

  OAuthScene scene_{kRaised};
  std::vector<Client> clients_;
};

TEST_F(Crowd, of_a_hundred_tenants_with_a_hundred_users_makes_as_many_questions_as_there_are_pairs) {
  std::vector<std::future<std::map<std::pair<int, int>, std::set<std::string>>>> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.push_back(std::async(std::launch::async, [this, thread] { return ask_as_thread(thread); }));
  }
  std::map<std::pair<int, int>, std::set<std::string>> tokens;
  for (auto& thread : threads) {
    for (auto& [pair, given] : thread.get()) tokens[pair].merge(given);
  }
  std::set<std::string> distinct;
  for (const auto& [pair, given] : tokens) {
    ASSERT_EQ(given.size(), 1U) << "tenant " << pair.first << ", user " << pair.second;
    distinct.insert(*given.begin());
  }
  EXPECT_EQ(scene_.offline_tokens, kTenants * kUsers);
  EXPECT_EQ(distinct.size(), std::size_t{kTenants} * kUsers) << "no two of them share a token";
}

}  // namespace
}  // namespace tongs::gateway::testing
