#include <atomic>
#include <memory>
#include <mutex>
#include <string>

#include "base/base64url.hpp"
#include "gateway/oauth/credentials.hpp"
#include "gateway/oauth/server.hpp"
#include "support/loopback.hpp"
#include "support/passive_sources.hpp"

namespace tongs::gateway::oauth {
namespace {

using net::testing::RawPeer;
using net::testing::RunningServer;

/// Stands still until the test moves it.
class HandClock final : public Clock {
 public:
  WallTime wall_now() const noexcept override { return wall_; }
  MonoTime mono_now() const noexcept override { return MonoTime(wall_now().time_since_epoch()); }
  void advance(std::chrono::seconds time) { wall_ = wall_now() + time; }

 private:
  std::atomic<WallTime> wall_{WallTime(std::chrono::seconds(2'000'000'000))};
};

/// A platform that gives `offline-1`, `offline-2`, …
class Platform final : public AsyncTransport {
 public:
  Task<Result<HttpResponse>> send(HttpRequest, MonoTime) override {
    co_return HttpResponse{
        .status = 200,
        .headers = {},
        .body =
            R"({"data":{"offlineUserAuthToken":{"success":true,"errors":null,"authToken":{"token":"offline-)" +
            std::to_string(++asked) + R"(","ttl":3600}}}})"};
  }
  int asked = 0;
};

std::string jwt_with_scope(std::string_view scope) {
  return "e30." + base64url_encode(R"({"scope":")" + std::string(scope) + "\"}") + ".c2ln";
}

class AuditNotes final : public AuditLog {
 public:
  void add(AuditEvent event) override {
    const std::lock_guard hold(mutex_);
    text_ += std::string(to_string(event.kind)) + " " + std::string(to_string(event.outcome)) + " " +
             event.account + " " + event.actor + " " + event.reason + "\n";
  }
  std::string text() const {
    const std::lock_guard hold(mutex_);
    return text_;
  }

 private:
  mutable std::mutex mutex_;
  std::string text_;
};

class OAuthServer : public ::testing::Test {
 protected:
  OAuthServer() {
    vault_->put({.id = id_,
                 .app = AppId::parse("8db33809-1f32-48bb-8c52-5877dab48107").value(),
                 .context = ContextAri::parse("ari:cloud:jira::site/c-1").value(),
                 .api_base_url = "https://api.atlassian.com/ex/jira/c-1"});
    auto client = make_client(id_, {}, clock_->wall_now()).value();
    proof_ = "&client_id=" + client.record.id + "&client_secret=" + std::string(client.secret.reveal());
    EXPECT_TRUE(vault_->put_oauth_client(std::move(client.record)));
    offer("system-1", std::chrono::seconds(100));
  }
  ~OAuthServer() override {
    running_.stop();
    server_.reset();
    broker_.reset();
  }

  void offer(std::string_view token, std::chrono::seconds life) {
    EXPECT_TRUE(vault_->offer_system_token(id_, Secret(token), clock_->wall_now() + life, clock_->wall_now())
                    .value());
  }
  /// The body of the answer.
  std::string post(const std::string& path, const std::string& form) {
    const std::string body = form + proof_;
    const auto answer = RawPeer(running_.port())
                            .say("POST " + path +
                                 " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: "
                                 "application/x-www-form-urlencoded\r\nContent-Length: " +
                                 std::to_string(body.size()) + "\r\n\r\n" + body)
                            .hear_all();
    return answer.substr(9, 4) + answer.substr(answer.find("\r\n\r\n") + 4);
  }
  std::string token(const std::string& more = {}) {
    return post("/oauth2/token", "grant_type=client_credentials" + more);
  }
  std::string user_token() {
    return post("/oauth2/token",
                "grant_type=urn:ietf:params:oauth:grant-type:token-exchange&subject_token=557058:absent"
                "&subject_token_type=urn:tongs:params:oauth:token-type:account-id");
  }
  static bool says(const std::string& answer, const std::string& words) {
    return answer.find(words) != std::string::npos;
  }

