#include "gateway/ingress/cors.hpp"

#include <gtest/gtest.h>

#include "unit/gateway/request_of.hpp"

namespace tongs::gateway {
namespace {

using testing::request_of;

const Cors kCors({"https://app.example.com", "https://*.cdn.example.net"});

net::RequestHead preflight(std::string_view origin) {
  return request_of("OPTIONS", "/api",
                    {{"Origin", origin},
                     {"Access-Control-Request-Method", "PUT"},
                     {"Access-Control-Request-Headers", "authorization,content-type"}});
}

int preflight_status(std::string_view origin) { return kCors.answer_preflight(preflight(origin))->status; }

TEST(Cors, AnswersThePreflightOfItsPagesOnly) {
  EXPECT_EQ(preflight_status("https://app.example.com"), 204);
  EXPECT_EQ(preflight_status("https://a.cdn.example.net"), 204);
  EXPECT_EQ(preflight_status("https://a.b.cdn.example.net"), 204);
  for (const auto origin :
       {"https://app.example.com.evil.net", "http://app.example.com", "https://app.example.com:8443", "null",
        "", "https://cdn.example.net", "https://.cdn.example.net.evil.net", "https://evilcdn.example.net",
        "https://APP.example.com", "https://app.example.com/"}) {
    EXPECT_EQ(preflight_status(origin), 403) << origin;
  }
}

TEST(Cors, SaysWhatThePageMayDo) {
  const auto answer = kCors.answer_preflight(preflight("https://app.example.com"));
  EXPECT_EQ(answer->headers.text(),
            "Access-Control-Allow-Methods: GET, HEAD, POST, PUT, PATCH, DELETE\r\n"
            "Access-Control-Allow-Headers: authorization,content-type\r\nAccess-Control-Max-Age: 600\r\n");
}

TEST(Cors, LeavesWhatIsNoPreflightToTheToken) {
  EXPECT_FALSE(kCors.answer_preflight(request_of("OPTIONS", "/", {{"Origin", "https://app.example.com"}})));
  EXPECT_FALSE(kCors.answer_preflight(request_of(
      "POST", "/", {{"Origin", "https://app.example.com"}, {"Access-Control-Request-Method", "PUT"}})));
  EXPECT_FALSE(Cors().answer_preflight(preflight("https://app.example.com"))) << "nothing is configured";
}

TEST(Cors, LetsItsPagesReadAnswers) {
  EXPECT_EQ(kCors.answer_lines(request_of("GET", "/", {{"Origin", "https://app.example.com"}})).text(),
            "Vary: Origin\r\nAccess-Control-Allow-Origin: https://app.example.com\r\n");
  EXPECT_EQ(kCors.answer_lines(request_of("GET", "/", {{"Origin", "https://evil.net"}})).text(),
            "Vary: Origin\r\n");
  EXPECT_EQ(Cors().answer_lines(request_of("GET", "/", {{"Origin", "https://evil.net"}})).text(), "");
  EXPECT_TRUE(says_who_reads("ACCESS-Control-Allow-Origin"));
  EXPECT_FALSE(says_who_reads("Access-Control-Expose-Headers"));
}

TEST(Cors, KnowsWhatAnOriginIs) {
  for (const auto good : {"https://a.b", "https://a.b:8443", "http://localhost:3000", "https://*.a.b"}) {
    EXPECT_EQ(Cors::check_origin(good), nullptr) << good;
  }
  for (const auto bad : {"", "*", "https://", "https://a.b/", "https://a.b/c", "a.b", "http://a.b", "null",
                         "https://A.b", "https://a.b:443", "https://*", "https://a.*.b", "https://*.*.b"}) {
    EXPECT_NE(Cors::check_origin(bad), nullptr) << bad;
  }
}

}  // namespace
}  // namespace tongs::gateway
