// Each hop of the way to a token fails in each way: every caller, at either door, is told which one it was.

#include <optional>

#include "integration/gateway/oauth_scene.hpp"
#include "support/certificates.hpp"
#include "support/loopback_server.hpp"
#include "support/scratch_folder.hpp"

namespace tongs::gateway::testing {
namespace {

enum class Way : std::uint8_t {
  refused,
  wrong_certificate,
  silent,
  forbidden,
  unavailable,
  half_a_body,
  no_http
};

/// A peer that fails in one way.
class BrokenPeer {
 public:
  explicit BrokenPeer(Way way) {
    if (way == Way::refused) {
      url_ = test::LoopbackServer([](test::Connection&) {}).url("");
    } else if (way == Way::wrong_certificate) {
      speak_tls();
    } else {
      server_.emplace([text = answer_of(way)](test::Connection& caller) {
        if (caller.read_head().empty()) return;
        if (text.empty()) return caller.wait_for_close();
        caller.write(text);
      });
      url_ = server_->url("");
    }
  }
  const std::string& url() const { return url_; }

 private:
  static std::string answer_of(Way way) {
    const std::string rest =
        "Content-Type: application/json\r\nContent-Length: 60\r\n\r\n{\"access_token\":\"tok";
    switch (way) {
      case Way::forbidden:
        return "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\n{}";
      case Way::unavailable:
        return "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 2\r\n\r\n{}";
      case Way::half_a_body:
        return "HTTP/1.1 200 OK\r\n" + rest;
      case Way::no_http:
        return "SSH-2.0-OpenSSH_9.2\r\n";
      default:
        return {};
    }
  }
  void speak_tls() {
    const test::Identity stranger;
    auto tls = net::serving_tls(folder_.write("certificate.pem", stranger.certificate_pem())).value();
    ASSERT_TRUE(net::use_key(*tls, Secret(stranger.key_pem())));
    tls_.emplace([](net::Exchange& exchange) -> net::Task<> {
      net::Response answer = net::Response::text(204, "");
      (void)co_await exchange.respond(std::move(answer));
    });
    tls_->use(std::make_shared<const net::Entrance>(net::Entrance{.tls = std::move(tls)}));
    url_ = "https://" + tls_->address();
  }

  test::ScratchFolder folder_;
  std::optional<test::LoopbackServer> server_;
  std::optional<net::testing::RunningServer> tls_;
  std::string url_;
};

/// Who was asked when it failed, and in which words all callers hear of it.
struct Hop {
  const char* name;
  bool of_a_user;  ///< it is a user's token that is asked for
  const char *sources, *words;
};

struct Case {
  Hop hop;
  Way way;
  const char* words;  ///< of the failure itself
};

void PrintTo(const Case& one, std::ostream* out) { *out << one.hop.name << ": " << one.words; }

/// Whoever fails by himself has all the time that a busy machine may need for it.
std::string sources_for(Way way) {
  return "[sources]\noauth_client_id = \"gateway\"\ntime = \"" +
         std::string(way == Way::silent ? "300ms" : "8s") + "\"\n";
}

const Hop kTrigger{"auth-trigger", false, "order = [\"auth-trigger\"]\nauth_path = \"/forge/auth\"\n",
                   "auth-trigger: "};
const Hop kTokenEndpoint{"oauth", false, "order = [\"oauth\"]\n", "oauth: "};
const Hop kGraphql{"graphql", true, "order = [\"invocation\"]\n", "no offline user token: "};

class Hops : public ::testing::TestWithParam<Case> {};

TEST_P(Hops, that_fail_are_named_to_every_caller) {
  const auto& [hop, way, words] = GetParam();
  const BrokenPeer broken(way);
  OAuthScene scene(
      sources_for(way) + hop.sources + "oauth_token_url = \"" + broken.url() + "/oauth/token\"\n", {},
      {{"TONGS_SOURCES_OAUTH_CLIENT_SECRET", "hunter2"}});
  if (hop.name != std::string_view("oauth")) scene.product = broken.url();
  ASSERT_EQ(scene
                .invoke(scene.signed_event(), {{"x-forge-oauth-system", "system-1"}}, "/events",
                        R"({"eventType":"avi:forge:installed:app","authTriggerUrl":")" + scene.product +
                            "/auth-trigger/1\"}")
                .status,
            200);
  const Client client = scene.make_client();
  const auto egress = scene.egress(
      "/jira/x", hop.of_a_user ? "Forge as=user,accountId=557058:absent,installationId=" + scene.installation
                               : "Forge as=app,installationId=" + scene.installation);
  const auto oauth =
      scene.token(client.with(hop.of_a_user ? OAuthScene::exchange() : OAuthScene::client_credentials()));
  for (const auto& answer : {egress, oauth}) {
    EXPECT_GE(answer.status, 400);
    EXPECT_NE(answer.body.find(hop.words), std::string::npos) << answer.body;
    EXPECT_NE(answer.body.find(words), std::string::npos) << answer.body;
    EXPECT_EQ(answer.body.find("hunter2"), std::string::npos);
  }
}

std::vector<Case> cases() {
  std::vector<Case> all;
  struct Failure {
    Way way;
    const char* words;
  };
  for (const Hop& hop : {kTrigger, kTokenEndpoint, kGraphql}) {
    for (const auto& [way, words] : std::initializer_list<Failure>{
             {Way::refused, "cannot connect to the peer"},
             {Way::wrong_certificate, "the peer's certificate is not trusted"},
             {Way::silent, "in time"},
             {Way::forbidden, "(403)"},
             {Way::unavailable, "(5xx)"},
             {Way::half_a_body, "before its answer was complete"},
             {Way::no_http, "not acceptable HTTP"},
         }) {
      // How long the gateway waits for a user's token cannot be set: see BrokerHops.
      if (way != Way::silent || !hop.of_a_user) all.push_back({hop, way, words});
    }
  }
  return all;
}

INSTANTIATE_TEST_SUITE_P(All, Hops, ::testing::ValuesIn(cases()));

}  // namespace
}  // namespace tongs::gateway::testing