  const InstallationId id_ = InstallationId::parse("0a3a7799-53ae-4a5b-9e7e-03338980abb5").value();
  const std::shared_ptr<HandClock> clock_ = std::make_shared<HandClock>();
  const std::shared_ptr<vault::Vault> vault_ = vault::Vault::open({.url = "memory:"}).value();
  const std::shared_ptr<Platform> platform_ = std::make_shared<Platform>();
  const std::shared_ptr<AuditNotes> audit_ = std::make_shared<AuditNotes>();
  metrics::Registry registry_;
  std::string proof_;
  std::optional<gateway::testing::PassiveBroker> broker_;
  std::unique_ptr<Server> server_;
  RunningServer running_{[this](net::Exchange& exchange) {
    if (!server_) {
      broker_.emplace(exchange.reactor(), BrokerOptions{}, vault_, platform_, clock_);
      server_ =
          std::make_unique<Server>(net::LocalGuard(net::ListenAddress::parse("127.0.0.1:0").value(), {}),
                                   Issuer(detail::parse_url("https://tokens.example/base/").value()),
                                   **broker_, registry_, audit_, clock_);
    }
    return server_->handle(exchange);
  }};
};

TEST_F(OAuthServer, says_to_the_second_how_long_a_token_lives) {
  EXPECT_EQ(token(), "200 {\"access_token\":\"system-1\",\"token_type\":\"Bearer\",\"expires_in\":100}\n");
  clock_->advance(std::chrono::seconds(99));
  EXPECT_TRUE(says(token(), "\"expires_in\":1}"));
  clock_->advance(std::chrono::seconds(1));
  EXPECT_TRUE(says(token(), "503 {\"error\":\"temporarily_unavailable\""));
}

TEST_F(OAuthServer, never_takes_tokens_that_clients_give_back_for_an_uninstallation) {
  for (const std::string name : {"system-2", "system-3", "system-4", "system-5"}) {
    clock_->advance(std::chrono::minutes(20));
    offer(name, std::chrono::hours(1));
    EXPECT_TRUE(says(token(), name));
    EXPECT_TRUE(says(post("/oauth2/revoke", "token=" + name), "200"));
  }
  EXPECT_EQ(vault_->installation(id_)->state, vault::InstallationState::installed);
}

TEST_F(OAuthServer, gives_nothing_to_a_revoked_installation_and_forgets_its_users) {
  EXPECT_TRUE(says(user_token(), "\"offline-1\""));
  ASSERT_TRUE(vault_->revoke(id_, clock_->wall_now()));
  for (const std::string& answer : {token(), user_token()})
    EXPECT_TRUE(says(answer, "400 {\"error\":\"invalid_grant\""));
  EXPECT_EQ(post("/oauth2/introspect", "token=offline-1"), "200 {\"active\":false}\n");
  running_.on_reactor([this] {
    (*broker_)->forget_users(id_);
    server_->forget(id_);
  });
  ASSERT_TRUE(vault_->authorize(id_, clock_->wall_now()));
  offer("system-2", std::chrono::seconds(100));
  EXPECT_EQ(post("/oauth2/introspect", "token=offline-1"), "200 {\"active\":false}\n");
  EXPECT_TRUE(says(user_token(), "\"offline-2\"")) << "the one of before is wiped";
}

TEST_F(OAuthServer, gives_nothing_for_a_user_whose_consent_was_revoked_and_all_else_goes_on) {
  EXPECT_TRUE(says(user_token(), "\"offline-1\""));
  ASSERT_TRUE(vault_->revoke_user(id_, AccountId::parse("557058:absent").value(), clock_->wall_now()));
  EXPECT_TRUE(says(user_token(), "400 {\"error\":\"invalid_grant\""));
  EXPECT_EQ(post("/oauth2/introspect", "token=offline-1"), "200 {\"active\":false}\n");
  EXPECT_TRUE(says(token(), "\"system-1\""));

  running_.on_reactor([this] { server_->forget(id_, AccountId::parse("557058:absent").value()); });
  ASSERT_TRUE(vault_->authorize_user(id_, AccountId::parse("557058:absent").value(), clock_->wall_now()));
  EXPECT_EQ(post("/oauth2/introspect", "token=offline-1"), "200 {\"active\":false}\n")
      << "consent that is given again makes no old token live again";
  EXPECT_TRUE(says(post("/oauth2/introspect", "token=system-1"), "200 {\"active\":true"));
}

