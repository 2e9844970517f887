#include <fstream>
#include <map>
#include <random>
#include <string>

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <unistd.h>

#include "faults/vault/faulty_vfs.hpp"
#include "support/vault_fixture.hpp"
#include "vault/vault.hpp"

namespace tongs::vault {
namespace {

using testing::account_id;
using testing::at;
using testing::Awaited;
using testing::content_of;
using testing::FaultyDisk;
using testing::installation;
using testing::installation_id;

class DiskFaults : public testing::VaultFixture {
 protected:
  DiskFaults() : disk_(FaultyDisk::install()) {}
  ~DiskFaults() override { disk_.heal(); }

  static Result<void> put_and_wait(Vault& vault, int number) {
    Awaited outcome;
    vault.put(installation(number), outcome.done());
    return outcome.get();
  }

  FaultyDisk& disk_;
};

/// A disk that takes nothing more, and how callers hear of it.
struct Refusing {
  FaultyDisk::Fault fault;
  const char* words;
};

class RefusingDisk : public DiskFaults, public ::testing::WithParamInterface<Refusing> {};

TEST_P(RefusingDisk, is_reported_while_memory_serves_and_nothing_is_lost_once_it_is_well_again) {
  Vault& vault = open();
  ASSERT_TRUE(put_and_wait(vault, 1));
  disk_.fail(GetParam().fault);
  const auto refused = put_and_wait(vault, 2);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Errc::storage_failed);
  EXPECT_NE(refused.error().message().find(GetParam().words), std::string_view::npos)
      << refused.error().message();

  EXPECT_NE(vault.installation(installation_id(1)), nullptr);
  EXPECT_NE(vault.installation(installation_id(2)), nullptr);
  const auto failing = vault.status();
  ASSERT_TRUE(failing.failure.has_value());
  EXPECT_EQ(failing.failure->code(), Errc::storage_failed);
  EXPECT_EQ(failing.unsaved, 1u);

  disk_.heal();
  ASSERT_TRUE(vault.flush());
  EXPECT_FALSE(vault.status().failure.has_value());
  EXPECT_EQ(vault.status().unsaved, 0u);
  EXPECT_NE(open().installation(installation_id(2)), nullptr);
}

INSTANTIATE_TEST_SUITE_P(InEachWay, RefusingDisk,
                         ::testing::Values(Refusing{FaultyDisk::Fault::full, "disk of the vault is full"},
                                           Refusing{FaultyDisk::Fault::read_only, "cannot be written"},
                                           Refusing{FaultyDisk::Fault::write, "failed to read or write"}));

TEST_F(DiskFaults, a_file_that_another_program_has_locked_is_refused_and_opens_once_it_is_free) {
  ASSERT_TRUE(put_and_wait(open(), 1));
  close();
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open_v2(path().c_str(), &other, SQLITE_OPEN_READWRITE, "unix"), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
  const auto refused = Vault::open(options());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Errc::conflict);
  EXPECT_NE(refused.error().message().find("another process holds"), std::string_view::npos)
      << refused.error().message();
  sqlite3_close(other);
  EXPECT_NE(open().installation(installation_id(1)), nullptr);
}

TEST_F(DiskFaults, while_the_disk_fails_it_is_left_alone_and_callers_are_told_at_once) {
  Vault& vault = open();
  disk_.fail(FaultyDisk::Fault::write);
  ASSERT_FALSE(put_and_wait(vault, 1));
  const auto operations = disk_.operations();
  for (int i = 2; i < 100; ++i) {
    const auto refused = put_and_wait(vault, i);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), Errc::storage_failed);
  }
  EXPECT_EQ(disk_.operations(), operations) << "no attempt before the pause is over";
  EXPECT_EQ(vault.status().unsaved, 99u);
  EXPECT_FALSE(vault.flush());
  EXPECT_GT(disk_.operations(), operations) << "but whoever insists has one made";
}

