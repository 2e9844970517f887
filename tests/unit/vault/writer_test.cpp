#include "vault/writer.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/vault_fixture.hpp"

namespace tongs::vault {
namespace {

using testing::at;
using testing::Awaited;
using testing::installation_id;

/// A store that writes down what happens to it and does at each transaction what the test says.
class ScriptedStore final : public Store {
 public:
  struct Record {
    std::vector<std::vector<std::string>> committed;  ///< the rows of each transaction
    int rollbacks = 0;
    std::map<int, std::function<Result<void>()>> at_commit;  ///< by number of the transaction, from 1
    int transactions = 0;
  };
  explicit ScriptedStore(std::shared_ptr<Record> record) : record_(std::move(record)) {}

  Result<std::vector<KeyCheck>> key_checks() override { return std::vector<KeyCheck>(); }
  Result<void> prepare() override { return {}; }
  Result<void> load(const std::function<void(const RowView&)>&) override { return {}; }
  Result<void> begin() override {
    rows_.clear();
    return {};
  }
  Result<void> put(const RowView& row) override {
    rows_.push_back(std::string(row.installation) + " until " + std::to_string(row.ends_at));
    return {};
  }
  Result<void> erase(const RowKey& key) override {
    rows_.push_back(key.installation + " erased");
    return {};
  }
  Result<void> commit() override {
    const auto script = record_->at_commit.find(++record_->transactions);
    if (script != record_->at_commit.end()) {
      if (auto outcome = script->second(); !outcome) return outcome;
    }
    record_->committed.push_back(rows_);
    return {};
  }
  void rollback() noexcept override { ++record_->rollbacks; }
  Result<void> backup(const std::string&) override { return {}; }

 private:
  std::shared_ptr<Record> record_;
  std::vector<std::string> rows_;
};

class WriterTest : public ::testing::Test {
 protected:
  using Rows = std::vector<std::string>;

  void submit(int number, std::int64_t ends, Done done = {}) {
    const Secret secret("t");
    Change change = change_of_system_token(
        installation_id(number), std::make_shared<const Token>(Token{secret.duplicate(), at(ends), at(0)}));
    writer_.submit({&change, 1}, std::move(done));
  }
  static std::string row(int number, std::int64_t ends) {
    return std::string(installation_id(number).bare()) + " until " + std::to_string(ends);
  }
  /// The first wait may end with the transaction that brings more changes, the second one ends after these.
  void flush_all() {
    (void)writer_.flush({});
    ASSERT_TRUE(writer_.flush({}));
  }
  static Result<void> broken() { return Error(Errc::storage_failed, "as the test says"); }

