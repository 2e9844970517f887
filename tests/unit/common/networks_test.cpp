#include "common/net/networks.hpp"

#include <gtest/gtest.h>

namespace tongs::net {
namespace {

Networks of(std::initializer_list<std::string_view> texts) {
  Networks networks;
  for (const auto text : texts) EXPECT_TRUE(networks.add(text)) << text;
  return networks;
}

TEST(Networks, contain_what_begins_like_them) {
  const Networks networks = of({"192.0.2.0/24", "10.0.0.128/25", "2001:db8::/33", "198.51.100.7"});
  EXPECT_TRUE(networks.contain("192.0.2.255"));
  EXPECT_FALSE(networks.contain("192.0.3.0"));
  EXPECT_TRUE(networks.contain("10.0.0.128"));
  EXPECT_FALSE(networks.contain("10.0.0.127"));
  EXPECT_TRUE(networks.contain("2001:db8:7fff::1"));
  EXPECT_FALSE(networks.contain("2001:db8:8000::1"));
  EXPECT_TRUE(networks.contain("198.51.100.7"));
  EXPECT_FALSE(networks.contain("198.51.100.6"));
}

TEST(Networks, of_no_bits_hold_their_whole_family_and_not_the_other) {
  EXPECT_TRUE(of({"0.0.0.0/0"}).contain("203.0.113.9"));
  EXPECT_FALSE(of({"0.0.0.0/0"}).contain("2001:db8::1"));
  EXPECT_TRUE(of({"::/0"}).contain("2001:db8::1"));
  EXPECT_FALSE(of({"::/0"}).contain("203.0.113.9"));
}

TEST(Networks, take_an_ipv4_address_in_ipv6_clothes_for_itself) {
  EXPECT_TRUE(of({"192.0.2.0/24"}).contain("::ffff:192.0.2.1"));
  EXPECT_FALSE(of({"::/0"}).contain("::ffff:192.0.2.1"));
}

TEST(Networks, hold_nothing_that_is_no_address) {
  const Networks all = of({"0.0.0.0/0", "::/0"});
  for (const auto text :
       {"", "unix", "192.0.2", "192.0.2.1 ", "192.0.2.1/32", "fe80::1%eth0", "fe80::1%0", "1.2.3.4.5"}) {
    EXPECT_FALSE(all.contain(text)) << text;
  }
  EXPECT_FALSE(all.contain(std::string_view("192.0.2.1\0x", 11)));
  EXPECT_FALSE(Networks().contain("127.0.0.1"));
}

TEST(Networks, refuse_what_means_nothing_or_not_what_it_looks_like) {
  Networks networks;
  for (const auto text : {"", "/", "192.0.2.0/", "192.0.2.0/33", "192.0.2.0/-1", "192.0.2.0/8x",
                          "2001:db8::/129", "example.com", "192.0.2.1/24", "2001:db8::1/64", "0.0.0.1/0"}) {
    EXPECT_FALSE(networks.add(text)) << text;
  }
  EXPECT_TRUE(networks.empty());
}

}  // namespace
}  // namespace tongs::net
