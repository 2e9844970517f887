#include <array>
#include <filesystem>
#include <future>
#include <latch>

#include <tongs/json.hpp>

#include "integration/gateway/oauth_scene.hpp"
#include "support/open_files.hpp"

namespace tongs::gateway::testing {
namespace {

using namespace std::chrono_literals;

/// A gateway with an auth endpoint, and a platform whose trigger does what the test says.
class Pushed : public ::testing::Test {
 protected:
  explicit Pushed(const std::string& time = "900ms")
      : scene_("[sources]\nauth_path = \"/forge/auth\"\ntime = \"" + time + "\"\n") {}

  std::string as_app() const { return "Forge as=app,installationId=" + scene_.installation; }
  HttpResponse call() const { return scene_.egress("/jira/rest/api/3/myself", as_app()); }
  HttpResponse push(const std::string& token, const std::string& body = "{}") const {
    return scene_.invoke(scene_.signed_event(), {{"x-forge-oauth-system", token}}, "/forge/auth", body);
  }
  /// The installation event with the trigger's URL, as Forge would send it.
  void tell_url(const std::string& url) const {
    EXPECT_EQ(
        scene_.tell(R"({"eventType":"avi:forge:installed:app","authTriggerUrl":)" + json_quote(url) + "}")
            .status,
        200);
  }
  std::string trigger_url(const std::string& secret = "1") const {
    return scene_.platform.url() + "/auth-trigger/" + secret;
  }
  std::size_t triggered() const {
    std::size_t count = 0;
    for (const Seen& seen : scene_.platform.seen())
      count += seen.target.starts_with("/auth-trigger/") ? 1U : 0U;
    return count;
  }

