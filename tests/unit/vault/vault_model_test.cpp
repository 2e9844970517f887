#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "support/vault_fixture.hpp"
#include "vault/vault.hpp"

namespace tongs::vault {
namespace {

using testing::account_id;
using testing::at;
using testing::installation;
using testing::installation_id;

constexpr int kInstallations = 5;
constexpr int kUsers = 3;

/// What the vault promises, written down without threads, disks and keys.
class Model {
 public:
  struct Known {
    std::string version;
    bool installed = true;
    bool revoked = false;
    bool waiting = false;
    std::set<int> revoked_users = {};
    std::optional<std::int64_t> system;
    std::map<std::int64_t, std::int64_t> rejected;  ///< system tokens, and until when
    std::map<int, std::int64_t> users;

    bool is_rejected(std::int64_t token, std::int64_t now) const {
      const auto found = rejected.find(token);
      return found != rejected.end() && now < found->second;
    }

    bool serves() const { return installed && !revoked && !waiting; }
    void wipe_unless_serving() {
      for (const int user : revoked_users) users.erase(user);
      if (serves()) return;
      system.reset();
      users.clear();
    }
  };

  void observe(int number, const std::string& version) {
    auto& known = all_[number];
    known.version = version;
    known.installed = true;
  }
  void put(int number, const std::string& version, bool revoked, bool waiting) {
    auto& known = all_[number];
    known.version = version;
    known.installed = true;
    known.revoked = revoked;
    known.waiting = waiting;
    known.wipe_unless_serving();
  }
  template <class F>
  void change(int number, F f) {
    if (const auto known = all_.find(number); known != all_.end()) {
      f(known->second);
      known->second.wipe_unless_serving();
    }
  }
  void erase(int number) { all_.erase(number); }
  void offer(int number, std::optional<int> user, std::int64_t ends, std::int64_t now) {
    const auto known = all_.find(number);
    if (known == all_.end() || !known->second.serves() || ends <= now) return;
    if (user && known->second.revoked_users.contains(*user)) return;
    if (user) {
      auto& held = known->second.users[*user];
      held = std::max(held, ends);
    } else if (!known->second.is_rejected(ends, now)) {
      auto& held = known->second.system;
      if (!held || known->second.is_rejected(*held, now) || ends > *held) held = ends;
    }
  }
  /// What a new process does not know.
  void restart() {
    for (auto& [number, known] : all_) known.rejected.clear();
  }
  void sweep(std::int64_t now) {
    for (auto& [number, known] : all_) {
      if (known.system && *known.system <= now) known.system.reset();
      std::erase_if(known.users, [&](const auto& user) { return user.second <= now; });
    }
  }
  const std::map<int, Known>& all() const { return all_; }

