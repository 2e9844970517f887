#include "scopes/call_list.hpp"

#include <algorithm>
#include <optional>
#include <set>

namespace tongs::scopes {

namespace {

std::string_view trimmed(std::string_view text) noexcept {
  constexpr std::string_view space = " \t\r";
  const std::size_t begin = std::min(text.find_first_not_of(space), text.size());
  text.remove_prefix(begin);
  return text.substr(0, text.find_last_not_of(space) + 1);
}

std::string_view take(std::string_view& text, char separator) noexcept {
  const std::size_t end = std::min(text.find(separator), text.size());
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return part;
}

/// Does a path fit a template? The more it has literally, the better.
std::optional<std::size_t> fit(std::string_view path, std::string_view path_template) noexcept {
  std::size_t literal = 0;
  while (!path.empty() || !path_template.empty()) {
    const std::string_view segment = take(path, '/');
    const std::string_view wanted = take(path_template, '/');
    const bool any = wanted.starts_with('{') && wanted.ends_with('}');
    if (any ? segment.empty() : segment != wanted) return std::nullopt;
    literal += any ? 0 : 1;
  }
  return literal;
}

std::optional<Operation> by_request(std::string_view method, std::string_view path,
                                    std::span<const Api> apis) {
  path = path.substr(0, path.find('?'));
  std::optional<Operation> best;
  std::size_t best_fit = 0;
  for (const Api& api : apis) {
    for (std::size_t i = 0; i < api.operations->size(); ++i) {
      const Operation operation = (*api.operations)[i];
      const auto fits = operation.method == method ? fit(path, operation.path) : std::nullopt;
      if (!fits || (best && *fits <= best_fit)) continue;
      best = operation;
      best_fit = *fits;
    }
  }
  return best;
}

std::optional<Operation> by_name(std::string_view product, std::string_view name, std::span<const Api> apis) {
  const auto api =
      std::find_if(apis.begin(), apis.end(), [&](const Api& each) { return each.name == product; });
  return api == apis.end() ? std::nullopt : api->operations->find(name);
}

void add(Calls& calls, Operation operation) {
  const bool known =
      std::any_of(calls.operations.begin(), calls.operations.end(), [&](const Operation& other) {
        return other.method == operation.method && other.path == operation.path;
      });
  if (!known) calls.operations.push_back(std::move(operation));
}

bool is_word(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// Identifiers with `(` behind them, as operations are named: `get_issue_pages(` is `get-issue`.
std::set<std::string> called_names(std::string_view text) {
  std::set<std::string> names;
  for (std::size_t open = text.find('('); open != std::string_view::npos; open = text.find('(', open + 1)) {
    std::size_t begin = open;
    while (begin > 0 && is_word(text[begin - 1])) --begin;
    std::string name(text.substr(begin, open - begin));
    if (name.ends_with("_pages")) names.insert(name.substr(0, name.size() - 6));
    names.insert(std::move(name));
  }
  std::set<std::string> kebab;
  for (std::string name : names) {
    std::replace(name.begin(), name.end(), '_', '-');
    kebab.insert(std::move(name));
  }
  return kebab;
}

}  // namespace

void read_call_list(std::string_view text, std::span<const Api> apis, Calls& calls) {
  while (!text.empty()) {
    std::string_view line = take(text, '\n');
    line = trimmed(line.substr(0, line.find('#')));
    if (line.empty()) continue;
    std::string_view rest = line;
    const std::string_view first = take(rest, ' ');
    rest = trimmed(rest);
    auto operation = rest.starts_with('/') ? by_request(first, rest, apis) : by_name(first, rest, apis);
    if (operation) {
      add(calls, *std::move(operation));
    } else {
      calls.unknown.emplace_back(line);
    }
  }
}

void read_source(std::string_view text, std::span<const Api> apis, Calls& calls) {
  std::optional<std::set<std::string>> names;
  for (const Api& api : apis) {
    if (text.find("#include <tongs/" + std::string(api.folder)) == std::string_view::npos) continue;
    if (!names) names = called_names(text);
    for (std::size_t i = 0; i < api.operations->size(); ++i) {
      if (names->contains(std::string(api.operations->name(i)))) add(calls, (*api.operations)[i]);
    }
  }
}

}  // namespace tongs::scopes
