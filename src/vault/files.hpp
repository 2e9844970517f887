#pragma once
#include <string>
#include <string_view>

#include <tongs/result.hpp>
#include <tongs/secret.hpp>

namespace tongs::vault {

// The messages of all errors name the path.

/// What stands at `path` may be seen by nobody but its owner. Creates an empty file of mode 0600 and makes
/// its name durable; false if something is there already. Errors: storage_failed.
Result<bool> create_private_file(const std::string& path);

enum class Replace : bool { no, yes };

/// Writes a file of mode 0600 so that after a crash there is the whole new content or what was there before.
/// Errors: conflict (`Replace::no` and something is there), storage_failed.
Result<void> write_private_file(const std::string& path, std::string_view content, Replace replace);

enum class Guard : bool {
  mode,      ///< the file must be ours or root's, and closed to group and others
  directory  ///< whoever made the directory answers for who can read in it (systemd credentials)
};

/// The content of a small file that holds a secret. Errors: not_found, forbidden (others could read it),
/// storage_failed (not a regular file, larger than 64 KiB, unreadable).
Result<Secret> read_private_file(const std::string& path, Guard guard);

}  // namespace tongs::vault
