#include <algorithm>
#include <array>

#include <tongs/manifest/check.hpp>

#include "base/nearest.hpp"
#include "manifest/rules/rule.hpp"
#include "manifest/selection.hpp"
#include "manifest/words.hpp"

namespace tongs::manifest {

namespace {

constexpr std::array kFamilies = {rules::document,          rules::remotes_shape, rules::remotes_properties,
                                  rules::remotes_semantics, rules::endpoints,     rules::module_backend,
                                  rules::references,        rules::callers,       rules::permissions,
                                  rules::connect,           rules::providers,     rules::advices,
                                  rules::egress_advices};

template <class Look>
void for_each_entry(Look look) {
  for (const auto family : kFamilies) {
    for (const rules::Entry& entry : family()) look(entry);
  }
}

}  // namespace

bool rules::uses_unset_variable(const Manifest& manifest, const Position& at) noexcept {
  const auto& unset = manifest.content().unset_variables;
  const auto found =
      std::lower_bound(unset.begin(), unset.end(), at,
                       [](const auto& variable, const Position& place) { return variable.at < place; });
  return found != unset.end() && found->at == at;
}

std::string rules::Report::hint(std::string_view word, std::span<const std::string_view> known,
                                std::string_view otherwise) {
  meant_.clear();
  if (suggestions_left_ == 0) return std::string(otherwise);
  const auto meant = nearest(word, known);
  if (!meant) return std::string(otherwise);
  --suggestions_left_;
  meant_ = *meant;
  return ", did you mean " + quoted(*meant) + "?";
}

std::string_view to_string(Source source) noexcept {
  switch (source) {
    case Source::forge:
      return "forge";
    case Source::reference:
      return "reference";
    case Source::tongs:
      return "tongs";
  }
  return "tongs";
}

std::string_view to_string(Severity severity) noexcept {
  return severity == Severity::error ? "error" : "warning";
}

std::vector<const Rule*> all_rules() {
  std::vector<const Rule*> all;
  for_each_entry([&](const rules::Entry& entry) { all.push_back(&entry.rule); });
  return all;
}

const Rule* find_rule(std::string_view id) noexcept {
  const Rule* found = nullptr;
  for_each_entry([&](const rules::Entry& entry) {
    if (entry.rule.id == id) found = &entry.rule;
  });
  return found;
}

namespace {

/// Leaves out what comments excuse.
void excuse(std::vector<Finding>& findings, const std::vector<detail::IgnoredRule>& ignored) {
  if (ignored.empty()) return;
  std::erase_if(findings, [&](const Finding& finding) {
    if (hinders_reading(finding)) return false;
    return std::any_of(ignored.begin(), ignored.end(), [&](const detail::IgnoredRule& rule) {
      return rule.line == finding.at.line && matches(finding, rule.word);
    });
  });
}

}  // namespace

std::vector<Finding> check(const Manifest& manifest) {
  std::vector<Finding> findings;
  for_each_entry([&](const rules::Entry& entry) {
    rules::Report report(manifest, entry.rule, findings);
    entry.look(manifest, report);
  });
  excuse(findings, manifest.content().ignored_rules);
  std::stable_sort(findings.begin(), findings.end(),
                   [](const Finding& a, const Finding& b) { return a.at < b.at; });
  return findings;
}

bool FileReport::ok() const noexcept {
  return std::none_of(findings.begin(), findings.end(),
                      [](const Finding& finding) { return finding.rule->severity == Severity::error; });
}

}  // namespace tongs::manifest