  OAuthScene scene_;
};

TEST_F(Pushed, a_call_without_a_token_triggers_a_push_and_goes_on_with_it) {
  scene_.on_trigger = [&](const Seen&) {
    EXPECT_EQ(push("pushed-1").status, 204);
    return net::Response::text(204, "");
  };
  tell_url(trigger_url());
  EXPECT_EQ(call().body, R"({"as":"Bearer pushed-1"})");
  EXPECT_EQ(call().body, R"({"as":"Bearer pushed-1"})");
  EXPECT_EQ(triggered(), 1U);
}

TEST_F(Pushed, a_client_that_gave_its_token_back_is_given_another_one) {
  scene_.push_system_token("system-1");
  const Client client = scene_.make_client();
  const auto ask = [&] {
    return member(scene_.token(client.with(OAuthScene::client_credentials())), "access_token");
  };
  EXPECT_EQ(ask(), "system-1");
  EXPECT_EQ(scene_.post("/oauth2/revoke", client.with({{"token", "system-1"}})).status, 200);
  EXPECT_EQ(ask(), "") << "there is nobody to ask for another one";
  scene_.on_trigger = [&](const Seen&) {
    EXPECT_EQ(push("pushed-1").status, 204);
    return net::Response::text(204, "");
  };
  tell_url(trigger_url());
  EXPECT_EQ(ask(), "pushed-1");
  EXPECT_EQ(ask(), "pushed-1");
  EXPECT_EQ(triggered(), 1U);
}

class PushedInTime : public Pushed {
 protected:
  PushedInTime() : Pushed("9s") {}
};

TEST_F(PushedInTime, a_thousand_callers_without_a_token_trigger_one_push) {
  constexpr int kThreads = 20, kEach = 50;
  test::allow_open_files(rlim_t{3} * kThreads * kEach);
  std::latch all_wait(kThreads);
  scene_.on_trigger = [&](const Seen&) {
    all_wait.wait();
    EXPECT_EQ(push("pushed-1").status, 204);
    return net::Response::text(204, "");
  };
  tell_url(trigger_url());
  std::vector<std::future<int>> callers;
  for (int thread = 0; thread < kThreads; ++thread) {
    callers.push_back(std::async(std::launch::async, [&] {
      std::vector<std::unique_ptr<net::testing::RawPeer>> peers;
      for (int i = 0; i < kEach; ++i) {
        peers.push_back(std::make_unique<net::testing::RawPeer>(scene_.egress_port()));
        peers.back()->say(
            "GET /jira/x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            "forge-proxy-authorization: " +
            as_app() + "\r\n\r\n");
      }
      all_wait.count_down();
      int served = 0;
      for (auto& peer : peers) served += peer->hear_all().starts_with("HTTP/1.1 200") ? 1 : 0;
      return served;
    }));
  }
  int served = 0;
  for (auto& caller : callers) served += caller.get();
  EXPECT_EQ(served, kThreads * kEach);
  EXPECT_EQ(triggered(), 1U);
}

TEST_F(Pushed, every_hop_that_fails_is_named_in_the_answer) {
  struct Case {
    Witness::Answer trigger;
    std::string words;
  };
  const auto answers = [](int status) {
    return [status](const Seen&) { return net::Response::text(status, "no"); };
  };
  const std::array cases{
      Case{answers(204), "the trigger answered with success, but no token was pushed"},
      Case{answers(404), "the authTriggerUrl does not answer with success"},
      Case{answers(503), "the authTriggerUrl does not answer with success"},
      Case{answers(302), "a redirect, which is not followed"},
      Case{[&](const Seen&) {
             EXPECT_EQ(push("").status, 422);
             return net::Response::text(502, "");
           },
           "the push brought no token"},
      Case{[&](const Seen&) {
             EXPECT_EQ(push("pushed", R"({"installationId":"another"})").status, 403);
             return net::Response::text(502, "");
           },
           "the push names another installation"},
      Case{[&](const Seen&) {
             EXPECT_EQ(push(Scene::token_until(Clock::system()->wall_now() - 1s)).status, 422);
             return net::Response::text(502, "");
           },
           "the token has ended"},
  };
  int number = 0;
  for (const auto& [trigger, words] : cases) {
    scene_.installation = "one-with-a-failure-" + std::to_string(++number);  // no pause from the one before
    scene_.on_trigger = trigger;
    tell_url(trigger_url());
    const auto answer = call();
    EXPECT_GE(answer.status, 500) << answer.body;
    EXPECT_NE(answer.body.find("auth-trigger: "), std::string::npos) << answer.body;
    EXPECT_NE(answer.body.find(words), std::string::npos) << answer.body;
  }
}

TEST_F(Pushed, a_push_is_answered_once_a_restart_would_not_lose_it) {
  tell_url(trigger_url());
  EXPECT_EQ(push("pushed-1").status, 204);
  scene_.gateway.reset();
  scene_.start();
  EXPECT_EQ(call().body, R"({"as":"Bearer pushed-1"})");
  std::filesystem::remove(scene_.file("tongs.db"));
  const auto lost = push(Scene::token_until(Clock::system()->wall_now() + 1h));
  EXPECT_EQ(lost.status, 503) << "nothing can be written any more";
  EXPECT_EQ(call().status, 200) << "but what is in memory can be used";
}

TEST_F(Pushed, a_late_push_counts_for_later_callers) {
  scene_.on_trigger = [](const Seen&) { return net::Response::text(202, ""); };
  tell_url(trigger_url());
  EXPECT_EQ(call().status, 503);
  EXPECT_EQ(push("late").status, 204);
  EXPECT_EQ(call().body, R"({"as":"Bearer late"})");
  EXPECT_EQ(triggered(), 1U);
}

TEST_F(Pushed, a_push_that_is_replayed_brings_nothing_back) {
  const std::string event = scene_.signed_event(),
                    newer = Scene::token_until(Clock::system()->wall_now() + 2h);
  const std::vector<Header> older{
      {"x-forge-oauth-system", Scene::token_until(Clock::system()->wall_now() + 1h)}};
  EXPECT_EQ(scene_.invoke(event, older, "/forge/auth").status, 204);
  EXPECT_EQ(push(newer).status, 204);
  EXPECT_EQ(scene_.invoke(event, older, "/forge/auth").status, 204) << "nobody can tell it from a repetition";
  EXPECT_EQ(call().body, R"({"as":"Bearer )" + newer + "\"}");
}

TEST(GatewaySources, a_push_that_is_replayed_is_refused_where_replays_are) {
  Scene scene("[sources]\nauth_path = \"/forge/auth\"\n", {}, {{"TONGS_INGRESS_REFUSE_REPLAYS", "true"}});
  const std::string event = scene.signed_event();
  const std::vector<Header> token{{"x-forge-oauth-system", "pushed-1"}};
  EXPECT_EQ(scene.invoke(event, token, "/forge/auth").status, 204);
  EXPECT_EQ(scene.invoke(event, token, "/forge/auth").status, 401);
}

TEST_F(Pushed, a_source_that_failed_is_left_alone_for_a_while) {
  scene_.on_trigger = [](const Seen&) { return net::Response::text(404, ""); };
  tell_url(trigger_url());
  EXPECT_EQ(call().status, 503);
  const auto again = call();
  EXPECT_FALSE(again.header("retry-after").empty());
  EXPECT_EQ(triggered(), 1U);
}

TEST_F(Pushed, a_push_brings_the_next_url_and_the_old_one_is_never_called_again) {
  int calls = 0;
  scene_.on_trigger = [&](const Seen& seen) {
    EXPECT_EQ(seen.target, "/auth-trigger/" + std::to_string(++calls));
    const std::string next = R"({"authTriggerUrl":")" + trigger_url(std::to_string(calls + 1)) + "\"}";
    EXPECT_EQ(push(Scene::token_until(Clock::system()->wall_now() + 2s), next).status, 204);
    return net::Response::text(204, "");
  };
  tell_url(trigger_url());
  while (calls < 2) ASSERT_EQ(call().status, 200);  // until the first token has ended
}

