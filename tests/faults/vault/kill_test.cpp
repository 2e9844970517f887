#include <array>
#include <cstdlib>
#include <iostream>
#include <map>
#include <random>
#include <semaphore>
#include <string>

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/base64url.hpp"
#include "support/vault_fixture.hpp"
#include "vault/vault.hpp"

namespace tongs::vault {
namespace {

using testing::account_id;
using testing::at;
using testing::installation;
using testing::installation_id;

constexpr int kInstallations = 40;

/// How often a process is killed; `scripts/kill` asks for thousands.
int rounds_wanted() {
  const char* wanted = std::getenv("TONGS_KILL_ROUNDS");
  return wanted == nullptr ? 200 : std::atoi(wanted);
}

/// A token whose every byte tells which one it is, so that a torn or mixed one is seen.
std::string token_text(int number, std::int64_t version) {
  const std::string name = std::to_string(number) + ":" + std::to_string(version) + ";";
  return name + std::string(3000, static_cast<char>('a' + (number + version) % 26)) + name;
}

struct Acknowledgement {
  int number;
  std::int64_t version;
};

/// A child process that uses the vault for ever and tells through a pipe what was acknowledged.
class Victim {
 public:
  /// `life(tell)` runs in the child.
  template <class Life>
  explicit Victim(Life life) {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) std::abort();
    child_ = ::fork();
    if (child_ == 0) {
      ::close(ends[0]);
      life([to = ends[1]](Acknowledgement what) {
        if (::write(to, &what, sizeof what) != ssize_t{sizeof what}) ::_exit(3);
      });
      ::_exit(4);
    }
    ::close(ends[1]);
    from_ = ends[0];
  }
  Victim(const Victim&) = delete;
  Victim& operator=(const Victim&) = delete;
  ~Victim() { ::close(from_); }

  bool read(Acknowledgement& what) const { return ::read(from_, &what, sizeof what) == ssize_t{sizeof what}; }

  /// After it, `read` gives what was told before the end.
  void kill() const {
    ::kill(child_, SIGKILL);
    int status = 0;
    ASSERT_EQ(::waitpid(child_, &status, 0), child_);
    ASSERT_TRUE(WIFSIGNALED(status)) << "it ended by itself with " << WEXITSTATUS(status);
  }

 private:
  ::pid_t child_ = -1;
  int from_ = -1;
};

class KillTest : public testing::VaultFixture {
 protected:
  static OAuthClient client(int number, std::string name) {
    OAuthClient client{
        .id = "tc_" + std::to_string(number), .installation = installation_id(0), .name = std::move(name)};
    client.secrets.emplace_back();
    return client;
  }

  /// Offers longer and longer living tokens, with at most 64 of them unacknowledged.
  template <class Tell>
  void offer_for_ever(Vault& vault, std::int64_t version, Tell tell) const {
    std::counting_semaphore<64> room(64);
    for (;; ++version) {
      const int number = static_cast<int>(version % kInstallations);
      room.acquire();
      Installation record = installation(number);
      record.app_version = std::to_string(version);
      vault.put(std::move(record));
      const auto taken =
          vault.offer_system_token(installation_id(number), Secret(token_text(number, version)), at(version),
                                   at(0), [&room, tell, number, version](const auto& written) {
                                     if (!written) ::_exit(5);
                                     tell(Acknowledgement{number, version});
                                     room.release();
                                   });
      if (!taken) ::_exit(6);
    }
  }

  void kill_after(std::uint64_t acknowledgements, const Victim& victim) {
    Acknowledgement what{};
    for (; acknowledgements > 0 && victim.read(what); --acknowledgements) {
      note(what);
    }
    victim.kill();
    while (victim.read(what)) note(what);
  }

  void note(Acknowledgement what) {
    acknowledged_[what.number] = what.version;
    ++told_;
  }

  /// Nothing that was acknowledged is lost, nothing is torn.
  void check() {
    const Vault& vault = open();
    EXPECT_EQ(vault.status().unreadable_rows, 0u);
    for (int number = 0; number < kInstallations; ++number) {
      const auto token = vault.system_token(installation_id(number));
      const auto known = acknowledged_.find(number);
      EXPECT_TRUE(token || known == acknowledged_.end());
      if (!token) continue;
      const std::int64_t version = token->expires_at.time_since_epoch().count();
      if (known != acknowledged_.end()) {
        EXPECT_GE(version, known->second) << "installation " << number;
      }
      EXPECT_EQ(token->secret.reveal(), token_text(number, version));
      const auto record = vault.installation(installation_id(number));
      ASSERT_NE(record, nullptr);
      EXPECT_GE(std::stoll(record->app_version), version) << "it was put before the token";
      newest_ = std::max(newest_, version);
    }
    close();
  }

