#include "manifest/selection.hpp"

#include <algorithm>

#include <tongs/manifest/check.hpp>

namespace tongs::manifest {

namespace {

std::string_view rules_of(std::string_view word) noexcept { return word.substr(0, word.find(':')); }

bool matches_any(const Finding& finding, const std::vector<std::string>& words) {
  return std::any_of(words.begin(), words.end(),
                     [&](const std::string& word) { return matches(finding, word); });
}

}  // namespace

bool hinders_reading(const Finding& finding) noexcept {
  return finding.rule->id.starts_with("yaml-") || finding.rule->id == "document-map";
}

bool matches(const Finding& finding, std::string_view word) noexcept {
  const auto rules = rules_of(word);
  if (rules != finding.rule->id && (rules.empty() || rules != finding.rule->code)) return false;
  return rules.size() == word.size() || word.substr(rules.size() + 1) == finding.key;
}

bool names_rules(std::string_view word) noexcept {
  const auto rules = all_rules();
  return std::any_of(rules.begin(), rules.end(), [&](const Rule* rule) {
    return rules_of(word) == rule->id || (!rule->code.empty() && rules_of(word) == rule->code);
  });
}

void select(std::vector<Finding>& findings, const Selection& selection) {
  std::erase_if(findings, [&](const Finding& finding) {
    if (hinders_reading(finding)) return false;
    return (!selection.only.empty() && !matches_any(finding, selection.only)) ||
           matches_any(finding, selection.ignored);
  });
}

}  // namespace tongs::manifest
