#include "common/local_guard.hpp"

#include <gtest/gtest.h>

namespace tongs::net {
namespace {

LocalGuard guard(std::string_view listen, const std::vector<std::string>& names = {}) {
  return {ListenAddress::parse(listen).value(), names};
}

RequestHead request(std::vector<Field> fields) {
  RequestHead head;
  head.method = "GET";
  head.target = "/";
  head.fields.list = std::move(fields);
  return head;
}

bool lets_in(const LocalGuard& guard, std::string_view host) {
  return !guard.refusal(request({{"Host", host}})).has_value();
}

TEST(LocalGuard, lets_in_who_calls_by_a_loopback_name) {
  const auto local = guard("127.0.0.1:7074");
  for (const std::string_view host :
       {"localhost", "localhost:7074", "LOCALHOST:1", "127.0.0.1", "127.0.0.1:7074", "127.8.9.10", "[::1]",
        "[::1]:7074", "[0:0:0:0:0:0:0:1]:7074"}) {
    EXPECT_TRUE(lets_in(local, host)) << host;
  }
}

TEST(LocalGuard, keeps_out_every_other_host) {
  const auto local = guard("127.0.0.1:7074");
  for (const std::string_view host :
       {"evil.example", "evil.example:7074", "127.0.0.1.evil.example", "localhost.evil.example", "10.0.0.1",
        "0.0.0.0", "[::]", "[::2]:7074", "", ":7074", "localhost:7074:7074", "127.1", "2130706433",
        "0x7f.0.0.1", "local host", "localhost@evil.example", "localhost/", "[::1", "::1"}) {
    EXPECT_FALSE(lets_in(local, host)) << host;
  }
}

TEST(LocalGuard, knows_the_address_that_it_listens_on_and_the_names_that_were_added) {
  const auto remote = guard("10.0.0.1:7074", {"Tongs", "gateway.internal", "[fe80::7]"});
  for (const std::string_view host :
       {"10.0.0.1:7074", "tongs:7074", "gateway.internal", "[fe80::7]:7074", "localhost"}) {
    EXPECT_TRUE(lets_in(remote, host)) << host;
  }
  EXPECT_FALSE(lets_in(remote, "10.0.0.2:7074"));
  EXPECT_FALSE(lets_in(remote, "tongs.internal"));
  EXPECT_TRUE(lets_in(guard("[fe80::1]:7074"), "[FE80::1]:7074"));
}

TEST(LocalGuard, takes_any_address_but_no_name_where_it_listens_everywhere) {
  for (const std::string_view listen : {"*:7074", "0.0.0.0:7074"}) {
    EXPECT_TRUE(lets_in(guard(listen), "10.0.0.1:7074"));
    EXPECT_TRUE(lets_in(guard(listen), "[fe80::1]"));
    EXPECT_FALSE(lets_in(guard(listen), "evil.example"));
    EXPECT_FALSE(lets_in(guard(listen), "web1"));
  }
}

TEST(LocalGuard, keeps_the_same_names_on_a_unix_socket) {
  EXPECT_TRUE(lets_in(guard("unix:/run/tongs.sock"), "localhost"));
  EXPECT_FALSE(lets_in(guard("unix:/run/tongs.sock"), "evil.example"));
}

TEST(LocalGuard, refuses_what_a_browser_sends_from_a_page) {
  const auto local = guard("127.0.0.1:7074");
  for (const std::string_view origin : {"http://localhost:7074", "null", ""}) {
    const auto refusal = local.refusal(request({{"Host", "localhost"}, {"Origin", origin}}));
    ASSERT_TRUE(refusal) << origin;
    EXPECT_EQ(refusal->status, 403);
  }
  for (const std::string_view site : {"cross-site", "same-site", "same-origin", ""}) {
    EXPECT_TRUE(local.refusal(request({{"Host", "localhost"}, {"Sec-Fetch-Site", site}}))) << site;
  }
  EXPECT_FALSE(local.refusal(request({{"Host", "localhost"}, {"Sec-Fetch-Site", "none"}})));
}

TEST(LocalGuard, lets_in_the_fetch_of_a_server_runtime) {
  EXPECT_FALSE(
      guard("127.0.0.1:7074").refusal(request({{"Host", "127.0.0.1:7074"}, {"Sec-Fetch-Mode", "cors"}})));
}

TEST(LocalGuard, lets_in_http_1_0_without_a_host) {
  EXPECT_FALSE(guard("127.0.0.1:7074").refusal(request({})));
}

}  // namespace
}  // namespace tongs::net
