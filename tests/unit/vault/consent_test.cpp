#include <gtest/gtest.h>
#include <sqlite3.h>

#include "support/vault_fixture.hpp"

namespace tongs::vault {
namespace {

using testing::account_id;
using testing::at;
using testing::Awaited;
using testing::installation;
using testing::installation_id;

class VaultConsent : public testing::VaultFixture {
 protected:
  Vault& with_tokens_of_two_users() {
    Vault& vault = open();
    EXPECT_TRUE(vault.observe(installation(1)));
    EXPECT_TRUE(vault.offer_system_token(installation_id(1), Secret("system"), at(500), at(0)));
    for (const int user : {1, 2}) {
      EXPECT_TRUE(
          vault.offer_user_token(installation_id(1), account_id(user), Secret("user"), at(500), at(0)));
    }
    return vault;
  }
  static bool has_token(const Vault& vault, int user) {
    return vault.user_token(installation_id(1), account_id(user)) != nullptr;
  }
  static Result<bool> offer(Vault& vault, int user) {
    return vault.offer_user_token(installation_id(1), account_id(user), Secret("new"), at(900), at(0));
  }
};

TEST_F(VaultConsent, of_one_user_taken_back_wipes_his_token_for_good_and_nobody_elses) {
  {
    Vault& vault = with_tokens_of_two_users();
    ASSERT_TRUE(vault.revoke_user(installation_id(1), account_id(1), at(7)));
    EXPECT_FALSE(has_token(vault, 1));
    EXPECT_TRUE(has_token(vault, 2));
    EXPECT_NE(vault.system_token(installation_id(1)), nullptr);
    EXPECT_EQ(offer(vault, 1).error().code(), Errc::forbidden);
    EXPECT_TRUE(vault.flush());
  }
  Vault& vault = open();
  EXPECT_FALSE(has_token(vault, 1));
  EXPECT_TRUE(has_token(vault, 2));
  EXPECT_EQ(offer(vault, 1).error().code(), Errc::forbidden);
  const auto consent = vault.user_consent(installation_id(1), account_id(1));
  ASSERT_NE(consent, nullptr);
  EXPECT_EQ(*consent, (UserConsent{.revoked = true, .changed_at = at(7)}));
  ASSERT_TRUE(vault.authorize_user(installation_id(1), account_id(1), at(8)));
  EXPECT_TRUE(offer(vault, 1).value());
}

TEST_F(VaultConsent, of_a_user_outlives_uninstalling_and_a_new_key_but_not_erasing) {
  Vault& vault = with_tokens_of_two_users();
  ASSERT_TRUE(vault.revoke_user(installation_id(1), account_id(1), at(7)));
  ASSERT_TRUE(vault.mark_uninstalled(installation_id(1), at(8)));
  ASSERT_TRUE(vault.observe(installation(1)));
  EXPECT_EQ(offer(vault, 1).error().code(), Errc::forbidden);
  Awaited rotated;
  ASSERT_TRUE(vault.rotate_key(rotated.done()));
  ASSERT_TRUE(rotated.get());
  EXPECT_EQ(offer(open(), 1).error().code(), Errc::forbidden);
  vault_->erase(installation_id(1));
  EXPECT_EQ(vault_->user_consent(installation_id(1), account_id(1)), nullptr);
  EXPECT_EQ(open().user_consent(installation_id(1), account_id(1)), nullptr);
}

TEST_F(VaultConsent, of_a_user_needs_an_installation) {
  Vault& vault = open();
  EXPECT_EQ(vault.revoke_user(installation_id(1), account_id(1), at(1)).error().code(), Errc::not_found);
  EXPECT_EQ(vault.authorize_user(installation_id(1), account_id(1), at(1)).error().code(), Errc::not_found);
  EXPECT_TRUE(vault.users(installation_id(1)).empty());
}

TEST_F(VaultConsent, lists_users_with_a_token_or_a_consent_in_order) {
  Vault& vault = with_tokens_of_two_users();
  ASSERT_TRUE(vault.revoke_user(installation_id(1), account_id(3), at(7)));
  ASSERT_TRUE(vault.revoke_user(installation_id(1), account_id(2), at(8)));
  const auto users = vault.users(installation_id(1));
  ASSERT_EQ(users.size(), 3u);
  EXPECT_EQ(users[0].account, account_id(1));
  EXPECT_EQ(users[0].consent, nullptr);
  EXPECT_EQ(users[0].token_ends, at(500));
  EXPECT_TRUE(users[1].consent->revoked);
  EXPECT_FALSE(users[1].token_ends);
  EXPECT_EQ(users[2].consent->changed_at, at(7));
}

TEST_F(VaultConsent, that_does_not_open_counts_as_taken_back_until_an_admin_gives_it_again) {
  with_tokens_of_two_users();
  ASSERT_TRUE(vault_->revoke_user(installation_id(1), account_id(1), at(7)));
  ASSERT_TRUE(vault_->authorize_user(installation_id(1), account_id(1), at(8)));
  close();
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(path().c_str(), &database), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(database, "UPDATE sealed_row SET sealed = zeroblob(60) WHERE kind = 5", nullptr,
                         nullptr, nullptr),
            SQLITE_OK);
  ASSERT_EQ(sqlite3_changes(database), 1);
  sqlite3_close(database);
  open();
  for (int run = 0; run < 2; ++run) {  // the row is not erased either
    EXPECT_EQ(open().status().unreadable_rows, 1u);
    EXPECT_EQ(offer(*vault_, 1).error().code(), Errc::forbidden);
  }
  ASSERT_TRUE(vault_->authorize_user(installation_id(1), account_id(1), at(9)));
  EXPECT_TRUE(offer(*vault_, 1).value());
  EXPECT_EQ(open().status().unreadable_rows, 0u);
}

TEST_F(VaultConsent, is_waited_for_until_an_admin_decides_whatever_invocations_come) {
  for (const bool authorize : {true, false}) {
    Vault& vault = open();
    vault.erase(installation_id(1));
    auto first = installation(1);
    first.waiting = true;
    ASSERT_TRUE(vault.observe(first));
    const auto offered = [](Vault& to) {
      return to.offer_system_token(installation_id(1), Secret("t"), at(100), at(0));
    };
    EXPECT_EQ(offered(vault).error().code(), Errc::forbidden);
    auto later = installation(1);
    later.app_version = "17.0.0";
    ASSERT_TRUE(vault.observe(later));
    Vault& again = open();
    EXPECT_TRUE(again.installation(installation_id(1))->waiting);
    EXPECT_EQ(offered(again).error().code(), Errc::forbidden);
    ASSERT_TRUE(authorize ? again.authorize(installation_id(1), at(1))
                          : again.revoke(installation_id(1), at(1)));
    const auto decided = open().installation(installation_id(1));
    EXPECT_FALSE(decided->waiting);
    EXPECT_EQ(decided->revoked, !authorize);
    first.app_version = "18.0.0";
    ASSERT_TRUE(vault_->observe(first));
    EXPECT_FALSE(vault_->installation(installation_id(1))->waiting) << "one that is known waits no more";
  }
}

}  // namespace
}  // namespace tongs::vault
