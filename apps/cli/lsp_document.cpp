#include "cli/lsp_document.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>

#include "base/utf8.hpp"

namespace tongs::cli::lsp {

namespace {

using manifest::Manifest;

std::vector<std::string_view> lines_of(std::string_view text) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  std::vector<std::string_view> lines;
  for (;;) {
    const auto end = text.find_first_of("\r\n");
    lines.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return lines;
    text.remove_prefix(end + (text.substr(end, 2) == "\r\n" ? 2 : 1));
  }
}

std::size_t length_at(std::string_view text) { return std::max<std::size_t>(utf8_length(text), 1); }

/// UTF-16 units of a text: characters beyond the first plane, four bytes long, take two.
std::uint32_t units_of(std::string_view text) {
  std::uint32_t units = 0;
  while (!text.empty()) {
    const auto length = length_at(text);
    units += length == 4 ? 2 : 1;
    text.remove_prefix(length);
  }
  return units;
}

std::string_view first_characters(std::string_view text, std::size_t count) {
  std::size_t size = 0;
  for (; count > 0 && size < text.size(); --count) size += length_at(text.substr(size));
  return text.substr(0, size);
}

std::string_view first_units(std::string_view text, std::uint32_t units) {
  std::size_t size = 0;
  for (std::uint32_t seen = 0; seen < units && size < text.size();) {
    const auto length = length_at(text.substr(size));
    seen += length == 4 ? 2 : 1;
    size += length;
  }
  return text.substr(0, size);
}

/// The word or the quoted text at the front of a line.
std::string_view word_at(std::string_view rest) {
  if (rest.empty()) return rest;
  if (rest.front() == '\'' || rest.front() == '"') {
    const auto end = rest.find(rest.front(), 1);
    return end == std::string_view::npos ? rest : rest.substr(0, end + 1);
  }
  auto end = std::min(rest.find_first_of(",]}#"), rest.size());
  end = std::min({end, rest.find(": "), rest.ends_with(':') ? rest.size() - 1 : rest.size()});
  auto word = rest.substr(0, std::max<std::size_t>(end, 1));
  while (word.ends_with(' ') || word.ends_with('\t')) word.remove_suffix(1);
  return word.empty() ? rest.substr(0, 1) : word;
}

Diagnostic diagnostic(manifest::Finding finding, const std::vector<std::string_view>& lines) {
  const std::uint32_t line = finding.at.line == 0 ? 0 : finding.at.line - 1;
  const std::string_view text = line < lines.size() ? lines[line] : std::string_view();
  const auto before = first_characters(text, finding.at.column == 0 ? 0 : finding.at.column - 1);
  const auto word = word_at(text.substr(before.size()));
  const std::uint32_t begin = units_of(before);
  return {std::move(finding), {line, begin}, {line, begin + units_of(word)}};
}

std::size_t indent_of(std::string_view line) { return std::min(line.find_first_not_of(" -"), line.size()); }

bool is_comment(std::string_view line) {
  const auto first = line.find_first_not_of(" \t");
  return first == std::string_view::npos || line[first] == '#';
}

/// The name of the property that a line starts with; empty if it starts with none.
std::string_view property_of(std::string_view line) {
  const auto start = indent_of(line);
  const auto colon = line.find(':', start);
  return colon == std::string_view::npos ? std::string_view() : line.substr(start, colon - start);
}

/// The properties around the start of a line, the innermost last, told by indentation alone: what is being
/// written is often no YAML yet.
std::vector<std::string> way_to(const std::vector<std::string_view>& lines, std::size_t line,
                                std::size_t indent) {
  std::vector<std::string> way;
  for (std::size_t i = line; i-- > 0 && indent > 0;) {
    if (is_comment(lines[i])) continue;
    const auto dash = lines[i].find_first_not_of(' ');
    const auto start = indent_of(lines[i]);
    if (start >= indent) {
      continue;
    }
    const auto name = property_of(lines[i]);
    if (name.empty()) continue;
    way.insert(way.begin(), std::string(name));
    indent = std::min(start, dash);
    if (dash < start) indent = dash + 1;
  }
  return way;
}

using Words = std::span<const std::string_view>;

/// What a map may hold, or a value may be, below a way that ends like this.
struct Context {
  std::array<std::string_view, 3> way;
  Words words;
};

constexpr std::array<std::string_view, 6> kRemote{"key",  "baseUrl", "operations",
                                                  "auth", "storage", "configurable"};
constexpr std::array<std::string_view, 4> kOperations{"storage", "compute", "fetch", "other"};
constexpr std::array<std::string_view, 2> kTokens{"appSystemToken", "appUserToken"};
constexpr std::array<std::string_view, 1> kEnabled{"enabled"};
constexpr std::array<std::string_view, 1> kStorage{"inScopeEUD"};
constexpr std::array<std::string_view, 3> kConfigurable{"name", "description", "supportedPatterns"};
constexpr std::array<std::string_view, 5> kEndpoint{"key", "remote", "service", "route", "auth"};
constexpr std::array<std::string_view, 1> kRoute{"path"};
constexpr std::array<std::string_view, 2> kResolver{"function", "endpoint"};
constexpr std::array<std::string_view, 5> kPermissions{"scopes", "external", "content", "enforcement",
                                                       "sandbox"};
constexpr std::array<std::string_view, 2> kFetch{"backend", "client"};
constexpr std::array<std::string_view, 4> kFetchEntry{"remote", "address", "category", "inScopeEUD"};
constexpr std::array<std::string_view, 2> kTruth{"true", "false"};
constexpr std::array<std::string_view, 11> kTop{"app",          "modules",   "connectModules", "permissions",
                                                "remotes",      "providers", "services",       "environment",
                                                "translations", "resources", "overrides"};

/// The innermost first. The first that fits counts.
constexpr std::array kProperties = {
    Context{{"operations", "remotes"}, kOperations},
    Context{{"auth"}, kTokens},
    Context{{"appSystemToken"}, kEnabled},
    Context{{"appUserToken"}, kEnabled},
    Context{{"storage", "remotes"}, kStorage},
    Context{{"configurable", "remotes"}, kConfigurable},
    Context{{"remotes"}, kRemote},
    Context{{"endpoint", "modules"}, kEndpoint},
    Context{{"route"}, kRoute},
    Context{{"resolver"}, kResolver},
    Context{{"backend", "fetch", "external"}, kFetchEntry},
    Context{{"client", "fetch", "external"}, kFetchEntry},
    Context{{"fetch", "external"}, kFetch},
    Context{{"permissions"}, kPermissions},
};

bool ends_with(const std::vector<std::string>& way, const Context& place) {
  std::size_t i = way.size();
  for (const auto step : place.way) {
    if (step.empty()) return true;
    if (i == 0 || way[--i] != step) return false;
  }
  return true;
}

void append(std::vector<Completion>& out, Words words, std::string_view detail, std::string_view end) {
  for (const auto word : words) out.push_back({std::string(word) + std::string(end), std::string(detail)});
}

template <class Item>
void append_keys(std::vector<Completion>& out, const std::vector<Item>& items, std::string_view detail) {
  for (const Item& item : items) {
    if (!item.key.value.empty()) out.push_back({item.key.value, std::string(detail)});
  }
}

}  // namespace

