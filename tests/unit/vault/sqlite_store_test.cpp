#include "vault/sqlite/sqlite_store.hpp"

#include <map>
#include <string>

#include <gtest/gtest.h>

#include "support/run_sql.hpp"
#include "support/vault_fixture.hpp"

namespace tongs::vault {
namespace {

using test::run_sql;
using testing::content_of;
using testing::mode_of;
using testing::TemporaryDirectory;
using testing::write_file;

class SqliteStore : public ::testing::Test {
 protected:
  std::string path() const { return directory_.file("tongs.db"); }

  Result<std::unique_ptr<Store>> open() {
    return open_sqlite_store(path(), {.survive_power_loss = false, .lock_wait = {}});
  }
  std::unique_ptr<Store> open_prepared() {
    auto store = open();
    EXPECT_TRUE(store);
    EXPECT_TRUE((*store)->prepare());
    return std::move(*store);
  }
  static void put(Store& store, const RowView& row) {
    ASSERT_TRUE(store.begin());
    ASSERT_TRUE(store.put(row));
    ASSERT_TRUE(store.commit());
  }
  static std::map<std::string, std::string> rows(Store& store) {
    std::map<std::string, std::string> found;
    EXPECT_TRUE(store.load([&](const RowView& row) {
      found[std::to_string(static_cast<int>(row.kind)) + "/" + std::string(row.installation) + "/" +
            std::string(row.account) + "/" + std::to_string(row.ends_at)] = row.sealed;
    }));
    return found;
  }

