#include <filesystem>

#include "common/log.hpp"
#include "integration/gateway/platform.hpp"

namespace tongs::gateway::testing {
namespace {

/// Everything that is logged while it lives.
class Log {
 public:
  Log() {
    log::start(log::Level::info, false);
    ::testing::internal::CaptureStderr();
  }
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;
  ~Log() {
    if (!taken_) (void)take();
  }
  std::string take() {
    taken_ = true;
    return ::testing::internal::GetCapturedStderr();
  }

 private:
  bool taken_ = false;
};

std::size_t count(const std::string& text, std::string_view what) {
  std::size_t found = 0;
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++found;
  return found;
}

TEST(GatewayVault, says_once_that_its_file_is_gone_and_is_not_ready) {
  Log log;
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

TEST(GatewayVault, says_that_a_vault_may_be_missing_where_its_key_is) {
  Scene scene;
  scene.gateway.reset();
  Log same;
  scene.start();
  EXPECT_EQ(count(same.take(), "is a vault missing here?"), 0U);
  scene.gateway.reset();
  std::filesystem::remove(scene.directory() + "/tongs.db");
  Log missing;
  scene.start();
  EXPECT_EQ(count(missing.take(), "is a vault missing here?"), 1U);
}

}  // namespace
}  // namespace tongs::gateway::testing
