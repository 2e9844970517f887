#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include <tongs/clock.hpp>
#include <tongs/result.hpp>

#include "vault/vault.hpp"

namespace tongs::cli {

/// What a vault holds as JSON lines: a head, and a line for each installation, consent and token. Times are
/// Unix seconds.
///
///     {"kind":"tongs-vault-export","version":1,"secrets":true}
///     {"kind":"installation","id":"…","app":"…",…}
///     {"kind":"user-consent","installation":"…","account":"…","revoked":true,"changedAt":1700175149}
///     {"kind":"system-token","installation":"…","expiresAt":…,"receivedAt":…,"token":"…"}
///     {"kind":"user-token","installation":"…","account":"…",…}

enum class Secrets : bool { leave_out, reveal };

std::string export_head(Secrets secrets);
/// The installation and all that belongs to it. Wipe it after use.
std::string export_lines(const vault::Vault& vault, const vault::Installation& installation, Secrets secrets);

struct Imported {
  std::size_t installations = 0, consents = 0, tokens = 0;
  std::size_t left_out = 0;  ///< tokens that ended, that are not in the file, or that nobody may be given
};

/// Takes one line over. What the vault knows already wins where it is stricter: nothing that is revoked in
/// either is granted afterwards, and a longer-lived token stays. `first`: this line must be the head. Errors:
/// invalid_argument (no line of an export, of a newer version).
Result<void> import_line(vault::Vault& vault, std::string_view line, bool first, WallTime now,
                         Imported& counts);

}  // namespace tongs::cli
