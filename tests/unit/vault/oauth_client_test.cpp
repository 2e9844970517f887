#include "vault/oauth_client.hpp"

#include <string>
#include <vector>

#include "support/run_sql.hpp"
#include "support/vault_fixture.hpp"
#include "vault/oauth_client_codec.hpp"

namespace tongs::vault {
namespace {

using testing::at;
using testing::Awaited;
using testing::content_of;
using testing::installation;
using testing::installation_id;

SecretDigest digest(unsigned char first) {
  SecretDigest digest{};
  digest.fill(0x5a);
  digest[0] = first;
  return digest;
}

OAuthClient client(int number, std::string id = "tc_0123456789012345678901") {
  OAuthClient client{.id = std::move(id), .installation = installation_id(number), .name = "billing"};
  client.secrets.push_back({.digest = digest(1), .created_at = at(20), .ends_at = at(90)});
  client.secrets.push_back(
      {.digest = digest(2), .created_at = at(10), .shared = Secret("shared-with-connect")});
  client.allow_from = {"192.0.2.0/24", "2001:db8::1"};
  client.created_at = at(10);
  return client;
}

void expect_same(const OAuthClient& a, const OAuthClient& b) {
  EXPECT_EQ(a.id, b.id);
  EXPECT_EQ(a.installation, b.installation);
  EXPECT_EQ(a.name, b.name);
  EXPECT_EQ(a.jwks, b.jwks);
  EXPECT_EQ(a.certificate, b.certificate);
  EXPECT_EQ(a.allow_from, b.allow_from);
  EXPECT_EQ(a.created_at, b.created_at);
  ASSERT_EQ(a.secrets.size(), b.secrets.size());
  for (std::size_t i = 0; i < a.secrets.size(); ++i) {
    EXPECT_EQ(a.secrets[i].digest, b.secrets[i].digest);
    EXPECT_EQ(a.secrets[i].created_at, b.secrets[i].created_at);
    EXPECT_EQ(a.secrets[i].ends_at, b.secrets[i].ends_at);
    EXPECT_EQ(a.secrets[i].shared.reveal(), b.secrets[i].shared.reveal());
  }
}

void expect_kept(const OAuthClient& given) {
  std::string bytes;
  encode(given, bytes);
  const auto read = decode_oauth_client(given.installation, given.id, bytes);
  ASSERT_TRUE(read);
  expect_same(*read, given);
  expect_same(given.duplicate(), given);
}

TEST(OAuthClientCodec, keeps_every_fact) { expect_kept(client(7)); }

TEST(OAuthClientCodec, keeps_a_client_with_a_certificate_and_no_secret) {
  expect_kept({.id = "tc_1", .installation = installation_id(7), .certificate = "dns:a.example"});
}

TEST(OAuthClientCodec, refuses_what_it_does_not_understand) {
  const OAuthClient given = client(7);
  const auto reads = [&](std::string_view bytes) {
    return decode_oauth_client(given.installation, given.id, bytes).has_value();
  };
  std::string bytes;
  encode(given, bytes);
  EXPECT_FALSE(reads("")) << "a client without a way to prove itself";
  EXPECT_FALSE(reads(bytes + std::string("\x63\x01\x00\x00\x00x", 6))) << "a field of a later version";
  EXPECT_FALSE(reads(bytes.substr(0, bytes.size() - 1)));
  OAuthClient third = given.duplicate();
  third.secrets.push_back({.digest = digest(3)});
  encode(third, bytes);
  EXPECT_FALSE(reads(bytes)) << "three secrets";
}

class VaultClients : public testing::VaultFixture {
 protected:
  void SetUp() override {
    ASSERT_TRUE(open().observe(installation(1)));
    ASSERT_TRUE(vault_->observe(installation(2)));
  }
};

TEST_F(VaultClients, are_kept_from_one_run_to_the_next) {
  Awaited written;
  ASSERT_TRUE(vault_->put_oauth_client(client(1), written.done()));
  ASSERT_TRUE(written.get());
  const auto found = open().oauth_client(client(1).id);
  ASSERT_TRUE(found);
  expect_same(*found, client(1));
  ASSERT_EQ(vault_->oauth_clients(installation_id(1)).size(), 1u);
  EXPECT_TRUE(vault_->oauth_clients(installation_id(2)).empty());
  EXPECT_FALSE(vault_->oauth_client("tc_other"));
}

TEST_F(VaultClients, need_an_installation_that_is_known) {
  EXPECT_EQ(vault_->put_oauth_client(client(3)).error().code(), Errc::not_found);
  EXPECT_FALSE(vault_->oauth_client(client(3).id));
}

TEST_F(VaultClients, are_replaced_and_erased_by_their_id) {
  ASSERT_TRUE(vault_->put_oauth_client(client(1, "tc_a")));
  ASSERT_TRUE(vault_->put_oauth_client(client(1, "tc_b")));
  OAuthClient renamed = client(1, "tc_a");
  renamed.name = "reports";
  ASSERT_TRUE(vault_->put_oauth_client(std::move(renamed)));
  EXPECT_EQ(vault_->oauth_client("tc_a")->name, "reports");
  Awaited written;
  ASSERT_TRUE(vault_->erase_oauth_client("tc_a", written.done()));
  ASSERT_TRUE(written.get());
  EXPECT_EQ(vault_->erase_oauth_client("tc_a").error().code(), Errc::not_found);
  open();
  EXPECT_FALSE(vault_->oauth_client("tc_a"));
  EXPECT_TRUE(vault_->oauth_client("tc_b"));
}

TEST_F(VaultClients, outlive_an_uninstallation_and_a_revocation_but_go_with_the_record) {
  ASSERT_TRUE(vault_->put_oauth_client(client(1, "tc_a")));
  ASSERT_TRUE(vault_->put_oauth_client(client(2, "tc_b")));
  ASSERT_TRUE(vault_->revoke(installation_id(1), at(5)));
  ASSERT_TRUE(vault_->mark_uninstalled(installation_id(1), at(6)));
  open();
  EXPECT_TRUE(vault_->oauth_client("tc_a"));
  vault_->erase(installation_id(1));
  EXPECT_FALSE(vault_->oauth_client("tc_a"));
  open();
  EXPECT_FALSE(vault_->oauth_client("tc_a"));
  EXPECT_TRUE(vault_->oauth_client("tc_b"));
}

TEST_F(VaultClients, are_sealed_anew_when_the_key_is_rotated) {
  ASSERT_TRUE(vault_->put_oauth_client(client(1)));
  Awaited rotated;
  ASSERT_TRUE(vault_->rotate_key(rotated.done()));
  ASSERT_TRUE(rotated.get());
  const auto found = open().oauth_client(client(1).id);
  ASSERT_TRUE(found);
  expect_same(*found, client(1));
  EXPECT_EQ(vault_->status().unreadable_rows, 0u);
}

TEST_F(VaultClients, of_one_installation_cannot_be_moved_to_another_on_the_disk) {
  ASSERT_TRUE(vault_->put_oauth_client(client(1)));
  close();
  EXPECT_EQ(test::run_sql(path(), "UPDATE sealed_row SET installation = '" +
                                      std::string(installation_id(2).bare()) + "' WHERE kind = 4"),
            1);
  EXPECT_FALSE(open().oauth_client(client(1).id));
  EXPECT_EQ(vault_->status().unreadable_rows, 1u);
}

TEST_F(VaultClients, leave_nothing_in_clear_on_the_disk) {
  ASSERT_TRUE(vault_->put_oauth_client(client(1)));
  close();
  const std::string bytes = content_of(path());
  EXPECT_NE(bytes.find(client(1).id), std::string::npos) << "the id is the row's name";
  for (const std::string secret : {"shared-with-connect", "billing", "192.0.2.0/24"}) {
    EXPECT_EQ(bytes.find(secret), std::string::npos) << secret;
  }
}

TEST_F(VaultClients, tell_who_watches_that_an_installation_begins_or_ends_to_serve) {
  std::vector<std::string> told;
  vault_->watch_serving([&](const InstallationId& id, bool serves) {
    told.push_back(std::string(id.bare().substr(id.bare().size() - 1)) + (serves ? "+" : "-"));
  });
  ASSERT_TRUE(vault_->observe(installation(3)));
  ASSERT_TRUE(vault_->observe(installation(3)));
  ASSERT_TRUE(vault_->revoke(installation_id(1), at(5)));
  ASSERT_TRUE(vault_->mark_uninstalled(installation_id(1), at(6)));
  ASSERT_TRUE(vault_->authorize(installation_id(3), at(6)));
  vault_->erase(installation_id(1));
  vault_->erase(installation_id(2));
  EXPECT_EQ(told, (std::vector<std::string>{"3+", "1-", "2-"}));
}

}  // namespace
}  // namespace tongs::vault
