#include "emulator/catalog/catalog.hpp"

#include <algorithm>

#include <tongs/confluence/v1/operations.hpp>
#include <tongs/confluence/v2/operations.hpp>
#include <tongs/jira/service_management/operations.hpp>
#include <tongs/jira/software/operations.hpp>
#include <tongs/jira/v2/operations.hpp>
#include <tongs/jira/v3/operations.hpp>

#include "emulator/catalog/contract_texts.hpp"

namespace tongs::emulator {

namespace {

std::string_view take_segment(std::string_view& path) noexcept {
  const std::size_t end = std::min(path.find('/'), path.size());
  const std::string_view segment = path.substr(0, end);
  path.remove_prefix(std::min(end + 1, path.size()));
  return segment;
}

bool is_parameter(std::string_view segment) noexcept { return segment.starts_with('{'); }

bool fits(std::string_view pattern, std::string_view path) noexcept {
  if (!path.starts_with(pattern.substr(0, pattern.find('{')))) return false;
  while (!pattern.empty() && !path.empty()) {
    const std::string_view wanted = take_segment(pattern), given = take_segment(path);
    if (is_parameter(wanted) ? given.empty() : wanted != given) return false;
  }
  return pattern.empty() && path.empty();
}

/// Is `a` literal at the first segment in which only one of two patterns that fit the same path is?
bool is_closer(std::string_view a, std::string_view b) noexcept {
  while (!a.empty() && !b.empty()) {
    const bool named = is_parameter(take_segment(a));
    if (named != is_parameter(take_segment(b))) return !named;
  }
  return false;
}

}  // namespace

Catalog::Catalog()
    : apis_{{{ApiName::jira_v3, jira::v3::operations(), Contracts(contracts_of_jira_v3())},
             {ApiName::jira_v2, jira::v2::operations(),
              Contracts(contracts_of_jira_v2(), &api(ApiName::jira_v3).contracts)},
             {ApiName::jira_software, jira::software::operations(), Contracts(contracts_of_jira_software())},
             {ApiName::jira_service_management, jira::service_management::operations(),
              Contracts(contracts_of_jira_service_management())},
             {ApiName::confluence_v1, confluence::v1::operations(), Contracts(contracts_of_confluence_v1())},
             {ApiName::confluence_v2, confluence::v2::operations(),
              Contracts(contracts_of_confluence_v2())}}} {}

const std::vector<Catalog::Row>& Catalog::rows(Product product) {
  auto& rows = rows_[product == Product::jira ? 0 : 1];
  if (!rows.empty()) return rows;
  for (ServedApi& api : apis_) {
    for (std::size_t i = 0; i < api.operations.size(); ++i) {
      const Operation operation = api.operations[i];
      if (operation.product == product) rows.push_back({&api, i, operation.method, operation.path});
    }
  }
  return rows;
}

Lookup Catalog::find(Product product, std::string_view method, std::string_view path) {
  const Row* best = nullptr;
  std::vector<const Row*> others;
  for (const Row& row : rows(product)) {
    if (!fits(row.path, path)) continue;
    if (row.method != method) {
      others.push_back(&row);
    } else if (best == nullptr || is_closer(row.path, best->path)) {
      best = &row;
    }
  }
  if (best != nullptr) return FoundOperation{best->api, best->api->operations[best->index]};
  if (others.empty()) return std::monostate{};
  OtherMethods found{others.front()->api, {}};
  for (const Row* row : others) {
    if (found.allowed.find(row->method) == std::string::npos)
      found.allowed.append(found.allowed.empty() ? "" : ", ").append(row->method);
  }
  return found;
}

}  // namespace tongs::emulator