TEST_F(DiskFaults, changes_that_were_refused_are_written_without_being_asked_for_again) {
  auto impatient = options();
  impatient.retry_pause = std::chrono::milliseconds(1);
  auto vault = Vault::open(std::move(impatient));
  ASSERT_TRUE(vault);
  disk_.fail(FaultyDisk::Fault::full, 1, true);
  const auto refused = put_and_wait(**vault, 1);
  EXPECT_FALSE(refused);
  while ((*vault)->status().unsaved != 0) std::this_thread::yield();
  vault->reset();
  EXPECT_NE(open().installation(installation_id(1)), nullptr);
}

TEST_F(DiskFaults, the_last_change_of_a_row_wins_however_often_the_disk_failed_in_between) {
  Vault& vault = open();
  disk_.fail(FaultyDisk::Fault::full);
  for (int version = 0; version < 50; ++version) {
    Installation record = installation(1);
    record.app_version = std::to_string(version);
    vault.put(std::move(record));
    if (version % 10 == 0) {
      EXPECT_FALSE(vault.flush());
    }
  }
  EXPECT_EQ(vault.status().unsaved, 1u) << "one row, whatever became of it";
  disk_.heal();
  ASSERT_TRUE(vault.flush());
  EXPECT_EQ(open().installation(installation_id(1))->app_version, "49");
}

TEST_F(DiskFaults, closing_on_a_failing_disk_says_that_something_is_lost) {
  Vault& vault = open();
  disk_.fail(FaultyDisk::Fault::full);
  vault.put(installation(1));
  const auto closed = vault.close();
  ASSERT_FALSE(closed);
  EXPECT_EQ(closed.error().code(), Errc::storage_failed);
}

TEST_F(DiskFaults, a_rotation_on_a_failing_disk_ends_with_an_error_and_can_be_taken_up_again) {
  Vault& vault = open();
  ASSERT_TRUE(put_and_wait(vault, 1));
  disk_.fail(FaultyDisk::Fault::full);
  Awaited first;
  ASSERT_TRUE(vault.rotate_key(first.done()));
  EXPECT_FALSE(first.get());
  EXPECT_EQ(vault.status().older_keys.size(), 1u);
  EXPECT_FALSE(vault.status().rotating);
  disk_.heal();
  ASSERT_TRUE(vault.flush());
  Awaited second;
  ASSERT_TRUE(vault.rotate_key(second.done()));
  EXPECT_TRUE(second.get());
  EXPECT_TRUE(vault.status().older_keys.empty());
  EXPECT_NE(open().installation(installation_id(1)), nullptr);
}

/// Everything a gateway does with its vault. What was acknowledged, by what it is about.
class Story {
 public:
  void tell(Vault& vault) {
    for (int version = 0; version < 2; ++version) {
      for (int number = 0; number < 3; ++number) put(vault, number, std::to_string(version));
      put_client(vault, "tc_kept", std::to_string(version));
      put_client(vault, "tc_erased", std::to_string(version));
    }
    act("consent", "revoked", [&](auto done) { return vault.revoke(installation_id(2), at(5), done); });
    act("user", "revoked",
        [&](auto done) { return vault.revoke_user(installation_id(0), account_id(1), at(5), done); });
    act("tc_erased", "gone", [&](auto done) { return vault.erase_oauth_client("tc_erased", done); });
    act("key", "rotated", [&](auto done) { return vault.rotate_key(done); });
    note("end", "closed", vault.close());
  }
  void fails(const Error& why) { failure_ = why; }

  const std::optional<Error>& failure() const { return failure_; }
  /// Empty if nothing was acknowledged.
  std::string acknowledged(const std::string& what) const {
    const auto told = acknowledged_.find(what);
    return told == acknowledged_.end() ? "" : told->second;
  }

