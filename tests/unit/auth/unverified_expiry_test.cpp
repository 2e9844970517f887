#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include <tongs/installation.hpp>

#include "base/base64url.hpp"

namespace tongs {
namespace {

std::optional<WallTime> expiry_of(std::string_view claims) {
  return unverified_expiry(base64url_encode(R"({"alg":"RS256"})") + "." + base64url_encode(claims) + ".c2ln");
}

TEST(UnverifiedExpiryTest, ReadsExp) {
  EXPECT_EQ(expiry_of(R"({"exp":1700000000})"), WallTime(std::chrono::seconds(1'700'000'000)));
  EXPECT_EQ(expiry_of(R"({"aud":["x"],"nested":{"exp":1},"exp":1700000000})"),
            WallTime(std::chrono::seconds(1'700'000'000)));
}

TEST(UnverifiedExpiryTest, RefusesWhatIsNoWholeNumberOfSeconds) {
  for (const char* claims :
       {R"({"exp":1700000000.5})", R"({"exp":1.7e9})", R"({"exp":"1700000000"})", R"({"exp":null})",
        R"({"exp":true})", R"({"exp":[1700000000]})", R"({})", R"([])", R"(1700000000)"}) {
    EXPECT_EQ(expiry_of(claims), std::nullopt) << claims;
  }
}

TEST(UnverifiedExpiryTest, RefusesWhatCannotBeUnixSeconds) {
  for (const char* claims :
       {R"({"exp":1700000000000})", R"({"exp":0})", R"({"exp":-1})", R"({"exp":999999999})",
        R"({"exp":100000000001})", R"({"exp":9223372036854775807})", R"({"exp":18446744073709551615})",
        R"({"exp":1e400})"}) {
    EXPECT_EQ(expiry_of(claims), std::nullopt) << claims;
  }
}

TEST(UnverifiedExpiryTest, RefusesTwoAnswersToOneQuestion) {
  EXPECT_EQ(expiry_of(R"({"exp":1700000000,"exp":1800000000})"), std::nullopt);
}

TEST(UnverifiedExpiryTest, RefusesWhatIsNoCompactJwt) {
  const std::string payload = base64url_encode(R"({"exp":1700000000})");
  for (const std::string& text :
       {std::string(), std::string("opaque"), std::string(".."), payload, "h." + payload,
        "h." + payload + ".s.t", "h." + payload + "=.s", "h.!" + payload + ".s",
        "h." + payload.substr(1) + ".s", "h." + payload + "." + std::string(16 * 1024, 's')}) {
    EXPECT_EQ(unverified_expiry(text), std::nullopt) << text.substr(0, 80);
  }
}

}  // namespace
}  // namespace tongs
