#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tongs/operation.hpp>

#include "scopes/call_list.hpp"

namespace tongs::scopes {

/// An operation that no declared scopes allow, with what the nearest alternative lacks.
struct MissingScopes {
  Operation operation;
  std::vector<std::string_view> scopes;
};

struct ScopeReport {
  std::vector<MissingScopes> missing;
  std::vector<std::string> unused;    ///< declared, of a product API, and needed by no call
  std::vector<Operation> not_stated;  ///< operations of which nobody says what they need
};

/// Compares the calls of an app with the scopes that its manifest declares. A scope that no operation of
/// `apis` knows (`storage:app`, `read:app-user-token`) is nobody's business here.
ScopeReport compare_scopes(std::span<const Operation> calls, std::span<const std::string> declared,
                           std::span<const Api> apis);

}  // namespace tongs::scopes