TEST_F(Pushed, a_url_that_leads_elsewhere_is_neither_kept_nor_called) {
  Witness elsewhere;
  tell_url(elsewhere.url() + "/latest/meta-data");
  EXPECT_EQ(call().status, 503);
  EXPECT_EQ(push("token", R"({"authTriggerUrl":")" + elsewhere.url() + "\"}").status, 422);
  EXPECT_EQ(call().status, 503) << "nothing is taken of a push that is wrong in part";
  EXPECT_EQ(elsewhere.count(), 0U);
}

TEST_F(Pushed, the_auth_endpoint_takes_tokens_from_forge_itself_only) {
  EXPECT_EQ(scene_.invoke(scene_.signed_fit(), {{"x-forge-oauth-system", "planted"}}, "/forge/auth").status,
            403);
  EXPECT_EQ(scene_.invoke("", {{"x-forge-oauth-system", "planted"}}, "/forge/auth").status, 401);
  EXPECT_EQ(call().status, 503);
  EXPECT_EQ(scene_.backend.count(), 0U) << "pushes do not reach the backend";
  EXPECT_EQ(push("t", "no json").status, 400);
  EXPECT_EQ(push("t", std::string(70'000, ' ')).status, 400);
}

TEST_F(Pushed, a_push_for_one_tenant_gives_nothing_to_the_callers_of_another) {
  const std::string a = scene_.installation, b = "1b3a7799-53ae-4a5b-9e7e-03338980abb6";
  scene_.on_trigger = [&](const Seen&) {
    scene_.installation = b;
    EXPECT_EQ(push("of-b").status, 204);
    EXPECT_EQ(push("of-b", R"({"installationId":")" + a + "\"}").status, 403);
    scene_.installation = a;
    return net::Response::text(204, "");
  };
  tell_url(trigger_url());
  const auto answer = call();
  EXPECT_EQ(answer.status, 503) << answer.body;
  EXPECT_NE(answer.body.find("no token was pushed"), std::string::npos) << answer.body;
  scene_.installation = b;
  EXPECT_EQ(call().body, R"({"as":"Bearer of-b"})");
}

TEST_F(Pushed, a_user_token_is_asked_for_with_a_token_that_was_pushed) {
  scene_.on_trigger = [&](const Seen&) {
    EXPECT_EQ(push("pushed-1").status, 204);
    return net::Response::text(204, "");
  };
  tell_url(trigger_url());
  const auto answer =
      scene_.egress("/jira/x", "Forge as=user,accountId=557058:absent,installationId=" + scene_.installation);
  EXPECT_EQ(answer.body, R"({"as":"Bearer offline-1"})");
}

TEST(GatewaySources, schedule_takes_tokens_of_its_modules_only) {
  Scene scene("[sources]\norder = [\"schedule\"]\nschedule_modules = [\"hourly\"]\n");
  const std::string as_app = "Forge as=app,installationId=" + scene.installation;
  scene.push_system_token("of-an-event");
  EXPECT_EQ(scene.egress("/jira/x", as_app).status, 503);
  scene.module = "hourly";
  scene.push_system_token("of-the-schedule");
  EXPECT_EQ(scene.egress("/jira/x", as_app).body, R"({"as":"Bearer of-the-schedule"})");
}

TEST(GatewaySources, the_uninstalled_event_ends_an_installation_until_it_calls_again) {
  Scene scene;
  const std::string as_app = "Forge as=app,installationId=" + scene.installation;
  scene.push_system_token("system-1");
  EXPECT_EQ(scene.tell(R"({"eventType":"avi:forge:uninstalled:app","id":"another"})").status, 200);
  EXPECT_EQ(scene.egress("/jira/x", as_app).status, 200) << "another installation's event";
  EXPECT_EQ(
      scene.tell(R"({"eventType":"avi:forge:uninstalled:app","id":")" + scene.installation + "\"}").status,
      200);
  EXPECT_EQ(scene.backend.seen().back().body.find("uninstalled") != std::string::npos, true)
      << "the backend hears of it too";
  EXPECT_EQ(scene.egress("/jira/x", as_app).status, 404);
  scene.push_system_token("system-2");
  EXPECT_EQ(scene.egress("/jira/x", as_app).body, R"({"as":"Bearer system-2"})");
}

TEST(GatewaySources, a_body_that_a_function_made_up_uninstalls_nothing) {
  Scene scene;
  scene.push_system_token("system-1");
  scene.trigger_context = false;
  EXPECT_EQ(scene.tell(R"({"eventType":"avi:forge:uninstalled:app"})").status, 200);
  EXPECT_EQ(scene.egress("/jira/x", "Forge as=app,installationId=" + scene.installation).status, 200);
}

TEST(GatewaySources, the_farewell_ends_an_installation_once_the_backend_has_answered) {
  Scene scene("[sources]\nuninstall_modules = [\"farewell\"]\n");
  scene.push_system_token("system-1");
  scene.module = "farewell";
  EXPECT_EQ(scene.tell(R"({"context":{},"contextToken":"x"})").status, 200);
  const std::string as_app = "Forge as=app,installationId=" + scene.installation;
  while (scene.egress("/jira/x", as_app).status == 200) {
    // Forge may have its answer a moment before the installation ends.
  }
  EXPECT_EQ(scene.egress("/jira/x", as_app).status, 404);
}

TEST(GatewaySources, oauth_brings_a_token_for_each_installation) {
  Scene scene(
      "[sources]\norder = [\"oauth\"]\noauth_token_url = \"{platform}/oauth/token\"\n"
      "oauth_client_id = \"gate:way\"\noauth_scope = \"a b\"\n",
      {}, {{"TONGS_SOURCES_OAUTH_CLIENT_SECRET", "hunter2"}});
  int given = 0;
  scene.on_trigger = [&](const Seen&) {
    return net::Response::json(200, R"({"access_token":"oauth-)" + std::to_string(++given) +
                                        R"(","token_type":"bearer","expires_in":3600})");
  };
  ASSERT_EQ(scene.invoke(scene.signed_fit()).status, 200);
  const auto answer = scene.egress("/jira/x", "Forge as=app,installationId=" + scene.installation);
  EXPECT_EQ(answer.body, R"({"as":"Bearer oauth-1"})");
  for (const Seen& seen : scene.platform.seen()) {
    if (seen.target != "/oauth/token") continue;
    EXPECT_EQ(seen.header("authorization"), "Basic Z2F0ZSUzQXdheTpodW50ZXIy");
    EXPECT_EQ(seen.body,
              "grant_type=client_credentials&audience=ari%3Acloud%3Aecosystem%3A%3Ainstallation%2F" +
                  scene.installation + "&scope=a%20b");
  }
}