 private:
  void put(Vault& vault, int number, const std::string& version) {
    Installation record = installation(number);
    record.app_version = version;
    Awaited put;
    vault.put(std::move(record), put.done());
    (void)vault.offer_system_token(installation_id(number), Secret("token " + version), at(100 + version[0]),
                                   at(0));
    note("installation " + std::to_string(number), version, put.get());
  }
  void put_client(Vault& vault, const std::string& id, const std::string& version) {
    OAuthClient client{.id = id, .installation = installation_id(1), .name = version};
    client.secrets.emplace_back();
    act(id, version, [&](auto done) { return vault.put_oauth_client(std::move(client), done); });
  }
  /// What is not begun, because the memory already says that it cannot be, was not acknowledged.
  template <class Begin>
  void act(const std::string& what, const std::string& outcome, Begin begin) {
    Awaited done;
    if (begin(done.done())) note(what, outcome, done.get());
  }
  void note(const std::string& what, const std::string& outcome, const Result<void>& written) {
    if (written) {
      acknowledged_[what] = outcome;
    } else {
      failure_ = written.error();
    }
  }

  std::map<std::string, std::string> acknowledged_;
  std::optional<Error> failure_;
};

void expect_whole(const Vault& vault, const Story& story) {
  EXPECT_EQ(vault.status().unreadable_rows, 0u);
  for (int number = 0; number < 3; ++number) {
    const std::string told = story.acknowledged("installation " + std::to_string(number));
    if (told.empty()) continue;
    const auto record = vault.installation(installation_id(number));
    ASSERT_NE(record, nullptr) << "installation " << number << " was acknowledged";
    EXPECT_GE(record->app_version, told);
  }
  if (!story.acknowledged("consent").empty()) {
    EXPECT_TRUE(vault.installation(installation_id(2))->revoked);
    EXPECT_EQ(vault.system_token(installation_id(2)), nullptr);
  }
  if (!story.acknowledged("user").empty()) {
    const auto consent = vault.user_consent(installation_id(0), account_id(1));
    ASSERT_NE(consent, nullptr);
    EXPECT_TRUE(consent->revoked);
  }
  if (const std::string told = story.acknowledged("tc_kept"); !told.empty()) {
    const auto client = vault.oauth_client("tc_kept");
    ASSERT_NE(client, nullptr);
    EXPECT_GE(client->name, told);
  }
  if (story.acknowledged("tc_erased") == "gone") {
    EXPECT_EQ(vault.oauth_client("tc_erased"), nullptr);
  }
}

class EveryStep : public DiskFaults,
                  public ::testing::WithParamInterface<std::tuple<FaultyDisk::Fault, bool>> {};

TEST_P(EveryStep, failing_in_turn_loses_nothing_that_was_acknowledged_and_bricks_nothing) {
  const auto [fault, once] = GetParam();
  std::uint64_t step = 1;
  for (bool reached = true; reached; ++step) {
    SCOPED_TRACE("step " + std::to_string(step));
    std::filesystem::remove_all(path());
    std::filesystem::remove_all(path() + "-wal");
    std::filesystem::remove_all(key_file());
    Story story;
    disk_.fail(fault, step, once);
    {
      auto vault = Vault::open(options());
      if (vault) {
        story.tell(**vault);
      } else {
        story.fails(vault.error());
      }
    }
    reached = disk_.failures() > 0;
    disk_.heal();
    if (story.failure()) {
      EXPECT_EQ(story.failure()->code(), Errc::storage_failed);
      EXPECT_TRUE(reached);
    }
    auto again = Vault::open(options());
    ASSERT_TRUE(again) << again.error().describe();
    expect_whole(**again, story);
    (*again)->put(installation(9));
    EXPECT_TRUE((*again)->flush());
  }
  EXPECT_GT(step, 20u) << "the story is told with more steps than these";
}

INSTANTIATE_TEST_SUITE_P(
    OfTheDisk, EveryStep,
    ::testing::Combine(::testing::Values(FaultyDisk::Fault::full, FaultyDisk::Fault::read_only,
                                         FaultyDisk::Fault::write, FaultyDisk::Fault::everything),
                       ::testing::Bool()));

