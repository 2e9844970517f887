#pragma once
#include <chrono>

#include <tongs/clock.hpp>
#include <tongs/ids.hpp>
#include <tongs/result.hpp>
#include <tongs/token.hpp>

namespace tongs::detail {

/// Longest life that a user token is believed to have. App tokens live four hours at most (contract 3.2); a
/// day leaves room for change and still tells seconds from milliseconds.
inline constexpr std::chrono::hours kLongestLife{24};

/// The end of a token that a source answered with to a question that was `asked` at that moment.
/// Errors: as `checked`.
Result<WallTime> checked_end(const FetchedToken& answer, WallTime asked);

/// What a source answered to a question that was `asked` at that moment, as the token of `account`.
/// Errors: malformed_response (a token that is empty or cannot stand in a header; no end or two; an end that
/// has passed or is more than `kLongestLife` away, as every end in milliseconds is).
Result<AccessToken> checked(FetchedToken answer, const AccountId& account, Now asked);

}  // namespace tongs::detail