TEST(GatewaySources, oauth_believes_a_token_without_an_end_as_long_as_it_says_itself_or_briefly) {
  OAuthScene scene(
      "[sources]\norder = [\"oauth\"]\noauth_token_url = \"{platform}/oauth/token\"\n"
      "oauth_client_id = \"gateway\"\n",
      {}, {{"TONGS_SOURCES_OAUTH_CLIENT_SECRET", "hunter2"}});
  std::string token = Scene::token_until(Clock::system()->wall_now() + std::chrono::hours(1));
  scene.on_trigger = [&](const Seen&) {
    return net::Response::json(200, R"({"access_token":")" + token + R"(","token_type":"Bearer"})");
  };
  const auto life_of = [&](const std::string& installation) {
    scene.installation = installation;
    EXPECT_EQ(scene.invoke(scene.signed_fit()).status, 200);
    const Client client = scene.make_client();
    const auto answer = scene.token(client.with(OAuthScene::client_credentials()));
    EXPECT_EQ(member(answer, "access_token"), token);
    return JsonDocument::parse(answer.body).value()["expires_in"].integer().value_or(0);
  };
  EXPECT_NEAR(static_cast<double>(life_of("0a3a7799-53ae-4a5b-9e7e-03338980abb5")), 3600, 60);
  token = "opaque";
  EXPECT_NEAR(static_cast<double>(life_of("1b4b8800-53ae-4a5b-9e7e-03338980abb5")), 300, 60);
}

