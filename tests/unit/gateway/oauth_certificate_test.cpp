#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "gateway/oauth/authenticator.hpp"
#include "gateway/oauth/certificate_name.hpp"
#include "gateway/oauth/credentials.hpp"

namespace tongs::gateway::oauth {
namespace {

TEST(OAuthCertificateName, is_kept_in_the_form_in_which_it_is_found) {
  EXPECT_EQ(certificate_name("dns:Backend.Example.com").value(), "dns:backend.example.com");
  for (const std::string name : {"uri:spiffe://example.com/Billing", "uri:urn:example:billing",
                                 "subject:CN=billing", R"(subject:CN=b\C3\A4r,O=Example\, Inc.)"}) {
    EXPECT_EQ(certificate_name(name).value(), name);
  }
}

TEST(OAuthCertificateName, is_refused_where_no_certificate_can_have_it) {
  for (const std::string name :
       {"", "backend.example.com", "DNS:a.example", "dns:", "dns:a b", "dns:*.example.com", "uri:", "uri:a",
        "uri:spiffe://a b", "uri::b", "uri:a:", "subject:", "subject:billing", "subject:=b",
        "subject:CN=b\xC3\xA4r", "subject:CN=a\nb"}) {
    EXPECT_FALSE(certificate_name(name)) << name;
  }
  EXPECT_FALSE(certificate_name("uri:a:" + std::string(600, 'b')));
}

TEST(OAuthCertificateName, is_one_of_its_kind) {
  const net::PeerCertificate certificate{
      .subject = "CN=a.example", .dns_names = {"b.example", "c.example"}, .uris = {"urn:d"}};
  for (const std::string name : {"subject:CN=a.example", "dns:b.example", "dns:c.example", "uri:urn:d"}) {
    EXPECT_TRUE(has_name(certificate, name)) << name;
  }
  for (const std::string name :
       {"dns:a.example", "dns:urn:d", "uri:b.example", "subject:CN=a", "subject:", "", "b.example"}) {
    EXPECT_FALSE(has_name(certificate, name)) << name;
  }
  EXPECT_EQ(names_of(certificate), "subject:CN=a.example dns:b.example dns:c.example uri:urn:d");
}

TEST(OAuthAuthenticator, believes_a_certificate_until_it_ends_however_old_the_session_is) {
  const WallTime now{std::chrono::seconds(2'000'000'000)};
  const auto id = InstallationId::parse("0a3a7799-53ae-4a5b-9e7e-03338980abb5").value();
  const std::shared_ptr<vault::Vault> vault = vault::Vault::open({.url = "memory:"}).value();
  vault->put({.id = id,
              .app = AppId::parse("8db33809-1f32-48bb-8c52-5877dab48107").value(),
              .context = ContextAri::parse("ari:cloud:jira::site/c-1").value(),
              .api_base_url = "https://api.atlassian.com/ex/jira/c-1"});
  auto client = make_client(id, {.certificate = "dns:a.example"}, now).value();
  const ClientProof proof{.client_id = client.record.id};
  EXPECT_TRUE(client.secret.empty());
  ASSERT_TRUE(vault->put_oauth_client(std::move(client.record)));
  const net::Peer peer{.address = "127.0.0.1",
                       .tls = true,
                       .certificate = std::make_shared<const net::PeerCertificate>(
                           net::PeerCertificate{.dns_names = {"a.example"}, .ends_at = now})};
  Authenticator authenticator(*vault, {});
  EXPECT_TRUE(authenticator.authenticate(proof, peer, now - std::chrono::seconds(1)));
  auto ended = authenticator.authenticate(proof, peer, now);
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.refusal().reason, Reason::wrong_certificate);
  ASSERT_TRUE(ended.refusal().posed_as);
  EXPECT_EQ(ended.refusal().posed_as->id, proof.client_id);
}

}  // namespace
}  // namespace tongs::gateway::oauth
