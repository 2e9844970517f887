#pragma once
#include <optional>
#include <string>
#include <string_view>

#include <tongs/result.hpp>
#include <tongs/secret.hpp>

#include "vault/key_ring.hpp"

namespace tongs::vault {

/// The text of a key file:
///
///     tongs-vault-keys 1
///     # the first key seals, the others open what was sealed before
///     key <id: 16 hex digits> <key: 43 characters of base64url>
///
/// or, for an environment variable, nothing but keys, separated by commas, in the same order.
/// Errors: invalid_argument, with the number of the line or key.
Result<KeyRing> parse_keys(std::string_view text);
Secret format_keys(const KeyRing& keys);

/// Where the keys of a vault may be, tried in this order. All empty: nowhere.
struct KeyPlaces {
  std::optional<Secret> text = {};  ///< what an environment variable held
  /// A file in a systemd credentials directory (`$CREDENTIALS_DIRECTORY/…`); passed over if it is not there.
  std::string credential = {};
  /// A key file, mode 0600; the only place that can be created and rotated.
  std::string file = {};
};

struct FoundKeys {
  KeyRing ring;
  bool in_file;  ///< in `KeyPlaces::file`
};

/// Errors: not_found (there are no keys in any place), forbidden (others could read the file),
/// storage_failed, invalid_argument.
Result<FoundKeys> read_keys(const KeyPlaces& places);

/// Writes a new key file. Errors: conflict (it is there already), storage_failed.
Result<void> create_key_file(const std::string& path, const KeyRing& keys);
/// Puts these keys in the place of those in the file, all or nothing. Errors: storage_failed.
Result<void> replace_key_file(const std::string& path, const KeyRing& keys);

}  // namespace tongs::vault
