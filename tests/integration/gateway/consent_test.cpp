#include <chrono>
#include <fstream>
#include <sstream>

#include <tongs/json.hpp>

#include "gateway/audit/audit_chain.hpp"
#include "integration/gateway/platform.hpp"

namespace tongs::gateway::testing {
namespace {

constexpr const char* kUser = "557058:absent";

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class GatewayConsent : public ::testing::Test {
 protected:
  HttpResponse admin(const std::string& path, const std::string& method = "GET",
                     const std::string& body = {}) {
    std::string token = content_of(scene().file("admin.token"));
    while (!token.empty() && token.back() == '\n') token.pop_back();
    return ask(path, method, "Bearer " + token, body);
  }
  HttpResponse ask(const std::string& path, const std::string& method, const std::string& authorization,
                   const std::string& body = {}) {
    HttpRequest request{.method = method, .url = "http://" + scene().gateway->addresses().admin + path};
    request.headers = {{"authorization", authorization}};
    request.body = body;
    return transport_->send(request, CallOptions::within(std::chrono::seconds(20))).value();
  }
  std::string installation(const std::string& rest = {}) {
    return "/v1/installations/" + scene().installation + rest;
  }
  std::string user(const std::string& verb) { return installation("/users/557058%3Aabsent/") + verb; }
  HttpResponse as_app() {
    return scene().egress("/jira/x", "Forge as=app,installationId=" + scene().installation);
  }
  HttpResponse as_user(const std::string& account = kUser) {
    return scene().egress("/jira/x",
                          "Forge as=user,accountId=" + account + ",installationId=" + scene().installation);
  }
  HttpResponse seed_token() {
    return scene().egress("/graphql", "Forge as=user,installationId=" + scene().installation, "POST",
                          R"({"query":"query { offlineUserAuthToken(userID: \"557058:absent\") )"
                          R"({ accessToken expiry } }"})");
  }
  /// The events of the audit log, which must be an unbroken chain, with their outcomes.
  std::vector<std::string> events() {
    scene().gateway.reset();
    std::vector<std::string> all;
    ChainCheck chain;
    std::istringstream lines(content_of(scene().file("tongs.audit")));
    for (std::string line; std::getline(lines, line);) {
      EXPECT_EQ(line.find("system-1"), std::string::npos) << "a token is in the audit log";
      EXPECT_EQ(line.find("offline-1"), std::string::npos) << "a token is in the audit log";
      const auto read = read_audit_line(line);
      EXPECT_TRUE(read) << line;
      if (!read) continue;
      EXPECT_EQ(chain.follow(*read), "");
      all.push_back(read->event + " " + read->outcome);
    }
    return all;
  }
  Scene& scene(const std::string& config = {}, const config::Environment& environment = {}) {
    if (!scene_) scene_ = std::make_unique<Scene>(config, Witness::Answer{}, environment);
    return *scene_;
  }

 private:
  std::shared_ptr<const Transport> transport_ = CurlTransport::create({}).value();
  std::unique_ptr<Scene> scene_;
};

TEST_F(GatewayConsent, of_an_installation_taken_back_is_refused_at_once_until_it_is_given_again) {
  scene().push_system_token("system-1");
  ASSERT_EQ(as_app().status, 200);
  ASSERT_EQ(as_user().status, 200);
  const auto revoked = admin(installation("/revoke"), "POST");
  ASSERT_EQ(revoked.status, 200) << revoked.body;
  EXPECT_NE(revoked.body.find(R"("consent":"revoked")"), std::string::npos);
  EXPECT_NE(revoked.body.find(R"("systemTokenExpiresAt":null)"), std::string::npos) << revoked.body;
  for (const auto& refused : {as_app(), as_user()}) {
    EXPECT_EQ(refused.status, 403);
    EXPECT_NE(refused.body.find("revoked"), std::string::npos);
  }
  EXPECT_EQ(seed_token().body.find("offline-"), std::string::npos);
  scene().push_system_token("system-2");
  EXPECT_EQ(as_app().status, 403) << "no invocation gives it back";
  EXPECT_EQ(scene().invoke(scene().signed_fit()).status, 200) << "and the app goes on";
  ASSERT_EQ(admin(installation("/authorize"), "POST").status, 200);
  scene().push_system_token("system-3");
  EXPECT_EQ(as_app().status, 200);
  EXPECT_EQ(as_user().body, R"({"as":"Bearer offline-2"})") << "the token of before is gone";
}

TEST_F(GatewayConsent, of_one_user_is_his_own) {
  scene().push_system_token("system-1");
  ASSERT_EQ(as_user().status, 200);
  const auto revoked = admin(user("revoke"), "POST");
  ASSERT_EQ(revoked.status, 200) << revoked.body;
  EXPECT_NE(revoked.body.find(R"("account":"557058:absent","consent":"revoked")"), std::string::npos)
      << revoked.body;
  EXPECT_EQ(as_user().status, 403);
  EXPECT_NE(seed_token().body.find("for this user"), std::string::npos) << seed_token().body;
  EXPECT_EQ(as_user("557058:other").status, 200);
  EXPECT_EQ(as_app().status, 200);
  EXPECT_NE(admin(installation("/users")).body.find(R"("consent":"revoked")"), std::string::npos);
  ASSERT_EQ(admin(user("authorize"), "POST").status, 200);
  EXPECT_EQ(as_user().status, 200);
  EXPECT_GE(scene().offline_tokens, 3);
}

TEST_F(GatewayConsent, survives_a_restart) {
  scene().push_system_token("system-1");
  ASSERT_EQ(admin(user("revoke"), "POST").status, 200);
  scene().gateway.reset();
  scene().start();
  EXPECT_EQ(as_user().status, 403);
  EXPECT_EQ(as_app().status, 200);
}

TEST_F(GatewayConsent, is_asked_of_an_admin_first_if_the_configuration_says_so) {
  const config::Environment environment{{"TONGS_OAUTH_OFFLINE_ACCESS", "admin-approval"}};
  scene({}, environment).push_system_token("system-1");
  const auto refused = as_app();
  EXPECT_EQ(refused.status, 403);
  EXPECT_NE(refused.body.find("waits for approval"), std::string::npos) << refused.body;
  EXPECT_NE(admin(installation()).body.find(R"("consent":"waiting")"), std::string::npos);
  ASSERT_EQ(admin(installation("/authorize"), "POST").status, 200);
  scene().push_system_token("system-2");
  EXPECT_EQ(as_app().status, 200);
  EXPECT_EQ(events(), (std::vector<std::string>{"log.started done", "installation.seen done",
                                                "token.given refused", "consent.approved done"}));
}

TEST_F(GatewayConsent, shows_every_installation_and_never_a_token) {
  scene().push_system_token("system-1");
  ASSERT_EQ(as_user().status, 200);
  for (const std::string& path : {std::string("/v1/installations"), installation(), installation("/users")}) {
    const auto answer = admin(path);
    EXPECT_EQ(answer.status, 200) << path;
    EXPECT_EQ(answer.body.find("system-1"), std::string::npos);
    EXPECT_EQ(answer.body.find("offline-1"), std::string::npos);
    EXPECT_TRUE(JsonDocument::parse(answer.body)) << answer.body;
  }
  ASSERT_EQ(admin(installation("/revoke"), "POST").status, 200);
  EXPECT_NE(admin("/v1/installations").body.find(scene().installation), std::string::npos)
      << "revoked ones too";
}

TEST_F(GatewayConsent, says_what_is_wrong_with_a_question) {
  EXPECT_EQ(admin(installation()).status, 404);
  EXPECT_EQ(admin(installation("/revoke"), "POST").status, 404);
  EXPECT_EQ(admin(user("revoke"), "POST").status, 404);
  EXPECT_EQ(admin("/v1/installations/%20/revoke", "POST").status, 400);
  EXPECT_EQ(admin(installation("/users/%20/revoke"), "POST").status, 400);
  EXPECT_EQ(admin("/v1/installations?pageSize=0").status, 400);
  EXPECT_EQ(admin(installation("/revoke")).status, 405);
  EXPECT_EQ(ask(installation("/revoke"), "POST", "Bearer wrong").status, 401);
}

TEST_F(GatewayConsent, leaves_its_history_in_the_audit_log) {
  scene().push_system_token("system-1");
  ASSERT_NE(seed_token().body.find("offline-1"), std::string::npos);
  ASSERT_EQ(admin(user("revoke"), "POST").status, 200);
  (void)seed_token();
  ASSERT_EQ(admin(user("authorize"), "POST").status, 200);
  ASSERT_EQ(admin(installation("/revoke"), "POST").status, 200);
  ASSERT_EQ(as_app().status, 403);
  ASSERT_EQ(admin(installation("/authorize"), "POST").status, 200);
  EXPECT_EQ(admin("/v1/installations/00000000-0000-0000-0000-000000000000/revoke", "POST").status, 404);
  EXPECT_EQ(ask("/v1/installations", "GET", "Bearer wrong").status, 401);
  ASSERT_EQ(admin("/v1/vault/rotate-key", "POST").status, 200);
  EXPECT_EQ(events(), (std::vector<std::string>{
                          "log.started done", "installation.seen done", "token.given done",
                          "user_consent.revoked done", "token.given refused", "user_consent.authorized done",
                          "consent.revoked done", "token.given refused", "consent.authorized done",
                          "consent.revoked failed", "admin.login refused", "vault.key_rotated done"}));
}

TEST_F(GatewayConsent, has_no_audit_log_where_it_is_off) {
  scene("[audit]\nfile = \"off\"\n").push_system_token("system-1");
  EXPECT_EQ(admin(installation("/revoke"), "POST").status, 200);
  EXPECT_FALSE(std::ifstream(scene().file("tongs.audit")));
}

TEST_F(GatewayConsent, routes_of_the_vault_rotate_back_up_and_report) {
  scene().push_system_token("system-1");
  const auto before = admin("/v1/vault");
  EXPECT_NE(before.body.find(R"("installations":1)"), std::string::npos) << before.body;
  const auto rotated = admin("/v1/vault/rotate-key", "POST");
  ASSERT_EQ(rotated.status, 200) << rotated.body;
  EXPECT_NE(rotated.body, before.body);
  EXPECT_NE(rotated.body.find(R"("olderKeys":[],"rotating":false)"), std::string::npos) << rotated.body;
  const std::string copy = scene().file("copy.db");
  EXPECT_EQ(admin("/v1/vault/backup", "POST", R"({"path":")" + copy + R"("})").status, 200);
  EXPECT_TRUE(std::ifstream(copy));
  EXPECT_EQ(admin("/v1/vault/backup", "POST", R"({"path":")" + copy + R"("})").status, 400)
      << "it is there now";
  for (const char* body : {"", "{}", R"({"path":"copy.db"})", R"({"path":"/tmp/a\u0000b"})"}) {
    EXPECT_EQ(admin("/v1/vault/backup", "POST", body).status, 400) << body;
  }
}

}  // namespace
}  // namespace tongs::gateway::testing
