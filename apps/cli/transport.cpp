#include "cli/transport.hpp"

#include <utility>

#include <tongs/curl_transport.hpp>

namespace tongs::cli {

Result<std::shared_ptr<const Transport>> make_transport() {
  auto transport = CurlTransport::create({.proxy_from_environment = true});
  if (!transport) return std::move(transport).error();
  return std::shared_ptr<const Transport>(*std::move(transport));
}

}  // namespace tongs::cli
