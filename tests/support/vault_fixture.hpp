#pragma once
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vault/vault.hpp"

namespace tongs::vault::testing {

/// A directory that goes away with the test; in memory if possible, where syncing thousands of times costs
/// nothing.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    const std::filesystem::path shared_memory = "/dev/shm";
    const auto parent =
        ::access(shared_memory.c_str(), W_OK) == 0 ? shared_memory : std::filesystem::temp_directory_path();
    std::string name = (parent / "tongs-vault-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    path_ = name;
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::string file(std::string_view name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

inline WallTime at(std::int64_t seconds) { return WallTime(std::chrono::seconds(seconds)); }

inline InstallationId installation_id(int number) {
  return *InstallationId::parse("installation-" + std::to_string(1'000'000 + number));
}

inline AccountId account_id(int number) {
  return *AccountId::parse("655362:account-" + std::to_string(number));
}

inline Installation installation(int number) {
  return {.id = installation_id(number),
          .app = *AppId::parse("8db33809-1f32-48bb-8c52-5877dab48107"),
          .app_version = "16.0.1",
          .environment_type = "PRODUCTION",
          .environment_id = "ari:cloud:ecosystem::environment/8db33809/2f1a",
          .contexts = {{"jira", "https://api.atlassian.com/ex/jira/c-1", "c-1", ""},
                       {"bitbucket", "https://api.bitbucket.org", "", "w-1"}},
          .context = *ContextAri::parse("ari:cloud:jira::site/c-1"),
          .api_base_url = "https://api.atlassian.com/ex/jira/c-1",
          .license_active = true,
          .auth_trigger_url = Secret("https://trigger.example/x1/" + std::to_string(number)),
          .installed_at = at(1000),
          .updated_at = at(1000)};
}

inline std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline void write_file(const std::string& path, std::string_view content) {
  std::ofstream(path, std::ios::binary | std::ios::trunc).write(content.data(), std::ssize(content));
}

inline unsigned mode_of(const std::string& path) {
  struct stat status{};
  return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 07777u : 0;
}

/// A vault in a directory of its own, opened and closed at will.
class VaultFixture : public ::testing::Test {
 protected:
  std::string path() const { return directory_.file("tongs.db"); }
  std::string key_file() const { return directory_.file("vault.key"); }

  VaultOptions options() const {
    VaultOptions options;
    options.url = "sqlite:" + path();
    options.keys.file = key_file();
    options.lock_wait = std::chrono::milliseconds(0);
    options.retry_pause = std::chrono::hours(1);
    return options;
  }

  /// Closes the vault of before, if there is one.
  Vault& open() {
    vault_.reset();
    auto opened = Vault::open(options());
    if (!opened) throw BadResult(opened.error());
    vault_ = std::move(*opened);
    return *vault_;
  }
  void close() { vault_.reset(); }

  TemporaryDirectory directory_;
  std::unique_ptr<Vault> vault_;
};

/// A `Done` whose outcome can be waited for.
class Awaited {
 public:
  Done done() {
    return [promise = promise_](const Result<void>& outcome) { promise->set_value(outcome); };
  }
  Result<void> get() { return future_.get(); }

 private:
  std::shared_ptr<std::promise<Result<void>>> promise_ = std::make_shared<std::promise<Result<void>>>();
  std::future<Result<void>> future_ = promise_->get_future();
};

}  // namespace tongs::vault::testing