TEST_F(OAuthServer, puts_on_record_who_was_given_a_token_and_who_was_not) {
  (void)token();
  ASSERT_TRUE(vault_->revoke_user(id_, AccountId::parse("557058:absent").value(), clock_->wall_now()));
  (void)user_token();
  proof_ += "x";
  (void)token();
  proof_ = "&client_id=tc_0123456789012345678901&client_secret=x";
  (void)token();  // nobody: there is no installation to write down
  EXPECT_EQ(audit_->text(),
            "token.given done  oauth \n"
            "token.given refused 557058:absent oauth bad_grant\n"
            "token.given refused  oauth wrong_secret\n");
}

TEST_F(OAuthServer, puts_on_record_once_a_second_that_somebody_poses_as_a_client) {
  const std::string right = proof_;
  const std::string record = "token.given refused  oauth wrong_secret\n";
  proof_ += "x";
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(says(token(), "401 "));
  EXPECT_EQ(audit_->text(), record);
  clock_->advance(std::chrono::seconds(1));
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(says(token(), "401 "));
  EXPECT_EQ(audit_->text(), record + record);
  proof_ = right;
  for (int i = 0; i < 2; ++i) EXPECT_TRUE(says(token(), "200 "));
  EXPECT_EQ(audit_->text(), record + record + "token.given done  oauth \ntoken.given done  oauth \n");
}

TEST_F(OAuthServer, tells_the_scope_of_the_token_and_never_claims_to_narrow_it) {
  offer(jwt_with_scope("read:jira-work write:jira-work"), std::chrono::seconds(200));
  const std::string all = R"("scope":"read:jira-work write:jira-work"})";
  EXPECT_TRUE(says(token(), all));
  EXPECT_TRUE(says(token("&scope=read:jira-work"), all));
  EXPECT_TRUE(says(token("&scope=write:jira-work+read:jira-work"), all));
  EXPECT_TRUE(says(token("&scope=read:jira"), "400 {\"error\":\"invalid_scope\""));
  EXPECT_TRUE(says(token("&scope=read:jira-work+manage:jira"), "400 {\"error\":\"invalid_scope\""));
}

TEST_F(OAuthServer, counts_requests_by_what_came_of_them) {
  (void)token();
  proof_ += "x";
  (void)token();
  const std::string text = registry_.text();
  EXPECT_TRUE(says(text, R"(tongs_oauth_requests_total{outcome="fine",request="client_credentials"} 1)"))
      << text;
  EXPECT_TRUE(
      says(text, R"(tongs_oauth_requests_total{outcome="wrong_secret",request="client_credentials"} 1)"));
}

TEST(OAuthIssuer, is_called_by_the_name_that_the_configuration_gives_it) {
  const Issuer issuer(detail::parse_url("https://tokens.example/base/").value());
  EXPECT_EQ(issuer.name(), "https://tokens.example/base");
  EXPECT_EQ(issuer.token_endpoint(), "https://tokens.example/base/oauth2/token");
  EXPECT_TRUE(issuer.is_metadata_path("/.well-known/oauth-authorization-server"));
  EXPECT_TRUE(issuer.is_metadata_path("/.well-known/oauth-authorization-server/base"));
  EXPECT_FALSE(issuer.is_metadata_path("/.well-known/oauth-authorization-server/other"));
}

