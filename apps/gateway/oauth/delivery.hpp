#pragma once
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include <tongs/clock.hpp>
#include <tongs/ids.hpp>

#include "gateway/audit/audit_log.hpp"
#include "vault/vault.hpp"

namespace tongs::gateway::oauth {

/// Makes a client for each installation that has not had one from here yet, and writes its credentials to
/// `<installation uuid>.json` in a directory: mode 0600, all or nothing. The file is written before the
/// client is kept, so that after a crash in between it is written again with other credentials. Whoever has
/// taken a file in may delete it: it does not come back. It has a thread of its own, because it waits for a
/// disk. Thread safety: any.
class Delivery {
 public:
  /// Begins with the installations that `vault` knows. The directory is made if it is not there.
  /// Errors: storage_failed (it cannot be).
  static Result<std::unique_ptr<Delivery>> start(std::shared_ptr<vault::Vault> vault,
                                                 std::filesystem::path directory, std::string token_endpoint,
                                                 std::shared_ptr<AuditLog> audit,
                                                 std::shared_ptr<const Clock> clock = Clock::system());
  /// Ends when the file that is being written is.
  ~Delivery();
  Delivery(const Delivery&) = delete;
  Delivery& operator=(const Delivery&) = delete;

  /// An installation serves that may be new. Quick enough for a lock.
  void notice(const InstallationId& installation);

 private:
  Delivery(std::shared_ptr<vault::Vault> vault, std::filesystem::path directory, std::string token_endpoint,
           std::shared_ptr<AuditLog> audit, std::shared_ptr<const Clock> clock);
  void work();
  void notice_all();
  Result<bool> deliver(const InstallationId& installation) const;
  void report(const InstallationId& installation, const Result<bool>& delivered) const;

  const std::shared_ptr<vault::Vault> vault_;
  const std::filesystem::path directory_;
  const std::string token_endpoint_;
  const std::shared_ptr<AuditLog> audit_;
  const std::shared_ptr<const Clock> clock_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<InstallationId> noticed_;
  bool ending_ = false;
  std::thread thread_;  // last: it uses the rest
};

}  // namespace tongs::gateway::oauth
