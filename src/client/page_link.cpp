#include "client/page_link.hpp"

#include <algorithm>

#include "http/ascii.hpp"
#include "http/url.hpp"

namespace tongs::detail {

namespace {

/// Takes what stands before the next separator outside quotes off the front of `rest`.
std::string_view take_until(std::string_view& rest, std::string_view separators) {
  bool quoted = false;
  std::size_t end = 0;
  for (; end < rest.size(); ++end) {
    if (rest[end] == '"') quoted = !quoted;
    if (!quoted && separators.find(rest[end]) != std::string_view::npos) break;
  }
  const std::string_view piece = rest.substr(0, end);
  rest.remove_prefix(end);
  return piece;
}

bool is_next_relation(std::string_view parameter) {
  const std::size_t equals = parameter.find('=');
  if (equals == std::string_view::npos || to_lower(trim(parameter.substr(0, equals))) != "rel") return false;
  std::string_view value = trim(parameter.substr(equals + 1));
  if (value.size() >= 2 && value.starts_with('"') && value.ends_with('"'))
    value = value.substr(1, value.size() - 2);
  return to_lower(value) == "next";
}

std::optional<std::string> next_in(std::string_view field) {
  while (!field.empty()) {
    const std::size_t open = field.find('<');
    if (open == std::string_view::npos) return std::nullopt;
    field.remove_prefix(open + 1);
    const std::size_t close = field.find('>');
    if (close == std::string_view::npos) return std::nullopt;
    const std::string_view target = field.substr(0, close);
    field.remove_prefix(close + 1);
    while (!field.empty() && field.front() != ',') {
      field.remove_prefix(field.front() == ';' ? 1 : 0);
      if (is_next_relation(take_until(field, ";,"))) return std::string(target);
    }
  }
  return std::nullopt;
}

/// Path and query of a reference, or nothing if it is neither absolute nor starts at the root.
std::optional<std::string_view> target_of(std::string_view link) {
  link = link.substr(0, link.find('#'));
  const std::size_t scheme_end = link.find("://");
  if (scheme_end != std::string_view::npos && scheme_end < link.find_first_of("/?")) {
    link.remove_prefix(scheme_end + 3);
    link.remove_prefix(std::min(link.find_first_of("/?"), link.size()));
  }
  if (!link.starts_with('/') && !link.starts_with('?')) return std::nullopt;
  return link;
}

}  // namespace

std::optional<std::string> next_of_link_header(const HttpResponse& answer) {
  for (const Header& header : answer.headers) {
    if (!same_header_name(header.name, "link")) continue;
    if (auto next = next_in(header.value)) return next;
  }
  return std::nullopt;
}

std::optional<std::string> query_of_next_link(std::string_view link, std::string_view path) {
  const auto target = target_of(link);
  if (!target) return std::nullopt;
  const std::size_t mark = target->find('?');
  if (mark == std::string_view::npos) return std::nullopt;
  const auto theirs = percent_decode(target->substr(0, mark)), ours = percent_decode(path);
  if (!theirs || !ours || !(theirs->ends_with(*ours) || ours->ends_with(*theirs))) return std::nullopt;
  return std::string(target->substr(mark + 1));
}

}  // namespace tongs::detail