 private:
  std::map<int, Known> all_;
};

std::optional<std::int64_t> end_of(const std::shared_ptr<const Token>& token) {
  if (!token) return std::nullopt;
  EXPECT_EQ(token->secret.reveal(), "ends " + std::to_string(token->expires_at.time_since_epoch().count()));
  return token->expires_at.time_since_epoch().count();
}

class VaultModel : public testing::VaultFixture, public ::testing::WithParamInterface<unsigned> {
 protected:
  void step() {
    const int number = below(kInstallations);
    const auto id = installation_id(number);
    Installation record = installation(number);
    record.app_version = std::to_string(random_() % 4);
    switch (below(14)) {
      case 0:
      case 1:
        model_.observe(number, record.app_version);
        EXPECT_TRUE(vault_->observe(record));
        break;
      case 2:
        record.revoked = below(3) == 0;
        record.waiting = below(4) == 0;
        model_.put(number, record.app_version, record.revoked, record.waiting);
        vault_->put(std::move(record));
        break;
      case 3:
        model_.change(number, [](Model::Known& known) {
          known.revoked = true;
          known.waiting = false;
        });
        (void)vault_->revoke(id, at(now_));
        break;
      case 4:
        model_.change(number, [](Model::Known& known) {
          known.revoked = false;
          known.waiting = false;
        });
        (void)vault_->authorize(id, at(now_));
        break;
      case 5:
        model_.change(number, [](Model::Known& known) { known.installed = false; });
        (void)vault_->mark_uninstalled(id, at(now_));
        break;
      case 6:
        if (below(3) > 0) break;
        model_.erase(number);
        vault_->erase(id);
        break;
      case 7:
        ++now_;
        model_.sweep(now_);
        vault_->sweep(at(now_));
        break;
      case 8:
        reject_and_drop(number);
        break;
      case 9: {
        const int user = below(kUsers);
        model_.change(number, [&](Model::Known& known) { known.revoked_users.insert(user); });
        (void)vault_->revoke_user(id, account_id(user), at(now_));
        break;
      }
      case 10: {
        const int user = below(kUsers);
        model_.change(number, [&](Model::Known& known) { known.revoked_users.erase(user); });
        (void)vault_->authorize_user(id, account_id(user), at(now_));
        break;
      }
      default:
        offer(number);
    }
  }
  void offer(int number) {
    const std::int64_t ends = now_ - 2 + below(20);
    const Secret token("ends " + std::to_string(ends));
    if (const int user = below(kUsers + 1); user < kUsers) {
      model_.offer(number, user, ends, now_);
      (void)vault_->offer_user_token(installation_id(number), account_id(user), token.duplicate(), at(ends),
                                     at(now_));
    } else {
      model_.offer(number, std::nullopt, ends, now_);
      (void)vault_->offer_system_token(installation_id(number), token.duplicate(), at(ends), at(now_));
    }
  }
  void reject_and_drop(int number) {
    const auto id = installation_id(number);
    const int user = below(kUsers);
    model_.change(number, [&](Model::Known& known) {
      if (known.system) known.rejected[*known.system] = now_ + 2;
      known.users.erase(user);
    });
    vault_->reject_system_token(id, vault_->system_token(id), at(now_ + 2), at(now_));
    vault_->drop_user_token(id, account_id(user), vault_->user_token(id, account_id(user)));
  }

  void compare() const {
    std::set<std::string> listed;
    for (const auto& record : vault_->installations({}, 100).installations) listed.insert(record->id.str());
    EXPECT_EQ(listed.size(), model_.all().size());
    for (int number = 0; number < kInstallations; ++number) {
      const auto id = installation_id(number);
      const auto known = model_.all().find(number);
      const auto record = vault_->installation(id);
      ASSERT_EQ(record != nullptr, known != model_.all().end());
      const Model::Known expected = record ? known->second : Model::Known{};
      if (record) {
        EXPECT_EQ(record->app_version, expected.version);
        EXPECT_EQ(record->serves(), expected.serves());
        EXPECT_EQ(record->revoked, expected.revoked);
        EXPECT_EQ(record->waiting, expected.waiting);
      }
      for (int user = 0; user < kUsers; ++user) {
        const auto consent = vault_->user_consent(id, account_id(user));
        EXPECT_EQ(consent && consent->revoked, expected.revoked_users.contains(user));
      }
      EXPECT_EQ(end_of(vault_->system_token(id)), expected.system);
      for (int user = 0; user < kUsers; ++user) {
        const auto held = expected.users.find(user);
        EXPECT_EQ(end_of(vault_->user_token(id, account_id(user))),
                  held == expected.users.end() ? std::nullopt : std::optional(held->second));
      }
    }
  }

  int below(int limit) { return static_cast<int>(random_() % static_cast<unsigned>(limit)); }

  std::mt19937 random_{GetParam()};
  std::int64_t now_ = 100;
  Model model_;
};

TEST_P(VaultModel, does_what_the_model_does_over_restarts_and_rotations) {
  for (int run = 0; run < 8 && !HasFailure(); ++run) {
    open();
    model_.restart();
    EXPECT_EQ(vault_->status().unreadable_rows, 0u);
    compare();
    if (below(3) == 0) (void)vault_->rotate_key();
    for (int i = 0; i < 40 && !HasFailure(); ++i) {
      step();
      compare();
      if (below(10) == 0) {
        EXPECT_TRUE(vault_->flush());
      }
    }
    EXPECT_TRUE(vault_->close());
  }
}

INSTANTIATE_TEST_SUITE_P(RandomHistories, VaultModel, ::testing::Range(1u, 21u));

}  // namespace
}  // namespace tongs::vault
