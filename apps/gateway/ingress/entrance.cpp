#include "gateway/ingress/entrance.hpp"

#include <utility>

#include "gateway/serving_tls.hpp"

namespace tongs::gateway {

Result<std::shared_ptr<const net::Entrance>> open_entrance(const IngressConfig& ingress) {
  net::Entrance entrance{.proxies = ingress.proxies, .proxied_unix = ingress.proxied_unix};
  if (ingress.tls) {
    auto tls = open_tls("ingress", *ingress.tls);
    if (!tls) return std::move(tls).error();
    entrance.tls = *std::move(tls);
  }
  return std::make_shared<const net::Entrance>(std::move(entrance));
}

}  // namespace tongs::gateway
