#include <algorithm>
#include <unordered_map>
#include <utility>

#include "manifest/content.hpp"

namespace tongs::manifest::detail {

namespace {

bool is_letter(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

std::vector<Variable> read_variables(yaml::Node list) {
  std::vector<Variable> out;
  for (const auto item : list.items()) {
    const auto key = item.is_mapping() ? item["key"] : item;
    if (!key.is_string()) continue;
    const auto fallback = item["default"];
    out.push_back({{std::string(key.text()), key.at()},
                   fallback.is_string() ? std::optional(std::string(fallback.text())) : std::nullopt});
  }
  return out;
}

/// Replaces `${NAME}` in one string after another, until the replaced text gets out of hand.
class Interpolation {
 public:
  Interpolation(Content& content, const ParseOptions& options) : content_(content), options_(options) {
    for (const Variable& variable : content.variables) by_name_.emplace(variable.key.value, &variable);
  }

  std::optional<std::string> operator()(std::string_view text, const Position& at) {
    if (text.find("${") == std::string_view::npos || written_ > Manifest::kMaxBytes) return std::nullopt;
    std::string out;
    while (!text.empty()) {
      const auto start = std::min(text.find("${"), text.size());
      out += text.substr(0, start);
      text.remove_prefix(start);
      if (text.empty()) break;
      const auto end = text.find('}');
      const auto name = end == std::string_view::npos ? std::string_view() : text.substr(2, end - 2);
      const Variable* variable = is_variable_name(name) ? listed(name) : nullptr;
      if (variable == nullptr) {
        out += text.substr(0, 2);
        text.remove_prefix(2);
        continue;
      }
      out += value_of(*variable, text.substr(0, end + 1), at);
      text.remove_prefix(end + 1);
      if (written_ + out.size() > Manifest::kMaxBytes) break;
    }
    written_ += out.size();
    return out;
  }

 private:
  const Variable* listed(std::string_view name) const {
    const auto found = by_name_.find(name);
    return found == by_name_.end() ? nullptr : found->second;
  }

  std::string value_of(const Variable& variable, std::string_view as_written, const Position& at) {
    if (options_.variable) {
      if (auto value = options_.variable(variable.key.value)) return std::move(*value);
    }
    if (variable.default_value) return *variable.default_value;
    content_.unset_variables.push_back({variable.key.value, at});
    return std::string(as_written);
  }

  Content& content_;
  const ParseOptions& options_;
  std::unordered_map<std::string_view, const Variable*> by_name_;
  std::size_t written_ = 0;
};

}  // namespace

bool is_variable_name(std::string_view text) noexcept {
  return !text.empty() && is_letter(text.front()) &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_letter(c) || (c >= '0' && c <= '9'); });
}

void interpolate(Content& content, const ParseOptions& options) {
  content.variables = read_variables(content.tree.root()["environment"]["variables"]);
  if (content.variables.empty()) return;
  content.tree.rewrite_strings(Interpolation(content, options));
}

}  // namespace tongs::manifest::detail
