#pragma once
#include <chrono>
#include <memory>
#include <string>

#include <tongs/result.hpp>

#include "vault/store.hpp"

namespace tongs::vault {

struct SqliteOptions {
  /// What was acknowledged survives a power cut too, at the price of an fsync for each transaction. Default:
  /// it survives the death of the process, at any moment.
  bool survive_power_loss = false;
  /// How long to wait for a gateway that is just ending to let go of the file. 0: not at all.
  std::chrono::milliseconds lock_wait{2000};
};

/// Opens or creates (mode 0600) the file and keeps it locked: it belongs to one process at a time. `:memory:`
/// is a store that ends with the object. Errors: conflict (held by another process), storage_failed (not a
/// vault, of a newer version, read-only, unreadable, corrupt); nothing in the file is changed then.
Result<std::unique_ptr<Store>> open_sqlite_store(const std::string& path, const SqliteOptions& options);

}  // namespace tongs::vault
