#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tongs/clock.hpp>
#include <tongs/result.hpp>

#include "jose/compact_jws.hpp"

namespace tongs::gateway::oauth {

/// A JWT with which a client proves who it is, or asks for a user's token (RFC 7523 3). What it says is
/// believed only after its signature, dates and audience have been checked.
struct Assertion {
  jose::Algorithm algorithm{};
  jose::CompactJws jws;
  std::string issuer, subject;
  std::string id = {};  ///< `jti`; empty: it has none
  std::vector<std::string> audience = {};
  WallTime expires_at{};
  std::optional<WallTime> issued_at = {}, not_before = {};
};

/// Errors: token_malformed, algorithm_not_allowed (neither RS256 nor HS256).
Result<Assertion> read_assertion(std::string_view text);

/// Is it for one of `audiences`, alive, and not meant to live longer than 5 minutes from `now`? Both clocks
/// may differ by 30 s. Errors: audience_mismatch, token_expired, token_not_yet_valid, token_malformed (lives
/// too long).
Result<void> check_assertion(const Assertion& assertion, const std::vector<std::string>& audiences,
                             WallTime now);

/// From then on, nobody can use it any more.
WallTime end_of_use(const Assertion& assertion) noexcept;

}  // namespace tongs::gateway::oauth
