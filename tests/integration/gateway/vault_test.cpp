#include <csignal>
#include <filesystem>
#include <thread>

#include <sys/resource.h>

#include "integration/gateway/platform.hpp"
#include "support/captured_log.hpp"

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
