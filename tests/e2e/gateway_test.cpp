// The gateway as its administrator meets it: the line that it says, and what a signal makes it do.

#include <gtest/gtest.h>

#include <tongs/testing/test_issuer.hpp>

#include "support/certificates.hpp"
#include "support/program.hpp"
#include "support/scratch_folder.hpp"

namespace tongs {
namespace {

constexpr const char* kConfig = R"([app]
id = "ari:cloud:ecosystem::app/8db33809-1f32-48bb-8c52-5877dab48107"
[ingress]
listen = "127.0.0.1:0"
backend = "http://127.0.0.1:1"
tls_certificate = "certificate.pem"
tls_key = "key.pem"
[jwks]
file = "jwks.json"
[egress]
listen = "off"
[oauth]
listen = "off"
[admin]
listen = "127.0.0.1:0"
)";

/// Prints the gateway's first line, and what it logs of each of two reloads: with the files as they are, and
/// with another key.
constexpr const char* kScript = R"(
cd "$1" && mkfifo said told
"$0" gateway --config gateway.toml > said 2> told & gateway=$!
exec 3< said 4< told
read -r line <&3; echo "$line"
hear() { while read -r line <&4; do case "$line" in *"$1"*) echo "$line"; return;; esac; done; }
kill -HUP $gateway; hear reloaded
cp other.pem key.pem; kill -HUP $gateway; hear reloaded
kill -TERM $gateway; wait $gateway; echo "status $?"
)";

TEST(GatewayProgram, says_that_it_speaks_tls_and_reads_certificates_again_on_sighup) {
  const test::Identity ours, other;
  const test::ScratchFolder folder;
  folder.write("gateway.toml", kConfig);
  folder.write("jwks.json", testing::TestIssuer().jwks());
  folder.write("certificate.pem", ours.certificate_pem());
  folder.write("key.pem", ours.key_pem());
  folder.write("other.pem", other.key_pem());
  const auto outcome =
      test::Program("/bin/sh").run({"-c", kScript, TONGS_BINARY, folder.path()}, "", {"PATH=/usr/bin:/bin"});
  EXPECT_TRUE(outcome.out.starts_with("tongs gateway is ready: ingress=https://127.0.0.1:")) << outcome.out;
  const auto first = outcome.out.find("the configuration was reloaded\n");
  const auto second = outcome.out.find("the configuration was not reloaded");
  EXPECT_NE(first, std::string::npos) << outcome.out << outcome.err;
  EXPECT_NE(second, std::string::npos) << outcome.out << outcome.err;
  EXPECT_NE(outcome.out.find("the private key belongs to another certificate", second), std::string::npos);
  EXPECT_TRUE(outcome.out.ends_with("status 0\n")) << outcome.out;
}

}  // namespace
}  // namespace tongs
