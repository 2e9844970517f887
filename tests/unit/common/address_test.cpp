#include "common/net/address.hpp"

#include <gtest/gtest.h>

namespace tongs::net {
namespace {

TEST(ListenAddress, says_itself_as_it_is_read) {
  for (const std::string text :
       {"127.0.0.1:8080", "0.0.0.0:0", "[::1]:443", "[::]:65535", "unix:/run/tongs.sock"}) {
    EXPECT_EQ(ListenAddress::parse(text).value().text(), text);
  }
  EXPECT_EQ(ListenAddress::parse("localhost:1").value().text(), "127.0.0.1:1");
  EXPECT_EQ(ListenAddress::parse("*:1").value().text(), "[::]:1");
}

}  // namespace
}  // namespace tongs::net