  std::shared_ptr<ScriptedStore::Record> record_ = std::make_shared<ScriptedStore::Record>();
  Writer writer_{std::make_unique<ScriptedStore>(record_), Sealer(KeyRing(*Key::generate())),
                 std::chrono::hours(1)};
};

TEST_F(WriterTest, makes_one_transaction_of_what_came_in_during_the_one_before) {
  record_->at_commit[1] = [&] {
    for (int i = 2; i < 50; ++i) submit(i, i);
    return Result<void>();
  };
  submit(1, 1);
  flush_all();
  ASSERT_EQ(record_->committed.size(), 2u);
  EXPECT_EQ(record_->committed[0], Rows{row(1, 1)});
  EXPECT_EQ(record_->committed[1].size(), 48u);
}

TEST_F(WriterTest, writes_only_the_last_of_several_changes_to_a_row) {
  record_->at_commit[1] = [&] {
    for (int i = 2; i < 50; ++i) submit(1, i);
    return Result<void>();
  };
  submit(1, 1);
  flush_all();
  EXPECT_EQ(record_->committed[1], Rows{row(1, 49)});
}

TEST_F(WriterTest, a_change_that_came_in_while_a_transaction_failed_wins_over_the_one_that_failed) {
  record_->at_commit[1] = [&] {
    submit(1, 2);
    return broken();
  };
  submit(1, 1);
  submit(2, 1);
  flush_all();
  ASSERT_FALSE(record_->committed.empty());
  const Rows last = record_->committed.back();
  EXPECT_NE(std::find(last.begin(), last.end(), row(1, 2)), last.end());
  for (const Rows& rows : record_->committed) {
    EXPECT_EQ(std::find(rows.begin(), rows.end(), row(1, 1)), rows.end());
  }
}

TEST_F(WriterTest, rolls_back_what_failed) {
  record_->at_commit[1] = broken;
  Awaited outcome;
  submit(1, 1, outcome.done());
  EXPECT_EQ(outcome.get().error().message(), "as the test says");
  EXPECT_EQ(record_->rollbacks, 1);
}

TEST_F(WriterTest, tells_whoever_came_in_during_a_transaction_the_outcome_of_the_next_one) {
  Awaited first;
  Awaited second;
  record_->at_commit[1] = [&] {
    submit(2, 1, second.done());
    return Result<void>();
  };
  record_->at_commit[2] = broken;
  submit(1, 1, first.done());
  EXPECT_TRUE(first.get());
  EXPECT_FALSE(second.get());
}

TEST_F(WriterTest, closing_gives_a_failing_store_one_more_chance) {
  record_->at_commit[1] = broken;
  Awaited outcome;
  submit(1, 1, outcome.done());
  EXPECT_FALSE(outcome.get());
  EXPECT_TRUE(writer_.close());
  EXPECT_EQ(record_->committed.size(), 1u);
}

TEST_F(WriterTest, tells_its_watcher_once_when_the_store_begins_to_fail_and_once_when_it_is_well_again) {
  std::vector<std::string> told;
  writer_.watch([&](const Result<void>& outcome) {
    told.push_back(outcome ? "well" : std::string(outcome.error().message()));
    (void)writer_.status();  // no lock is held
  });
  for (const int transaction : {2, 3, 4, 7}) record_->at_commit[transaction] = broken;
  for (int i = 0; i < 8; ++i) {
    submit(i, 1);
    (void)writer_.flush({});
  }
  EXPECT_TRUE(writer_.close());
  EXPECT_EQ(told, (std::vector<std::string>{"as the test says", "well", "as the test says", "well"}));
}

TEST_F(WriterTest, tries_the_store_when_asked_to_though_there_is_nothing_to_write) {
  record_->at_commit[1] = broken;
  Awaited failed, well;
  writer_.probe(failed.done());
  EXPECT_FALSE(failed.get());
  EXPECT_TRUE(writer_.status().failure);
  EXPECT_EQ(writer_.status().unsaved, 0u);
  writer_.probe(well.done());
  EXPECT_TRUE(well.get());
  EXPECT_FALSE(writer_.status().failure);
  EXPECT_EQ(writer_.status().transactions, 0u);
}

TEST_F(WriterTest, forgets_no_probe_that_comes_during_a_transaction) {
  Awaited probed;
  record_->at_commit[1] = [&] {
    writer_.probe(probed.done());
    return Result<void>();
  };
  record_->at_commit[2] = broken;
  submit(1, 1);
  EXPECT_FALSE(probed.get());
}

TEST_F(WriterTest, writes_what_comes_after_a_probe_has_failed) {
  Writer writer(std::make_unique<ScriptedStore>(record_), Sealer(KeyRing(*Key::generate())),
                std::chrono::milliseconds(1));
  record_->at_commit[1] = broken;
  Awaited failed;
  writer.probe(failed.done());
  EXPECT_FALSE(failed.get());
  Change change = change_of_system_token(installation_id(1), nullptr);
  change = erased(std::move(change));
  writer.submit({&change, 1}, {});
  while (writer.status().unsaved != 0) std::this_thread::yield();
  EXPECT_FALSE(writer.status().failure);
}

TEST_F(WriterTest, keeps_counting_what_is_unsaved_while_it_is_being_tried) {
  std::size_t during = 0;
  record_->at_commit[1] = [&] {
    during = writer_.status().unsaved;
    return Result<void>();
  };
  submit(1, 1);
  ASSERT_TRUE(writer_.flush({}));
  EXPECT_EQ(during, 1u);
  EXPECT_EQ(writer_.status().unsaved, 0u);
  EXPECT_EQ(writer_.status().rows, 1u);
}

}  // namespace
}  // namespace tongs::vault