  TemporaryDirectory directory_;
};

TEST_F(SqliteStore, keeps_rows_by_their_key_and_replaces_them) {
  {
    const auto store = open_prepared();
    put(*store, {RowKind::system_token, "i", "", 10, "one"});
    put(*store, {RowKind::system_token, "i", "", 20, "two"});
    put(*store, {RowKind::user_token, "i", "a", 30, std::string_view("\0\xff", 2)});
  }
  const auto store = open_prepared();
  const std::map<std::string, std::string> expected = {{"2/i//20", "two"},
                                                       {"3/i/a/30", std::string("\0\xff", 2)}};
  EXPECT_EQ(rows(*store), expected);
}

TEST_F(SqliteStore, erases_one_row_and_does_not_mind_one_that_is_not_there) {
  const auto store = open_prepared();
  put(*store, {RowKind::user_token, "i", "a", 1, "x"});
  put(*store, {RowKind::user_token, "i", "b", 1, "y"});
  ASSERT_TRUE(store->begin());
  EXPECT_TRUE(store->erase({RowKind::user_token, "i", "a"}));
  EXPECT_TRUE(store->erase({RowKind::user_token, "i", "none"}));
  ASSERT_TRUE(store->commit());
  EXPECT_EQ(rows(*store).size(), 1u);
}

TEST_F(SqliteStore, forgets_a_transaction_that_was_rolled_back) {
  const auto store = open_prepared();
  ASSERT_TRUE(store->begin());
  ASSERT_TRUE(store->put({RowKind::installation, "i", "", 0, "x"}));
  store->rollback();
  EXPECT_TRUE(rows(*store).empty());
  put(*store, {RowKind::installation, "i", "", 0, "x"});
}

TEST_F(SqliteStore, tells_key_checks_from_other_rows) {
  {
    const auto store = open_prepared();
    put(*store, {RowKind::key_check, "", "id", 0, "sealed"});
    put(*store, {RowKind::installation, "i", "", 0, "x"});
  }
  auto store = open();
  ASSERT_TRUE(store);
  const auto checks = (*store)->key_checks();
  ASSERT_TRUE(checks);
  ASSERT_EQ(checks->size(), 1u);
  EXPECT_EQ(checks->front().key_id, "id");
  EXPECT_EQ(checks->front().sealed, "sealed");
  ASSERT_TRUE((*store)->prepare());
  EXPECT_EQ(rows(**store).size(), 1u);
}

TEST_F(SqliteStore, creates_a_file_for_its_owner_alone) {
  const auto store = open_prepared();
  put(*store, {RowKind::installation, "i", "", 0, "x"});
  EXPECT_EQ(mode_of(path()), 0600u);
  EXPECT_EQ(mode_of(path() + "-wal"), 0600u);
}

TEST_F(SqliteStore, refuses_a_file_that_another_program_made) {
  run_sql(path(), "CREATE TABLE notes (text)");
  const auto store = open();
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code(), Errc::storage_failed);
  EXPECT_NE(store.error().message().find("another program"), std::string_view::npos);
}

TEST_F(SqliteStore, refuses_a_file_that_is_no_database) {
  write_file(path(), std::string(10'000, 'x'));
  const auto store = open();
  ASSERT_FALSE(store);
  EXPECT_NE(store.error().message().find("not a SQLite file"), std::string_view::npos);
  EXPECT_EQ(content_of(path()), std::string(10'000, 'x'));
}

TEST_F(SqliteStore, refuses_a_newer_version_and_leaves_it_as_it_is) {
  {
    open_prepared();
  }
  run_sql(path(), "PRAGMA user_version = 3");
  const std::string before = content_of(path());
  const auto store = open();
  ASSERT_FALSE(store);
  EXPECT_NE(store.error().message().find("newer version"), std::string_view::npos);
  EXPECT_EQ(content_of(path()), before);
}

TEST_F(SqliteStore, takes_over_a_file_of_an_earlier_version_and_keeps_that_one_away) {
  put(*open_prepared(), {RowKind::installation, "i", "", 0, "x"});
  run_sql(path(), "PRAGMA user_version = 1");
  EXPECT_EQ(rows(*open_prepared()).size(), 1u);
  EXPECT_EQ(rows(*open_prepared()).size(), 1u);
  EXPECT_EQ(
      run_sql(path(),
              "UPDATE sealed_row SET ends_at = 0 WHERE (SELECT user_version = 2 FROM pragma_user_version)"),
      1);
}

TEST_F(SqliteStore, starts_in_an_empty_file_and_in_one_whose_creation_was_cut_off) {
  write_file(path(), "");
  {
    open_prepared();
  }
  run_sql(path(), "DROP TABLE sealed_row; PRAGMA user_version = 0; PRAGMA application_id = 0");
  put(*open_prepared(), {RowKind::installation, "i", "", 0, "x"});
}

TEST_F(SqliteStore, belongs_to_one_at_a_time) {
  const auto store = open_prepared();
  const auto second = open();
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().message().find("one gateway at a time"), std::string_view::npos);
  put(*store, {RowKind::installation, "i", "", 0, "x"});
}

TEST_F(SqliteStore, needs_a_directory_that_is_there) {
  const auto store = open_sqlite_store(directory_.file("no/such/tongs.db"), {});
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code(), Errc::storage_failed);
}

TEST_F(SqliteStore, takes_a_path_for_a_path_whatever_it_looks_like) {
  for (const std::string name : {"file:x?mode=memory", "ä漢 %20'\";--.db"}) {
    const std::string odd = directory_.file(name);
    {
      auto store = open_sqlite_store(odd, {});
      ASSERT_TRUE(store) << name;
      ASSERT_TRUE((*store)->prepare());
      put(**store, {RowKind::installation, "i", "", 0, "x"});
    }
    EXPECT_GT(content_of(odd).size(), 0u) << name;
  }
}

TEST_F(SqliteStore, runs_nothing_that_hides_in_the_schema) {
  {
    open_prepared();
  }
  run_sql(path(), "CREATE TRIGGER t AFTER INSERT ON sealed_row BEGIN DELETE FROM sealed_row; END");
  const auto store = open_prepared();
  put(*store, {RowKind::installation, "i", "", 0, "x"});
  EXPECT_EQ(rows(*store).size(), 1u);
}

TEST_F(SqliteStore, backs_up_to_a_new_private_file_and_over_no_other) {
  const std::string copy = directory_.file("copy.db");
  {
    const auto store = open_prepared();
    put(*store, {RowKind::installation, "i", "", 0, "x"});
    ASSERT_TRUE(store->backup(copy));
    EXPECT_EQ(mode_of(copy), 0600u);
    const auto again = store->backup(copy);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code(), Errc::invalid_argument);
  }
  auto restored = open_sqlite_store(copy, {});
  ASSERT_TRUE(restored);
  ASSERT_TRUE((*restored)->prepare());
  EXPECT_EQ(rows(**restored).size(), 1u);
}

}  // namespace
}  // namespace tongs::vault
