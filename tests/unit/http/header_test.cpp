#include <gtest/gtest.h>

#include <tongs/http.hpp>

#include "http/header_rules.hpp"
#include "http/name_set.hpp"

namespace tongs {
namespace {

TEST(Header, NamesCompareWithoutCase) {
  EXPECT_TRUE(same_header_name("Retry-After", "retry-aFTER"));
  EXPECT_FALSE(same_header_name("retry-after", "retry-afte"));
  EXPECT_FALSE(same_header_name("a[", "a{"));  // only letters fold
}

TEST(NameSet, KnowsItsNamesInEverySpellingAndNoOther) {
  constexpr detail::NameSet names("te", "host", "x-y-z", "a-name-of-thirty-characters-30");
  for (const char* known : {"TE", "Host", "x_Y-z", "A-NAME-OF-THIRTY-CHARACTERS_30"}) {
    EXPECT_TRUE(names.contains(known)) << known;
  }
  for (const char* other : {"", "t", "ta", "hos", "hosts", "x=y-z", "a-name-of-thirty-characters-301"}) {
    EXPECT_FALSE(names.contains(other)) << other;
  }
}

TEST(Header, TheFirstValueOfANameIsFound) {
  const HttpResponse response{.status = 200, .headers = {{"A", "1"}, {"B", "2"}, {"a", "3"}}, .body = {}};
  EXPECT_EQ(response.header("a"), "1");
  EXPECT_EQ(response.header("b"), "2");
  EXPECT_TRUE(response.header("c").empty());
}

TEST(HeaderRules, ANameIsAToken) {
  EXPECT_TRUE(detail::is_token("x-b3-traceid"));
  EXPECT_TRUE(detail::is_token("!#$%&'*+-.^_`|~9"));
  for (const char* bad : {"", "a b", "a:", "a\r", "a\n", "(a)", "\xc3\xa4"}) {
    EXPECT_FALSE(detail::is_token(bad)) << bad;
  }
}

TEST(HeaderRules, AValueHoldsNoControlCharacterButTab) {
  EXPECT_TRUE(detail::is_field_value(""));
  EXPECT_TRUE(detail::is_field_value("a\tb \xc3\xa4"));
  for (const auto& bad :
       {std::string("a\rb"), std::string("a\nb"), std::string("a\0b", 3), std::string("\x7f")}) {
    EXPECT_FALSE(detail::is_field_value(bad));
  }
}

TEST(HeaderRules, AValueIsLookedAtToItsLastByte) {
  for (int byte = 0; byte < 256; ++byte) {
    const bool fits = byte == '\t' || (byte >= 0x20 && byte != 0x7f);
    for (std::size_t at = 0; at < 20; ++at) {
      std::string value(20, at % 2 == 0 ? '\xff' : ' ');
      value[at] = static_cast<char>(byte);
      EXPECT_EQ(detail::is_field_value(value), fits) << byte << " at " << at;
    }
  }
}

TEST(HeaderRules, FramingAndCredentialsAreReserved) {
  for (const char* name : {"Authorization", "forge-proxy-authorization", "Proxy-Authorization", "HOST",
                           "Content-Length", "Transfer-Encoding", "Connection", "TE", "Upgrade", "Expect"}) {
    EXPECT_TRUE(detail::is_reserved(name)) << name;
  }
  for (const char* name : {"accept", "content-type", "x-atlassian-token"}) {
    EXPECT_FALSE(detail::is_reserved(name)) << name;
  }
}

TEST(HeaderRules, AnUnderscoreHidesNoName) {
  for (const char* name : {"transfer_encoding", "Content_Length", "Keep_Alive", "proxy_authorization"}) {
    EXPECT_TRUE(detail::is_reserved(name)) << name;
  }
  EXPECT_TRUE(detail::is_hop_by_hop("Proxy_Connection"));
  EXPECT_TRUE(detail::carries_credential("X_Forge_OAuth-System"));
  EXPECT_TRUE(detail::same_variable("Forge-App-Id", "FORGE_APP_ID"));
  EXPECT_FALSE(detail::same_variable("forge-app-id", "forge-app-ids"));
  EXPECT_FALSE(detail::same_variable("forge-app-id", "forge+app+id"));
}

TEST(HeaderRules, ACredentialIsReservedButNoFraming) {
  EXPECT_FALSE(detail::is_framing("authorization"));
  EXPECT_TRUE(detail::is_framing("Content-Length"));
  EXPECT_TRUE(detail::is_framing("upgrade"));
}

TEST(HeaderRules, CredentialsAreKnownByName) {
  for (const char* name : {"authorization", "X-Forge-OAuth-System", "x-forge-oauth-user", "Cookie"}) {
    EXPECT_TRUE(detail::carries_credential(name)) << name;
  }
  EXPECT_FALSE(detail::carries_credential("content-type"));
}

TEST(HeaderRules, AnInjectedLineBreakIsRefusedWithoutEchoingIt) {
  const auto checked = detail::check_headers({{"accept", "x\r\nevil: 1"}});
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().code(), Errc::invalid_argument);
  EXPECT_EQ(checked.error().message().find("evil"), std::string_view::npos);
  EXPECT_FALSE(detail::check_headers({{"accept\r\nevil", "x"}}));
  EXPECT_TRUE(detail::check_headers({{"accept", "x"}}));
}

}  // namespace
}  // namespace tongs
