#pragma once
#include <functional>
#include <utility>

#include "common/local_guard.hpp"
#include "common/net/server.hpp"
#include "emulator/admin/step.hpp"
#include "emulator/api/call.hpp"
#include "emulator/courier.hpp"
#include "emulator/platform/world.hpp"

namespace tongs::emulator {

/// Serves the emulated platform over HTTP to programs: its own paths, and the admin API below `/_emulator`.
/// Thread safety: none; lives in one reactor.
class PlatformServer {
 public:
  /// `changed` is called before the answer to a request that may have changed something.
  PlatformServer(net::LocalGuard guard, World& world, Courier& courier, std::function<void()> changed)
      : guard_(std::move(guard)), world_(world), courier_(courier), changed_(std::move(changed)) {}
  net::Task<> handle(net::Exchange& exchange);

 private:
  net::Task<HttpResponse> answer_admin(const ApiCall& call);
  /// What the platform does at the app's before it answers.
  net::Task<> deliver(ApiAnswer& answer);
  net::Task<> give(net::Exchange& exchange, ApiAnswer answer);

  const net::LocalGuard guard_;
  World& world_;
  Courier& courier_;
  std::function<void()> changed_;
};

}  // namespace tongs::emulator
