// Random histories of several tenants: none of them obtains, sees, revokes or infers anything of another.

#include <map>
#include <random>
#include <set>

#include "integration/gateway/oauth_scene.hpp"

namespace tongs::gateway::testing {
namespace {

struct Tenant {
  std::string installation;
  std::vector<Client> clients;
  std::vector<Client> ended;         ///< deleted, or with a secret that was replaced
  std::set<std::string> tokens;      ///< that it was given and that live
  std::set<std::string> given_back;  ///< that one of its clients revoked
};

class OAuthTenants : public ::testing::TestWithParam<unsigned> {
 protected:
  static constexpr int kTenants = 3, kSteps = 150;

  void SetUp() override {
    for (int i = 0; i < kTenants; ++i) {
      tenants_[i].installation = "0a3a7799-53ae-4a5b-9e7e-03338980ab0" + std::to_string(i);
      push(i);
      tenants_[i].clients.push_back(scene_.make_client_of(tenants_[i].installation));
    }
  }

  /// Forge brings a system token whose text says whose it is.
  void push(int tenant) {
    auto event = scene_.fit();
    event.account_id.clear();
    event.module_type = "core:endpoint";
    event.installation_id = "ari:cloud:ecosystem::installation/" + tenants_[tenant].installation;
    const std::string token = "system-" + std::to_string(tenant);
    ASSERT_EQ(scene_.invoke(scene_.issuer.sign(event), {{"x-forge-oauth-system", token}}).status, 200);
  }

  /// Whose an offline token is: that of the system token that asked for it.
  std::map<std::string, int> owners() const {
    std::map<std::string, int> owners;
    int number = 0;
    for (const Seen& request : scene_.platform.seen()) {
      if (request.target != "/graphql") continue;
      owners["offline-" + std::to_string(++number)] = request.header("authorization").back() - '0';
    }
    return owners;
  }
  int owner_of(const std::string& token) const {
    return token.starts_with("system-") ? token.back() - '0' : owners().at(token);
  }

  int below(std::size_t limit) { return static_cast<int>(random_() % limit); }
  const Client& some(const std::vector<Client>& clients) {
    return clients[static_cast<std::size_t>(below(clients.size()))];
  }

  void obtain(int tenant, const Parameters& grant) {
    const auto answer = scene_.token(some(tenants_[tenant].clients).with(grant));
    if (answer.status == 503) return;  // it gave the only one back
    ASSERT_EQ(answer.status, 200) << answer.body;
    const std::string token = member(answer, "access_token");
    EXPECT_EQ(owner_of(token), tenant);
    tenants_[tenant].tokens.insert(token);
  }

  /// With the id of one and the secret of the other, with ended ones, and with none that ever was.
  void try_foreign_credentials(int tenant, int other) {
    const Client own = some(tenants_[tenant].clients), theirs = some(tenants_[other].clients);
    std::vector<Client> wrong{{theirs.id, own.secret}, {theirs.id, "tcs_wrong"}, {"tc_never", own.secret}};
    if (!tenants_[tenant].ended.empty()) wrong.push_back(some(tenants_[tenant].ended));
    for (const std::string path : {"/oauth2/token", "/oauth2/introspect", "/oauth2/revoke"}) {
      std::set<std::string> answers;
      for (const Client& client : wrong) {
        auto request = client.with(OAuthScene::client_credentials());
        request.emplace_back("token", "system-" + std::to_string(other));
        const auto answer = scene_.post(path, request);
        EXPECT_EQ(answer.status, 401);
        answers.insert(answer.body);
      }
      EXPECT_EQ(answers.size(), 1u) << path;
    }
  }

  /// A token of another looks like one that never was, and stays what it is.
  void try_foreign_tokens(int tenant, int other) {
    const Client own = some(tenants_[tenant].clients);
    for (const std::string path : {"/oauth2/introspect", "/oauth2/revoke"}) {
      const auto unknown = scene_.post(path, own.with({{"token", "never"}}));
      for (const std::string& token : tenants_[other].tokens) {
        const auto answer = scene_.post(path, own.with({{"token", token}}));
        EXPECT_EQ(answer.status, unknown.status);
        EXPECT_EQ(answer.body, unknown.body);
      }
    }
    for (const std::string& token : tenants_[other].tokens) {
      if (tenants_[other].given_back.contains(token)) continue;
      const auto answer =
          scene_.post("/oauth2/introspect", some(tenants_[other].clients).with({{"token", token}}));
      EXPECT_TRUE(answer.body.starts_with(R"({"active":true)")) << answer.body;
    }
  }

  void give_back(int tenant) {
    Tenant& one = tenants_[tenant];
    if (one.tokens.empty()) return;
    const std::string token = *std::next(one.tokens.begin(), below(one.tokens.size()));
    const Client client = some(one.clients);
    EXPECT_EQ(scene_.post("/oauth2/revoke", client.with({{"token", token}})).status, 200);
    EXPECT_EQ(scene_.post("/oauth2/introspect", client.with({{"token", token}})).body,
              "{\"active\":false}\n");
    one.given_back.insert(token);
  }

  void rotate(int tenant) {
    Client& client =
        tenants_[tenant].clients[static_cast<std::size_t>(below(tenants_[tenant].clients.size()))];
    const auto answer =
        scene_.admin("POST", "/v1/clients/" + client.id + "/rotate", R"({"overlapSeconds":0})");
    ASSERT_EQ(answer.status, 200);
    tenants_[tenant].ended.push_back(client);
    client.secret = member(answer, "clientSecret");
  }

  void erase(int tenant) {
    auto& clients = tenants_[tenant].clients;
    if (clients.size() < 2) return;
    ASSERT_EQ(scene_.admin("DELETE", "/v1/clients/" + clients.back().id).status, 204);
    tenants_[tenant].ended.push_back(clients.back());
    clients.pop_back();
  }

  void step() {
    const int tenant = below(kTenants), other = (tenant + 1 + below(kTenants - 1)) % kTenants;
    switch (below(10)) {
      case 0:
        if (tenants_[tenant].clients.size() < 8)
          tenants_[tenant].clients.push_back(scene_.make_client_of(tenants_[tenant].installation));
        break;
      case 1:
        rotate(tenant);
        break;
      case 2:
        erase(tenant);
        break;
      case 3:
        give_back(tenant);
        break;
      case 4:
        try_foreign_credentials(tenant, other);
        break;
      case 5:
      case 6:
        try_foreign_tokens(tenant, other);
        break;
      case 7:
        obtain(tenant, OAuthScene::client_credentials());
        break;
      default:
        obtain(tenant, OAuthScene::exchange("557058:user-" + std::to_string(below(3))));
    }
  }

  OAuthScene scene_;
  std::map<int, Tenant> tenants_;
  std::mt19937 random_{GetParam()};
};

TEST_P(OAuthTenants, never_meet) {
  for (int i = 0; i < kSteps && !HasFailure(); ++i) step();
}

INSTANTIATE_TEST_SUITE_P(RandomHistories, OAuthTenants, ::testing::Range(1u, 7u));

}  // namespace
}  // namespace tongs::gateway::testing
