#include <atomic>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "support/vault_fixture.hpp"
#include "vault/vault.hpp"

namespace tongs::vault {
namespace {

using testing::account_id;
using testing::at;
using testing::installation;
using testing::installation_id;

constexpr int kInstallations = 20;
constexpr int kRounds = 300;

class VaultThreads : public testing::VaultFixture {
 protected:
  static std::string text(int number, int version) {
    return std::to_string(number) + "/" + std::to_string(version);
  }
};

TEST_F(VaultThreads, readers_see_whole_tokens_that_never_grow_older_while_everything_changes) {
  Vault& vault = open();
  for (int i = 0; i < kInstallations; ++i) ASSERT_TRUE(vault.observe(installation(i)));
  std::atomic<bool> over{false};
  std::atomic<int> acknowledged{0};

  const auto write = [&](int first) {
    for (int version = 1; version <= kRounds; ++version) {
      for (int i = first; i < kInstallations; i += 2) {
        const auto taken = vault.offer_system_token(installation_id(i), Secret(text(i, version)), at(version),
                                                    at(0), [&](const Result<void>& written) {
                                                      if (written) ++acknowledged;
                                                    });
        EXPECT_TRUE(taken && *taken);
      }
    }
  };
  const auto read = [&] {
    std::vector<std::int64_t> newest(kInstallations, 0);
    while (!over) {
      for (int i = 0; i < kInstallations; ++i) {
        const auto token = vault.system_token(installation_id(i));
        if (!token) continue;
        const auto version = token->expires_at.time_since_epoch().count();
        EXPECT_GE(version, newest[static_cast<std::size_t>(i)]);
        EXPECT_EQ(token->secret.reveal(), text(i, static_cast<int>(version)));
        newest[static_cast<std::size_t>(i)] = version;
      }
      EXPECT_EQ(vault.installations({}, 100).installations.size(), std::size_t{kInstallations});
    }
  };
  const auto keep_up = [&] {
    while (!over) {
      (void)vault.rotate_key();
      vault.sweep(at(0));
      EXPECT_TRUE(vault.flush());
      EXPECT_FALSE(vault.status().failure.has_value());
    }
  };
  std::vector<std::thread> others;
  others.emplace_back(read);
  others.emplace_back(read);
  others.emplace_back(keep_up);
  std::thread odd(write, 1);
  write(0);
  odd.join();
  over = true;
  for (auto& thread : others) thread.join();
  ASSERT_TRUE(vault.close());
  EXPECT_EQ(acknowledged, kRounds * kInstallations) << "each done was called once";

  const Vault& again = open();
  for (int i = 0; i < kInstallations; ++i) {
    EXPECT_EQ(again.system_token(installation_id(i))->secret.reveal(), text(i, kRounds));
  }
}

TEST_F(VaultThreads, nobody_reads_a_token_after_its_consent_was_revoked) {
  Vault& vault = open();
  const auto id = installation_id(1);
  ASSERT_TRUE(vault.observe(installation(1)));
  std::atomic<bool> over{false};
  std::atomic<int> revoked{0};  // odd: revoked now
  std::thread invocations([&] {
    for (int version = 1; !over; ++version) {
      (void)vault.observe(installation(1));
      (void)vault.offer_system_token(id, Secret("system"), at(version), at(0));
      (void)vault.offer_user_token(id, account_id(version % 7), Secret("user"), at(version), at(0));
    }
  });
  std::thread reader([&] {
    while (!over) {
      const int before = revoked;
      const bool any = vault.system_token(id) || vault.user_token(id, account_id(3));
      const int after = revoked;
      if (before == after && before % 2 == 1) {
        EXPECT_FALSE(any);
      }
    }
  });
  for (int i = 0; i < kRounds; ++i) {
    EXPECT_TRUE(vault.revoke(id, at(i)));
    ++revoked;
    EXPECT_EQ(vault.system_token(id), nullptr);
    EXPECT_EQ(vault.user_token(id, account_id(3)), nullptr);
    ++revoked;
    EXPECT_TRUE(vault.authorize(id, at(i)));
  }
  over = true;
  invocations.join();
  reader.join();
}

TEST_F(VaultThreads, installations_come_and_go_while_pages_are_read) {
  Vault& vault = open();
  vault.put(installation(0));
  std::atomic<bool> over{false};
  std::thread pages([&] {
    while (!over) {
      std::optional<InstallationId> cursor;
      std::set<std::string> ids;
      do {
        const auto page = vault.installations(cursor, 3);
        for (const auto& record : page.installations) EXPECT_TRUE(ids.insert(record->id.str()).second);
        cursor = page.next;
      } while (cursor);
      EXPECT_TRUE(ids.contains(installation_id(0).str()));
    }
  });
  std::thread other([&] {
    for (int i = 0; i < kRounds; ++i) vault.erase(installation_id(1 + i % 10));
  });
  for (int i = 0; i < kRounds; ++i) vault.put(installation(1 + i % 10));
  other.join();
  over = true;
  pages.join();
  EXPECT_EQ(vault.installations({}, 100).installations.size(), vault.status().installations);
}

}  // namespace
}  // namespace tongs::vault
