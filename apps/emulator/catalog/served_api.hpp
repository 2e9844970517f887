#pragma once
#include <cstdint>
#include <string_view>

#include <tongs/operation.hpp>

#include "emulator/catalog/contracts.hpp"

namespace tongs::emulator {

/// The APIs of the products.
enum class ApiName : std::uint8_t {
  jira_v3,
  jira_v2,
  jira_software,
  jira_service_management,
  confluence_v1,
  confluence_v2,
};

/// One API: its table of operations and its contracts. Thread safety: none.
struct ServedApi {
  ApiName name;
  const OperationTable& operations;
  Contracts contracts;
};

/// May a token with these scopes call the operation? It may if it has all scopes of one alternative, or if
/// none are stated.
template <class HasScope>
bool is_granted(const Operation& operation, const HasScope& has_scope) {
  if (operation.classic_scopes.empty() && operation.granular_scopes.empty()) return true;
  for (const auto* alternatives : {&operation.classic_scopes, &operation.granular_scopes}) {
    for (const auto& scopes : *alternatives) {
      bool all = true;
      for (const std::string_view scope : scopes) all = all && has_scope(scope);
      if (all) return true;
    }
  }
  return false;
}

}  // namespace tongs::emulator
