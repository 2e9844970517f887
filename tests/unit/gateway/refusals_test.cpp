#include "gateway/ingress/refusals.hpp"

#include <string>

#include <gtest/gtest.h>

namespace tongs::gateway {
namespace {

using namespace std::chrono_literals;

bool has_line(const Refusal& refusal, const std::string& line) {
  return refusal.answer.headers.text().find(line + "\r\n") != std::string_view::npos;
}

TEST(Refusals, SayThatATokenIsInvalidWith401) {
  for (const Errc code : {Errc::token_malformed, Errc::algorithm_not_allowed, Errc::key_unknown,
                          Errc::signature_invalid, Errc::issuer_mismatch, Errc::audience_mismatch,
                          Errc::token_expired, Errc::token_not_yet_valid, Errc::token_replayed}) {
    const Refusal refusal = refusal_of(Error(code, "why"));
    EXPECT_EQ(refusal.answer.status, 401) << refusal.reason;
    EXPECT_EQ(refusal.reason, to_string(code));
    EXPECT_TRUE(has_line(refusal, "WWW-Authenticate: Bearer error=\"invalid_token\""));
    EXPECT_FALSE(has_line(refusal, "Retry-After: 1"));
  }
}

TEST(Refusals, SayWhatCouldNotBeDecidedWith503AndWhenToAskAgain) {
  for (const Errc code :
       {Errc::keys_unavailable, Errc::deadline_exceeded, Errc::unavailable, Errc::internal}) {
    const Refusal refusal = refusal_of(Error(code, "why"));
    EXPECT_EQ(refusal.answer.status, 503) << refusal.reason;
    EXPECT_TRUE(has_line(refusal, "Retry-After: 1"));
    EXPECT_FALSE(has_line(refusal, "WWW-Authenticate: Bearer error=\"invalid_token\""));
    EXPECT_TRUE(has_line(refusal_of(Error(code, "why").with_retry_after(2100ms)), "Retry-After: 3"));
  }
}

}  // namespace
}  // namespace tongs::gateway
