#include "scopes/call_list.hpp"

#include <algorithm>
#include <map>
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

/// What stands between the brackets or quotes of each `#include`.
std::vector<std::string> included_by(std::string_view text) {
  std::vector<std::string> files;
  while (!text.empty()) {
    std::string_view line = trimmed(take(text, '\n'));
    if (!line.starts_with('#')) continue;
    line = trimmed(line.substr(1));
    if (!line.starts_with("include")) continue;
    line = trimmed(line.substr(7));
    if (!line.starts_with('<') && !line.starts_with('"')) continue;
    const char end = line.front() == '<' ? '>' : '"';
    files.emplace_back(line.substr(1, line.find(end, 1) - 1));
  }
  return files;
}

std::string_view last_part(std::string_view path) noexcept { return path.substr(path.rfind('/') + 1); }

/// Is `name` the file that `#include` calls `included`?
bool is_file(std::string_view name, std::string_view included) noexcept {
  while (included.starts_with("./") || included.starts_with("../"))
    included.remove_prefix(included.find('/') + 1);
  if (included.empty() || !name.ends_with(included)) return false;
  return name.size() == included.size() || name[name.size() - included.size() - 1] == '/';
}

bool is_header_of(const Api& api, std::string_view included) {
  const std::string folder = "tongs/" + std::string(api.folder);
  return included == folder + ".hpp" || included.starts_with(folder + '/');
}

/// For each source the APIs whose headers it includes, itself or by others.
std::vector<std::set<const Api*>> apis_in_reach(std::span<const Source> sources,
                                                const std::vector<std::vector<std::string>>& includes,
                                                std::span<const Api> apis) {
  std::vector<std::set<const Api*>> reach(sources.size());
  std::vector<std::set<std::size_t>> users(sources.size());  // who includes it
  std::multimap<std::string_view, std::size_t> by_name;
  for (std::size_t i = 0; i < sources.size(); ++i) by_name.emplace(last_part(sources[i].name), i);
  std::vector<std::size_t> changed;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    for (const std::string& included : includes[i]) {
      for (const Api& api : apis) {
        if (is_header_of(api, included)) reach[i].insert(&api);
      }
      for (auto [at, end] = by_name.equal_range(last_part(included)); at != end; ++at) {
        if (is_file(sources[at->second].name, included)) users[at->second].insert(i);
      }
    }
    if (!reach[i].empty()) changed.push_back(i);
  }
  while (!changed.empty()) {
    const std::size_t here = changed.back();
    changed.pop_back();
    for (const std::size_t user : users[here]) {
      const std::size_t before = reach[user].size();
      reach[user].insert(reach[here].begin(), reach[here].end());
      if (reach[user].size() != before) changed.push_back(user);
    }
  }
  return reach;
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

void read_sources(std::span<const Source> sources, std::span<const Api> apis, Calls& calls) {
  std::vector<std::vector<std::string>> includes;
  for (const Source& source : sources) includes.push_back(included_by(source.text));
  const auto reach = apis_in_reach(sources, includes, apis);
  for (std::size_t i = 0; i < sources.size(); ++i) {
    if (reach[i].empty()) continue;
    const auto names = called_names(sources[i].text);
    for (const Api* api : reach[i]) {
      for (std::size_t n = 0; n < api->operations->size(); ++n) {
        if (names.contains(std::string(api->operations->name(n)))) add(calls, (*api->operations)[n]);
      }
    }
  }
}

}  // namespace tongs::scopes
