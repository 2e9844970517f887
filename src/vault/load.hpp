#pragma once
#include <cstddef>
#include <vector>

#include <tongs/result.hpp>

#include "vault/changes.hpp"
#include "vault/memory.hpp"
#include "vault/seal.hpp"
#include "vault/store.hpp"

namespace tongs::vault {

struct Loaded {
  std::size_t unreadable = 0;  ///< rows that do not open: changed, moved, or not understood
  /// Of token and client rows that do not open, and of tokens that nobody may be given.
  std::vector<Change> erasures;
};

/// Reads all that the store holds into `memory`, which is empty. A token or client that does not open is left
/// out; an installation that does not open becomes a damaged entry, a consent that does not open one that was
/// revoked. Errors: storage_failed (the store cannot be read).
Result<Loaded> load_rows(Store& store, Sealer& sealer, Memory& memory);

}  // namespace tongs::vault
