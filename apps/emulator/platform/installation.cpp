#include "emulator/platform/installation.hpp"

#include <algorithm>

namespace tongs::emulator {

bool is_product(std::string_view name) noexcept { return name == kJira || name == kConfluence; }

bool Installation::has_product(std::string_view product) const noexcept {
  return std::find(products.begin(), products.end(), product) != products.end();
}

std::string context_ari(std::string_view product, std::string_view cloud_id) {
  return std::string("ari:cloud:").append(product).append("::site/").append(cloud_id);
}

std::string api_base_url(std::string_view origin, std::string_view product, std::string_view cloud_id) {
  return std::string(origin).append("/ex/").append(product).append("/").append(cloud_id);
}

}  // namespace tongs::emulator
