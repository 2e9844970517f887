#pragma once
#include <cstddef>
#include <string>

#include <tongs/result.hpp>

namespace tongs::cli {

/// The content of a file in a revision of the git repository around it, up to `max_bytes` + 1 bytes of it.
/// Runs `git`, without a shell; what git writes to standard error is seen by the user. Errors:
/// invalid_argument (no git, no repository, no such revision or file).
Result<std::string> git_show(const std::string& file, const std::string& revision, std::size_t max_bytes);

}  // namespace tongs::cli
