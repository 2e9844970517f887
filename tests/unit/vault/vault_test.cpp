#include "vault/vault.hpp"

#include <filesystem>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "base/base64url.hpp"
#include "support/run_sql.hpp"
#include "support/vault_fixture.hpp"

namespace tongs::vault {
namespace {

using testing::account_id;
using testing::at;
using testing::Awaited;
using testing::content_of;
using testing::installation;
using testing::installation_id;
using testing::mode_of;
using testing::TemporaryDirectory;

class VaultTest : public testing::VaultFixture {
 protected:
  void change_rows(const std::string& sql) {
    close();
    EXPECT_GT(test::run_sql(path(), sql), 0) << "the test changed nothing";
  }
  static std::string bare(int number) { return std::string(installation_id(number).bare()); }

  static bool offer(Vault& vault, int number, std::string_view token, std::int64_t ends,
                    std::int64_t now = 0) {
    const auto taken = vault.offer_system_token(installation_id(number), Secret(token), at(ends), at(now));
    EXPECT_TRUE(taken) << taken.error().message();
    return taken && *taken;
  }
  static std::string token_of(const Vault& vault, int number) {
    const auto token = vault.system_token(installation_id(number));
    return token ? std::string(token->secret.reveal()) : "none";
  }
};

TEST_F(VaultTest, keeps_installations_and_tokens_from_one_run_to_the_next) {
  {
    Vault& vault = open();
    ASSERT_TRUE(vault.observe(installation(1)));
    EXPECT_TRUE(offer(vault, 1, "system", 500));
    EXPECT_TRUE(*vault.offer_user_token(installation_id(1), account_id(1), Secret("user"), at(600), at(7)));
    ASSERT_TRUE(vault.close());
  }
  const Vault& vault = open();
  const auto record = vault.installation(installation_id(1));
  ASSERT_NE(record, nullptr);
  EXPECT_TRUE(same_facts(*record, installation(1)));
  EXPECT_EQ(token_of(vault, 1), "system");
  EXPECT_EQ(vault.system_token(installation_id(1))->expires_at, at(500));
  const auto user = vault.user_token(installation_id(1), account_id(1));
  ASSERT_NE(user, nullptr);
  EXPECT_EQ(user->secret.reveal(), "user");
  EXPECT_EQ(user->received_at, at(7));
  EXPECT_EQ(vault.user_token(installation_id(1), account_id(2)), nullptr);
  EXPECT_EQ(vault.system_token(installation_id(2)), nullptr);
}

TEST_F(VaultTest, a_change_is_readable_at_once_and_durable_when_done_is_called) {
  Vault& vault = open();
  Awaited seen;
  ASSERT_TRUE(vault.observe(installation(1), seen.done()));
  EXPECT_NE(vault.installation(installation_id(1)), nullptr);
  EXPECT_TRUE(seen.get());
  EXPECT_EQ(vault.status().unsaved, 0u);
}

TEST_F(VaultTest, the_longest_lived_system_token_wins) {
  Vault& vault = open();
  ASSERT_TRUE(vault.observe(installation(1)));
  EXPECT_TRUE(offer(vault, 1, "long", 500));
  EXPECT_FALSE(offer(vault, 1, "short", 499));
  EXPECT_FALSE(offer(vault, 1, "", 900));
  EXPECT_FALSE(offer(vault, 1, "over", 800, 800));
  EXPECT_EQ(token_of(vault, 1), "long");
  EXPECT_TRUE(offer(vault, 1, "longer", 501));
  EXPECT_EQ(token_of(open(), 1), "longer");
}

TEST_F(VaultTest, done_is_called_for_an_offer_that_brought_nothing_new) {
  Vault& vault = open();
  ASSERT_TRUE(vault.observe(installation(1)));
  offer(vault, 1, "long", 500);
  Awaited kept;
  const auto taken = vault.offer_system_token(installation_id(1), Secret("old"), at(10), at(0), kept.done());
  EXPECT_FALSE(*taken);
  EXPECT_TRUE(kept.get());
}

TEST_F(VaultTest, tokens_of_installations_that_do_not_serve_are_refused) {
  Vault& vault = open();
  const auto offered = [&](int number) {
    return vault.offer_system_token(installation_id(number), Secret("t"), at(100), at(0));
  };
  EXPECT_EQ(offered(1).error().code(), Errc::not_found);
  ASSERT_TRUE(vault.observe(installation(1)));
  ASSERT_TRUE(vault.revoke(installation_id(1), at(1)));
  EXPECT_EQ(offered(1).error().code(), Errc::forbidden);
  ASSERT_TRUE(vault.observe(installation(2)));
  ASSERT_TRUE(vault.mark_uninstalled(installation_id(2), at(1)));
  EXPECT_EQ(offered(2).error().code(), Errc::forbidden);
  EXPECT_EQ(vault.revoke(installation_id(3), at(1)).error().code(), Errc::not_found);
}

TEST_F(VaultTest, revoking_and_uninstalling_wipe_every_token_for_good) {
  for (const bool revoke : {true, false}) {
    Vault& vault = open();
    const int number = revoke ? 1 : 2;
    ASSERT_TRUE(vault.observe(installation(number)));
    offer(vault, number, "system", 500);
    for (int user = 0; user < 5; ++user) {
      ASSERT_TRUE(
          vault.offer_user_token(installation_id(number), account_id(user), Secret("u"), at(9), at(0)));
    }
    ASSERT_TRUE(revoke ? vault.revoke(installation_id(number), at(3))
                       : vault.mark_uninstalled(installation_id(number), at(3)));
    const auto gone = [&](const Vault& v) {
      EXPECT_EQ(token_of(v, number), "none");
      for (int user = 0; user < 5; ++user) {
        EXPECT_EQ(v.user_token(installation_id(number), account_id(user)), nullptr);
      }
      EXPECT_FALSE(v.installation(installation_id(number))->serves());
      EXPECT_EQ(v.installation(installation_id(number))->updated_at, at(3));
    };
    gone(vault);
    gone(open());
  }
}

TEST_F(VaultTest, only_an_admin_gives_a_revoked_consent_back) {
  Vault& vault = open();
  ASSERT_TRUE(vault.observe(installation(1)));
  ASSERT_TRUE(vault.revoke(installation_id(1), at(1)));
  ASSERT_TRUE(vault.observe(installation(1)));
  EXPECT_FALSE(vault.installation(installation_id(1))->serves());
  ASSERT_TRUE(vault.authorize(installation_id(1), at(2)));
  EXPECT_TRUE(vault.installation(installation_id(1))->serves());
  EXPECT_TRUE(offer(vault, 1, "t", 100));
}

TEST_F(VaultTest, seeing_the_same_invocation_again_writes_nothing) {
  Vault& vault = open();
  ASSERT_TRUE(vault.observe(installation(1)));
  ASSERT_TRUE(vault.flush());
  const auto before = vault.status();
  Awaited same;
  ASSERT_TRUE(vault.observe(installation(1), same.done()));
  EXPECT_TRUE(same.get());
  EXPECT_EQ(vault.status().rows_written, before.rows_written);
}

TEST_F(VaultTest, keeps_a_rejected_system_token_until_there_is_another) {
  Vault& vault = open();
  const auto id = installation_id(1);
  ASSERT_TRUE(vault.observe(installation(1)));
  offer(vault, 1, "first", 500);
  vault.reject_system_token(id, vault.system_token(id), at(300), at(0));
  EXPECT_EQ(token_of(vault, 1), "first") << "the only one may be good again in a minute";
  EXPECT_FALSE(*vault.offer_system_token(id, Secret("first"), at(600), at(1)))
      << "the same bytes are no other";
  EXPECT_TRUE(*vault.offer_system_token(id, Secret("second"), at(400), at(1))) << "however short its life";
  EXPECT_EQ(token_of(vault, 1), "second");
  EXPECT_FALSE(*vault.offer_system_token(id, Secret("first"), at(500), at(299))) << "it does not come back";
  EXPECT_TRUE(*vault.offer_system_token(id, Secret("first"), at(500), at(300))) << "but not for ever";
  EXPECT_EQ(token_of(open(), 1), "first");
}

TEST_F(VaultTest, a_rejection_meets_only_the_current_token) {
  Vault& vault = open();
  const auto id = installation_id(1);
  ASSERT_TRUE(vault.observe(installation(1)));
  offer(vault, 1, "first", 100);
  const auto first = vault.system_token(id);
  offer(vault, 1, "second", 200);
  vault.reject_system_token(id, first, at(300), at(0));
  vault.reject_system_token(id, nullptr, at(300), at(0));
  vault.reject_system_token(installation_id(2), first, at(300), at(0));
  EXPECT_FALSE(offer(vault, 1, "third", 150));
  EXPECT_EQ(token_of(vault, 1), "second");
  EXPECT_EQ(vault.installation(installation_id(2)), nullptr);
}

TEST_F(VaultTest, forgets_the_oldest_of_too_many_rejections) {
  Vault& vault = open();
  const auto id = installation_id(1);
  ASSERT_TRUE(vault.observe(installation(1)));
  for (int i = 0; i < 17; ++i) {
    ASSERT_TRUE(*vault.offer_system_token(id, Secret("t" + std::to_string(i)), at(500), at(0)));
    vault.reject_system_token(id, vault.system_token(id), at(300), at(0));
  }
  EXPECT_FALSE(*vault.offer_system_token(id, Secret("t1"), at(500), at(0)));
  EXPECT_TRUE(*vault.offer_system_token(id, Secret("t0"), at(500), at(0)));
}

TEST_F(VaultTest, drops_a_user_token_only_while_it_is_the_current_one) {
  Vault& vault = open();
  ASSERT_TRUE(vault.observe(installation(1)));
  ASSERT_TRUE(vault.offer_user_token(installation_id(1), account_id(1), Secret("u"), at(9), at(0)));
  const auto user = vault.user_token(installation_id(1), account_id(1));
  EXPECT_FALSE(vault.drop_user_token(installation_id(1), account_id(2), user));
  EXPECT_TRUE(vault.drop_user_token(installation_id(1), account_id(1), user));
  EXPECT_EQ(open().user_token(installation_id(1), account_id(1)), nullptr);
}

TEST_F(VaultTest, notices_that_its_file_was_deleted_or_replaced) {
  Vault& vault = open();
  ASSERT_TRUE(vault.observe(installation(1)));
  ASSERT_TRUE(vault.flush());
  const auto probed = [&] {
    Awaited outcome;
    vault.probe(outcome.done());
    return outcome.get();
  };
  EXPECT_TRUE(probed());
  std::filesystem::rename(path(), path() + ".away");
  const auto deleted = probed();
  ASSERT_FALSE(deleted);
  EXPECT_EQ(deleted.error().code(), Errc::storage_failed);
  EXPECT_NE(deleted.error().message().find("deleted or replaced"), std::string_view::npos);
  ASSERT_TRUE(vault.status().failure);
  ASSERT_TRUE(vault.observe(installation(2)));
  EXPECT_FALSE(vault.flush()) << "what is written there, nobody ever reads";
  EXPECT_NE(vault.installation(installation_id(2)), nullptr) << "memory serves";

  testing::write_file(path(), "another file");
  EXPECT_FALSE(probed());
  std::filesystem::rename(path() + ".away", path());
  EXPECT_TRUE(vault.flush()) << "the file is back";
  EXPECT_FALSE(vault.status().failure);
  EXPECT_NE(open().installation(installation_id(2)), nullptr);
}

TEST_F(VaultTest, says_that_a_new_store_was_made_for_keys_that_were_there) {
  EXPECT_FALSE(open().status().store_missed) << "both are new";
  EXPECT_FALSE(open().status().store_missed) << "both were there";
  close();
  std::filesystem::remove(path());
  EXPECT_TRUE(open().status().store_missed);
  EXPECT_FALSE(open().status().store_missed);
  VaultOptions in_memory = options();
  in_memory.url = "memory:";
  EXPECT_FALSE((*Vault::open(std::move(in_memory)))->status().store_missed);
}

TEST_F(VaultTest, sweeps_tokens_that_ended_and_no_others) {
  Vault& vault = open();
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(vault.observe(installation(i)));
    offer(vault, i, "t", 100 + i);
    ASSERT_TRUE(vault.offer_user_token(installation_id(i), account_id(i), Secret("u"), at(200 + i), at(0)));
  }
  EXPECT_EQ(vault.sweep(at(104)), 5u);
  EXPECT_EQ(token_of(vault, 4), "none");
  EXPECT_EQ(token_of(vault, 5), "t");
  EXPECT_EQ(vault.sweep(at(104)), 0u);
  const Vault& again = open();
  EXPECT_EQ(token_of(again, 4), "none");
  EXPECT_EQ(token_of(again, 5), "t");
  EXPECT_NE(again.user_token(installation_id(0), account_id(0)), nullptr);
}

TEST_F(VaultTest, erase_forgets_everything) {
  {
    Vault& vault = open();
    ASSERT_TRUE(vault.observe(installation(1)));
    offer(vault, 1, "t", 100);
    vault.erase(installation_id(1));
    EXPECT_EQ(vault.installation(installation_id(1)), nullptr);
    EXPECT_EQ(vault.status().installations, 0u);
  }
  const Vault& vault = open();
  EXPECT_EQ(vault.installation(installation_id(1)), nullptr);
  EXPECT_EQ(token_of(vault, 1), "none");
}

TEST_F(VaultTest, lists_all_installations_in_pages_without_gap_or_repeat) {
  Vault& vault = open();
  for (int i = 0; i < 25; ++i) ASSERT_TRUE(vault.observe(installation(i)));
  ASSERT_TRUE(vault.revoke(installation_id(3), at(0)));
  for (const auto which : {Vault::Which::all, Vault::Which::serving}) {
    std::vector<std::string> ids;
    std::optional<InstallationId> cursor;
    do {
      const auto page = vault.installations(cursor, 7, which);
      EXPECT_LE(page.installations.size(), 7u);
      for (const auto& record : page.installations) ids.push_back(record->id.str());
      cursor = page.next;
    } while (cursor);
    EXPECT_TRUE(std::is_sorted(ids.begin(), ids.end()));
    EXPECT_EQ(std::set(ids.begin(), ids.end()).size(), which == Vault::Which::all ? 25u : 24u);
  }
  EXPECT_EQ(vault.installations({}, 25).next, std::nullopt);
  EXPECT_EQ(vault.installations({}, 0).installations.size(), 1u) << "a page has at least one place";
  EXPECT_TRUE(vault.installations(installation_id(24), 7).installations.empty());
}

TEST_F(VaultTest, creates_the_key_file_of_a_new_vault_and_says_so) {
  EXPECT_TRUE(open().status().key_file_created);
  EXPECT_EQ(mode_of(key_file()), 0600u);
  EXPECT_FALSE(open().status().key_file_created);
}

TEST_F(VaultTest, keeps_no_secret_in_clear) {
  {
    Vault& vault = open();
    ASSERT_TRUE(vault.observe(installation(1)));
    offer(vault, 1, "a-very-secret-system-token", 100);
    ASSERT_TRUE(vault.flush());
    for (const auto& file : {path(), path() + "-wal"}) {
      EXPECT_EQ(content_of(file).find("a-very-secret"), std::string::npos);
      EXPECT_EQ(content_of(file).find("trigger.example"), std::string::npos);
      EXPECT_EQ(content_of(file).find("api.atlassian.com"), std::string::npos) << "nor where a tenant lives";
    }
    close();
  }
  EXPECT_EQ(content_of(path()).find("a-very-secret"), std::string::npos);
}

TEST_F(VaultTest, without_its_key_is_refused_and_not_touched) {
  ASSERT_TRUE(open().observe(installation(1)));
  close();
  const std::string before = content_of(path());
  std::filesystem::rename(key_file(), directory_.file("elsewhere"));
  const auto refused = Vault::open(options());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Errc::storage_failed);
  EXPECT_FALSE(std::filesystem::exists(key_file())) << "a new key would hide the mistake";
  EXPECT_EQ(content_of(path()), before);