  std::mt19937 random_{20260823};
  std::map<int, std::int64_t> acknowledged_;
  std::int64_t newest_ = 0;
  std::uint64_t told_ = 0;
};

TEST_F(KillTest, at_any_moment_loses_nothing_that_was_acknowledged) {
  open();
  close();
  for (int round = 0; round < rounds_wanted() && !HasFailure(); ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    const Victim victim([&](auto tell) {
      auto vault = Vault::open(options());
      if (!vault) ::_exit(2);
      offer_for_ever(**vault, newest_ + 1, tell);
    });
    kill_after(1 + random_() % 120, victim);
    check();
  }
  EXPECT_GT(newest_, 5 * rounds_wanted());
  std::cout << rounds_wanted() << " rounds, " << told_ << " tokens acknowledged, none lost, none torn\n";
}

TEST_F(KillTest, in_the_middle_of_a_rotation_leaves_every_row_readable) {
  {
    Vault& vault = open();
    for (int i = 0; i < 300; ++i) {
      vault.put(installation(i));
      ASSERT_TRUE(vault.revoke_user(installation_id(i), account_id(i), at(1)));
      ASSERT_TRUE(vault.put_oauth_client(client(i, "client of " + std::to_string(i))));
    }
    ASSERT_TRUE(vault.close());
  }
  close();
  std::set<std::string> keys;
  for (int round = 0; round < 30 && !HasFailure(); ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    const Victim victim([&](auto tell) {
      auto vault = Vault::open(options());
      if (!vault) ::_exit(2);
      std::function<void(const Result<void>&)> again = [&](const Result<void>& rotated) {
        if (!rotated) ::_exit(7);
        (void)(*vault)->rotate_key(again);
      };
      (void)(*vault)->rotate_key(again);  // refused while the one of before is still being ended
      offer_for_ever(**vault, newest_ + 1, tell);
    });
    kill_after(1 + random_() % 200, victim);
    check();
    Vault& vault = open();
    EXPECT_EQ(vault.status().installations, 300u);
    for (int i = 0; i < 300; ++i) {
      const auto consent = vault.user_consent(installation_id(i), account_id(i));
      EXPECT_TRUE(consent && consent->revoked) << i;
      const auto kept = vault.oauth_client("tc_" + std::to_string(i));
      EXPECT_TRUE(kept && kept->name == "client of " + std::to_string(i)) << i;
    }
    keys.insert(vault.status().active_key);
    close();
  }
  EXPECT_GT(keys.size(), 8u) << "rotations did go on";
}

/// What else is acknowledged, one after the other: clients, and consents of users that were taken back.
TEST_F(KillTest, loses_no_client_and_no_revocation_that_was_acknowledged) {
  open().put(installation(0));
  close();
  std::int64_t made = 0;
  for (int round = 0; round < 20 && !HasFailure(); ++round) {
    const Victim victim([&](auto tell) {
      auto vault = Vault::open(options());
      if (!vault) ::_exit(2);
      std::counting_semaphore<8> room(8);
      for (std::int64_t version = made + 1;; ++version) {
        room.acquire();
        const int number = static_cast<int>(version);
        const bool begun = (*vault)->put_oauth_client(client(number, "made")) &&
                           (*vault)->revoke_user(installation_id(0), account_id(number), at(version),
                                                 [&room, tell, version](const auto& written) {
                                                   if (!written) ::_exit(5);
                                                   tell(Acknowledgement{0, version});
                                                   room.release();
                                                 });
        if (!begun) ::_exit(6);
      }
    });
    kill_after(1 + random_() % 60, victim);
    made = std::max(made, acknowledged_[0]);
    const Vault& vault = open();
    EXPECT_EQ(vault.status().unreadable_rows, 0u);
    for (std::int64_t version = 1; version <= made; ++version) {
      const int number = static_cast<int>(version);
      EXPECT_NE(vault.oauth_client("tc_" + std::to_string(number)), nullptr) << "written before " << number;
      const auto consent = vault.user_consent(installation_id(0), account_id(number));
      EXPECT_TRUE(consent && consent->revoked) << number;
    }
    close();
  }
  EXPECT_GT(made, 100);
}

TEST_F(KillTest, leaves_a_log_that_a_start_with_a_wrong_key_does_not_touch) {
  open();
  close();
  const Victim victim([&](auto tell) {
    auto vault = Vault::open(options());
    if (!vault) ::_exit(2);
    offer_for_ever(**vault, 1, tell);
  });
  kill_after(50, victim);
  const std::string file = testing::content_of(path());
  const std::string log = testing::content_of(path() + "-wal");
  ASSERT_FALSE(log.empty());
  auto wrong = options();
  wrong.keys.text = Secret(base64url_encode(std::string(32, 'w')));
  EXPECT_FALSE(Vault::open(std::move(wrong)));
  EXPECT_EQ(testing::content_of(path()), file);
  EXPECT_EQ(testing::content_of(path() + "-wal"), log);
  check();
}

TEST_F(KillTest, of_the_process_that_held_the_vault_sets_it_free_at_once) {
  open();
  close();
  const Victim victim([&](auto tell) {
    const auto vault = Vault::open(options());
    if (!vault) ::_exit(2);
    tell(Acknowledgement{0, 0});
    for (;;) ::pause();
  });
  Acknowledgement opened{};
  ASSERT_TRUE(victim.read(opened));
  const auto refused = Vault::open(options());
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message().find("one gateway at a time"), std::string_view::npos);
  victim.kill();
  EXPECT_TRUE(Vault::open(options()));
}

}  // namespace
}  // namespace tongs::vault
