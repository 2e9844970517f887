#include "client/path_template.hpp"

#include <algorithm>
#include <cstddef>

#include "http/url.hpp"

namespace tongs::detail {

namespace {

Error wrong(const char* message) { return {Errc::invalid_argument, message}; }

Result<void> check_value(std::string_view value) {
  if (value.empty()) return wrong("a path parameter is empty: the path would name another thing");
  if (has_dot_segment(value)) {
    return wrong("a path parameter holds a . or .. segment: the path would name another thing");
  }
  return {};
}

bool has_unique_names(const PathParameters& values) {
  for (std::size_t i = 1; i < values.size(); ++i) {
    const auto same = [&](const auto& other) { return other.first == values[i].first; };
    if (std::any_of(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(i), same)) return false;
  }
  return true;
}

}  // namespace

Result<std::string> fill_path(std::string_view path_template, const PathParameters& values) {
  if (!path_template.starts_with('/')) return wrong("the path of a request must start with /");
  if (path_template.find('?') != std::string_view::npos)
    return wrong("the path has a ?: use `query` for that");
  if (!has_unique_names(values)) return wrong("a path parameter is given twice");
  std::string path;
  std::vector<bool> used(values.size());
  while (!path_template.empty()) {
    const std::size_t open = std::min(path_template.find('{'), path_template.size());
    path += path_template.substr(0, open);
    path_template.remove_prefix(open);
    if (path_template.empty()) break;
    const std::size_t close = path_template.find('}');
    if (close == std::string_view::npos) return wrong("a brace of the path is never closed");
    const std::string_view name = path_template.substr(1, close - 1);
    const auto value =
        std::find_if(values.begin(), values.end(), [&](const auto& v) { return v.first == name; });
    if (value == values.end()) return wrong("a path parameter is missing");
    if (auto fine = check_value(value->second); !fine) return fine.error();
    path += percent_encode(value->second);
    used[static_cast<std::size_t>(value - values.begin())] = true;
    path_template.remove_prefix(close + 1);
  }
  if (std::find(used.begin(), used.end(), false) != used.end()) {
    return wrong("a path parameter has no brace of its name in the path");
  }
  return path;
}

Result<std::string> encode_target(const ApiRequest& request) {
  auto target = fill_path(request.path, request.path_parameters);
  if (!target) return target;
  char separator = '?';
  for (const auto& [name, value] : request.query) {
    *target += separator;
    *target += percent_encode(name) + '=' + percent_encode(value);
    separator = '&';
  }
  return target;
}

}  // namespace tongs::detail
