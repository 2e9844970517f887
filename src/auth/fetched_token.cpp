#include "auth/fetched_token.hpp"

#include <utility>

#include "auth/token_text.hpp"

namespace tongs::detail {

namespace {

/// The end of the answer on the wall clock, if it is a sensible one.
Result<WallTime> sensible_end(const FetchedToken& answer, WallTime asked) {
  if (answer.life.has_value() == answer.expires_at.has_value()) {
    return Error(Errc::malformed_response, "the token source must say either the life or the end of a token");
  }
  const bool ended = answer.life ? *answer.life <= std::chrono::seconds(0) : *answer.expires_at <= asked;
  if (ended) {
    return Error(Errc::malformed_response, "the token source answered with a token that has already ended");
  }
  const bool endless = answer.life ? *answer.life > kLongestLife : *answer.expires_at > asked + kLongestLife;
  if (endless) {
    return Error(Errc::malformed_response,
                 "the token source answered with a life of more than a day; is its unit seconds?");
  }
  return answer.life ? asked + *answer.life : *answer.expires_at;
}

}  // namespace

Result<WallTime> checked_end(const FetchedToken& answer, WallTime asked) {
  if (!is_sendable_token(answer.token.reveal())) {
    return Error(Errc::malformed_response,
                 "the token source answered with a token that is empty or cannot stand in a header");
  }
  return sensible_end(answer, asked);
}

Result<AccessToken> checked(FetchedToken answer, const AccountId& account, Now asked) {
  return checked_end(answer, asked.wall).transform([&](WallTime end) {
    return AccessToken(account, std::move(answer.token), end);
  });
}

}  // namespace tongs::detail
