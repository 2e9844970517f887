#pragma once
#include <string>

#include <tongs/result.hpp>
#include <tongs/secret.hpp>

namespace tongs::gateway {

struct TokenFile {
  Secret token;
  bool created = false;  ///< by this call
};

/// The bearer token in a file, which is all the file holds but for a line end. If there is no file, one is
/// made: 256 random bits, mode 0600, all or nothing even when two processes try, or one dies.
/// Errors: forbidden (others could read it), invalid_argument (less than 16 characters, or some that no
/// bearer token has, RFC 6750 2.1), storage_failed, internal (no random numbers).
Result<TokenFile> read_or_create_token(const std::string& path);

}  // namespace tongs::gateway
