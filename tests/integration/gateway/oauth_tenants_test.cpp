// Random histories of several tenants: none of them obtains, sees, revokes or infers anything of another.

#include <array>
#include <map>
#include <random>
#include <set>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/base64url.hpp"
#include "integration/gateway/oauth_scene.hpp"

namespace tongs::gateway::testing {
namespace {

constexpr int kUsers = 3;

std::string account(int user) { return "557058:user-" + std::to_string(user); }

/// An assertion as libraries for Connect sign it, with a client's own secret, in the name of any client.
std::string assertion(const Client& signer, const std::string& issuer, const std::string& audience,
                      int user) {
  const auto now = Clock::system()->wall_now().time_since_epoch().count();
  const std::string text =
      base64url_encode(R"({"alg":"HS256","typ":"JWT"})") + "." +
      base64url_encode(R"({"iss":"urn:atlassian:connect:clientid:)" + issuer +
                       R"(","sub":"urn:atlassian:connect:useraccountid:)" + account(user) + R"(","aud":")" +
                       audience + R"(","iat":)" + std::to_string(now) + R"(,"exp":)" +
                       std::to_string(now + 50) + "}");
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  unsigned size = 0;
  HMAC(EVP_sha256(), signer.secret.data(), static_cast<int>(signer.secret.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac.data(), &size);
  return text + "." + base64url_encode({reinterpret_cast<const char*>(mac.data()), size});
}

struct Tenant {
  std::string installation;
  std::vector<Client> clients;
  Client connect;  ///< signs assertions
  bool installed = true, consents = true;
  std::set<int> revoked_users;
  std::vector<Client> ended;          ///< deleted, or with a secret that was replaced
  std::map<std::string, int> tokens;  ///< that it was given and that live, and whose they are; -1: the app's
  std::set<std::string> given_back;   ///< that one of its clients revoked
  std::set<std::string> wiped;        ///< when it was uninstalled, or a consent taken back

  bool serves() const { return installed && consents; }
  template <class Which>
  void wipe(Which which) {
    for (const auto& [token, user] : tokens) {
      if (which(user)) wiped.insert(token);
    }
    std::erase_if(tokens, [&](const auto& token) { return which(token.second); });
  }
};

class OAuthTenants : public ::testing::TestWithParam<unsigned> {
 protected:
  static constexpr int kTenants = 3, kSteps = 200;

  void SetUp() override {
    for (int i = 0; i < kTenants; ++i) {
      tenants_[i].installation = "0a3a7799-53ae-4a5b-9e7e-03338980ab0" + std::to_string(i);
      push(i);
      tenants_[i].clients.push_back(scene_.make_client_of(tenants_[i].installation));
      tenants_[i].connect = scene_.make_client_of(tenants_[i].installation, R"({"connect":true})");
    }
  }

