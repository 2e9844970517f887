#include <cstdlib>
#include <memory>
#include <string>
#include <variant>

#include "emulator/app_of.hpp"
#include "emulator/platform/snapshot.hpp"
#include "unit/emulator/support.hpp"

namespace tongs::emulator::testing {
namespace {

std::string manifest_with(std::string_view remotes, std::string_view id = kAppId) {
  return "app:\n  id: " + std::string(id) +
         "\nmodules:\n"
         "  trigger:\n"
         "    - {key: on-upgrade, events: ['avi:forge:upgraded:app'], endpoint: sync}\n"
         "  endpoint:\n"
         "    - {key: sync, remote: backend, route: {path: /sync}}\n" +
         std::string(remotes);
}

constexpr std::string_view kFirst =
    "remotes:\n  - {key: backend, baseUrl: 'http://127.0.0.1:9000', operations: [compute]}\n";
/// Minor: one purpose more.
constexpr std::string_view kMorePurposes =
    "remotes:\n  - {key: backend, baseUrl: 'http://127.0.0.1:9000', operations: [compute, fetch]}\n";
/// Major: data goes elsewhere.
constexpr std::string_view kElsewhere =
    "remotes:\n  - {key: backend, baseUrl: 'http://127.0.0.1:9001', operations: [compute]}\n";

App first_app() { return app_of(manifest::Manifest::parse(manifest_with(kFirst))).value(); }

std::string version_of(Stage& stage, const std::string& id) {
  return text_at(stage.admin_json("GET", "/_emulator/installations/" + id), "appVersion");
}
std::string deploy(Stage& stage, std::string_view remotes) {
  return text_at(stage.admin_json("POST", "/_emulator/app", manifest_with(remotes)), "version");
}

TEST(Deploy, MovesEveryInstallationAtOnceIfTheChangeIsMinor) {
  Stage stage(first_app());
  const std::string id = text_at(stage.install(), "id");
  const auto said = stage.admin_json("POST", "/_emulator/app", manifest_with(kMorePurposes));
  EXPECT_EQ(text_at(said, "version"), "1.1.0");
  EXPECT_EQ(said.at("impact").at("current").as_string(), "minor");
  EXPECT_EQ(text_at(said, "moved"), "[\"" + id + "\"]");
  EXPECT_EQ(text_at(said, "waiting"), "[]");
  EXPECT_EQ(version_of(stage, id), "1.1.0");
  EXPECT_TRUE(stage.requests.empty()) << "triggers hear of major versions only";
  EXPECT_EQ(stage.admin("POST", "/_emulator/installations/" + id + "/upgrade").status, 409);
}

TEST(Deploy, LetsEachInstallationWaitForConsentIfTheChangeIsMajor) {
  Stage stage(first_app());
  const std::string early = text_at(stage.install(), "id"), later = text_at(stage.install(), "id");
  const auto said = stage.admin_json("POST", "/_emulator/app", manifest_with(kElsewhere));
  EXPECT_EQ(text_at(said, "version"), "2.0.0");
  EXPECT_EQ(said.at("impact").at("current").as_string(), "major");
  EXPECT_EQ(said.at("waiting").as_array().size(), 2U);
  EXPECT_EQ(version_of(stage, early), "1.0.0");
  const std::string fresh = text_at(stage.install(), "id");
  EXPECT_EQ(version_of(stage, fresh), "2.0.0");

  const auto upgraded = stage.admin_json("POST", "/_emulator/installations/" + early + "/upgrade");
  EXPECT_EQ(text_at(upgraded, "appVersion"), "2.0.0");
  ASSERT_EQ(stage.requests.size(), 1U);
  EXPECT_EQ(stage.requests.front().url, "http://127.0.0.1:9001/sync") << "where the new version lives";
  EXPECT_NE(stage.requests.front().body.find("upgraderAccountId"), std::string::npos);
  EXPECT_EQ(version_of(stage, later), "1.0.0");

  const auto app = stage.admin_json("GET", "/_emulator/app");
  EXPECT_EQ(text_at(app, "version"), "2.0.0");
  int waiting = 0;
  for (const auto& one : app.at("installations").as_array()) waiting += one.at("waitsForConsent").as_bool();
  EXPECT_EQ(waiting, 1);
}

TEST(Deploy, JudgesTheChangeFromTheVersionThatAnInstallationRuns) {
  Stage stage(first_app());
  const std::string id = text_at(stage.install(), "id");
  EXPECT_EQ(deploy(stage, kElsewhere), "2.0.0");
  EXPECT_EQ(deploy(stage, kElsewhere), "2.1.0") << "nothing changed since 2.0.0";
  EXPECT_EQ(version_of(stage, id), "1.0.0") << "it never consented to 2.0.0";
  EXPECT_EQ(deploy(stage, kFirst), "3.0.0");
  EXPECT_EQ(version_of(stage, id), "3.0.0") << "what it runs is what is back";
}

TEST(Deploy, ServesTheOldVersionMeanwhile) {
  Stage stage(app_of(manifest::Manifest::parse(manifest_with(kFirst) +
                                               "permissions: {scopes: [read:app-system-token]}\n"))
                  .value());
  const std::string id = text_at(stage.install(), "installationId");
  (void)deploy(stage, kElsewhere);
  const World& world = stage.world();
  EXPECT_TRUE(world.app_run_by(*world.directory.active().front()).has_scope("read:app-system-token"));
  EXPECT_FALSE(world.app.has_scope("read:app-system-token"));
  (void)stage.admin("POST", "/_emulator/installations/" +
                                text_at(stage.admin_json("GET", "/_emulator/installations/" + id), "id") +
                                "/upgrade");
  EXPECT_FALSE(world.app_run_by(*world.directory.active().front()).has_scope("read:app-system-token"));
  EXPECT_TRUE(world.earlier.empty()) << "nobody runs it any more";
}

TEST(Deploy, ReadsVariablesOfTheEnvironmentAsAtTheStart) {
  Stage stage(first_app());
  ::setenv("TONGS_TEST_BACK_END", "https://set.example.com", 1);
  const auto said =
      stage.admin("POST", "/_emulator/app",
                  manifest_with("remotes:\n  - {key: backend, baseUrl: '${TONGS_TEST_BACK_END}'}\n"
                                "environment: {variables: [TONGS_TEST_BACK_END]}\n"));
  ::unsetenv("TONGS_TEST_BACK_END");
  EXPECT_EQ(said.status, 200) << said.body;
  EXPECT_EQ(stage.world().app.remotes.front().url("default"), "https://set.example.com");
}

TEST(Deploy, IsOfAllInstallationsAfterARestart) {
  Stage stage(first_app());
  (void)stage.install();
  (void)deploy(stage, kElsewhere);
  const auto saved = save_world(stage.world(), stage.now()).value();
  auto restored = restore_world(saved, first_app(), {}, std::make_unique<CountedRandom>(), kStart);
  ASSERT_TRUE(std::holds_alternative<std::unique_ptr<World>>(restored));
  const World& world = *std::get<std::unique_ptr<World>>(restored);
  EXPECT_EQ(world.app.version, "2.0.0") << "numbers go on";
  EXPECT_EQ(world.directory.active().front()->app_version, "2.0.0");
}

TEST(Deploy, RefusesWhatIsNoManifestOrOfAnotherApp) {
  Stage stage(first_app());
  EXPECT_EQ(stage.admin("POST", "/_emulator/app", "a: [").status, 400);
  EXPECT_EQ(stage.admin("POST", "/_emulator/app").status, 400);
  const auto other =
      stage.admin("POST", "/_emulator/app",
                  manifest_with(kFirst, "ari:cloud:ecosystem::app/00000000-0000-4000-8000-000000000009"));
  EXPECT_EQ(other.status, 409);
  EXPECT_NE(other.body.find(kAppId), std::string::npos) << other.body;
  EXPECT_EQ(stage.world().app.version, "1.0.0");
  EXPECT_EQ(stage.admin("POST", "/_emulator/installations/nobody/upgrade").status, 404);
}

}  // namespace
}  // namespace tongs::emulator::testing
