#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include <sys/resource.h>

#include "integration/gateway/platform.hpp"
#include "support/captured_log.hpp"
#include "support/files.hpp"

namespace tongs::gateway::testing {
namespace {

/// Precondition: the gateway has ended.
std::unique_ptr<vault::Vault> open_vault_of(const Scene& scene) {
  vault::VaultOptions options;
  options.url = "sqlite:" + scene.directory() + "/tongs.db";
  options.keys.file = scene.directory() + "/vault.key";
  return vault::Vault::open(std::move(options)).value();
}

std::size_t count(const std::string& text, std::string_view what) {
  std::size_t found = 0;
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++found;
  return found;
}

TEST(GatewayVault, says_once_that_its_file_is_gone_and_is_not_ready) {
  test::CapturedLog log;
  Scene scene;
  std::filesystem::remove(scene.directory() + "/tongs.db");
  for (int i = 0; i < 5; ++i) scene.push_system_token("system-" + std::to_string(i));
  HttpResponse readiness;
  do {
    readiness = scene.get("http://" + scene.gateway->addresses().admin + "/readyz");
  } while (readiness.status == 200);
  EXPECT_NE(readiness.body.find(R"({"name":"vault","ready":false,"detail":"the vault file was deleted)"),
            std::string::npos)
      << readiness.body;
  scene.gateway.reset();
  const std::string text = log.take();
  EXPECT_EQ(count(text, "the vault cannot be written"), 1U) << text;
  EXPECT_EQ(count(text, scene.directory() + "/tongs.db"), 1U) << text;
}

/// For as long as it lives, no file of this process grows.
class NoRoom {
 public:
  NoRoom() {
    std::signal(SIGXFSZ, SIG_IGN);
    EXPECT_EQ(::getrlimit(RLIMIT_FSIZE, &before_), 0);
    const rlimit none{0, before_.rlim_max};
    EXPECT_EQ(::setrlimit(RLIMIT_FSIZE, &none), 0);
  }
  NoRoom(const NoRoom&) = delete;
  NoRoom& operator=(const NoRoom&) = delete;
  ~NoRoom() { EXPECT_EQ(::setrlimit(RLIMIT_FSIZE, &before_), 0); }

 private:
  rlimit before_{};
};

TEST(GatewayVault, serves_from_memory_and_is_not_ready_while_its_disk_takes_nothing) {
  Scene scene;
  const std::string as_app = "Forge as=app,installationId=" + scene.installation;
  const auto readiness = [&] { return scene.get("http://" + scene.gateway->addresses().admin + "/readyz"); };
  {
    const NoRoom full;
    scene.push_system_token("system-1");
    while (readiness().status == 200) std::this_thread::yield();
    EXPECT_NE(readiness().body.find(R"({"name":"vault","ready":false)"), std::string::npos)
        << readiness().body;
    EXPECT_EQ(scene.egress("/jira/x", as_app).body, R"({"as":"Bearer system-1"})");
  }
  while (readiness().status != 200) std::this_thread::yield();
  scene.gateway.reset();
  EXPECT_TRUE(open_vault_of(scene)->system_token(InstallationId::parse(scene.installation).value()));
}

/// Makes unreadable every page of an index in which `text` stands. What a start reads is the table itself.
void damage_index(const std::string& file, const std::string& text) {
  constexpr std::size_t page = 4096;
  constexpr char leaf_of_index = 10;
  std::string bytes = test::content_of(file);
  int damaged = 0;
  for (std::size_t at = page; at + page <= bytes.size(); at += page) {
    if (bytes[at] != leaf_of_index || bytes.substr(at, page).find(text) == std::string::npos) continue;
    bytes.replace(at, page, page, '\xff');
    ++damaged;
  }
  EXPECT_GT(damaged, 0);
  std::ofstream(file, std::ios::binary) << bytes;
}

TEST(GatewayVault, serves_from_memory_and_is_not_ready_while_a_page_of_its_file_is_damaged) {
  Scene scene;
  scene.gateway.reset();
  {
    const auto vault = open_vault_of(scene);
    const auto app = AppId::parse("8db33809-1f32-48bb-8c52-5877dab48107").value();
    for (int i = 1000; i < 1400; ++i) {
      const std::string uuid = std::to_string(i) + "7799-53ae-4a5b-9e7e-03338980abb5";
      ASSERT_TRUE(vault->observe({.id = InstallationId::parse(uuid).value(), .app = app}));
    }
    scene.installation = "fa3a7799-53ae-4a5b-9e7e-03338980abb5";
    ASSERT_TRUE(vault->observe({.id = InstallationId::parse(scene.installation).value(), .app = app}));
  }
  damage_index(scene.directory() + "/tongs.db", scene.installation);
  test::CapturedLog log;
  scene.start();
  const auto readiness = [&] { return scene.get("http://" + scene.gateway->addresses().admin + "/readyz"); };
  const auto is_fine = [&] {
    return readiness().body.find(R"({"name":"vault","ready":true)") != std::string::npos;
  };
  EXPECT_TRUE(is_fine()) << "nobody has looked there";
  scene.push_system_token("system-1");
  while (is_fine()) std::this_thread::yield();
  EXPECT_NE(readiness().body.find(R"({"name":"vault","ready":false,"detail":")"), std::string::npos)
      << readiness().body;
  const std::string as_app = "Forge as=app,installationId=" + scene.installation;
  EXPECT_EQ(scene.egress("/jira/x", as_app).body, R"({"as":"Bearer system-1"})");
  scene.installation = "1b3a7799-53ae-4a5b-9e7e-03338980abb5";
  scene.push_system_token("system-2");
  EXPECT_EQ(scene.egress("/jira/x", "Forge as=app,installationId=" + scene.installation).body,
            R"({"as":"Bearer system-2"})");
  EXPECT_EQ(scene.invoke(scene.signed_fit()).status, 200) << "and the app goes on";
  EXPECT_EQ(readiness().status, 503);
  scene.gateway.reset();
  const std::string text = log.take();
  EXPECT_EQ(count(text, "the vault cannot be written"), 1U) << text;
}

TEST(GatewayVault, says_that_a_vault_may_be_missing_where_its_key_is) {
  Scene scene;
  scene.gateway.reset();
  test::CapturedLog same;
  scene.start();
  EXPECT_EQ(count(same.take(), "is a vault missing here?"), 0U);
  scene.gateway.reset();
  std::filesystem::remove(scene.directory() + "/tongs.db");
  test::CapturedLog missing;
  scene.start();
  EXPECT_EQ(count(missing.take(), "is a vault missing here?"), 1U);
}

TEST(GatewayVault, sweeps_tokens_that_ended) {
  const WallTime long_ago(std::chrono::seconds(1000)), later(std::chrono::seconds(2000));
  Scene scene;
  scene.push_system_token("system-1");
  scene.gateway.reset();
  const auto id = InstallationId::parse(scene.installation).value();
  {
    const auto vault = open_vault_of(scene);
    ASSERT_TRUE(vault->system_token(id));
    vault->erase(id);
    ASSERT_TRUE(vault->observe({.id = id, .app = AppId::parse("app").value()}));
    ASSERT_TRUE(vault->offer_system_token(id, Secret("ended"), later, long_ago).value());
  }
  scene.start();
  ASSERT_NE(scene.get("http://" + scene.gateway->addresses().admin + "/healthz").status, 0);
  scene.gateway.reset();
  const auto vault = open_vault_of(scene);
  EXPECT_TRUE(vault->installation(id));
  EXPECT_FALSE(vault->system_token(id));
}

}  // namespace
}  // namespace tongs::gateway::testing
