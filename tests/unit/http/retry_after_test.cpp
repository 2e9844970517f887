#include "http/retry_after.hpp"

#include <gtest/gtest.h>

#include "http/rate_limit.hpp"
#include "http/timestamp.hpp"

namespace tongs::detail {
namespace {

using namespace std::chrono_literals;

/// Sun, 06 Nov 1994 08:49:37 GMT, the date that RFC 9110 uses for its examples.
constexpr WallTime kExample{784111777s};

TEST(HttpDate, HasThreeForms) {
  EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT", kExample), kExample);
  EXPECT_EQ(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT", kExample), kExample);
  EXPECT_EQ(parse_http_date("Sun Nov  6 08:49:37 1994", kExample), kExample);
  EXPECT_EQ(parse_http_date("Wed Nov 16 08:49:37 1994", kExample), kExample + std::chrono::days(10));
}

TEST(HttpDate, IsWrittenInTheFirst) {
  const std::chrono::sys_seconds example{784111777s};
  EXPECT_EQ(format_http_date(example), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(format_http_date(example + std::chrono::days(10)), "Wed, 16 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(format_http_date(std::chrono::sys_seconds{}), "Thu, 01 Jan 1970 00:00:00 GMT");
  for (int month = 0; month < 24; ++month) {
    const auto time = example + std::chrono::days(31 * month);
    EXPECT_EQ(parse_http_date(format_http_date(time), time), time);
  }
}

TEST(HttpDate, ATwoDigitYearIsAtMostFiftyYearsAhead) {
  const WallTime in_2026 = *parse_iso_time("2026-08-22T00:00:00Z");
  EXPECT_EQ(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT", in_2026), kExample);
  EXPECT_EQ(parse_http_date("Friday, 06-Nov-76 08:49:37 GMT", in_2026),
            parse_iso_time("2076-11-06T08:49:37Z"));
  EXPECT_EQ(parse_http_date("Sunday, 06-Nov-77 08:49:37 GMT", in_2026),
            parse_iso_time("1977-11-06T08:49:37Z"));
}

TEST(HttpDate, EverythingElseIsNone) {
  for (const char* bad :
       {"", "Sun", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 CET",
        "Sun, 6 Nov 1994 08:49:37 GMT", "Sun, 06 nov 1994 08:49:37 GMT", "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 08:60:00 GMT", "Sun, 06 Nov 1994 08:49:37 GMT ",
        "Sun, 06-Nov-94 08:49:37 GMT", "Xxx, 06 Nov 1994 08:49:37 GMT"}) {
    EXPECT_FALSE(parse_http_date(bad, kExample)) << bad;
  }
}

TEST(IsoTime, IsReadWithItsOffset) {
  for (const char* same : {"1994-11-06T08:49:37Z", "1994-11-06T08:49:37.999Z", "1994-11-06T10:49:37+02:00",
                           "1994-11-06T03:19:37-0530", "1994-11-06T08:49:37.000+0000"}) {
    EXPECT_EQ(parse_iso_time(same), kExample) << same;
  }
  EXPECT_EQ(parse_iso_time("1994-11-06T08:49Z"), kExample - 37s);
  for (const char* bad :
       {"", "1994-11-06", "1994-11-06T08:49:37", "1994-13-06T08:49:37Z", "1994-11-06T08:49:37ZZ"}) {
    EXPECT_FALSE(parse_iso_time(bad)) << bad;
  }
}

TEST(RetryAfter, IsSecondsOrADate) {
  EXPECT_EQ(parse_retry_after("0", kExample), 0ms);
  EXPECT_EQ(parse_retry_after(" 120\t", kExample), 120s);
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:50:07 GMT", kExample), 30s);
  EXPECT_EQ(parse_retry_after("Sunday, 06-Nov-94 08:50:07 GMT", kExample), 30s);
  EXPECT_EQ(parse_retry_after("Sun Nov  6 08:50:07 1994", kExample), 30s);
}

TEST(RetryAfter, ADateGoneByIsNow) {
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 1994 08:49:36 GMT", kExample), 0ms);
}

TEST(RetryAfter, IsHeldInsideItsLimits) {
  EXPECT_EQ(parse_retry_after("-5", kExample), 0ms);
  EXPECT_EQ(parse_retry_after("86401", kExample), kMaxAskedWait);
  EXPECT_EQ(parse_retry_after("99999999999999999999999999", kExample), kMaxAskedWait);
  EXPECT_EQ(parse_retry_after("Sun, 06 Nov 9994 08:49:37 GMT", kExample), kMaxAskedWait);
}

TEST(RetryAfter, EverythingElseAsksNothing) {
  for (const char* bad : {"", "-", "soon", "1.5", "1e3", "0x10", "5 s", "+5"}) {
    EXPECT_FALSE(parse_retry_after(bad, kExample)) << bad;
  }
}

HttpResponse answer(int status, std::vector<Header> headers) {
  return {.status = status, .headers = std::move(headers), .body = {}};
}

TEST(AskedWait, RetryAfterComesFirst) {
  EXPECT_EQ(asked_wait(answer(429, {{"X-RateLimit-Reset", "60"}, {"Retry-After", "5"}}), kExample), 5s);
  EXPECT_EQ(asked_wait(answer(503, {{"Retry-After", "5"}}), kExample), 5s);
}

TEST(AskedWait, TheResetIsReadInAllItsForms) {
  EXPECT_EQ(asked_wait(answer(429, {{"X-RateLimit-Reset", "1994-11-06T08:50Z"}}), kExample), 23s);
  EXPECT_EQ(asked_wait(answer(429, {{"X-Ratelimit-Reset", "1700000023"}}), WallTime(1'700'000'000s)), 23s);
  EXPECT_EQ(asked_wait(answer(429, {{"X-RateLimit-Reset", "42"}}), kExample), 42s);
  EXPECT_FALSE(asked_wait(answer(429, {{"X-RateLimit-Reset", "soon"}}), kExample));
  EXPECT_FALSE(asked_wait(answer(429, {{"X-RateLimit-Reset", "99999999999999999999"}}), kExample));
}

TEST(AskedWait, TheResetOfASuccessOrAnOutageIsNoWish) {
  EXPECT_FALSE(asked_wait(answer(503, {{"X-RateLimit-Reset", "42"}}), kExample));
  EXPECT_FALSE(asked_wait(answer(200, {{"X-RateLimit-Reset", "42"}}), kExample));
}

TEST(AskedWait, OfStructuredQuotasTheSpentOnesCount) {
  const std::string quotas = R"("a;r=0;t=9,";q=5;w=60;r=3;t=900, "b";r=0;t=20, "c";r=0;t=30)";
  EXPECT_EQ(asked_wait(answer(429, {{"RateLimit", quotas}}), kExample), 30s);
  EXPECT_FALSE(asked_wait(answer(429, {{"RateLimit", R"("a";r=1;t=20)"}}), kExample));
  EXPECT_FALSE(
      asked_wait(answer(429, {{"Beta-Retry-After", "5"}, {"RateLimit", "\"unclosed;r=0;t=5"}}), kExample));
}

}  // namespace
}  // namespace tongs::detail
