#include <filesystem>
#include <string>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/base64url.hpp"
#include "support/vault_fixture.hpp"
#include "vault/key_file.hpp"
#include "vault/vault.hpp"

namespace tongs::vault {
namespace {

using testing::account_id;
using testing::at;
using testing::Awaited;
using testing::installation;
using testing::installation_id;

constexpr int kInstallations = 1000;  // several slices

class RotationTest : public testing::VaultFixture {
 protected:
  void fill(Vault& vault) {
    for (int i = 0; i < kInstallations; ++i) {
      ASSERT_TRUE(vault.observe(installation(i)));
      ASSERT_TRUE(vault.offer_system_token(installation_id(i), Secret(std::to_string(i)), at(100), at(0)));
    }
    ASSERT_TRUE(vault.offer_user_token(installation_id(0), account_id(0), Secret("user"), at(100), at(0)));
    ASSERT_TRUE(vault.flush());
  }
  static void expect_whole(const Vault& vault) {
    EXPECT_EQ(vault.status().unreadable_rows, 0u);
    EXPECT_EQ(vault.status().installations, static_cast<std::size_t>(kInstallations));
    for (int i = 0; i < kInstallations; ++i) {
      const auto token = vault.system_token(installation_id(i));
      ASSERT_NE(token, nullptr) << i;
      EXPECT_EQ(token->secret.reveal(), std::to_string(i));
    }
    EXPECT_NE(vault.user_token(installation_id(0), account_id(0)), nullptr);
  }
  static void wait_until_rotated(Vault& vault) {
    while (vault.status().rotating) ASSERT_TRUE(vault.flush());
    ASSERT_TRUE(vault.status().older_keys.empty());
  }
  KeyRing keys_in_file() const { return std::move(read_keys({.file = key_file()})->ring); }
  void keep_only_active_key() const {
    const KeyRing ring = keys_in_file();
    ASSERT_TRUE(replace_key_file(key_file(), KeyRing(ring.active().duplicate())));
  }
};

TEST_F(RotationTest, seals_every_row_under_a_new_key_so_that_the_old_one_is_not_needed) {
  Vault& vault = open();
  fill(vault);
  const std::string before = vault.status().active_key;
  Awaited rotated;
  ASSERT_TRUE(vault.rotate_key(rotated.done()));
  ASSERT_TRUE(rotated.get());
  const auto status = vault.status();
  EXPECT_NE(status.active_key, before);
  EXPECT_TRUE(status.older_keys.empty());
  EXPECT_FALSE(status.rotating);
  EXPECT_EQ(keys_in_file().keys().size(), 2u) << "backups of before need the old one";

  close();
  keep_only_active_key();
  expect_whole(open());
}

TEST_F(RotationTest, lets_other_changes_through_and_loses_none) {
  Vault& vault = open();
  fill(vault);
  Awaited rotated;
  ASSERT_TRUE(vault.rotate_key(rotated.done()));
  for (int i = 0; i < kInstallations; i += 2) {
    ASSERT_TRUE(vault.offer_system_token(installation_id(i), Secret("new"), at(200), at(0)));
  }
  vault.erase(installation_id(1));
  ASSERT_TRUE(rotated.get());
  close();
  keep_only_active_key();
  const Vault& again = open();
  EXPECT_EQ(again.status().unreadable_rows, 0u);
  EXPECT_EQ(again.installation(installation_id(1)), nullptr);
  for (int i = 0; i < kInstallations; i += 2) {
    EXPECT_EQ(again.system_token(installation_id(i))->secret.reveal(), "new");
  }
}

TEST_F(RotationTest, that_was_cut_off_leaves_both_keys_readable_and_goes_on_at_the_next_start) {
  Vault& vault = open();
  fill(vault);
  Awaited rotated;
  ASSERT_TRUE(vault.rotate_key(rotated.done()));
  ASSERT_TRUE(vault.close());
  ASSERT_EQ(rotated.get().error().code(), Errc::cancelled);
  ASSERT_EQ(vault.status().older_keys.size(), 1u);
  close();
  const auto all_keys = testing::content_of(key_file());
  keep_only_active_key();
  EXPECT_EQ(Vault::open(options()).error().code(), Errc::storage_failed) << "the old key is still needed";
  testing::write_file(key_file(), all_keys);

  Vault& again = open();
  expect_whole(again);
  wait_until_rotated(again);
  close();
  keep_only_active_key();
  expect_whole(open());
}

TEST_F(RotationTest, is_refused_while_one_is_under_way) {
  Vault& vault = open();
  fill(vault);
  Awaited rotated;
  ASSERT_TRUE(vault.rotate_key(rotated.done()));
  EXPECT_EQ(vault.rotate_key().error().code(), Errc::conflict);
  EXPECT_TRUE(rotated.get());
  EXPECT_TRUE(vault.rotate_key());
}

TEST_F(RotationTest, of_a_key_file_that_is_gone_changes_nothing) {
  Vault& vault = open();
  fill(vault);
  const std::string before = vault.status().active_key;
  std::filesystem::rename(key_file(), directory_.file("elsewhere"));
  Awaited rotated;
  ASSERT_TRUE(vault.rotate_key(rotated.done()));
  EXPECT_EQ(rotated.get().error().code(), Errc::storage_failed);
  EXPECT_EQ(vault.status().active_key, before);
  std::filesystem::rename(directory_.file("elsewhere"), key_file());
  expect_whole(open());
}

TEST_F(RotationTest, many_times_keeps_the_key_file_small) {
  Vault& vault = open();
  ASSERT_TRUE(vault.observe(installation(1)));
  for (int i = 0; i < 20; ++i) {
    Awaited rotated;
    ASSERT_TRUE(vault.rotate_key(rotated.done()));
    ASSERT_TRUE(rotated.get());
  }
  EXPECT_EQ(keys_in_file().keys().size(), KeyRing::kMaxKeys);
  EXPECT_NE(open().installation(installation_id(1)), nullptr);
}

TEST_F(RotationTest, of_keys_from_the_environment_is_done_by_a_start_with_the_new_key_first) {
  const std::string first = base64url_encode(std::string(32, '1'));
  const std::string second = base64url_encode(std::string(32, '2'));
  const auto open_with = [&](const std::string& keys) {
    vault_.reset();
    auto with = options();
    with.keys = {.text = Secret(keys)};
    auto opened = Vault::open(std::move(with));
    if (opened) vault_ = std::move(*opened);
    return vault_ != nullptr;
  };
  ASSERT_TRUE(open_with(first));
  fill(*vault_);
  EXPECT_EQ(vault_->rotate_key().error().code(), Errc::invalid_argument);
  EXPECT_FALSE(open_with(second)) << "the old key is still needed";
  ASSERT_TRUE(open_with(second + "," + first));
  wait_until_rotated(*vault_);
  ASSERT_TRUE(open_with(second));
  expect_whole(*vault_);
}

}  // namespace
}  // namespace tongs::vault