  /// Forge brings a system token whose text says whose it is.
  void push(int tenant) {
    scene_.installation = tenants_[tenant].installation;
    scene_.push_system_token("system-" + std::to_string(++pushed_) + "-" + std::to_string(tenant));
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

  void obtain(int tenant) {
    const Client& client = some(tenants_[tenant].clients);
    take(tenant, -1, scene_.token(client.with(OAuthScene::client_credentials())));
  }
  void obtain(int tenant, int user) {
    const Client& client = some(tenants_[tenant].clients);
    take(tenant, user, scene_.token(client.with(OAuthScene::exchange(account(user)))));
  }
  HttpResponse assert_as(const Client& signer, const std::string& issuer, int user) {
    return scene_.token({{"grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"},
                         {"assertion", assertion(signer, issuer, scene_.url(""), user)}});
  }

  /// What a tenant gets for one of its users, or for the app (-1).
  void take(int tenant, int user, const HttpResponse& answer) {
    Tenant& one = tenants_[tenant];
    if (!one.serves() || one.revoked_users.contains(user)) {
      EXPECT_EQ(answer.status, 400) << answer.body;
      EXPECT_EQ(member(answer, "error"), "invalid_grant");
      return;
    }
    if (answer.status == 503) return;  // it gave the only one back
    ASSERT_EQ(answer.status, 200) << answer.body;
    const std::string token = member(answer, "access_token");
    EXPECT_EQ(owner_of(token), tenant);
    EXPECT_FALSE(one.wiped.contains(token));
    one.tokens[token] = user;
    ++taken_;
  }

  /// Signed by one in the name of the other.
  void try_foreign_assertions(int tenant, int other) {
    const auto forged = assert_as(tenants_[tenant].connect, tenants_[other].connect.id, below(kUsers));
    const auto unknown = assert_as(tenants_[tenant].connect, "tc_never", below(kUsers));
    EXPECT_EQ(forged.status, unknown.status);
    EXPECT_EQ(forged.body, unknown.body);
    EXPECT_GE(forged.status, 400);
  }

  void decide(int tenant, const std::string& verb) {
    const auto answer =
        scene_.admin("POST", "/v1/installations/" + tenants_[tenant].installation + "/" + verb);
    ASSERT_EQ(answer.status, 200) << answer.body;
  }
  void change_consent(int tenant) {
    Tenant& one = tenants_[tenant];
    one.consents = !one.consents;
    decide(tenant, one.consents ? "authorize" : "revoke");
    if (!one.consents) one.wipe([](int) { return true; });
    if (one.serves()) push(tenant);
  }
  void change_consent_of(int tenant, int user) {
    Tenant& one = tenants_[tenant];
    const bool revoke = one.revoked_users.insert(user).second;
    if (!revoke) one.revoked_users.erase(user);
    decide(tenant, "users/557058%3Auser-" + std::to_string(user) + (revoke ? "/revoke" : "/authorize"));
    if (revoke) one.wipe([user](int whose) { return whose == user; });
  }
  void change_installation(int tenant) {
    Tenant& one = tenants_[tenant];
    one.installed = !one.installed;
    if (one.installed) return push(tenant);
    scene_.installation = one.installation;
    ASSERT_EQ(scene_.tell(R"({"eventType":"avi:forge:uninstalled:app"})").status, 200);
    one.wipe([](int) { return true; });
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
        request.emplace_back("token", "system-1-" + std::to_string(other));
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
      for (const auto& [token, user] : tenants_[other].tokens) {
        const auto answer = scene_.post(path, own.with({{"token", token}}));
        EXPECT_EQ(answer.status, unknown.status);
        EXPECT_EQ(answer.body, unknown.body);
      }
    }
    for (const auto& [token, user] : tenants_[other].tokens) {
      if (tenants_[other].given_back.contains(token)) continue;
      const auto answer =
          scene_.post("/oauth2/introspect", some(tenants_[other].clients).with({{"token", token}}));
      EXPECT_TRUE(answer.body.starts_with(R"({"active":true)")) << answer.body;
    }
  }

  void give_back(int tenant) {
    Tenant& one = tenants_[tenant];
    if (one.tokens.empty()) return;
    const std::string token = std::next(one.tokens.begin(), below(one.tokens.size()))->first;
    const Client client = some(one.clients);
    EXPECT_EQ(scene_.post("/oauth2/revoke", client.with({{"token", token}})).status, 200);
    EXPECT_EQ(scene_.post("/oauth2/introspect", client.with({{"token", token}})).body,
              "{\"active\":false}\n");
    one.given_back.insert(token);
  }

  /// An installation that is served no more gets no further ones.
  void add_client(int tenant) {
    Tenant& one = tenants_[tenant];
    if (!one.serves()) {
      EXPECT_EQ(scene_.admin("POST", "/v1/installations/" + one.installation + "/clients").status,
                one.installed ? 403 : 404);
    } else if (one.clients.size() < 8) {
      one.clients.push_back(scene_.make_client_of(one.installation));
    }
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
    switch (below(16)) {
      case 0:
        add_client(tenant);
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
        obtain(tenant);
        break;
      case 8:
        if (tenants_[tenant].consents && below(2) == 0) break;
        change_consent(tenant);
        break;
      case 9:
        change_consent_of(tenant, below(kUsers));
        break;
      case 10:
        if (tenants_[tenant].installed && below(2) == 0) break;
        change_installation(tenant);
        break;
      case 11:
        try_foreign_assertions(tenant, other);
        break;
      case 12: {
        const int user = below(kUsers);
        take(tenant, user, assert_as(tenants_[tenant].connect, tenants_[tenant].connect.id, user));
        break;
      }
      default:
        obtain(tenant, below(kUsers));
    }
  }

  OAuthScene scene_;
  std::map<int, Tenant> tenants_;
  std::mt19937 random_{GetParam()};
  int pushed_ = 0, taken_ = 0;
};

TEST_P(OAuthTenants, never_meet) {
  for (int i = 0; i < kSteps && !HasFailure(); ++i) step();
  EXPECT_GT(taken_, 10);
}

INSTANTIATE_TEST_SUITE_P(RandomHistories, OAuthTenants, ::testing::Range(1u, 7u));

}  // namespace
}  // namespace tongs::gateway::testing