  std::filesystem::rename(directory_.file("elsewhere"), key_file());
  EXPECT_NE(open().installation(installation_id(1)), nullptr);
}

TEST_F(VaultTest, with_a_wrong_key_is_refused_and_not_touched) {
  ASSERT_TRUE(open().observe(installation(1)));
  close();
  const std::string before = content_of(path());
  auto wrong = options();
  wrong.keys.text = Secret(base64url_encode(std::string(32, 'w')));
  const auto refused = Vault::open(std::move(wrong));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Errc::storage_failed);
  EXPECT_NE(refused.error().message().find("not the ones"), std::string_view::npos);
  EXPECT_EQ(content_of(path()), before);
}

TEST_F(VaultTest, with_a_key_file_that_others_could_read_is_refused) {
  open();
  close();
  ASSERT_EQ(::chmod(key_file().c_str(), 0644), 0);
  EXPECT_EQ(Vault::open(options()).error().code(), Errc::forbidden);
}

TEST_F(VaultTest, a_row_that_was_moved_to_another_installation_does_not_open) {
  {
    Vault& vault = open();
    for (const int i : {1, 2}) {
      ASSERT_TRUE(vault.observe(installation(i)));
      offer(vault, i, "token of " + std::to_string(i), 100);
    }
  }
  change_rows(
      "UPDATE sealed_row SET sealed = (SELECT sealed FROM sealed_row WHERE kind = 2 AND installation = '" +
      bare(1) + "') WHERE kind = 2 AND installation = '" + bare(2) + "'");
  Vault& vault = open();
  EXPECT_EQ(token_of(vault, 1), "token of 1");
  EXPECT_EQ(token_of(vault, 2), "none");
  EXPECT_EQ(vault.status().unreadable_rows, 1u);
  EXPECT_TRUE(offer(vault, 2, "new", 100));
  EXPECT_EQ(token_of(open(), 2), "new");
  EXPECT_EQ(vault_->status().unreadable_rows, 0u);
}