TEST(OAuthIssuedTokens, keep_revoked_ones_when_there_is_no_more_room) {
  const auto id = InstallationId::parse("i-1").value(), other = InstallationId::parse("i-2").value();
  const WallTime now{};
  const auto token = [&](const std::string& text) {
    return std::make_shared<const vault::Token>(vault::Token{Secret(text), now + std::chrono::hours(1), now});
  };
  IssuedTokens issued(2);
  issued.note(id, token("revoked"), now).revoked_for.emplace_back("tc_1");
  for (int i = 0; i < 10; ++i) issued.note(id, token(std::to_string(i)), now);
  EXPECT_EQ(issued.size(), 2u);
  ASSERT_NE(issued.find(id, "revoked", now), nullptr);
  EXPECT_TRUE(issued.find(id, "revoked", now)->is_revoked_for("tc_1"));
  EXPECT_EQ(issued.find(other, "revoked", now), nullptr);
  EXPECT_EQ(issued.find(id, "revoked", now + std::chrono::hours(1)), nullptr) << "it has ended";
}

TEST(OAuthIssuedTokens, know_whose_a_token_is_unless_that_is_in_doubt) {
  const auto one = InstallationId::parse("i-1").value(), two = InstallationId::parse("i-2").value();
  const WallTime now{};
  const auto token = [&](const std::string& text) {
    return std::make_shared<const vault::Token>(vault::Token{Secret(text), now + std::chrono::hours(1), now});
  };
  IssuedTokens issued(100);
  issued.note(one, token("a"), now);
  issued.note(one, token("a"), now);
  ASSERT_TRUE(issued.holder_of("a", now));
  EXPECT_EQ(issued.holder_of("a", now)->installation, one);
  EXPECT_FALSE(issued.holder_of("b", now)) << "nobody was given it";
  EXPECT_FALSE(issued.holder_of("", now));
  EXPECT_FALSE(issued.holder_of("a", now + std::chrono::hours(1))) << "it has ended";
  issued.note(two, token("a"), now);
  EXPECT_FALSE(issued.holder_of("a", now)) << "two have the same";
  issued.forget(one);
  ASSERT_TRUE(issued.holder_of("a", now));
  EXPECT_EQ(issued.holder_of("a", now)->installation, two);
  issued.note(two, token("a"), now).revoked_for.emplace_back("tc_1");
  EXPECT_FALSE(issued.holder_of("a", now)) << "it was given back";
  issued.forget(two);
  EXPECT_FALSE(issued.holder_of("a", now));
}

TEST(OAuthIssuedTokens, remember_whose_a_token_was_when_its_consent_was_taken_back) {
  const auto one = InstallationId::parse("i-1").value(), two = InstallationId::parse("i-2").value();
  const auto user = AccountId::parse("557058:absent").value();
  const WallTime now{}, end = now + std::chrono::hours(1);
  IssuedTokens issued(2);
  issued.note(one, std::make_shared<const vault::Token>(vault::Token{Secret("app"), end, now}), now);
  issued.note(one, AccessToken(user, Secret("user"), end), now);
  EXPECT_FALSE(issued.former_holder_of("user", now)) << "it is good";
  issued.forget(one, user);
  EXPECT_FALSE(issued.holder_of("user", now));
  ASSERT_TRUE(issued.former_holder_of("user", now));
  EXPECT_EQ(issued.former_holder_of("user", now)->account, user);
  EXPECT_FALSE(issued.former_holder_of("app", now));
  issued.forget(one);
  ASSERT_TRUE(issued.former_holder_of("app", now));
  EXPECT_EQ(issued.former_holder_of("app", now)->installation, one);
  EXPECT_EQ(issued.former_holder_of("app", now)->account, std::nullopt);
  EXPECT_FALSE(issued.former_holder_of("guess", now));
  EXPECT_FALSE(issued.former_holder_of("app", end)) << "it would have ended";
  issued.note(two, std::make_shared<const vault::Token>(vault::Token{Secret("third"), end, now}), now);
  issued.forget(two);
  EXPECT_FALSE(issued.former_holder_of("third", now)) << "there is no more room";
}

}  // namespace
}  // namespace tongs::gateway::oauth
