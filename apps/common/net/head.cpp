#include "common/net/head.hpp"

#include <algorithm>

#include <tongs/http.hpp>

namespace tongs::net {

namespace {

/// Most names differ in their length already.
bool is_named(const Field& field, std::string_view name) noexcept {
  return field.name.size() == name.size() && same_header_name(field.name, name);
}

}  // namespace

std::optional<std::string_view> Fields::find(std::string_view name) const noexcept {
  for (const Field& field : list) {
    if (is_named(field, name)) return field.value;
  }
  return std::nullopt;
}

std::size_t Fields::count(std::string_view name) const noexcept {
  return static_cast<std::size_t>(
      std::ranges::count_if(list, [&](const Field& field) { return is_named(field, name); }));
}

}  // namespace tongs::net
