#include "auth/jwks_http.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "unit/auth/issuer.hpp"

namespace tongs::detail {

namespace {

using std::chrono::seconds;

Result<JwksAnswer> read(const HttpResponse& response) { return read_jwks_answer(response, {}, WallTime()); }

TEST(JwksRequest, IsAPlainGet) {
  const HttpRequest request = jwks_request("https://example.com/jwks.json");
  EXPECT_EQ(request.method, "GET");
  EXPECT_EQ(request.url, "https://example.com/jwks.json");
  EXPECT_EQ(request.body, "");
}

TEST(JwksAnswer, HasTheKeysOfA200) {
  const auto answer = read({200, {}, issuer().jwks()});
  ASSERT_TRUE(answer);
  ASSERT_EQ(answer->keys.size(), 1u);
  EXPECT_EQ(answer->keys[0].kid, issuer().kid());
  EXPECT_EQ(answer->max_age, std::nullopt);
}

TEST(JwksAnswer, OfAnyOtherStatusIsAFailureWhateverItsBody) {
  struct Row {
    int status;
    Errc code;
  };
  for (const Row& row :
       {Row{0, Errc::unexpected_status}, Row{201, Errc::unexpected_status}, Row{204, Errc::unexpected_status},
        Row{301, Errc::unexpected_status}, Row{302, Errc::unexpected_status},
        Row{304, Errc::unexpected_status}, Row{307, Errc::unexpected_status}, Row{404, Errc::not_found},
        Row{429, Errc::rate_limited}, Row{500, Errc::unavailable}, Row{503, Errc::unavailable}}) {
    const auto answer = read({row.status, {{"location", "https://example.com/elsewhere"}}, issuer().jwks()});
    ASSERT_FALSE(answer) << row.status;
    EXPECT_EQ(answer.error().code(), row.code) << row.status;
  }
}

TEST(JwksAnswer, OfABodyThatIsNoKeySetIsAFailure) {
  for (const std::string_view body : {"", "<html></html>", "{}", R"({"keys":[]})"}) {
    EXPECT_EQ(read({200, {}, std::string(body)}).error().code(), Errc::malformed_response) << body;
  }
}

TEST(JwksAnswer, KeepsToTheLimitsOfThePolicy) {
  const std::string body = issuer().jwks();
  EXPECT_FALSE(read_jwks_answer({200, {}, body + std::string(65536, ' ')}, {}, WallTime()));
  EXPECT_FALSE(read_jwks_answer({200, {}, body}, {.max_bytes = body.size() - 1}, WallTime()));
}

TEST(JwksAnswer, ReadsMaxAge) {
  struct Row {
    std::string_view cache_control;
    std::optional<seconds> max_age;
  };
  for (const Row& row :
       {Row{"max-age=600", seconds(600)}, Row{"public, max-age=600, must-revalidate", seconds(600)},
        Row{"Public,MAX-AGE=600", seconds(600)}, Row{"max-age=\"600\"", seconds(600)},
        Row{"max-age=0", seconds(0)}, Row{"max-age=99999999999999999999", std::chrono::hours(24)},
        Row{"max-age=1,max-age=600", seconds(1)}, Row{"s-maxage=600", std::nullopt},
        Row{"max-age", std::nullopt}, Row{"max-age=", std::nullopt}, Row{"max-age=ten", std::nullopt},
        Row{"max-age=6 00", std::nullopt}, Row{"no-store", std::nullopt}, Row{"", std::nullopt},
        Row{",,,", std::nullopt}, Row{"x-max-age=5", std::nullopt}}) {
    const auto answer = read({200, {{"Cache-Control", std::string(row.cache_control)}}, issuer().jwks()});
    ASSERT_TRUE(answer) << row.cache_control;
    EXPECT_EQ(answer->max_age, row.max_age) << row.cache_control;
  }
}

}  // namespace

}  // namespace tongs::detail
