#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "gateway/config.hpp"
#include "gateway/gateway.hpp"
#include "integration/emulator/scene.hpp"

namespace tongs::testing {
namespace {

namespace json = boost::json;

/// The emulated platform, and a gateway in front of nothing: RFC-34 from end to end.
class TokensAtAnyTime : public ::testing::Test {
 protected:
  explicit TokensAtAnyTime(const std::string& sources = kTrigger) { start(sources); }
  ~TokensAtAnyTime() override {
    gateway_.reset();
    std::filesystem::remove_all(directory_);
  }

  static constexpr const char* kTrigger =
      "[sources]\norder = [\"auth-trigger\"]\nauth_path = \"/forge/auth\"\ntime = \"1s\"\n";

  void start(const std::string& sources, const config::Environment& environment = {}) {
    config::Source source;
    source.name = "gateway.toml";
    source.directory = directory_;
    source.text =
        "[app]\nid = \"8db33809-1f32-48bb-8c52-5877dab48107\"\n[ingress]\nlisten = \"127.0.0.1:0\"\nworkers "
        "= "
        "2\nbackend = \"" +
        scene_.remote.url() + "\"\n[jwks]\nurl = \"" + scene_.origin +
        "/.well-known/jwks.json\"\n[vault]\nurl = \"memory:\"\n[egress]\nlisten = "
        "\"127.0.0.1:0\"\n[oauth]\nlisten = "
        "\"off\"\n[admin]\nlisten = \"127.0.0.1:0\"\n" +
        sources;
    auto outcome = gateway::read_config(source, environment, 2);
    for (const auto& finding : outcome.findings) ADD_FAILURE() << finding.text();
    gateway_.reset();
    gateway_ = gateway::Gateway::start(*std::move(outcome.config)).value();
    scene_.admin("PUT", "/remotes/backend", R"({"baseUrl":"http://)" + gateway_->addresses().ingress + "\"}");
    scene_.admin("PUT", "/auth-endpoint", R"({"remote":"backend","path":"/forge/auth"})");
  }

  std::string install() {
    const auto made = scene_.admin("POST", "/installations", "{}");
    EXPECT_EQ(made.at("deliveries").at(0).at("state").as_string(), "delivered");
    return emulator::testing::Scene::text(made, "id");
  }
  HttpResponse call(const std::string& installation) const {
    return scene_.transport
        ->send({.method = "GET",
                .url = "http://" + gateway_->addresses().egress + "/jira/rest/api/3/myself",
                .headers = {{"forge-proxy-authorization", "Forge as=app,installationId=" + installation}},
                .body = {}},
               CallOptions::within(std::chrono::seconds(20)))
        .value();
  }
  void fault(const std::string& text) { scene_.admin("POST", "/faults", text); }
  /// Entries of the emulator's log, of calls or deliveries, that say so.
  std::size_t logged(const std::string& kind, const std::string& name, const std::string& value) const {
    std::size_t count = 0;
    const auto log = scene_.admin("GET", "/log?kind=" + kind);
    for (const auto& entry : log.at("entries").as_array()) {
      const auto* found = entry.as_object().if_contains(name);
      count += found != nullptr && found->is_string() && found->as_string() == value ? 1U : 0U;
    }
    return count;
  }

  emulator::testing::Scene scene_;
  const std::string directory_ = scratch();
  std::unique_ptr<gateway::Gateway> gateway_;

 private:
  static std::string scratch() {
    std::string name = ::testing::TempDir() + "tongs-tokens-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no scratch directory");
    return name;
  }
};

TEST_F(TokensAtAnyTime, a_caller_gets_a_token_that_no_invocation_brought) {
  const std::string installation = install();
  const auto answer = call(installation);
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_NE(answer.body.find("\"accountType\":\"app\""), std::string::npos) << answer.body;
  EXPECT_EQ(call(installation).status, 200);
  EXPECT_EQ(logged("api", "target", "auth-trigger"), 1U);
}

TEST_F(TokensAtAnyTime, every_hop_that_fails_is_named_and_nobody_waits_beyond_his_time) {
  struct Case {
    const char *fault, *words;
  };
  for (
      const auto& [broken, words] : std::initializer_list<Case>{
          {R"({"match":{"target":"auth-trigger"},"count":9,"action":{"reset":true}})",
           "the authTriggerUrl was called"},
          {R"({"match":{"target":"auth-trigger"},"count":2,"action":{"delay":5,"status":204}})",
           "auth-trigger: "},
          {R"({"match":{"target":"auth-trigger"},"count":2,"action":{"status":200,"body":"half a body","truncateAfter":4}})",
           "the authTriggerUrl was called"},
          {R"({"match":{"target":"auth-trigger"},"count":2,"action":{"status":403}})",
           "does not answer with success"},
          {R"({"match":{"target":"auth-trigger"},"count":2,"action":{"status":500}})",
           "does not answer with success"},
          {R"({"match":{"target":"auth-trigger"},"count":2,"action":{"status":204}})",
           "no token was pushed in time"},
          {R"({"match":{"operation":"authPush"},"count":2,"action":{"token":"missing"}})",
           "the push brought no token"},
          {R"({"match":{"operation":"authPush"},"count":2,"action":{"token":"expired"}})",
           "the token has ended"},
          {R"({"match":{"operation":"authPush"},"count":2,"action":{"fit":"wrong-signature"}})",
           "does not answer with success"},
          {R"({"match":{"target":"deliveries","operation":"authPush"},"count":9,"action":{"reset":true}})",
           "does not answer with success"},
      }) {
    const std::string installation = install();
    fault(broken);
    const auto answer = call(installation);
    EXPECT_GE(answer.status, 500) << broken;
    EXPECT_NE(answer.body.find(words), std::string::npos) << broken << answer.body;
    scene_.admin("DELETE", "/faults");
  }
}

TEST_F(TokensAtAnyTime, a_short_or_opaque_token_is_used_and_soon_renewed) {
  for (const char* kind : {"short", "opaque"}) {
    const std::string installation = install();
    fault(std::string(R"({"match":{"operation":"authPush"},"action":{"token":")") + kind + "\"}}");
    EXPECT_EQ(call(installation).status, kind == std::string("short") ? 200 : 401);
  }
}

TEST_F(TokensAtAnyTime, a_push_that_comes_late_counts_for_later_callers) {
  scene_.admin("PUT", "/behaviour", R"({"authTriggerAnswer":"asynchronous"})");
  fault(R"({"match":{"target":"deliveries","operation":"authPush"},"action":{"delay":"1500ms"}})");
  const std::string installation = install();
  EXPECT_EQ(call(installation).status, 503);
  while (call(installation).status != 200) ASSERT_LE(logged("api", "target", "auth-trigger"), 4U);
}

TEST_F(TokensAtAnyTime, the_caller_goes_on_with_the_push_though_the_trigger_answers_late) {
  const std::string installation = install();
  fault(R"({"match":{"target":"auth-trigger"},"action":{"delay":"800ms"}})");
  EXPECT_EQ(call(installation).status, 200);
}

TEST_F(TokensAtAnyTime, a_push_for_another_tenant_gives_nobody_a_token_that_is_not_his) {
  const std::string a = install(), b = install();
  fault(R"({"match":{"operation":"authPush"},"count":4,"action":{"installation":"other"}})");
  const auto answer = call(a);
  EXPECT_GE(answer.status, 500) << answer.body;
  EXPECT_NE(answer.body.find("does not answer with success"), std::string::npos) << answer.body;
  EXPECT_GE(call(b).status, 500) << "what came for a was not taken for b either";
}

TEST_F(TokensAtAnyTime, a_stolen_url_that_was_used_brings_nothing) {
  // What an attacker would have read: the URL of the installation event.
  std::string stolen;
  const std::string installation = install();
  for (const auto& seen : scene_.remote.seen()) {
    const auto at = seen.body.find("/auth-trigger/");
    if (at != std::string::npos) stolen = seen.body.substr(at, seen.body.find('"', at) - at);
  }
  ASSERT_FALSE(stolen.empty()) << "the backend sees events as they are";
  EXPECT_EQ(call(installation).status, 200);
  while (logged("outcome", "outcome", "delivered") < 2) {
    // Until then the platform does not know that the app has the next URL.
  }
  EXPECT_EQ(scene_.http("GET", stolen).status, 404);
  EXPECT_EQ(logged("delivery", "way", "authPush"), 1U);
}

TEST_F(TokensAtAnyTime, the_uninstalled_event_ends_what_is_given_out) {
  scene_.admin("PUT", "/behaviour", R"({"uninstalledEvent":"sent"})");
  const std::string installation = install();
  EXPECT_EQ(call(installation).status, 200);
  scene_.admin("DELETE", "/installations/" + installation);
  EXPECT_NE(call(installation).status, 200);
}

TEST_F(TokensAtAnyTime, oauth_gives_tokens_where_the_platform_has_a_token_endpoint) {
  const auto client = scene_.admin("GET", "/oauth-client");
  const auto text = [&](const char* name) { return emulator::testing::Scene::text(client, name); };
  start("[sources]\norder = [\"invocation\", \"oauth\"]\noauth_token_url = \"" + text("tokenUrl") +
            "\"\noauth_client_id = \"" + text("clientId") + "\"\n",
        {{"TONGS_SOURCES_OAUTH_CLIENT_SECRET", text("clientSecret")}});
  fault(R"({"match":{"target":"deliveries"},"action":{"token":"missing"}})");
  const std::string installation = install();
  EXPECT_EQ(call(installation).status, 200);
  EXPECT_EQ(logged("api", "target", "oauth"), 1U);
}

}  // namespace
}  // namespace tongs::testing