TEST_F(VaultTest, a_token_whose_end_was_pushed_back_does_not_open) {
  {
    Vault& vault = open();
    ASSERT_TRUE(vault.observe(installation(1)));
    offer(vault, 1, "t", 100);
  }
  change_rows("UPDATE sealed_row SET ends_at = 1000000 WHERE kind = 2");
  EXPECT_EQ(token_of(open(), 1), "none");
  EXPECT_EQ(vault_->status().unreadable_rows, 1u);
  EXPECT_EQ(open().status().unreadable_rows, 0u) << "the row is of no use to anybody and was erased";
}

TEST_F(VaultTest, a_damaged_record_fails_closed_until_an_admin_mends_it) {
  {
    Vault& vault = open();
    for (const int i : {1, 2, 3}) {
      ASSERT_TRUE(vault.observe(installation(i)));
      offer(vault, i, "t", 100);
    }
    ASSERT_TRUE(vault.revoke(installation_id(1), at(1)));
  }
  change_rows("UPDATE sealed_row SET sealed = zeroblob(80) WHERE kind = 1 AND installation IN ('" + bare(1) +
              "', '" + bare(2) + "')");
  Vault& vault = open();
  EXPECT_EQ(vault.status().unreadable_rows, 2u);
  EXPECT_EQ(vault.status().installations, 1u);
  EXPECT_EQ(vault.installation(installation_id(1)), nullptr);
  EXPECT_EQ(token_of(vault, 2), "none");
  EXPECT_EQ(vault.observe(installation(1)).error().code(), Errc::storage_failed);
  EXPECT_EQ(vault.offer_system_token(installation_id(1), Secret("t"), at(9), at(0)).error().code(),
            Errc::storage_failed);
  EXPECT_EQ(vault.revoke(installation_id(1), at(2)).error().code(), Errc::storage_failed);
  EXPECT_EQ(token_of(vault, 3), "t") << "the others are served";

  vault.put(installation(1));
  vault.erase(installation_id(2));
  EXPECT_TRUE(vault.observe(installation(1)));
  EXPECT_TRUE(vault.observe(installation(2)));
  EXPECT_EQ(open().status().unreadable_rows, 0u);
}

