#include "emulator/api/path_pattern.hpp"

#include <algorithm>

#include "http/url.hpp"

namespace tongs::emulator {

namespace {

/// The part up to the next slash, taken off the front with the slash before it.
std::string_view take_segment(std::string_view& path) noexcept {
  if (path.starts_with('/')) path.remove_prefix(1);
  const std::string_view segment = path.substr(0, path.find('/'));
  path.remove_prefix(segment.size());
  return segment;
}

}  // namespace

const std::string& PathParameters::at(std::string_view name) const noexcept {
  return std::find_if(values_.begin(), values_.end(), [&](const auto& one) { return one.first == name; })
      ->second;
}

std::optional<PathParameters> match_path(std::string_view pattern, std::string_view path) {
  PathParameters found;
  while (!pattern.empty() && !path.empty()) {
    const std::string_view wanted = take_segment(pattern);
    const bool named = wanted.starts_with('{');
    const bool rest = named && wanted.ends_with("*}");
    const std::string_view given = rest ? path.substr(path.starts_with('/') ? 1 : 0) : take_segment(path);
    if (rest) path = {};
    auto value = detail::percent_decode(given);
    if (!value || value->empty() || (!named && *value != wanted)) return std::nullopt;
    if (named) found.add(wanted.substr(1, wanted.size() - (rest ? 3 : 2)), *std::move(value));
  }
  if (!pattern.empty() || !path.empty()) return std::nullopt;
  return found;
}

}  // namespace tongs::emulator