TEST(GatewaySources, oauth_says_why_it_gave_nothing) {
  Scene scene(
      "[sources]\norder = [\"oauth\"]\noauth_token_url = \"{platform}/oauth/token\"\n"
      "oauth_client_id = \"gateway\"\n",
      {}, {{"TONGS_SOURCES_OAUTH_CLIENT_SECRET", "hunter2"}});
  struct Case {
    int status;
    const char *body, *words;
  };
  int number = 0;
  for (const Case& one : std::initializer_list<Case>{
           {401, R"({"error":"invalid_client"})", "it does not know this client, or its secret is wrong"},
           {400, R"({"error":"invalid_scope"})", "it finds the request wrong"},
           {503, "", "the token endpoint gives no token"},
           {200, "{}", "without a Bearer access_token"},
           {200, R"({"access_token":"a b","token_type":"Bearer","expires_in":3600})",
            "cannot stand in a header"},
           {200, R"({"access_token":"a","token_type":"mac","expires_in":3600})", "without a Bearer"},
           {200, R"({"access_token":"a","token_type":"Bearer","expires_in":0})", "has already ended"},
           {200, R"({"access_token":"a","token_type":"Bearer","expires_in":3600000})", "is its unit seconds"},
       }) {
    scene.installation = "one-with-a-failure-" + std::to_string(++number);
    scene.on_trigger = [one](const Seen&) { return net::Response::json(one.status, one.body); };
    ASSERT_EQ(scene.invoke(scene.signed_fit()).status, 200);
    const auto answer = scene.egress("/jira/x", "Forge as=app,installationId=" + scene.installation);
    EXPECT_GE(answer.status, 400);
    EXPECT_NE(answer.body.find("oauth: "), std::string::npos) << answer.body;
    EXPECT_NE(answer.body.find(one.words), std::string::npos) << answer.body;
    EXPECT_EQ(answer.body.find("hunter2"), std::string::npos);
  }
}

}  // namespace
}  // namespace tongs::gateway::testing
