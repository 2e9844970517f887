#include "cli/transport.hpp"

#include "common/net/blocking_transport.hpp"
#include "common/process.hpp"

namespace tongs::cli {

namespace {

constexpr std::size_t kLargestAnswer = std::size_t{64} * 1024 * 1024;

}  // namespace

Result<std::shared_ptr<const Transport>> make_transport() {
  auto proxies = net::ProxyRules::of_environment(process::environment_variable);
  if (!proxies) return std::move(proxies).error();
  return std::shared_ptr<const Transport>(std::make_shared<net::BlockingTransport>(
      net::Ways{.tls = nullptr, .proxies = *std::move(proxies)}, kLargestAnswer));
}

}  // namespace tongs::cli