/// Root may write everything; for a while be somebody who may not.
class AsNobody {
 public:
  AsNobody() : was_root_(::geteuid() == 0 && ::seteuid(65534) == 0) {}
  AsNobody(const AsNobody&) = delete;
  AsNobody& operator=(const AsNobody&) = delete;
  ~AsNobody() {
    if (was_root_ && ::seteuid(0) != 0) std::abort();
  }

 private:
  bool was_root_;
};

TEST_F(DiskFaults, a_file_that_may_only_be_read_is_refused_and_not_touched) {
  ASSERT_TRUE(put_and_wait(open(), 1));
  close();
  const std::string before = content_of(path());
  ASSERT_EQ(::chmod(path().c_str(), 0444), 0);
  ASSERT_EQ(::chmod(directory_.file("").c_str(), 0755), 0);
  {
    const AsNobody nobody;
    const auto refused = Vault::open(options());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), Errc::storage_failed);
    EXPECT_NE(refused.error().message().find("cannot be written"), std::string_view::npos)
        << refused.error().message();
  }
  EXPECT_EQ(content_of(path()), before);
}

TEST_F(DiskFaults, a_file_that_is_damaged_while_it_is_used_stops_no_reader) {
  {
    Vault& vault = open();
    for (int i = 0; i < 200; ++i) vault.put(installation(i));
    ASSERT_TRUE(vault.close());
  }
  Vault& vault = open();
  std::string broken = content_of(path());
  for (std::size_t i = 200; i < broken.size(); ++i) broken[i] = static_cast<char>(i * 31);
  {
    std::fstream file(path(), std::ios::in | std::ios::out | std::ios::binary);
    file.write(broken.data(), std::ssize(broken));
  }
  bool refused = false;
  for (int i = 0; i < 400; ++i) {
    vault.put(installation(i));
    const auto written = vault.flush();
    if (!written) {
      EXPECT_EQ(written.error().code(), Errc::storage_failed);
    }
    refused = refused || !written;
    EXPECT_NE(vault.installation(installation_id(i)), nullptr);
  }
  EXPECT_EQ(refused, vault.status().failure.has_value());
  EXPECT_TRUE(refused) << "a page that cannot be true was taken for one";
  EXPECT_NE(vault.status().failure.value_or(Error(Errc::internal, "")).message().find("damaged"),
            std::string_view::npos);
}

TEST_F(DiskFaults, wrong_bytes_anywhere_in_the_file_never_become_wrong_answers) {
  {
    Vault& vault = open();
    for (int i = 0; i < 40; ++i) {
      vault.put(installation(i));
      ASSERT_TRUE(
          vault.offer_system_token(installation_id(i), Secret("token " + std::to_string(i)), at(100), at(0)));
    }
    ASSERT_TRUE(vault.close());
  }
  close();
  const std::string whole = content_of(path());
  std::mt19937 random(20260822);
  int refused = 0;
  int noticed = 0;
  for (int round = 0; round < 300; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    std::string broken = whole;
    const std::size_t start = random() % broken.size();
    const std::size_t end = std::min(broken.size(), start + 1 + random() % 64);
    for (std::size_t i = start; i < end; ++i) broken[i] = static_cast<char>(random());
    std::filesystem::remove(path() + "-wal");
    testing::write_file(path(), broken);
    const auto vault = Vault::open(options());
    if (!vault) {
      EXPECT_EQ(vault.error().code(), Errc::storage_failed);
      ++refused;
      continue;
    }
    noticed += (*vault)->status().unreadable_rows > 0 ? 1 : 0;
    for (int i = 0; i < 40; ++i) {
      const auto record = (*vault)->installation(installation_id(i));
      EXPECT_TRUE(!record || same_facts(*record, installation(i)));
      const auto token = (*vault)->system_token(installation_id(i));
      EXPECT_TRUE(!token || token->secret.reveal() == "token " + std::to_string(i));
    }
  }
  EXPECT_GT(refused, 0);
  EXPECT_GT(noticed, 0);
}

}  // namespace
}  // namespace tongs::vault
