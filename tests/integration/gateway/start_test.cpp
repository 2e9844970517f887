#include <filesystem>

#include "gateway/config.hpp"
#include "gateway/gateway.hpp"
#include "support/certificates.hpp"
#include "support/scratch_folder.hpp"
#include "support/witness.hpp"

namespace tongs::gateway::testing {
namespace {

class GatewayStart : public ::testing::Test {
 protected:
  /// Why a gateway with these settings does not start.
  std::string refusal(const config::Environment& environment) const {
    config::Source source;
    source.name = "gateway.toml";
    source.directory = folder_.path();
    source.text =
        "[app]\nid = \"ari:cloud:ecosystem::app/8db33809-1f32-48bb-8c52-5877dab48107\"\n"
        "[ingress]\nlisten = \"127.0.0.1:0\"\nbackend = \"http://127.0.0.1:1\"\n"
        "[egress]\nlisten = \"127.0.0.1:0\"\n[oauth]\nlisten = \"127.0.0.1:0\"\n[admin]\nlisten = "
        "\"127.0.0.1:0\"\n";
    auto outcome = read_config(source, environment, 1);
    if (!outcome.config) return outcome.findings.front().message;
    auto started = Gateway::start(*std::move(outcome.config));
    return started ? "it started" : started.error().describe();
  }

  test::ScratchFolder folder_;
};

void expect_all(const std::string& text, const std::vector<std::string>& parts) {
  for (const std::string& part : parts)
    EXPECT_NE(text.find(part), std::string::npos) << part << " in: " << text;
}

TEST_F(GatewayStart, names_the_listener_and_the_address_that_is_taken) {
  const test::Witness other;
  const std::string taken = other.url().substr(std::string("http://").size());
  expect_all(refusal({{"TONGS_INGRESS_LISTEN", taken}}), {"ingress.listen", taken, "Address already in use"});
  expect_all(refusal({{"TONGS_EGRESS_LISTEN", taken}}), {"egress.listen", taken, "Address already in use"});
  expect_all(refusal({{"TONGS_ADMIN_LISTEN", taken}}), {"admin.listen", taken, "Address already in use"});
}

TEST_F(GatewayStart, names_the_file_of_the_key_set) {
  const std::string missing = folder_.path() / "none.json";
  expect_all(refusal({{"TONGS_JWKS_FILE", missing}}), {"jwks.file", missing, "cannot be read"});
  const std::string empty = folder_.write("empty.json", "{}");
  expect_all(refusal({{"TONGS_JWKS_FILE", empty}}), {"jwks.file", empty});
}

TEST_F(GatewayStart, names_the_file_of_certificate_authorities) {
  const std::string none = folder_.write("ca.pem", "nothing");
  expect_all(refusal({{"TONGS_PLATFORM_CA_FILE", none}}), {"platform.ca_file", none});
}

TEST_F(GatewayStart, names_the_files_of_certificate_and_key) {
  const test::Identity ours, theirs;
  const std::string certificate = folder_.write("certificate.pem", ours.certificate_pem());
  const std::string key = folder_.write("key.pem", theirs.key_pem()), none = folder_.path() / "none.pem";
  const auto refused = [&](const std::string& shown, const std::string& with) {
    return refusal({{"TONGS_INGRESS_TLS_CERTIFICATE", shown}, {"TONGS_INGRESS_TLS_KEY", with}});
  };
  expect_all(refused(certificate, key), {"ingress.tls_key", key, "belongs to another certificate"});
  expect_all(refused(certificate, none), {"ingress.tls_key", none, "not there"});
  expect_all(refused(none, key), {"ingress.tls_certificate", none, "cannot be read"});
}

TEST_F(GatewayStart, names_the_vault_and_its_key) {
  const std::string other = folder_.write("other.db", std::string(4096, 'x'));
  std::filesystem::permissions(other, std::filesystem::perms(0600));
  expect_all(refusal({{"TONGS_VAULT_URL", "sqlite:" + other}}), {"vault.url", other, "not a SQLite file"});
  const std::string open = folder_.write("open.key", "");
  std::filesystem::permissions(open, std::filesystem::perms(0644));
  expect_all(refusal({{"TONGS_VAULT_KEY_FILE", open}}), {"vault.url", "tongs.db", open, "chmod 600"});
}

}  // namespace
}  // namespace tongs::gateway::testing
