#include "common/net/proxies.hpp"

#include <map>

#include <gtest/gtest.h>

#include "common/net/client.hpp"
#include "support/loopback.hpp"
#include "support/loopback_server.hpp"

namespace tongs::net {
namespace {

using test::Connection;
using test::LoopbackServer;

ProxyRules::Variable variables(std::map<std::string, std::string, std::less<>> values) {
  return [values = std::move(values)](std::string_view name) -> std::optional<std::string> {
    const auto found = values.find(name);
    return found == values.end() ? std::nullopt : std::optional(found->second);
  };
}

std::string chosen(const Result<ProxyRules>& rules, std::string_view host) {
  if (!rules) return "error";
  const Proxy* const proxy = rules->find(host);
  return proxy == nullptr ? "straight" : proxy->host + ":" + std::to_string(proxy->port);
}

TEST(ParseProxy, ReadsWhatCurlReads) {
  const auto full = parse_proxy("http://us%65r:p%40ss@Proxy.example.com:3128/");
  ASSERT_TRUE(full);
  EXPECT_EQ(full->host, "proxy.example.com");
  EXPECT_EQ(full->port, 3128);
  EXPECT_EQ(full->authorization.reveal(), "Basic dXNlcjpwQHNz");
  EXPECT_EQ(parse_proxy("proxy:80")->port, 80);
  EXPECT_EQ(parse_proxy("http://proxy")->port, 1080);
  EXPECT_EQ(parse_proxy("http://[2001:db8::1]:3128")->host, "2001:db8::1");
  EXPECT_EQ(parse_proxy("user@proxy")->authorization.reveal(), "Basic dXNlcjo=");
}

TEST(ParseProxy, RefusesWhatItWouldNotObey) {
  for (const char* bad :
       {"", "http://", "https://proxy:3128", "socks5://proxy", "http://proxy:99999", "http://proxy/path",
        "http://proxy?x", "http://a%zz@proxy", "http://pro xy", "http://proxy\r\nX: y"}) {
    EXPECT_FALSE(parse_proxy(bad)) << bad;
  }
}

TEST(ProxyRules, ObeysTheEnvironment) {
  EXPECT_EQ(chosen(ProxyRules::of_environment(variables({})), "api.atlassian.com"), "straight");
  EXPECT_EQ(chosen(ProxyRules::of_environment(variables({{"https_proxy", "p:1"}})), "api.atlassian.com"),
            "p:1");
  EXPECT_EQ(chosen(ProxyRules::of_environment(variables({{"HTTPS_PROXY", "p:2"}})), "api.atlassian.com"),
            "p:2");
  EXPECT_EQ(chosen(ProxyRules::of_environment(variables({{"all_proxy", "p:3"}})), "api.atlassian.com"),
            "p:3");
  EXPECT_EQ(
      chosen(ProxyRules::of_environment(variables({{"https_proxy", ""}, {"all_proxy", "p:4"}})), "x.com"),
      "p:4");
  EXPECT_EQ(chosen(ProxyRules::of_environment(variables({{"http_proxy", "p:5"}})), "x.com"), "straight");
  EXPECT_EQ(chosen(ProxyRules::of_environment(variables({{"https_proxy", "socks5://p"}})), "x.com"), "error");
}

TEST(ProxyRules, NeverLeadToThisMachineThroughAProxy) {
  const auto rules = ProxyRules::of_url("p:1", variables({}));
  for (const char* host : {"localhost", "127.0.0.1", "127.9.9.9", "::1"}) {
    EXPECT_EQ(chosen(rules, host), "straight") << host;
  }
}

TEST(ProxyExceptions, CoverNamesAddressesAndNetworks) {
  const ProxyExceptions list("example.com, .corp.test *.wild.test,10.0.0.0/8 [2001:db8::1] ,, 192.0.2.7");
  for (const char* host : {"example.com", "EXAMPLE.com", "a.example.com", "corp.test", "x.corp.test",
                           "y.wild.test", "10.1.2.3", "2001:db8::1", "192.0.2.7"}) {
    EXPECT_TRUE(list.cover(host)) << host;
  }
  for (const char* host :
       {"badexample.com", "example.com.evil", "11.0.0.1", "2001:db8::2", "192.0.2.70", ""}) {
    EXPECT_FALSE(list.cover(host)) << host;
  }
  EXPECT_TRUE(ProxyExceptions("*").cover("anything"));
  EXPECT_FALSE(ProxyExceptions("").cover("anything"));
}

/// What comes of a call over TLS to a host that only a proxy could find, through this one.
std::string call_through(const LoopbackServer& proxy) {
  Reactor reactor;
  const std::string url = "http://user:secret@127.0.0.1:" + std::to_string(proxy.port());
  Client client(reactor, {}, {.tls = nullptr, .proxies = ProxyRules::of_url(url, variables({})).value()});
  const RequestText request{.method = "GET",
                            .target = "/",
                            .header_lines = "Host: peer.invalid\r\n",
                            .length = 0,
                            .replayable = true};
  const auto fetch = [&]() -> Task<std::string> {
    Destination to{.tls = true, .host = "peer.invalid", .port = 443, .unix_path = {}};
    auto call = co_await client.send(std::move(to), request, "", Steady::now() + std::chrono::seconds(10));
    co_return std::string(call ? "answered" : call.error().message());
  };
  return testing::run(reactor, fetch());
}

TEST(Tunnel, IsAskedForAndThenSpeaksTls) {
  std::string head, first;
  {
    const LoopbackServer proxy([&](Connection& peer) {
      head = peer.read_head();
      peer.write("HTTP/1.1 200 Connection established\r\n\r\n");
      first = peer.read(1);
    });
    EXPECT_NE(call_through(proxy).find("TLS"), std::string::npos);
  }
  EXPECT_EQ(head,
            "CONNECT peer.invalid:443 HTTP/1.1\r\nHost: peer.invalid:443\r\n"
            "Proxy-Authorization: Basic dXNlcjpzZWNyZXQ=\r\n\r\n");
  EXPECT_EQ(first, "\x16") << "a TLS handshake";
}

TEST(Tunnel, SaysWhyThereIsNone) {
  const std::vector<std::pair<std::string, std::string>> answers = {
      {"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "user and password"},
      {"HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno", "refused to connect"},
      {"HTTP/1.1 302 Found\r\nLocation: x\r\n\r\n", "refused to connect"},
      {"HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", "in the name of the peer"},
      {"SSH-2.0\r\n", "not acceptable HTTP"},
      {"", "closed the connection"},
  };
  for (const auto& [answer, reason] : answers) {
    const LoopbackServer proxy([&, bytes = answer](Connection& peer) {
      peer.read_head();
      peer.write(bytes);
      peer.close();
    });
    const std::string said = call_through(proxy);
    EXPECT_NE(said.find(reason), std::string::npos) << answer << said;
  }
}

}  // namespace
}  // namespace tongs::net
