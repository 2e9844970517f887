#include "common/net/head.hpp"

#include <algorithm>

#include <tongs/http.hpp>

namespace tongs::net {

std::optional<std::string_view> Fields::find(std::string_view name) const noexcept {
  for (const Field& field : list) {
    if (same_header_name(field.name, name)) return field.value;
  }
  return std::nullopt;
}

std::size_t Fields::count(std::string_view name) const noexcept {
  return static_cast<std::size_t>(std::count_if(
      list.begin(), list.end(), [&](const Field& field) { return same_header_name(field.name, name); }));
}

}  // namespace tongs::net
