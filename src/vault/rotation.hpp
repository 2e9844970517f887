#pragma once
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <tongs/ids.hpp>
#include <tongs/result.hpp>

#include "vault/done.hpp"
#include "vault/memory.hpp"
#include "vault/unlock.hpp"
#include "vault/writer.hpp"

namespace tongs::vault {

/// Which keys a running vault uses, and the sealing anew under another one: every row is written once more
/// from memory, one slice after the other, each of them a part of the writer's ordinary transactions. The row
/// that says that a key is used is written with the first row under it and erased after the last one, so at
/// any moment the store names all keys that it needs. Thread safety: any. It must live until the writer is
/// closed.
class Rotation {
 public:
  Rotation(Memory& memory, Writer& writer, const Unlocked& unlocked);

  /// Marks a new active key as used, and goes on with a rotation that was interrupted.
  void resume_after_open();
  /// See `Vault::rotate_key`. Errors: conflict, invalid_argument, cancelled (the vault is closing).
  Result<void> start(Done done);

  struct Status {
    std::string active_key;
    std::vector<std::string> older_keys;
    bool running = false;
  };
  Status status() const;

 private:
  Result<void> use_new_key(Sealer& sealer);
  void write_slice_after(const std::optional<InstallationId>& last, Done done);
  void forget_older_keys(Done done);
  void end(const Done& done, const Result<void>& outcome);

  Memory& memory_;
  Writer& writer_;
  const std::string key_file_;
  const bool active_is_new_;
  mutable std::mutex mutex_;
  Status status_;
};

}  // namespace tongs::vault
