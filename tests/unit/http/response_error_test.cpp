#include "http/response_error.hpp"

#include <gtest/gtest.h>

#include "http/excerpt.hpp"

namespace tongs::detail {
namespace {

using namespace std::chrono_literals;
using Messages = std::vector<std::string>;

constexpr WallTime kNow{1'700'000'000s};

Error explain(int status, std::string body, std::vector<Header> headers = {}) {
  return error_from_response({.status = status, .headers = std::move(headers), .body = std::move(body)},
                             "the call failed", kNow);
}

TEST(ResponseError, TheStatusGivesTheCode) {
  const std::pair<int, Errc> table[] = {
      {400, Errc::invalid_argument},  {422, Errc::invalid_argument},  {401, Errc::rejected},
      {403, Errc::forbidden},         {404, Errc::not_found},         {410, Errc::not_found},
      {409, Errc::conflict},          {412, Errc::conflict},          {429, Errc::rate_limited},
      {500, Errc::unavailable},       {503, Errc::unavailable},       {599, Errc::unavailable},
      {402, Errc::unexpected_status}, {418, Errc::unexpected_status}, {304, Errc::unexpected_status},
      {600, Errc::unexpected_status}, {0, Errc::unexpected_status}};
  for (const auto& [status, code] : table) {
    EXPECT_EQ(explain(status, "").code(), code) << status;
    EXPECT_EQ(explain(status, "").remote()->http_status, status);
  }
}

TEST(ResponseError, BodiesOfEveryPeerAreRead) {
  const std::pair<const char*, Messages> table[] = {
      {R"({"errorMessages":["Issue does not exist","again"],"errors":{}})",
       {"Issue does not exist", "again"}},
      {R"({"statusCode":404,"message":"No content"})", {"No content"}},
      {R"({"errors":[{"status":404,"code":"NOT_FOUND","title":"Not Found","detail":null}]})",
       {"NOT_FOUND: Not Found"}},
      {R"({"errors":[{"status":400,"code":"X","title":"T","detail":"D"},{"title":"U"}]})", {"X: T: D", "U"}},
      {R"({"code":401,"message":"Unauthorized; scope does not match"})",
       {"Unauthorized; scope does not match"}},
      {R"({"type":"AuthorizationError","code":401,"message":"Authorization failed"})",
       {"Authorization failed"}},
      {R"({"code":"INVALID_KEY_FORMAT","message":"bad key"})", {"INVALID_KEY_FORMAT: bad key"}},
      {R"({"data":null,"errors":[{"message":"Could not load","extensions":{"statusCode":403}}]})",
       {"Could not load"}},
      {R"({"errorMessage":"jsm","i18nErrorMessage":{"i18nKey":"k"}})", {"jsm"}},
      {R"([{"message":"a"},{"message":"b"},"c",7])", {"a", "b", "c"}},
      {R"({"error":"invalid_grant","error_description":"expired"})", {"invalid_grant: expired"}},
      {R"({"type":"urn:x","title":"T","detail":"D"})", {"T: D"}},
  };
  for (const auto& [body, messages] : table)
    EXPECT_EQ(explain(400, body).remote()->messages, messages) << body;
}

TEST(ResponseError, JirasFieldsAreKept) {
  const auto error = explain(400, R"({"errorMessages":[],"errors":{"summary":"is required","x":{"y":1}}})");
  const std::vector<std::pair<std::string, std::string>> expected = {{"summary", "is required"},
                                                                     {"x", R"({"y":1})"}};
  EXPECT_EQ(error.remote()->fields, expected);
  EXPECT_TRUE(error.remote()->messages.empty());
}

TEST(ResponseError, WhatIsNotJsonIsKeptAsAnExcerpt) {
  for (const char* body :
       {"<html>{oops}</html>", "{", "", "null", "\xff\xfe{", "\"text\"", "{\"errors\":7}"}) {
    const auto error = explain(503, body);
    EXPECT_TRUE(error.remote()->messages.empty()) << body;
    EXPECT_TRUE(error.remote()->fields.empty()) << body;
  }
  EXPECT_EQ(explain(503, "<html>\n{oops}</html>").remote()->body_excerpt, "<html>\\n{oops}</html>");
}

TEST(ResponseError, AFloodOfMessagesIsCut) {
  std::string body = R"({"errorMessages":[)";
  for (int i = 0; i < 1000; ++i) body += '"' + std::string(5000, 'x') + "\",";
  body += R"("end"]})";
  EXPECT_TRUE(explain(400, body).remote()->messages.empty());  // larger than any error: not even parsed
  body = R"({"errorMessages":[)";
  for (int i = 0; i < 100; ++i) body += '"' + std::string(1000, 'x') + "\",";
  body += R"("end"]})";
  const auto error = explain(400, body);
  ASSERT_EQ(error.remote()->messages.size(), 16U);
  EXPECT_EQ(error.remote()->messages[0].size(), kMaxExcerpt);
}

TEST(ResponseError, IdentifiersComeFromTheHeaders) {
  const auto error = explain(
      429, "", {{"X-Request-Id", "r"}, {"ATL-TraceId", "t"}, {"RateLimit-Reason", "jira-burst-based"}});
  EXPECT_EQ(error.remote()->request_id, "t");
  EXPECT_EQ(error.remote()->rate_limit_reason, "jira-burst-based");
  EXPECT_EQ(explain(500, "", {{"x-b3-traceid", "b"}}).remote()->request_id, "b");
  EXPECT_EQ(explain(500, "", {{"x-request-id", std::string(1000, 'x')}}).remote()->request_id.size(), 128U);
}

TEST(ResponseError, AScopeMismatchSaysHowToMendIt) {
  const auto error = explain(401, "", {{"x-failure-category", "FAILURE_CLIENT_SCOPE_CHECK"}});
  EXPECT_EQ(error.code(), Errc::rejected);
  EXPECT_EQ(error.remote()->failure_category, kScopeCheckFailed);
  EXPECT_NE(error.message().find("permissions.scopes"), std::string_view::npos);
}

TEST(ResponseError, RetryAfterBelongsToWhatPasses) {
  const std::vector<Header> headers = {{"retry-after", "7"}};
  EXPECT_EQ(explain(429, "", headers).retry_after(), 7s);
  EXPECT_EQ(explain(503, "", headers).retry_after(), 7s);
  EXPECT_FALSE(explain(404, "", headers).retry_after());
  EXPECT_FALSE(explain(503, "").retry_after());
}

TEST(ResponseError, TheMessageHoldsNothingOfThePeer) {
  const auto error =
      explain(400, R"({"message":"SECRET"})", {{"x-request-id", "SECRET"}, {"retry-after", "SECRET"}});
  EXPECT_EQ(error.describe().find("SECRET"), std::string::npos);
  EXPECT_EQ(error.message().find("the call failed: "), 0U);
}

TEST(Excerpt, EscapesWhatATerminalWouldObey) {
  EXPECT_EQ(excerpt("a\nb\tc\r\x1b[31m\x7f"), "a\\nb\\tc\\x0d\\x1b[31m\\x7f");
  EXPECT_EQ(excerpt(std::string_view("\0", 1)), "\\x00");
  EXPECT_EQ(excerpt("\xc2\x9b"
                    "1m\xc2\xa0"),
            "\\xc2\\x9b1m\xc2\xa0");
  EXPECT_EQ(excerpt("\xff\xc3"), "\\xff\\xc3");
}

TEST(Excerpt, NeverEndsInHalfACharacter) {
  const std::string euro = "\xe2\x82\xac";
  EXPECT_EQ(excerpt(std::string(511, 'a') + euro), std::string(511, 'a'));
  EXPECT_EQ(excerpt(std::string(509, 'a') + euro + "b"), std::string(509, 'a') + euro);
  EXPECT_EQ(excerpt(std::string(510, 'a') + "\n"), std::string(510, 'a') + "\\n");
  EXPECT_EQ(excerpt(std::string(511, 'a') + "\n"), std::string(511, 'a'));
  EXPECT_EQ(excerpt(""), "");
}

}  // namespace
}  // namespace tongs::detail
