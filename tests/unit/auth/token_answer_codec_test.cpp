#include "auth/token_answer_codec.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace tongs::detail {
namespace {

using namespace std::chrono_literals;

constexpr WallTime kNow{1'700'000'000s};

HttpResponse response(int status, std::string body, std::vector<Header> headers = {}) {
  return {.status = status, .headers = std::move(headers), .body = std::move(body)};
}
Result<FetchedToken> direct(std::string body) {
  return decode_direct_answer(response(200, std::move(body)), kNow);
}
Result<FetchedToken> proxy(std::string body) {
  return decode_proxy_answer(response(200, std::move(body)), kNow);
}

TEST(TokenAnswerCodecTest, ReadsTheDocumentedAnswer) {
  const auto answer = direct(
      R"({"data":{"offlineUserAuthToken":{"success":true,"errors":null,"authToken":{"token":"abc","ttl":3600}}}})");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->token.reveal(), "abc");
  EXPECT_EQ(answer->life, 3600s);
  EXPECT_FALSE(answer->expires_at);
}

TEST(TokenAnswerCodecTest, ReadsTheSeedsAnswer) {
  const auto answer = proxy(R"({"data":{"offlineUserAuthToken":{"accessToken":"abc","expiry":1700003600}}})");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->token.reveal(), "abc");
  EXPECT_EQ(answer->expires_at, kNow + 3600s);
  EXPECT_FALSE(answer->life);
}

TEST(TokenAnswerCodecTest, TheOrderOfMembersAndUnknownOnesDoNotMatter) {
  EXPECT_TRUE(direct(
      R"({"extensions":{"gateway":{"request_id":"r"}},"data":{"x":1,"offlineUserAuthToken":{"authToken":{"ttl":60,"y":[],"token":"abc"},"success":true}}})"));
}

TEST(TokenAnswerCodecTest, ARefusedMutationIsForbiddenAndKeepsThePeersWordsApart) {
  const auto answer = direct(
      R"({"data":{"offlineUserAuthToken":{"success":false,"errors":[{"message":"Could not load permissions for app user in the provided contextIds of [...]"}],"authToken":null}}})");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code(), Errc::forbidden);
  EXPECT_EQ(answer.error().describe().find("permissions for app user"), std::string::npos);
  ASSERT_NE(answer.error().remote(), nullptr);
  EXPECT_EQ(answer.error().remote()->http_status, 200);
  ASSERT_EQ(answer.error().remote()->messages.size(), 1U);
  EXPECT_EQ(answer.error().remote()->messages.front(),
            "Could not load permissions for app user in the provided contextIds of [...]");
}

TEST(TokenAnswerCodecTest, ATokenBesideARefusalIsNotTaken) {
  const auto answer =
      direct(R"({"data":{"offlineUserAuthToken":{"success":false,"authToken":{"token":"abc","ttl":3600}}}})");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code(), Errc::forbidden);
}

TEST(TokenAnswerCodecTest, AStatusCodeOfAGraphQlErrorDecides) {
  const auto code = [](const char* status) {
    return direct(std::string(R"({"data":null,"errors":[{"message":"m","extensions":{"statusCode":)") +
                  status + R"(,"errorType":"SOME_TYPE"}}]})")
        .error()
        .code();
  };
  EXPECT_EQ(code("400"), Errc::invalid_argument);
  EXPECT_EQ(code("401"), Errc::rejected);
  EXPECT_EQ(code("403"), Errc::forbidden);
  EXPECT_EQ(code("404"), Errc::not_found);
  EXPECT_EQ(code("429"), Errc::rate_limited);
  EXPECT_EQ(code("503"), Errc::unavailable);
  EXPECT_EQ(code("200"), Errc::unavailable) << "no status of a failure";
  EXPECT_EQ(code("\"401\""), Errc::unavailable) << "no number";
}

TEST(TokenAnswerCodecTest, AStatusCodeOfAMutationErrorDecides) {
  const auto answer = direct(
      R"({"data":{"offlineUserAuthToken":{"success":false,"errors":[{"message":"m","extensions":{"statusCode":404,"errorType":"NOT_FOUND"}}]}}})");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code(), Errc::not_found);
  EXPECT_EQ(answer.error().remote()->failure_category, "NOT_FOUND");
}

TEST(TokenAnswerCodecTest, AFailedOperationWithoutAStatusMayBeTriedAgain) {
  const auto answer = direct(
      R"({"errors":[{"message":"upstream"},{"message":"timed out"}],"extensions":{"gateway":{"request_id":"req-1"}}})");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code(), Errc::unavailable);
  EXPECT_TRUE(answer.error().transient());
  EXPECT_EQ(answer.error().remote()->messages, (std::vector<std::string>{"upstream", "timed out"}));
  EXPECT_EQ(answer.error().remote()->request_id, "req-1");
}

