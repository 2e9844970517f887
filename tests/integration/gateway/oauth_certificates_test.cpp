#include <fstream>
#include <iterator>
#include <memory>
#include <optional>

#include "integration/gateway/oauth_scene.hpp"
#include "support/scratch_folder.hpp"
#include "support/tls_peer.hpp"

namespace tongs::gateway::testing {
namespace {

using test::Identity;
using test::TlsPeer;

struct Files {
  explicit Files(const Identity& authority) {
    folder.write("clients.pem", authority.certificate_pem());
    folder.write("server.pem", server.certificate_pem());
    folder.write("server.key", server.key_pem());
  }
  config::Environment settings() const {
    return {{"TONGS_OAUTH_TLS_CERTIFICATE", folder.path() / "server.pem"},
            {"TONGS_OAUTH_TLS_KEY", folder.path() / "server.key"},
            {"TONGS_OAUTH_TLS_CLIENT_CA", folder.path() / "clients.pem"}};
  }
  test::ScratchFolder folder;
  const Identity server;
};

/// A gateway that asks for certificates, and a client that proves itself by one.
class OAuthCertificates : public ::testing::Test {
 protected:
  void SetUp() override {
    scene_.push_system_token("system-1");
    client_ = scene_.make_client(R"({"certificate":"dns:Backend.example.com"})");
  }

  static Identity::Holder holder(const std::string& names, const Identity* issuer, long seconds = 3600) {
    return {.common_name = "billing", .names = names, .issuer = issuer, .seconds = seconds};
  }
  std::uint16_t port() const {
    const std::string& address = scene_.gateway->addresses().oauth;
    return static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
  }
  /// `STATUS body` of an answer to these parameters; empty: the connection did not get so far.
  std::string post(const Parameters& parameters, TlsPeer& peer,
                   const std::string& path = "/oauth2/token") const {
    const std::string body = form(parameters);
    const std::string heard = peer.say("POST " + path +
                                       " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: "
                                       "application/x-www-form-urlencoded\r\nContent-Length: " +
                                       std::to_string(body.size()) + "\r\n\r\n" + body)
                                  .hear_all();
    return heard.empty() ? heard : heard.substr(9, 4) + heard.substr(heard.find("\r\n\r\n") + 4);
  }
  std::string token(const Identity* identity, const Client& client, int newest = 0) const {
    TlsPeer peer(port(), {.newest = newest, .identity = identity});
    return post(named(client), peer);
  }
  static Parameters named(const Client& client) {
    auto parameters = OAuthScene::client_credentials();
    parameters.emplace_back("client_id", client.id);
    return parameters;
  }
  static bool is_given(const std::string& answer) {
    return answer.starts_with("200 ") && answer.find("\"system-1\"") != std::string::npos;
  }
  static bool is_refused(const std::string& answer) {
    return answer.starts_with("401 {\"error\":\"invalid_client\"");
  }
  std::string audit() const {
    std::ifstream file(scene_.file("tongs.audit"));
    return std::string(std::istreambuf_iterator<char>(file), {});
  }

