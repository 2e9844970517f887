#include "http/url.hpp"

#include <gtest/gtest.h>

namespace tongs::detail {
namespace {

TEST(Url, IsTakenApart) {
  const auto url = parse_url("HTTPS://API.Example.com:8443/ex/jira/1?a=b&c");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->scheme, "https");
  EXPECT_EQ(url->host, "api.example.com");
  EXPECT_EQ(url->port, 8443);
  EXPECT_EQ(url->path, "/ex/jira/1");
  EXPECT_EQ(url->query, "a=b&c");
  EXPECT_EQ(url->text(), "https://api.example.com:8443/ex/jira/1?a=b&c");
}

TEST(Url, MissingPartsGetTheirDefaults) {
  EXPECT_EQ(parse_url("https://h")->text(), "https://h/");
  EXPECT_EQ(parse_url("https://h")->port, 443);
  EXPECT_EQ(parse_url("http://h:80?q")->text(), "http://h/?q");
}

TEST(Url, AnIpv6AddressIsCanonical) {
  EXPECT_EQ(parse_url("http://[0:0::0:1]:8080/")->host, "[::1]");
  EXPECT_EQ(parse_url("http://[2001:DB8::1]/")->text(), "http://[2001:db8::1]/");
  EXPECT_EQ(parse_url("http://[::1]:8080/")->port, 8080);
}

TEST(Url, WhateverTwoReadersCouldReadDifferentlyIsRefused) {
  for (const char* bad : {"",
                          "h",
                          "//h/",
                          "ftp://h/",
                          "javascript://h/",
                          "https:/h/",
                          "https://",
                          "https:///p",
                          "https://u@h/",
                          "https://u:p@h/",
                          "https://h@evil/",
                          "https://h/#f",
                          "https://h/ p",
                          "https://h/\\p",
                          "https://h\\p",
                          "https://h/p\n",
                          "https://h/\x01",
                          "https://h/\xc3\xa4",
                          "https://\xc3\xa4/",
                          "https://h/%",
                          "https://h/%2",
                          "https://h/%zz",
                          "https://h?%",
                          "https://h:/",
                          "https://h:0/",
                          "https://h:65536/",
                          "https://h:8o/",
                          "https://h:+80/",
                          "https://h:80:80/",
                          "https://[::1/",
                          "https://[::1]x/",
                          "https://[]/",
                          "https://[fe80::1%25eth0]/",
                          "https://a..b/",
                          "https://.a/",
                          "https://a./",
                          "https://a%2eb/",
                          "https://h/a/./b",
                          "https://h/a/..",
                          "https://h/%2e%2E/a",
                          "https://h/..%2fa",
                          "https://h/{id}",
                          "https://h/\"",
                          "https://h/<",
                          "https://h/^",
                          "https://h/a|b",
                          "https://h/?a b",
                          "https://h/?`"}) {
    const auto url = parse_url(bad);
    EXPECT_FALSE(url) << bad;
    if (!url) {
      EXPECT_EQ(url.error().code(), Errc::invalid_argument) << bad;
    }
  }
  EXPECT_FALSE(parse_url(std::string_view("https://h\0.evil/", 16)));
  EXPECT_FALSE(parse_url("https://h/" + std::string(20000, 'a')));
  EXPECT_FALSE(parse_url("https://" + std::string(64, 'a') + "/"));
}

TEST(Url, AHostThatSomeResolversTakeForAnAddressIsRefused) {
  for (const char* bad : {"http://127.1/", "http://0x7f.0.0.1/", "http://2130706433/", "http://0177.0.0.1/",
                          "http://127.0.0.256/", "http://127.0.0.1.1/", "http://a.0x1/"}) {
    EXPECT_FALSE(parse_url(bad)) << bad;
  }
  EXPECT_TRUE(parse_url("http://127.0.0.1/"));
  EXPECT_TRUE(parse_url("http://7f.example/"));
}

TEST(Url, TheOriginHasThePortOnlyIfItIsNotTheSchemesOwn) {
  EXPECT_EQ(origin(*parse_url("https://h:443/p")), "https://h");
  EXPECT_EQ(origin(*parse_url("http://h:443/p")), "http://h:443");
}

TEST(Url, OnlyHttpsAndThisMachineMaySeeACredential) {
  for (const char* fine : {"https://h/", "http://localhost:7072/", "http://127.0.0.1/", "http://127.3.2.1/",
                           "http://[::1]/", "http://LOCALHOST/"}) {
    EXPECT_TRUE(is_https_or_loopback(fine)) << fine;
  }
  for (const char* bad : {"http://h/", "http://localhost.evil/", "http://127.0.0.1.evil/", "http://127.evil/",
                          "http://[::ffff:127.0.0.1]/", "http://[::]/", "http://0.0.0.0/", "no url"}) {
    EXPECT_FALSE(is_https_or_loopback(bad)) << bad;
  }
}

TEST(Url, ABaseHasNoQueryAndMaySeeACredential) {
  EXPECT_TRUE(parse_base_url("https://api.example.com/ex/jira/1"));
  EXPECT_FALSE(parse_base_url("https://h/?q"));
  EXPECT_FALSE(parse_base_url("http://h/"));
}

TEST(Url, JoiningKeepsThePathOfTheBaseInFront) {
  const auto base = *parse_base_url("https://h/ex/jira/1");
  EXPECT_EQ(*join(base, "/rest/api/3/myself?a=b"), "https://h/ex/jira/1/rest/api/3/myself?a=b");
  EXPECT_EQ(*join(*parse_base_url("https://h/ex/"), "/a"), "https://h/ex/a");
  EXPECT_EQ(*join(*parse_base_url("https://h"), "/"), "https://h/");
}

TEST(Url, JoiningRefusesWhatWouldLeaveTheBase) {
  const auto base = *parse_base_url("https://h/ex/jira/1");
  for (const char* bad : {"", "rest", "@evil/", ".evil/", ":99/", "/..", "/a/../../b", "/%2e%2e/", "/a/..%2f",
                          "/a#f", "/a b", "/a\r\nHost: evil", "/a\\..\\b", "/..%5cb"}) {
    EXPECT_FALSE(join(base, bad)) << bad;
  }
  EXPECT_EQ(*join(base, "//evil/x"), "https://h/ex/jira/1//evil/x");
}

TEST(Url, ASegmentThatSomeServersTakeForADotSegmentIsRefused) {
  const auto base = *parse_base_url("https://h/ex/jira/1");
  for (const char* bad : {"/..;/x", "/.;/x", "/..;a=b;c/x", "/a/..;", "/%2e%2e;/x", "/..%3b/x",
                          "/%252e%252e/x", "/%252E/x", "/.%252e", "/%25252e%25252e/x", "/%25%32%65%2e/x",
                          "/%%32%65/x", "/..%252fx", "/..%255cx", "/..%253bx/y", "/a%252f..%252fb"}) {
    EXPECT_TRUE(has_dot_segment(bad)) << bad;
    EXPECT_FALSE(join(base, bad)) << bad;
  }
  for (const char* fine :
       {"/...", "/..a;b", "/;..", "/;a/x", "/a;..", "/%252ea", "/100%25/x", "/a..", "/..%20", "/"}) {
    EXPECT_FALSE(has_dot_segment(fine)) << fine;
  }
}

TEST(Url, AControlCharacterIsSeenHoweverOftenItIsEncoded) {
  for (const char* bad : {"/a%00b", "/%0d%0aHost:%20x", "/%1F", "/%7f", "/%2500", "/%25250a", "/%%30%30",
                          "/a%25:2e%251e/x", "/raw\n"}) {
    EXPECT_TRUE(has_control_character(bad)) << bad;
  }
  for (const char* fine : {"", "/", "/a b", "/%20", "/%7e", "/%80", "/%", "/%0", "/%250", "/100%25/00"}) {
    EXPECT_FALSE(has_control_character(fine)) << fine;
  }
}

TEST(Url, AHostilePathIsJudgedInLinearTime) {
  std::string path = "/";
  while (path.size() < 1024 * 1024) path += "%2525252525252525";
  EXPECT_FALSE(has_dot_segment(path));
  EXPECT_FALSE(has_control_character(path));
}

TEST(PercentEncoding, LeavesOnlyUnreservedCharacters) {
  EXPECT_EQ(percent_encode("aZ09-._~"), "aZ09-._~");
  EXPECT_EQ(percent_encode("a/b c?d&e=f+g%#"), "a%2Fb%20c%3Fd%26e%3Df%2Bg%25%23");
  EXPECT_EQ(percent_encode("\xc3\xa4"), "%C3%A4");
  EXPECT_EQ(percent_encode(std::string_view("\0", 1)), "%00");
}

TEST(PercentEncoding, DecodesOrSaysNo) {
  EXPECT_EQ(percent_decode("a%2fB%C3%a4+"), "a/B\xc3\xa4+");
  for (const char* bad : {"%", "%a", "%0g", "a%", "%%41"}) EXPECT_FALSE(percent_decode(bad)) << bad;
}

TEST(Query, PairsAreReadAsServersWriteThem) {
  const QueryPairs expected = {
      {"cql", "type = page"}, {"cursor", "a/b+c"}, {"flag", ""}, {"x", "1"}, {"x", "2"}};
  EXPECT_EQ(parse_query("cql=type+%3D%20page&cursor=a%2Fb%2Bc&&flag&x=1&x=2"), expected);
  EXPECT_EQ(parse_query(""), QueryPairs{});
  EXPECT_FALSE(parse_query("a=%"));
}

}  // namespace
}  // namespace tongs::detail