Document::Document(std::string text) : text_(std::move(text)), manifest_(Manifest::parse(text_)) {
  const auto lines = lines_of(text_);
  for (auto& finding : manifest::check(manifest_))
    diagnostics_.push_back(diagnostic(std::move(finding), lines));
}

std::string Document::hover(const Place& place) const {
  std::string out;
  for (const Diagnostic& each : diagnostics_) {
    const bool here = each.begin.line == place.line && each.begin.character <= place.character &&
                      place.character <= each.end.character;
    if (!here) continue;
    const auto& rule = *each.finding.rule;
    if (!out.empty()) out += "\n---\n";
    out.append("**").append(rule.id).append("** (").append(manifest::to_string(rule.source)).append(")\n\n");
    out.append(rule.summary).append(" ").append(rule.mend);
    out.append("\n\n```yaml\n").append(rule.good).append("```\n");
  }
  return out;
}

std::vector<Completion> Document::complete(const Place& place) const {
  std::vector<Completion> out;
  const auto lines = lines_of(text_);
  if (place.line >= lines.size()) return out;
  const auto before = first_units(lines[place.line], place.character);
  const auto way = way_to(lines, place.line, indent_of(before));
  if (before.find(':') != std::string_view::npos) {
    const auto name = property_of(before);
    if (name == "remote") append_keys(out, manifest_.remotes(), "remote");
    if (name == "endpoint") append_keys(out, manifest_.endpoints(), "endpoint");
    if (name == "service") append_keys(out, manifest_.services(), "service");
    if (name == "enabled" || name == "inScopeEUD") append(out, kTruth, "", "");
    return out;
  }
  if (way.empty()) {
    append(out, kTop, "part of the manifest", ": ");
    return out;
  }
  if (way.size() >= 2 && way[way.size() - 1] == "baseUrl" && way[way.size() - 2] == "remotes") {
    append(out, manifest::kRegions, "region", ": ");
    return out;
  }
  const auto found = std::find_if(kProperties.begin(), kProperties.end(),
                                  [&](const Context& each) { return ends_with(way, each); });
  if (found == kProperties.end()) return out;
  const bool values = found->words.data() == kOperations.data();
  append(out, found->words, values ? "operation" : "property", values ? "" : ": ");
  return out;
}

}  // namespace tongs::cli::lsp
