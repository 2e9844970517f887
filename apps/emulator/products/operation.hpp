#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/api/call.hpp"
#include "emulator/api/path_pattern.hpp"
#include "emulator/platform/bearer.hpp"
#include "emulator/products/site.hpp"

namespace tongs::emulator {

/// One call of a product's API, after everything that is the same for all of them: the token is good, its
/// user may use the product, the scopes suffice.
struct ProductCall {
  const ApiCall& http;
  Site& site;
  const Caller* caller;  ///< null: an operation for everybody
  std::string base_url;  ///< what the operation's path was appended to
  PathParameters parameters;
  PlatformTime now;

  std::string_view account() const noexcept { return caller->grant.account; }
};

/// An operation that the emulator serves. Ids and scopes are those of the published OpenAPI documents.
struct Operation {
  std::string_view id;
  std::string_view method;
  std::string_view path;  ///< with `{name}` for parameters
  /// Sets of scopes, each joined by `+`: any one of the sets suffices. None: everybody may call.
  std::vector<std::string_view> scopes;
  HttpResponse (*answer)(ProductCall& call);

  bool needs_token() const noexcept { return !scopes.empty(); }
  bool granted_by(const Caller& caller) const noexcept;
};

std::span<const Operation> jira_operations();
std::span<const Operation> confluence_operations();

struct OperationMatch {
  const Operation* operation = nullptr;
  PathParameters parameters;
};
/// The operation of a method and an encoded path.
std::optional<OperationMatch> find_operation(std::span<const Operation> operations, std::string_view method,
                                             std::string_view path);

/// Jira's error body (contract 7.5).
HttpResponse jira_error(int status, std::string_view message);
HttpResponse jira_field_errors(const json::object& errors);
/// The error body of Confluence's v2 API.
HttpResponse confluence_error(int status, std::string_view code, std::string_view title);

}  // namespace tongs::emulator
