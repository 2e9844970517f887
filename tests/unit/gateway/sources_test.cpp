#include <gtest/gtest.h>

#include "gateway/sources/app_manifest.hpp"
#include "gateway/sources/departures.hpp"
#include "gateway/sources/notice.hpp"
#include "gateway/sources/trigger_url.hpp"

namespace tongs::gateway {
namespace {

using namespace std::chrono_literals;

const std::vector<std::string> kHosts{"*.webtrigger.atlassian.app", "triggers.example.com"};
constexpr const char* kApi = "https://api.atlassian.com/ex/jira/c-1";

TEST(TriggerUrl, leads_to_the_platform_and_nowhere_else) {
  for (const char* url : {"https://x.webtrigger.atlassian.app/public/t",
                          "https://a.b.webtrigger.atlassian.app/", "https://triggers.example.com/x?y",
                          "https://TRIGGERS.example.com:443/x", "https://api.atlassian.com/forge/trigger"}) {
    EXPECT_TRUE(check_trigger_url(url, kApi, kHosts)) << url;
  }
  for (const char* url : {"",
                          "x",
                          "http://x.webtrigger.atlassian.app/",
                          "https://webtrigger.atlassian.app/",
                          "https://xwebtrigger.atlassian.app/",
                          "https://x.webtrigger.atlassian.app.evil.example/",
                          "https://x.webtrigger.atlassian.app:8443/",
                          "https://a@triggers.example.com/",
                          "https://evil.example/?.webtrigger.atlassian.app",
                          "https://sub.triggers.example.com/",
                          "http://127.0.0.1:7074/",
                          "http://localhost/",
                          "http://[::1]:7072/",
                          "https://127.0.0.1/",
                          "https://169.254.169.254/latest/meta-data",
                          "http://api.atlassian.com/",
                          "https://api.atlassian.com:444/",
                          "file:///etc/passwd",
                          "gopher://x.webtrigger.atlassian.app/",
                          "https://x.webtrigger.atlassian.app\\@evil.example/"}) {
    EXPECT_FALSE(check_trigger_url(url, kApi, kHosts)) << url;
  }
}

TEST(TriggerUrl, is_on_this_machine_only_where_the_platform_itself_is) {
  const char* emulator = "http://127.0.0.1:7080/ex/jira/c-1";
  EXPECT_TRUE(check_trigger_url("http://127.0.0.1:7080/auth-trigger/x", emulator, kHosts));
  EXPECT_FALSE(check_trigger_url("http://127.0.0.1:7074/x", emulator, kHosts));
  EXPECT_FALSE(check_trigger_url("http://localhost:7080/x", emulator, kHosts)) << "another origin";
  EXPECT_FALSE(check_trigger_url("https://127.0.0.1:7080/x", emulator, kHosts));
}

const InstallationId kInstallation = *InstallationId::parse("0a3a7799-53ae-4a5b-9e7e-03338980abb5");

TEST(Notice, reads_flat_and_wrapped_events_and_pushes) {
  const auto flat = read_notice(
      R"({"eventType":"avi:forge:installed:app","id":"0a3a7799-53ae-4a5b-9e7e-03338980abb5","authTriggerUrl":"https://a/b"})",
      kInstallation);
  EXPECT_EQ(flat->event, "avi:forge:installed:app");
  EXPECT_EQ(flat->auth_trigger_url.reveal(), "https://a/b");
  EXPECT_FALSE(flat->misplaced);
  const auto wrapped = read_notice(R"({"payload":{"eventType":"avi:forge:uninstalled:app"}})", kInstallation);
  EXPECT_EQ(wrapped->event, "avi:forge:uninstalled:app");
  const auto push = read_notice(
      R"({"installationId":"ari:cloud:ecosystem::installation/0a3a7799-53ae-4a5b-9e7e-03338980abb5"})",
      kInstallation);
  EXPECT_FALSE(push->misplaced);
  EXPECT_TRUE(read_notice("", kInstallation)->event.empty());
}

TEST(Notice, sees_when_another_installation_is_named) {
  EXPECT_TRUE(
      read_notice(R"({"eventType":"avi:forge:uninstalled:app","id":"other"})", kInstallation)->misplaced);
  EXPECT_TRUE(read_notice(R"({"installationId":"other"})", kInstallation)->misplaced);
  EXPECT_TRUE(read_notice(R"({"installationId":7})", kInstallation)->misplaced);
  EXPECT_FALSE(
      read_notice(R"({"eventType":"avi:jira:created:issue","id":"10001"})", kInstallation)->misplaced);
}

TEST(Notice, refuses_what_is_no_object_or_says_two_things_at_once) {
  for (const char* body : {"x", "[]", "1", "{", R"({"authTriggerUrl":"a","authTriggerUrl":"b"})"}) {
    EXPECT_EQ(read_notice(body, kInstallation).error().code(), Errc::malformed_response) << body;
  }
}

TEST(AppManifest, names_its_schedules_and_farewells_and_what_is_missing) {
  const std::string head =
      "app:\n  id: ari:cloud:ecosystem::app/8db33809-1f32-48bb-8c52-5877dab48107\n"
      "remotes:\n  - key: backend\n    baseUrl: https://backend.example.com\n";
  const std::string endpoint =
      "  endpoint:\n    - key: sync\n      remote: backend\n"
      "      auth: { appSystemToken: { enabled: true } }\n";
  const auto fresh = facts_of_manifest(head +
                                       "modules:\n  scheduledTrigger:\n    - key: hourly\n      interval: "
                                       "hour\n      endpoint: sync\n  preUninstall:\n    - key: farewell\n"
                                       "      endpoint: sync\n" +
                                       endpoint);
  EXPECT_EQ(fresh.schedule_modules, std::vector<std::string>{"hourly"});
  EXPECT_EQ(fresh.uninstall_modules, std::vector<std::string>{"farewell"});
  EXPECT_TRUE(fresh.warnings.empty());
  EXPECT_EQ(fresh.app, AppId::parse("8db33809-1f32-48bb-8c52-5877dab48107").value());
  const auto stale = facts_of_manifest(head + "modules:\n" + endpoint);
  ASSERT_EQ(stale.warnings.size(), 1U);
  EXPECT_NE(stale.warnings[0].find("add a scheduledTrigger"), std::string::npos) << stale.warnings[0];
  EXPECT_NE(facts_of_manifest(head).warnings.at(0).find("no endpoint asks"), std::string::npos);
  EXPECT_EQ(facts_of_manifest("app:\n  id: ${APP_ID}\n").app, std::nullopt);
  EXPECT_NE(facts_of_manifest("a: b: c").warnings.at(0).find("no manifest"), std::string::npos);
}

TEST(DepartureSigns, want_several_refusals_over_some_time) {
  const MonoTime start{1h};
  DepartureSigns burst;
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(burst.refused(2h, start + 1s * i));
  EXPECT_TRUE(burst.refused(2h, start + 10min));
  DepartureSigns sparse;
  EXPECT_FALSE(sparse.refused(2h, start));
  EXPECT_FALSE(sparse.refused(2h, start + 30min));
  EXPECT_TRUE(sparse.refused(2h, start + 31min));
}

TEST(DepartureSigns, do_not_count_in_the_minutes_after_an_installation) {
  const MonoTime start{1h};
  DepartureSigns signs;
  for (int i = 0; i < 15; ++i) EXPECT_FALSE(signs.refused(1min * i, start + 1min * i));
  EXPECT_FALSE(signs.refused(16min, start + 16min));
  EXPECT_FALSE(signs.refused(25min, start + 25min));
  EXPECT_TRUE(signs.refused(26min, start + 26min));
}

TEST(Departures, end_with_any_sign_of_life) {
  Departures departures;
  const auto id = kInstallation, other = *InstallationId::parse("other");
  const MonoTime start{1h};
  departures.alive(id);
  EXPECT_FALSE(departures.refused(id, 2h, start));
  EXPECT_FALSE(departures.refused(other, 2h, start));
  EXPECT_FALSE(departures.refused(id, 2h, start + 9min));
  EXPECT_FALSE(departures.refused(other, 2h, start + 9min));
  departures.alive(id);
  EXPECT_FALSE(departures.refused(id, 2h, start + 11min));
  EXPECT_TRUE(departures.refused(other, 2h, start + 11min));
}

}  // namespace
}  // namespace tongs::gateway
