#include "scopes/scope_report.hpp"

#include <algorithm>
#include <optional>
#include <set>

namespace tongs::scopes {

namespace {

using Names = std::set<std::string_view>;
using Alternative = std::vector<std::string_view>;

std::vector<std::string_view> lacking(const Alternative& alternative, const Names& declared) {
  std::vector<std::string_view> missing;
  std::copy_if(alternative.begin(), alternative.end(), std::back_inserter(missing),
               [&](std::string_view scope) { return !declared.contains(scope); });
  return missing;
}

/// Classic ones first: of equals, the simpler wins.
std::vector<Alternative> alternatives_of(const Operation& operation) {
  std::vector<Alternative> all = operation.classic_scopes;
  all.insert(all.end(), operation.granular_scopes.begin(), operation.granular_scopes.end());
  return all;
}

Names known_to(std::span<const Api> apis) {
  Names known;
  for (const Api& api : apis) {
    for (std::size_t i = 0; i < api.operations->size(); ++i) {
      for (const Alternative& alternative : alternatives_of((*api.operations)[i])) {
        known.insert(alternative.begin(), alternative.end());
      }
    }
  }
  return known;
}

}  // namespace

ScopeReport compare_scopes(std::span<const Operation> calls, std::span<const std::string> declared,
                           std::span<const Api> apis) {
  const Names granted(declared.begin(), declared.end());
  Names used;
  ScopeReport report;
  for (const Operation& operation : calls) {
    const auto alternatives = alternatives_of(operation);
    if (alternatives.empty()) {
      report.not_stated.push_back(operation);
      continue;
    }
    std::optional<Alternative> nearest;
    for (const Alternative& alternative : alternatives) {
      auto missing = lacking(alternative, granted);
      if (missing.empty()) used.insert(alternative.begin(), alternative.end());
      if (!nearest || missing.size() < nearest->size()) nearest = std::move(missing);
    }
    if (!nearest->empty()) report.missing.push_back({operation, *std::move(nearest)});
  }
  const Names known = known_to(apis);
  std::copy_if(declared.begin(), declared.end(), std::back_inserter(report.unused),
               [&](const std::string& scope) { return known.contains(scope) && !used.contains(scope); });
  return report;
}

}  // namespace tongs::scopes
