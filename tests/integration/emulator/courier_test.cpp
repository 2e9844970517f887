#include <algorithm>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "integration/emulator/scene.hpp"
#include "support/loopback.hpp"
#include "support/loopback_server.hpp"

namespace tongs::emulator::testing {
namespace {

TEST(Courier, AnAdvanceWaitsForEveryRepetitionOnItsWay) {
  std::atomic<int> refusals{3};
  Scene scene([&](const test::Seen&) { return net::Response::json(refusals-- > 0 ? 500 : 200, "{}"); });
  const auto made = scene.admin("POST", "/installations");
  EXPECT_EQ(made.at("deliveries").at(0).at("state").as_string(), "waiting");
  const auto advanced = scene.admin("POST", "/clock/advance", R"({"duration":"4m"})");
  EXPECT_EQ(scene.remote.count(), 4U);
  EXPECT_EQ(advanced.at("deliveries").as_array().back().at("state").as_string(), "delivered");
}

TEST(Courier, FastTimeRunsTheScheduleByItself) {
  Scene scene;
  scene.admin("POST", "/installations");
  scene.admin("PUT", "/clock", R"({"scale":100000})");
  const auto seen = scene.remote.wait_for(3);  // the installation, and two hours
  EXPECT_NE(seen[1].body.find("contextToken"), std::string::npos);
  EXPECT_NE(seen[2].body.find("contextToken"), std::string::npos);
}

TEST(Courier, InvocationsGoSideBySide) {
  std::atomic<int> inside{0}, most{0};
  std::atomic<bool> together{false};
  Scene scene;
  scene.admin("POST", "/installations");
  // Each answer waits for the emulator itself, which must not wait for the answer.
  test::Witness slow([&](const test::Seen&) {
    most = std::max(most.load(), ++inside);
    EXPECT_EQ(scene.http("GET", "/_emulator/health").status, 200);
    --inside;
    together = true;
    return net::Response::json(200, "{}");
  });
  scene.admin("PUT", "/remotes/backend", R"({"baseUrl":")" + slow.url() + "\"}");
  std::vector<std::thread> callers;
  for (int i = 0; i < 4; ++i) {
    callers.emplace_back([&] {
      const auto answer = scene.admin("POST", "/invoke", R"({"module":"panel","path":"/slow"})");
      EXPECT_EQ(answer.at("status").as_int64(), 200);
    });
  }
  for (auto& caller : callers) caller.join();
  EXPECT_EQ(slow.count(), 4U);
  EXPECT_TRUE(together);
}

TEST(Courier, ReportsARemoteThatIsNotThereOrSpeaksNonsense) {
  Scene scene;
  scene.admin("POST", "/installations");
  scene.remote.stop();
  const auto error = [&] {
    return Scene::text(scene.admin("POST", "/invoke", R"({"module":"panel","path":"/"})"), "error");
  };
  EXPECT_EQ(error(), "Invalid response from remote - remote network error");
  test::LoopbackServer nonsense([](test::Connection& connection) {
    connection.read_head();
    connection.write("HTTP? What is that?\r\n\r\n");
  });
  scene.admin("PUT", "/remotes/backend", R"({"baseUrl":")" + nonsense.url() + "\"}");
  EXPECT_EQ(error(), "Invalid response from remote - remote network error");
}

TEST(Courier, FollowsNoRedirect) {
  Scene scene([](const test::Seen& request) {
    if (request.target == "/sync") return net::Response::json(200, "{}");
    net::Response redirect = net::Response::json(302, "{}");
    redirect.headers.add("Location", "/elsewhere");
    return redirect;
  });
  scene.admin("POST", "/installations");
  const auto answer = scene.admin("POST", "/invoke", R"({"module":"panel","path":"/first"})");
  EXPECT_EQ(answer.at("status").as_int64(), 302);
  EXPECT_EQ(scene.remote.count(), 2U);
}

TEST(Courier, DeliversADuplicateWhenAsked) {
  Scene scene;
  scene.admin("POST", "/installations");
  scene.admin("POST", "/faults", R"({"match":{"target":"deliveries"},"action":{"duplicate":true}})");
  scene.admin("POST", "/events", R"({"name":"avi:jira:created:issue","payload":{"issue":{"key":"PROJ-1"}}})");
  const auto seen = scene.remote.seen();
  ASSERT_EQ(seen.size(), 3U);
  EXPECT_EQ(seen[1].body, seen[2].body);
  EXPECT_EQ(seen[1].header("authorization"), seen[2].header("authorization"));
}

/// The status line for a request that a browser or a program may send.
std::string status_for(const Scene& scene, std::string_view target, std::string_view headers) {
  const auto port = static_cast<std::uint16_t>(std::stoi(scene.origin.substr(scene.origin.rfind(':') + 1)));
  net::testing::RawPeer peer(port);
  peer.say("GET ").say(target).say(" HTTP/1.1\r\nConnection: close\r\n").say(headers).say("\r\n");
  return peer.hear_all().substr(9, 3);
}

TEST(Server, IsForProgramsThatCallItByItsOwnNames) {
  const Scene scene;
  for (const auto* target : {"/_emulator/log", "/.well-known/jwks.json"}) {
    for (const auto* own : {"localhost", "localhost:7080", "127.0.0.1:1", "[::1]:7080", "emulator:7080"}) {
      EXPECT_EQ(status_for(scene, target, "Host: " + std::string(own) + "\r\n"), "200") << own;
    }
    for (const auto* foreign : {"evil.example", "127.0.0.1.evil.example:7080", "10.0.0.1"}) {
      EXPECT_EQ(status_for(scene, target, "Host: " + std::string(foreign) + "\r\n"), "403") << foreign;
    }
    for (const auto* page : {"Origin: https://evil.example\r\n", "Sec-Fetch-Site: cross-site\r\n"}) {
      EXPECT_EQ(status_for(scene, target, "Host: localhost\r\n" + std::string(page)), "403") << page;
    }
  }
}

TEST(Server, AnswersBrokenRequestsWithProblems) {
  Scene scene;
  EXPECT_EQ(scene.http("GET", "/nowhere").status, 404);
  EXPECT_EQ(scene.http("GET", "/_emulator/log?since=yesterday").status, 400);
  EXPECT_EQ(scene.http("POST", "/_emulator/installations", "{").status, 400);
  EXPECT_EQ(scene.http("POST", "/graphql", std::string(11UL * 1024 * 1024, ' ')).status, 413);
  EXPECT_EQ(scene.http("HEAD", "/.well-known/jwks.json").status, 200);
}

}  // namespace
}  // namespace tongs::emulator::testing