TEST_F(VaultTest, put_of_a_record_that_does_not_serve_wipes_its_tokens) {
  Vault& vault = open();
  ASSERT_TRUE(vault.observe(installation(1)));
  offer(vault, 1, "t", 100);
  Installation record = installation(1);
  record.revoked = true;
  vault.put(std::move(record));
  EXPECT_EQ(token_of(vault, 1), "none");
}

TEST_F(VaultTest, a_second_vault_on_the_same_file_is_refused) {
  open();
  const auto second = Vault::open(options());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code(), Errc::conflict);
}

TEST_F(VaultTest, backs_up_what_was_acknowledged_while_it_runs) {
  Vault& vault = open();
  ASSERT_TRUE(vault.observe(installation(1)));
  ASSERT_TRUE(vault.flush());
  Awaited copied;
  const std::string copy = directory_.file("copy.db");
  vault.backup(copy, copied.done());
  ASSERT_TRUE(copied.get());
  auto from_copy = options();
  from_copy.url = "sqlite:" + copy;
  const auto restored = Vault::open(std::move(from_copy));
  ASSERT_TRUE(restored) << restored.error().message();
  EXPECT_NE((*restored)->installation(installation_id(1)), nullptr);
}

TEST_F(VaultTest, flush_gives_up_at_its_deadline_and_when_asked_to_stop) {
  Vault& vault = open();
  EXPECT_TRUE(vault.flush());
  std::stop_source stop;
  stop.request_stop();
  const auto stopped = vault.flush({.stop = stop.get_token()});
  if (!stopped) {
    EXPECT_EQ(stopped.error().code(), Errc::cancelled);
  }
}

TEST_F(VaultTest, closing_writes_what_is_left_and_reads_go_on) {
  Vault& vault = open();
  ASSERT_TRUE(vault.observe(installation(1)));
  offer(vault, 1, "t", 100);
  EXPECT_TRUE(vault.close());
  EXPECT_TRUE(vault.close()) << "a second time changes nothing";
  EXPECT_EQ(token_of(vault, 1), "t");
  Awaited late;
  ASSERT_TRUE(vault.observe(installation(2), late.done()));
  EXPECT_EQ(late.get().error().code(), Errc::cancelled);
}

TEST_F(VaultTest, changes_made_by_a_done_are_written_too) {
  Vault& vault = open();
  ASSERT_TRUE(vault.observe(installation(1), [&](const Result<void>& first) {
    if (first) vault.put(installation(2));
  }));
  ASSERT_TRUE(vault.close());
  EXPECT_NE(open().installation(installation_id(2)), nullptr);
}

}  // namespace
}  // namespace tongs::vault