  const Identity authority_{Identity::Holder{.common_name = "authority", .authority = true}};
  const Files files_{authority_};
  OAuthScene scene_{"", {}, files_.settings()};
  const Identity own_{holder("DNS:backend.example.com,URI:spiffe://example.com/billing", &authority_)};
  Client client_;
};

TEST_F(OAuthCertificates, prove_a_client_in_place_of_a_secret) {
  EXPECT_TRUE(client_.secret.empty());
  EXPECT_TRUE(is_given(token(&own_, client_))) << token(&own_, client_);
  EXPECT_TRUE(is_given(token(&own_, client_, TLS1_2_VERSION)));
  TlsPeer peer(port(), {.identity = &own_});
  EXPECT_EQ(
      post({{"client_id", client_.id}, {"token", "system-1"}}, peer, "/oauth2/introspect").substr(0, 18),
      R"(200 {"active":true)");
}

TEST_F(OAuthCertificates, are_known_by_any_of_their_names_and_by_no_other) {
  const Client by_uri = scene_.make_client(R"({"certificate":"uri:spiffe://example.com/billing"})");
  const Client by_subject = scene_.make_client(R"({"certificate":"subject:CN=billing"})");
  const Client other_case = scene_.make_client(R"({"certificate":"uri:spiffe://example.com/Billing"})");
  const Client other_subject = scene_.make_client(R"({"certificate":"subject:CN=billin"})");
  EXPECT_TRUE(is_given(token(&own_, by_uri)));
  EXPECT_TRUE(is_given(token(&own_, by_subject)));
  EXPECT_TRUE(is_refused(token(&own_, other_case)));
  EXPECT_TRUE(is_refused(token(&own_, other_subject)));
}

TEST_F(OAuthCertificates, of_another_tenant_prove_nothing) {
  const Identity foreign(holder("DNS:other.example.com", &authority_)),
      wildcard(holder("DNS:*.example.com", &authority_)),
      beginning(holder("DNS:backend.example.com.evil.example", &authority_)),
      common_name({.common_name = "backend.example.com", .names = "DNS:x.example", .issuer = &authority_}),
      other_kind(holder("URI:backend.example.com", &authority_));
  const Client other = scene_.make_client(R"({"certificate":"dns:other.example.com"})");
  EXPECT_TRUE(is_given(token(&foreign, other)));
  EXPECT_TRUE(is_refused(token(&own_, other)));
  for (const Identity* identity : {&foreign, &wildcard, &beginning, &common_name, &other_kind}) {
    EXPECT_TRUE(is_refused(token(identity, client_)));
  }
  EXPECT_TRUE(is_refused(token(&own_, {"tc_0123456789012345678901", ""}))) << "nobody's id";
  EXPECT_NE(audit().find(R"("outcome":"refused","installation":")" + scene_.installation + R"(","client":")" +
                         client_.id + R"(","actor":"oauth","reason":"wrong_certificate")"),
            std::string::npos)
      << audit();
}

TEST_F(OAuthCertificates, end_the_handshake_if_nobody_vouches_for_them_now) {
  const Identity expired(holder("DNS:backend.example.com", &authority_, -60)),
      self_signed(holder("DNS:backend.example.com", nullptr));
  const Identity stranger(Identity::Holder{.common_name = "authority", .authority = true});
  const Identity unknown(holder("DNS:backend.example.com", &stranger));
  for (const Identity* identity : {&expired, &self_signed, &unknown}) {
    EXPECT_EQ(token(identity, client_), "");
    EXPECT_EQ(token(identity, client_, TLS1_2_VERSION), "");
  }
  EXPECT_NE(scene_.get("http://" + scene_.gateway->addresses().admin + "/metrics")
                .body.find("tongs_oauth_refused_connections_total 6\n"),
            std::string::npos);
}

TEST_F(OAuthCertificates, are_not_asked_of_clients_with_a_secret_and_do_not_stand_for_one) {
  const Client with_secret = scene_.make_client();
  TlsPeer without(port());
  EXPECT_TRUE(is_given(post(with_secret.with(OAuthScene::client_credentials()), without)));
  TlsPeer with(port(), {.identity = &own_});
  EXPECT_TRUE(is_given(post(with_secret.with(OAuthScene::client_credentials()), with)));
  EXPECT_TRUE(is_refused(token(&own_, with_secret))) << "registered for a secret";
  EXPECT_TRUE(is_refused(token(nullptr, client_))) << "no certificate";
  TlsPeer guess(port(), {.identity = &own_});
  EXPECT_TRUE(is_refused(post(Client{client_.id, "guess"}.with(OAuthScene::client_credentials()), guess)))
      << "registered for a certificate, and one way to authenticate is enough";
  TlsPeer nameless(port(), {.identity = &own_});
  EXPECT_TRUE(is_refused(post(OAuthScene::client_credentials(), nameless))) << "RFC 8705 2: client_id";
}

TEST_F(OAuthCertificates, can_be_renewed_while_the_one_of_before_is_in_use) {
  const Identity renewed(holder("DNS:backend.example.com", &authority_, 7200));
  EXPECT_TRUE(is_given(token(&own_, client_)));
  EXPECT_TRUE(is_given(token(&renewed, client_)));
  EXPECT_TRUE(is_given(token(&own_, client_)));
}

/// Of a TLS 1.3 session the ticket comes after the handshake.
std::unique_ptr<SSL_SESSION, test::With<SSL_SESSION_free>> session_of(const TlsPeer& peer) {
  return std::unique_ptr<SSL_SESSION, test::With<SSL_SESSION_free>>(SSL_get1_session(peer.session()));
}

TEST_F(OAuthCertificates, are_known_after_a_session_is_resumed) {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsPeer first(port(), {.newest = version, .identity = &own_});
    ASSERT_TRUE(is_given(post(named(client_), first)));
    const auto session = session_of(first);
    TlsPeer second(port(), {.newest = version, .session = session.get()});
    ASSERT_EQ(SSL_session_reused(second.session()), 1) << version;
    EXPECT_TRUE(is_given(post(named(client_), second))) << version;
    TlsPeer third(port(), {.newest = version, .session = session.get()});
    const Client other = scene_.make_client(R"({"certificate":"dns:other.example.com"})");
    EXPECT_TRUE(is_refused(post(named(other), third))) << "it is still the certificate of one client";
  }
}

TEST_F(OAuthCertificates, of_an_authority_that_is_trusted_no_more_are_not_resumed) {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsPeer first(port(), {.newest = version, .identity = &own_});
    ASSERT_TRUE(is_given(post(named(client_), first)));
    const auto session = session_of(first);
    const Identity successor(Identity::Holder{.common_name = "successor", .authority = true});
    files_.folder.write("clients.pem", successor.certificate_pem());
    ASSERT_TRUE(scene_.gateway->reload(scene_.config("")));
    TlsPeer second(port(), {.newest = version, .session = session.get()});
    EXPECT_EQ(SSL_session_reused(second.session()), 0);
    EXPECT_TRUE(is_refused(post(named(client_), second)));
    EXPECT_EQ(token(&own_, client_), "");
    files_.folder.write("clients.pem", authority_.certificate_pem());
    ASSERT_TRUE(scene_.gateway->reload(scene_.config("")));
  }
}

TEST_F(OAuthCertificates, are_advertised_with_a_url_of_tls) {
  TlsPeer peer(port());
  const std::string heard = peer.say(
                                    "GET /.well-known/oauth-authorization-server HTTP/1.1\r\nHost: "
                                    "localhost\r\nConnection: close\r\n\r\n")
                                .hear_all();
  EXPECT_NE(heard.find(R"("issuer":"https://)" + scene_.gateway->addresses().oauth + "\""),
            std::string::npos);
  for (const std::string endpoint : {"token", "revocation", "introspection"}) {
    const auto methods = heard.find("\"" + endpoint + "_endpoint_auth_methods_supported\"");
    ASSERT_NE(methods, std::string::npos) << heard;
    EXPECT_LT(heard.find("\"tls_client_auth\"", methods), heard.find(']', methods)) << endpoint;
  }
  EXPECT_EQ(heard.find("certificate_bound"), std::string::npos) << "Atlassian's tokens are bound to nothing";
}

TEST_F(OAuthCertificates, are_kept_with_their_client) {
  scene_.gateway.reset();
  scene_.gateway = Gateway::start(scene_.config("")).value();
  EXPECT_TRUE(is_given(token(&own_, client_)));
  const auto listed = scene_.admin("GET", "/v1/installations/" + scene_.installation + "/clients").body;
  EXPECT_NE(listed.find(R"("authentication":"tls_client_auth","certificate":"dns:backend.example.com")"),
            std::string::npos)
      << listed;
  EXPECT_EQ(scene_.admin("POST", "/v1/clients/" + client_.id + "/rotate").status, 409);
  ASSERT_EQ(scene_.admin("DELETE", "/v1/clients/" + client_.id).status, 204);
  EXPECT_TRUE(is_refused(token(&own_, client_)));
}

TEST_F(OAuthCertificates, must_be_named_in_a_way_that_can_be_found) {
  for (const std::string name : {"", "backend.example.com", "dns:", "dns:*.example.com", "dns:a b",
                                 "uri:no-scheme", "uri:spiffe://a b", "subject:billing", "ip:127.0.0.1"}) {
    const auto answer = scene_.admin("POST", "/v1/installations/" + scene_.installation + "/clients",
                                     R"({"certificate":")" + name + "\"}");
    EXPECT_EQ(answer.status, 400) << name;
  }
  const auto both = scene_.admin("POST", "/v1/installations/" + scene_.installation + "/clients",
                                 R"({"certificate":"dns:a.example","connect":true})");
  EXPECT_EQ(both.status, 400);
}

TEST(OAuthCertificatesOff, are_bound_to_no_client_where_nobody_is_asked_for_one) {
  OAuthScene scene;
  scene.push_system_token("system-1");
  const auto answer = scene.admin("POST", "/v1/installations/" + scene.installation + "/clients",
                                  R"({"certificate":"dns:backend.example.com"})");
  EXPECT_EQ(answer.status, 409);
  EXPECT_NE(answer.body.find("tls_client_ca"), std::string::npos) << answer.body;
  const auto metadata = scene.get(scene.url("/.well-known/oauth-authorization-server")).body;
  EXPECT_EQ(metadata.find("tls_client_auth"), std::string::npos);
}

}  // namespace
}  // namespace tongs::gateway::testing
