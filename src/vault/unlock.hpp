#pragma once
#include <string>
#include <vector>

#include <tongs/result.hpp>

#include "vault/key_file.hpp"
#include "vault/seal.hpp"
#include "vault/store.hpp"

namespace tongs::vault {

/// The keys of a vault that is being opened.
struct Unlocked {
  Sealer sealer;
  std::string key_file = {};                 ///< where they can be rotated; empty: nowhere
  bool active_is_new = false;                ///< no row says yet that it is used
  std::vector<std::string> older_keys = {};  ///< ids of other keys that rows may be sealed under
  bool key_file_created = false;
  bool store_missed = false;  ///< the key file is older than the store
};

/// Finds the keys, or creates the key file if the store is new, and proves that every key that the store's
/// rows may be sealed under is there and right, before anything is written.
/// Errors: storage_failed (a key is missing or wrong), and those of `read_keys` and `create_key_file`.
Result<Unlocked> unlock(const std::vector<KeyCheck>& checks, const KeyPlaces& places);

/// Keys that nobody else ever sees, for a vault that ends with the program. Errors: internal.
Result<Unlocked> unlock_in_memory();

}  // namespace tongs::vault
