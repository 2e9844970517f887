#include <future>
#include <thread>

#include <sys/resource.h>

#include "integration/gateway/platform.hpp"
#include "support/loopback_server.hpp"

namespace tongs::gateway::testing {
namespace {

using net::testing::RawPeer;

std::string as_app(const Scene& scene) { return "Forge as=app,installationId=" + scene.installation; }
std::string as_user(const Scene& scene) {
  return "Forge as=user,accountId=557058:absent,installationId=" + scene.installation;
}

std::string head(const std::string& request_line, const std::string& authorization,
                 const std::string& header_lines = {}) {
  return request_line +
         " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nforge-proxy-authorization: " + authorization +
         "\r\n" + header_lines + "\r\n";
}

std::string metric(const Scene& scene, const std::string& name) {
  const std::string text = scene.get("http://" + scene.gateway->addresses().admin + "/metrics").body;
  const auto at = text.find("\n" + name);
  return at == std::string::npos ? "" : text.substr(at + 1, text.find('\n', at + 1) - at - 1);
}

TEST(GatewayEgressTargets, lead_out_of_no_api_of_the_installation) {
  Scene scene;
  scene.push_system_token("system-1");
  const auto before = scene.platform.count();
  for (const std::string target : {"/jira/..",
                                   "/jira/../..",
                                   "/jira/../../graphql",
                                   "/jira/%2e%2e/x",
                                   "/jira/%2E%2e%2fx",
                                   "/jira/..%2fx",
                                   "/jira/..;/x",
                                   "/jira/x/..;a=b/y",
                                   "/jira/%252e%252e/x",
                                   "/jira/..%5c..%5cx",
                                   "/jira/..\\x",
                                   "/jira/%2e%2e%00/x",
                                   "/jira/x%0d%0aHost:%20evil.example",
                                   "/jira/x%7f",
                                   "//127.0.0.1/jira/x",
                                   "//evil.example/jira/x",
                                   "/\\evil.example/jira/x",
                                   "http://evil.example/jira/x",
                                   "http://127.0.0.1/jira/x",
                                   "/jira@evil.example/x",
                                   "/jira:80@evil.example/x",
                                   "/jira/x#@evil.example",
                                   "evil.example:443",
                                   "*",
                                   "/jira",
                                   "/proxy/https://evil.example/",
                                   "/atlassian/graphql/../x",
                                   "/forge/storage/kvs/v1/../../../x",
                                   "/forge/storage/kvs/v1/..%2f..%2fx"}) {
    RawPeer caller(scene.egress_port());
    const std::string answer = caller.say(head("GET " + target, as_app(scene))).hear_all();
    const int status = std::stoi(answer.substr(9, 3));
    EXPECT_TRUE(status == 400 || status == 404 || status == 501) << target << "\n" << answer;
  }
  EXPECT_EQ(scene.platform.count(), before) << "nothing went out";
}

TEST(GatewayEgressTargets, stay_below_the_base_and_at_its_host_whatever_they_hold) {
  Scene scene;
  scene.push_system_token("system-1");
  const std::string base = "/ex/jira/" + scene.fit().cloud_id;
  for (const std::string target : {"//evil.example/x", "/http://evil.example/", "/@evil.example",
                                   "/x?u=//evil.example", "/a..b/...", "/%2f%2fevil.example"}) {
    RawPeer caller(scene.egress_port());
    EXPECT_TRUE(caller.say(head("GET /jira" + target, as_app(scene))).hear_all().starts_with("HTTP/1.1 200"));
    const Seen seen = scene.platform.seen().back();
    EXPECT_EQ(seen.target, base + target);
    EXPECT_EQ("http://" + seen.header("host"), scene.platform.url());
  }
}

TEST(GatewayEgressAnswers, pass_redirects_on_and_keep_cookies_back) {
  Witness elsewhere;
  Witness product([&](const Seen&) {
    net::Response answer = net::Response::text(302, "gone");
    answer.headers.add("Location", elsewhere.url() + "/stolen").add("Set-Cookie", "tenant.session=1");
    answer.headers.add("X-RateLimit-Remaining", "7").add("Connection", "x-hop").add("X-Hop", "s");
    return answer;
  });
  Scene scene;
  scene.product = product.url();
  scene.push_system_token("system-1");
  const auto answer = scene.egress("/jira/x", as_app(scene));
  EXPECT_EQ(answer.status, 302);
  EXPECT_EQ(answer.header("location"), elsewhere.url() + "/stolen");
  EXPECT_EQ(answer.header("set-cookie"), "");
  EXPECT_EQ(answer.header("x-hop"), "");
  EXPECT_EQ(answer.header("x-ratelimit-remaining"), "7");
  EXPECT_EQ(elsewhere.count(), 0U) << "a token is sent nowhere else";
}

TEST(GatewayEgressBodies, stream_a_request_of_unknown_length) {
  std::promise<void> first_came;
  std::string all;
  test::LoopbackServer product([&](test::Connection& connection) {
    connection.read_head();
    all = connection.read(10);
    first_came.set_value();
    all += connection.read(16);
    connection.write("HTTP/1.1 201 Created\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
  });
  Scene scene;
  scene.product = product.url("");
  scene.push_system_token("system-1");
  RawPeer caller(scene.egress_port());
  caller.say(head("POST /jira/x", as_app(scene), "Transfer-Encoding: chunked\r\n") + "5\r\nhello\r\n");
  first_came.get_future().wait();
  caller.say("6\r\n world\r\n0\r\n\r\n");
  const std::string answer = caller.hear_all();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 201")) << answer;
  EXPECT_EQ(all, "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n");
}

TEST(GatewayEgressBodies, are_sent_again_with_another_token_only_if_they_were_held) {
  Scene scene("", {}, {{"TONGS_EGRESS_HELD_BYTES", "10B"}});
  scene.push_system_token("system-1");
  scene.unauthorized = 1;
  EXPECT_EQ(scene.egress("/jira/x", as_user(scene), "POST", "0123456789").body,
            R"({"as":"Bearer offline-2"})");
  EXPECT_EQ(scene.platform.seen().back().body, "0123456789");
  scene.unauthorized = 1;
  EXPECT_EQ(scene.egress("/jira/x", as_user(scene), "POST", "0123456789a").status, 401);
  EXPECT_EQ(scene.platform.seen().back().body, "0123456789a");
  EXPECT_EQ(scene.egress("/jira/x", as_user(scene), "POST", "0123456789a").body,
            R"({"as":"Bearer offline-3"})")
      << "the refused token is used no more";
}

TEST(GatewayEgressBodies, have_a_limit) {
  Scene scene("", {}, {{"TONGS_EGRESS_BODY_BYTES", "10B"}});
  scene.push_system_token("system-1");
  EXPECT_EQ(scene.egress("/jira/x", as_app(scene), "POST", "0123456789a").status, 413);
}

TEST(GatewayEgressBodies, of_answers_come_as_they_come_and_may_be_long) {
  constexpr std::size_t large = std::size_t{20} << 20;
  std::promise<void> heard;
  auto was_heard = heard.get_future().share();
  test::LoopbackServer product([&](test::Connection& connection) {
    connection.read_head();
    connection.write(
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
        "9\r\ndata: 1\n\n\r\n");
    was_heard.wait();
    const std::string piece(std::size_t{1} << 20, 'x');
    for (std::size_t sent = 0; sent < large; sent += piece.size()) {
      connection.write("100000\r\n" + piece + "\r\n");
    }
    connection.write("0\r\n\r\n");
    connection.wait_for_close();
  });
  Scene scene;
  scene.product = product.url("");
  scene.push_system_token("system-1");
  RawPeer caller(scene.egress_port());
  caller.say(head("GET /jira/events", as_app(scene)));
  EXPECT_NE(caller.hear_until("data: 1").find("text/event-stream"), std::string::npos);
  heard.set_value();
  const std::string rest = caller.hear_all();
  EXPECT_EQ(std::count(rest.begin(), rest.end(), 'x'), static_cast<std::ptrdiff_t>(large));
  EXPECT_TRUE(rest.ends_with("0\r\n\r\n"));
}

/// A product that wants to be left alone once.
Witness::Answer limited_once(std::atomic<int>& times) {
  return [&times](const Seen&) {
    if (times-- <= 0) return net::Response::json(200, "{}");
    net::Response answer = net::Response::json(429, R"({"theirs":true})");
    answer.headers.add("Retry-After", "30").add("RateLimit-Reason", "jira-quota-tenant-based");
    answer.headers.add("X-RateLimit-Reset", "2030-01-01T00:00:00Z").add("Beta-Retry-After", "31");
    return answer;
  };
}

TEST(GatewayEgressLimits, of_atlassian_are_passed_on_and_then_kept) {
  std::atomic<int> times{1};
  Witness product(limited_once(times));
  Scene scene;
  scene.product = product.url();
  scene.push_system_token("system-1");
  const auto theirs = scene.egress("/jira/x", as_app(scene));
  EXPECT_EQ(theirs.status, 429);
  EXPECT_EQ(theirs.body, R"({"theirs":true})");
  EXPECT_EQ(theirs.header("retry-after"), "30");
  EXPECT_EQ(theirs.header("ratelimit-reason"), "jira-quota-tenant-based");
  EXPECT_EQ(theirs.header("x-ratelimit-reset"), "2030-01-01T00:00:00Z");
  EXPECT_EQ(theirs.header("beta-retry-after"), "31");

  const auto ours = scene.egress("/jira/y", as_user(scene));
  EXPECT_EQ(ours.status, 429);
  EXPECT_EQ(ours.header("content-type"), "application/problem+json");
  const int wait = std::stoi(std::string(ours.header("retry-after")));
  EXPECT_TRUE(wait > 0 && wait <= 30) << wait;
  EXPECT_EQ(product.count(), 1U) << "it is left alone";
  EXPECT_EQ(metric(scene, "tongs_egress_paused_total{product=\"jira\"}").back(), '1');

  scene.installation = "1b3a7799-53ae-4a5b-9e7e-03338980abb5";
  scene.push_system_token("system-2");
  EXPECT_EQ(scene.egress("/jira/x", as_app(scene)).status, 200) << "another tenant";
}

TEST(GatewayEgressLimits, of_the_whole_app_are_kept_for_all_its_installations) {
  Witness product([](const Seen&) {
    net::Response answer = net::Response::json(429, "{}");
    answer.headers.add("Retry-After", "30").add("RateLimit-Reason", "jira-quota-global-based");
    return answer;
  });
  Scene scene;
  scene.product = product.url();
  scene.push_system_token("system-1");
  EXPECT_EQ(scene.egress("/jira/x", as_app(scene)).status, 429);
  scene.installation = "1b3a7799-53ae-4a5b-9e7e-03338980abb5";
  scene.push_system_token("system-2");
  const auto other = scene.egress("/jira/x", as_app(scene));
  EXPECT_EQ(other.status, 429);
  EXPECT_NE(other.body.find("all its installations"), std::string::npos) << other.body;
  EXPECT_EQ(product.count(), 1U);
}

TEST(GatewayEgressLimits, of_an_outage_are_kept_as_an_outage) {
  Witness product([](const Seen&) {
    net::Response answer = net::Response::json(503, "{}");
    answer.headers.add("Retry-After", "30").add("RateLimit-Reason", "jira-quota-global-based");
    return answer;
  });
  Scene scene;
  scene.product = product.url();
  scene.push_system_token("system-1");
  EXPECT_EQ(scene.egress("/jira/x", as_app(scene)).body, "{}");
  const auto ours = scene.egress("/jira/x", as_app(scene));
  EXPECT_EQ(ours.status, 503);
  EXPECT_EQ(ours.header("content-type"), "application/problem+json");
  const int wait = std::stoi(std::string(ours.header("retry-after")));
  EXPECT_TRUE(wait > 0 && wait <= 30) << wait;
  EXPECT_EQ(product.count(), 1U);
  scene.installation = "1b3a7799-53ae-4a5b-9e7e-03338980abb5";
  scene.push_system_token("system-2");
  (void)scene.egress("/jira/x", as_app(scene));
  EXPECT_EQ(product.count(), 2U) << "another tenant may be elsewhere";
}

TEST(GatewayEgressLimits, need_not_be_kept) {
  std::atomic<int> times{1};
  Witness product(limited_once(times));
  Scene scene("", {}, {{"TONGS_EGRESS_HONOUR_RETRY_AFTER", "false"}});
  scene.product = product.url();
  scene.push_system_token("system-1");
  EXPECT_EQ(scene.egress("/jira/x", as_app(scene)).status, 429);
  EXPECT_EQ(scene.egress("/jira/x", as_app(scene)).status, 200);
}

TEST(GatewayEgressLimits, of_one_tenant_delay_no_other_one) {
  std::promise<void> release;
  auto released = release.get_future().share();
  std::promise<void> entered;
  std::once_flag once;
  test::LoopbackServer product([&](test::Connection& connection) {
    const std::string request = connection.read_head();
    if (request.find("/slow ") != std::string::npos) {
      std::call_once(once, [&] { entered.set_value(); });
      released.wait();
    }
    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
  });
  Scene scene("", {},
              {{"TONGS_EGRESS_CALLS", "2"},
               {"TONGS_EGRESS_CALLS_EACH", "1"},
               {"TONGS_EGRESS_WAITING_CALLS_EACH", "20"}});
  scene.product = product.url("");
  scene.push_system_token("system-1");
  const std::string crowd = as_app(scene);
  std::vector<std::future<int>> calls;
  const auto call = [&] {
    calls.push_back(std::async(std::launch::async, [&] { return scene.egress("/jira/slow", crowd).status; }));
  };
  call();
  entered.get_future().wait();
  for (int i = 0; i < 20; ++i) call();
  while (metric(scene, "tongs_egress_waiting_calls ") != "tongs_egress_waiting_calls 20")
    std::this_thread::yield();
  const auto beyond = scene.egress("/jira/slow", crowd);
  EXPECT_EQ(beyond.status, 429);
  EXPECT_EQ(beyond.header("retry-after"), "1");

  scene.installation = "1b3a7799-53ae-4a5b-9e7e-03338980abb5";
  scene.push_system_token("system-2");
  EXPECT_EQ(scene.egress("/jira/quick", as_app(scene)).status, 200) << "while the others wait";
  release.set_value();
  for (auto& waiting : calls) EXPECT_EQ(waiting.get(), 200);
}

TEST(GatewayEgressLimits, keep_no_call_waiting_longer_than_it_may) {
  std::promise<void> release;
  auto released = release.get_future().share();
  std::promise<void> entered;
  test::LoopbackServer product([&](test::Connection& connection) {
    connection.read_head();
    entered.set_value();
    released.wait();
    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
  });
  Scene scene("", {}, {{"TONGS_EGRESS_CALLS_EACH", "1"}, {"TONGS_EGRESS_QUEUE_TIME", "100ms"}});
  scene.product = product.url("");
  scene.push_system_token("system-1");
  auto first = std::async(std::launch::async, [&] { return scene.egress("/jira/x", as_app(scene)).status; });
  entered.get_future().wait();
  const auto late = scene.egress("/jira/x", as_app(scene));
  EXPECT_EQ(late.status, 429);
  EXPECT_NE(late.body.find("in time"), std::string::npos) << late.body;
  release.set_value();
  EXPECT_EQ(first.get(), 200);
}

TEST(GatewayEgressLimits, let_a_thousand_callers_of_one_account_through_with_one_fetch) {
  Scene scene;
  scene.push_system_token("system-1");
  constexpr int callers = 1000;
  rlimit files{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &files), 0);
  files.rlim_cur = files.rlim_max;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &files), 0);
  if (files.rlim_max < 4 * callers) GTEST_SKIP() << "needs more descriptors";
  std::vector<std::unique_ptr<RawPeer>> peers;
  for (int i = 0; i < callers; ++i) peers.push_back(std::make_unique<RawPeer>(scene.egress_port()));
  for (auto& peer : peers) peer->say(head("GET /jira/x", as_user(scene)));
  for (auto& peer : peers) EXPECT_TRUE(peer->hear_all().starts_with("HTTP/1.1 200"));
  EXPECT_EQ(scene.offline_tokens, 1);
}

}  // namespace
}  // namespace tongs::gateway::testing