TEST(TokenAnswerCodecTest, TheStatusOfHttpDecidesBeforeTheBody) {
  const auto code = [](int status) {
    return decode_direct_answer(response(status, R"({"code":1,"message":"m"})"), kNow).error().code();
  };
  EXPECT_EQ(code(400), Errc::invalid_argument);
  EXPECT_EQ(code(401), Errc::rejected);
  EXPECT_EQ(code(403), Errc::forbidden);
  EXPECT_EQ(code(429), Errc::rate_limited);
  EXPECT_EQ(code(500), Errc::unavailable);
  EXPECT_EQ(code(503), Errc::unavailable);
  EXPECT_EQ(code(302), Errc::unexpected_status);
}

TEST(TokenAnswerCodecTest, RetryAfterIsReadFromHttpAndBesideGraphQlErrors) {
  const auto throttled =
      decode_direct_answer(response(429, "", {{.name = "Retry-After", .value = "7"}}), kNow);
  EXPECT_EQ(throttled.error().retry_after(), 7s);
  const auto soft = decode_proxy_answer(response(200, R"({"errors":[{"extensions":{"statusCode":429}}]})",
                                                 {{.name = "retry-after", .value = "9"}}),
                                        kNow);
  EXPECT_EQ(soft.error().code(), Errc::rate_limited);
  EXPECT_EQ(soft.error().retry_after(), 9s);
}

TEST(TokenAnswerCodecTest, AnswersThatBreakTheContractAreMalformed) {
  for (const char* body :
       {"", " ", "null", "[]", "\"text\"", "{", "<html></html>", R"({"data":null})", R"({"data":{}})",
        R"({"errors":[]})", R"({"errors":"text"})", R"({"data":{"offlineUserAuthToken":null}})",
        R"({"data":{"offlineUserAuthToken":{"success":true}}})",
        R"({"data":{"offlineUserAuthToken":{"success":true,"authToken":{"token":"abc"}}}})",
        R"({"data":{"offlineUserAuthToken":{"success":true,"authToken":{"ttl":3600}}}})",
        R"({"data":{"offlineUserAuthToken":{"success":true,"authToken":{"token":1,"ttl":3600}}}})",
        R"({"data":{"offlineUserAuthToken":{"success":true,"authToken":{"token":"abc","ttl":"3600"}}}})",
        R"({"data":{"offlineUserAuthToken":{"success":true,"authToken":{"token":"abc","ttl":3600.5}}}})",
        R"({"data":{"offlineUserAuthToken":{"success":true,"authToken":["abc",3600]}}})"}) {
    const auto answer = direct(body);
    ASSERT_FALSE(answer) << body;
    EXPECT_EQ(answer.error().code(), Errc::malformed_response) << body;
  }
}

TEST(TokenAnswerCodecTest, TheTwoDialectsDoNotMix) {
  EXPECT_FALSE(direct(R"({"data":{"offlineUserAuthToken":{"accessToken":"abc","expiry":1700003600}}})"));
  EXPECT_FALSE(
      proxy(R"({"data":{"offlineUserAuthToken":{"success":true,"authToken":{"token":"abc","ttl":3600}}}})"));
}

TEST(TokenAnswerCodecTest, HugeAndDeepAnswersAreMalformed) {
  const std::string padding(300 * 1024, 'x');
  EXPECT_EQ(direct(R"({"pad":")" + padding + R"("})").error().code(), Errc::malformed_response);
  EXPECT_EQ(direct(std::string(200, '[') + std::string(200, ']')).error().code(), Errc::malformed_response);
}

TEST(TokenAnswerCodecTest, TheMessagesOfAPeerAreBounded) {
  std::string body = R"({"errors":[)";
  for (int i = 0; i < 100; ++i) body += R"({"message":")" + std::string(2000, 'm') + R"("},)";
  body.back() = ']';
  const auto answer = direct(body + "}");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().remote()->messages.size(), 16U);
  EXPECT_LE(answer.error().remote()->messages.front().size(), 512U);
}

TEST(TokenAnswerCodecTest, NoByteOfATokenIsKeptInAnError) {
  const auto answer = direct(
      R"({"errors":[{"message":"partial"}],"data":{"offlineUserAuthToken":{"success":false,"authToken":{"token":"sesame","ttl":60}}}})");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().remote()->body_excerpt.find("sesame"), std::string::npos);
  EXPECT_EQ(answer.error().describe().find("sesame"), std::string::npos);
}

}  // namespace
}  // namespace tongs::detail
