#include <gtest/gtest.h>

#include "support/vault_fixture.hpp"
#include "vault/vault.hpp"

namespace tongs::vault {
namespace {

using testing::installation;
using testing::TemporaryDirectory;

TEST(VaultUrl, memory_needs_no_file_and_no_key) {
  auto vault = Vault::open({.url = "memory:"});
  ASSERT_TRUE(vault);
  ASSERT_TRUE((*vault)->observe(installation(1)));
  EXPECT_TRUE((*vault)->flush());
}

TEST(VaultUrl, of_another_kind_is_refused) {
  for (const char* url : {"", "sqlite:", "postgres://x", "tongs.db", "memory"}) {
    const auto vault = Vault::open({.url = url});
    ASSERT_FALSE(vault) << url;
    EXPECT_EQ(vault.error().code(), Errc::invalid_argument);
  }
}

TEST(VaultUrl, a_new_vault_without_any_place_for_keys_is_refused) {
  const TemporaryDirectory directory;
  const auto vault = Vault::open({.url = "sqlite:" + directory.file("x.db")});
  ASSERT_FALSE(vault);
  EXPECT_EQ(vault.error().code(), Errc::not_found);
}

}  // namespace
}  // namespace tongs::vault
