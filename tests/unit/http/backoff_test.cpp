#include "http/backoff.hpp"

#include <gtest/gtest.h>

namespace tongs::detail {
namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t kHighest = UINT32_MAX;
constexpr RetryPolicy kPolicy{.max_attempts = 4, .base = 500ms, .cap = 30s};

Error of_status(int status) {
  const Errc code = status == 429 ? Errc::rate_limited : Errc::unavailable;
  RemoteDetail detail;
  detail.http_status = status;
  return Error(code, "test").with_remote(std::move(detail));
}

FailedAttempt attempt(int number, MonoTime deadline = MonoTime::max()) {
  return {.number = number, .repeatable = true, .now = MonoTime(100s), .deadline = deadline};
}

TEST(Backoff, TheCapDoublesUpToItsLimit) {
  EXPECT_EQ(draw_pause(kPolicy, 1, kHighest), 500ms);
  EXPECT_EQ(draw_pause(kPolicy, 2, kHighest), 1s);
  EXPECT_EQ(draw_pause(kPolicy, 3, kHighest), 2s);
  EXPECT_EQ(draw_pause(kPolicy, 7, kHighest), 30s);
  EXPECT_EQ(draw_pause(kPolicy, 1'000'000'000, kHighest), 30s);
}

TEST(Backoff, ThePauseIsDrawnFromZero) {
  EXPECT_EQ(draw_pause(kPolicy, 3, 0), 0ms);
  EXPECT_EQ(draw_pause(kPolicy, 3, kHighest / 2), 999ms);
}

TEST(Backoff, SenselessPoliciesAreHarmless) {
  EXPECT_EQ(draw_pause({.base = -5ms, .cap = 30s}, 9, kHighest), 0ms);
  EXPECT_EQ(draw_pause({.base = 5ms, .cap = -1ms}, 9, kHighest), 0ms);
  EXPECT_EQ(draw_pause({.base = std::chrono::milliseconds::max(), .cap = std::chrono::milliseconds::max()},
                       99, kHighest),
            std::chrono::hours(24 * 365));
  EXPECT_FALSE(pause_before_retry({.max_attempts = 0}, attempt(1), of_status(503), 0));
}

TEST(Backoff, OnlyWhatMayPassIsRepeated) {
  for (const int status : {429, 502, 503, 504}) EXPECT_TRUE(is_momentary(of_status(status))) << status;
  for (const int status : {500, 501, 505}) EXPECT_FALSE(is_momentary(of_status(status))) << status;
  EXPECT_TRUE(is_momentary(Error(Errc::transport_failed, "test")));
  EXPECT_TRUE(is_momentary(Error(Errc::unavailable, "test")));
  for (const Errc code : {Errc::rejected, Errc::forbidden, Errc::malformed_response, Errc::cancelled,
                          Errc::deadline_exceeded, Errc::invalid_argument}) {
    EXPECT_FALSE(is_momentary(Error(code, "test"))) << to_string(code);
  }
}

TEST(Backoff, AttemptsEnd) {
  EXPECT_TRUE(pause_before_retry(kPolicy, attempt(3), of_status(503), 0));
  EXPECT_FALSE(pause_before_retry(kPolicy, attempt(4), of_status(503), 0));
}

TEST(Backoff, WhatMayNotBeRepeatedIsNot) {
  auto once = attempt(1);
  once.repeatable = false;
  EXPECT_FALSE(pause_before_retry(kPolicy, once, of_status(503), 0));
}

TEST(Backoff, ThePeersWishIsTheLowerBound) {
  const auto asks = of_status(429).with_retry_after(40s);
  EXPECT_EQ(pause_before_retry(kPolicy, attempt(1), asks, 0), 40s);
  EXPECT_EQ(pause_before_retry(kPolicy, attempt(1), asks, kHighest), 40s + 500ms);
}

TEST(Backoff, NoPauseReachesTheDeadline) {
  const auto asks = of_status(429).with_retry_after(5s);
  EXPECT_FALSE(pause_before_retry(kPolicy, attempt(1, MonoTime(105s)), asks, 0));
  EXPECT_EQ(pause_before_retry(kPolicy, attempt(1, MonoTime(105s + 1ms)), asks, 0), 5s);
  EXPECT_FALSE(pause_before_retry(kPolicy, attempt(1, MonoTime(99s)), of_status(503), 0));
}

TEST(Backoff, MethodsThatReadOrReplaceAreIdempotent) {
  for (const char* method : {"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"})
    EXPECT_TRUE(is_idempotent(method));
  for (const char* method : {"POST", "PATCH", "get", ""}) EXPECT_FALSE(is_idempotent(method));
}

}  // namespace
}  // namespace tongs::detail
