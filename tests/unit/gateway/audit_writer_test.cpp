#include "gateway/audit/audit_writer.hpp"

#include <csignal>
#include <filesystem>
#include <sstream>
#include <thread>

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "support/vault_fixture.hpp"

namespace tongs::gateway {
namespace {

using vault::testing::content_of;
using vault::testing::mode_of;
using vault::testing::write_file;

AuditEvent revoked(int number) {
  return {
      .kind = AuditKind::consent_revoked, .installation = "i-" + std::to_string(number), .actor = "admin"};
}
AuditEvent given(int number) {
  return {.kind = AuditKind::token_given, .installation = "i-" + std::to_string(number)};
}

/// From now on no file of this process grows beyond so many bytes: a disk that is full.
class FullDisk {
 public:
  explicit FullDisk(::rlim_t bytes) {
    ::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const ::rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;
  ~FullDisk() { heal(); }
  void heal() const { ::setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  ::rlimit before_{};
};

class AuditWriterTest : public ::testing::Test {
 protected:
  std::string path(const std::string& name = "tongs.audit") const { return directory_.file(name); }
  Result<std::shared_ptr<AuditWriter>> open(std::size_t queue = 65536) const {
    return AuditWriter::open({.path = path(), .queue = queue, .retry_pause = std::chrono::hours(1)});
  }
  /// The lines of these files, which must be one chain.
  std::vector<AuditLine> lines(const std::vector<std::string>& paths) const {
    std::vector<AuditLine> all;
    ChainCheck check;
    for (const std::string& file : paths) {
      std::istringstream text(content_of(file));
      for (std::string line; std::getline(text, line);) {
        auto read = read_audit_line(line);
        EXPECT_TRUE(read) << line;
        if (!read) continue;
        EXPECT_EQ(check.follow(*read), "") << line;
        all.push_back(*std::move(read));
      }
    }
    return all;
  }
  std::vector<AuditLine> lines() const { return lines({path()}); }

  vault::testing::TemporaryDirectory directory_;
};

TEST_F(AuditWriterTest, writes_what_happened_in_order_for_its_owner_alone) {
  {
    const auto log = open().value();
    for (int i = 0; i < 100; ++i) log->add(i % 2 ? revoked(i) : given(i));
    ASSERT_TRUE(log->flush());
    EXPECT_EQ(log->status().lines, 101u);
    EXPECT_EQ(log->status().waiting, 0u);
  }
  const auto read = lines();
  ASSERT_EQ(read.size(), 101u);
  EXPECT_EQ(read[0].event, "log.started");
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(read[static_cast<std::size_t>(i) + 1].installation, "i-" + std::to_string(i));
  }
  EXPECT_EQ(mode_of(path()), 0600u);
}

TEST_F(AuditWriterTest, goes_on_with_the_chain_after_a_restart) {
  for (int run = 0; run < 3; ++run) {
    const auto log = open().value();
    log->add(revoked(run));
  }
  EXPECT_EQ(lines().size(), 6u);
  EXPECT_EQ(lines().back().end.seq, 6u);
}

TEST_F(AuditWriterTest, cuts_off_a_line_that_was_not_written_to_its_end) {
  open().value()->add(revoked(1));
  const std::string whole = content_of(path());
  const std::size_t last = whole.rfind('\n', whole.size() - 2) + 1;
  for (std::size_t size = last; size < whole.size(); ++size) {
    write_file(path(), whole.substr(0, size));
    open().value()->add(revoked(2));
    const auto read = lines();
    ASSERT_EQ(read.size(), 3u) << size;
    EXPECT_EQ(read.back().installation, "i-2");
  }
}

TEST_F(AuditWriterTest, refuses_a_file_that_is_no_chain_and_leaves_it_as_it_is) {
  open().value()->add(revoked(1));
  const std::string whole = content_of(path());
  std::string changed = whole;
  changed[changed.size() - 100] ^= 1;
  for (const std::string& content : {changed, whole + "notes\n", std::string("notes"), std::string("\n"),
                                     std::string(100'000, 'x'), whole + std::string(1, '\0')}) {
    write_file(path(), content);
    const auto refused = open();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), Errc::storage_failed);
    EXPECT_NE(refused.error().message().find(path()), std::string_view::npos);
    EXPECT_NE(refused.error().message().find("audit verify"), std::string_view::npos);
    EXPECT_EQ(content_of(path()), content);
  }
}

TEST_F(AuditWriterTest, is_the_only_one_that_writes_its_file) {
  const auto log = open().value();
  const auto second = open();
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code(), Errc::conflict);
}

TEST_F(AuditWriterTest, says_what_is_wrong_with_the_place) {
  EXPECT_FALSE(AuditWriter::open({.path = path("none/tongs.audit")}));
  EXPECT_FALSE(AuditWriter::open({.path = directory_.file("")}));
  std::filesystem::create_symlink(path("elsewhere"), path("link"));
  EXPECT_FALSE(AuditWriter::open({.path = path("link")}));
  EXPECT_FALSE(std::filesystem::exists(path("elsewhere")));
}

TEST_F(AuditWriterTest, goes_on_in_a_new_file_after_a_log_rotation) {
  const auto log = open().value();
  log->add(revoked(1));
  ASSERT_TRUE(log->flush());
  std::filesystem::rename(path(), path("1"));
  log->add(revoked(2));
  ASSERT_TRUE(log->flush());
  log->reopen();
  log->add(revoked(3));
  ASSERT_TRUE(log->flush());
  EXPECT_EQ(lines({path("1"), path()}).size(), 4u);
  EXPECT_EQ(lines().size(), 1u);
  EXPECT_EQ(mode_of(path()), 0600u);
  log->reopen();
  log->add(revoked(4));
  ASSERT_TRUE(log->flush());
  EXPECT_EQ(lines().size(), 2u) << "nothing was moved";
}

TEST_F(AuditWriterTest, stays_with_its_file_if_the_new_one_is_of_no_use) {
  const auto log = open().value();
  ASSERT_TRUE(log->flush());
  std::filesystem::rename(path(), path("1"));
  write_file(path(), "notes\n");
  log->reopen();
  log->add(revoked(1));
  ASSERT_TRUE(log->flush());
  EXPECT_EQ(lines({path("1")}).size(), 2u);
  EXPECT_EQ(content_of(path()), "notes\n");
}

TEST_F(AuditWriterTest, keeps_its_lines_while_the_disk_is_full_and_tears_none) {
  const auto log = open().value();
  ASSERT_TRUE(log->flush());
  {
    const FullDisk full(content_of(path()).size() + 100);
    log->add(revoked(1));
    const auto failed = log->flush();
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code(), Errc::storage_failed);
    EXPECT_TRUE(log->status().failure.has_value());
    EXPECT_EQ(lines().size(), 1u) << "no part of a line is left";
    log->add(revoked(2));
    EXPECT_FALSE(log->flush());
    EXPECT_EQ(log->status().waiting, 2u);
  }
  ASSERT_TRUE(log->flush());
  EXPECT_FALSE(log->status().failure.has_value());
  EXPECT_EQ(lines().size(), 3u);
}

TEST_F(AuditWriterTest, drops_grants_but_no_revocation_when_the_disk_cannot_follow_and_says_so) {
  const auto log = open(10).value();
  ASSERT_TRUE(log->flush());
  {
    const FullDisk full(content_of(path()).size());
    log->add(given(0));
    EXPECT_FALSE(log->flush());
    for (int i = 1; i <= 30; ++i) log->add(given(i));
    for (int i = 100; i < 130; ++i) log->add(revoked(i));
    EXPECT_EQ(log->status().missed, 20u);
  }
  ASSERT_TRUE(log->flush());
  int grants = 0, revocations = 0;
  std::string missed;
  for (const AuditLine& line : lines()) {
    grants += line.event == "token.given" ? 1 : 0;
    revocations += line.event == "consent.revoked" ? 1 : 0;
    if (line.event == "log.lines_missed") missed = line.reason;
  }
  EXPECT_EQ(grants, 11);
  EXPECT_EQ(revocations, 30);
  EXPECT_TRUE(missed.starts_with("20 ")) << missed;
}

TEST_F(AuditWriterTest, takes_events_of_many_threads_without_losing_one) {
  constexpr int kThreads = 4, kEach = 2000;
  {
    const auto log = open().value();
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < kEach; ++i) log->add(revoked(i));
      });
    }
    for (auto& thread : threads) thread.join();
  }
  EXPECT_EQ(lines().size(), std::size_t{kThreads} * kEach + 1);
}

}  // namespace
}  // namespace tongs::gateway
