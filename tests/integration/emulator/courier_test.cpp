#include <algorithm>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "integration/emulator/scene.hpp"
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
