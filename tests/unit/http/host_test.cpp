#include "http/host.hpp"

#include <string>

#include <gtest/gtest.h>

namespace tongs {
namespace {

TEST(HostField, IsANameOrAnAddressAndMaybeAPort) {
  for (const char* good : {"", "localhost", "remote.example.com", "my_service-1", "a:8080",
                           "a:", "192.0.2.1:80", "[::1]", "[2001:db8::1]:443", "[::ffff:192.0.2.1]:"}) {
    EXPECT_TRUE(detail::is_host_field(good)) << good;
  }
}

TEST(HostField, IsNothingThatTwoServersCouldReadInTwoWays) {
  for (const char* bad : {":80",    "a:b",     "a:80:80", "a:+80", "user@a", "a/b",   "a?b",     "a#b",
                          "a\\b",   "a b",     "a,b",     "a%62",  "\"a\"",  "\xe9",  "::1",     "[::1",
                          "[::1]x", "[::1]80", "[]",      "[]:80", "[a-b]",  "[a]b]", "http://a"}) {
    EXPECT_FALSE(detail::is_host_field(bad)) << bad;
  }
  EXPECT_FALSE(detail::is_host_field(std::string("a\0b", 3)));
}

}  // namespace
}  // namespace tongs
