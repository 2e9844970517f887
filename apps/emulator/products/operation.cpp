#include "emulator/products/operation.hpp"

#include <algorithm>

namespace tongs::emulator {

namespace {

/// The part up to the next slash, taken off the front.
std::string_view take_segment(std::string_view& path) noexcept {
  if (path.starts_with('/')) path.remove_prefix(1);
  const std::string_view segment = path.substr(0, path.find('/'));
  path.remove_prefix(segment.size());
  return segment;
}

std::optional<OperationMatch> match(const Operation& operation, std::string_view path) {
  OperationMatch found{&operation, {}};
  std::string_view wanted = operation.path;
  while (!wanted.empty() && !path.empty()) {
    const std::string_view name = take_segment(wanted);
    const auto value = tongs::detail::percent_decode(take_segment(path));
    if (!value || value->empty()) return std::nullopt;
    if (name.starts_with('{')) {
      found.parameters.emplace_back(name.substr(1, name.size() - 2), *value);
    } else if (name != *value) {
      return std::nullopt;
    }
  }
  if (!wanted.empty() || !path.empty()) return std::nullopt;
  return found;
}

}  // namespace

const std::string& ProductCall::parameter(std::string_view name) const {
  return std::find_if(parameters.begin(), parameters.end(),
                      [&](const auto& one) { return one.first == name; })
      ->second;
}

bool Operation::granted_by(const Caller& caller) const noexcept {
  return std::any_of(scopes.begin(), scopes.end(), [&](std::string_view set) {
    while (!set.empty()) {
      const std::string_view scope = set.substr(0, set.find('+'));
      if (!caller.has_scope(scope)) return false;
      set.remove_prefix(std::min(set.size(), scope.size() + 1));
    }
    return true;
  });
}

std::optional<OperationMatch> find_operation(std::span<const Operation> operations, std::string_view method,
                                             std::string_view path) {
  for (const auto& operation : operations) {
    if (operation.method != method) continue;
    if (auto found = match(operation, path)) return found;
  }
  return std::nullopt;
}

HttpResponse jira_error(int status, std::string_view message) {
  return json_answer(status, {{"errorMessages", json::array{message}}, {"errors", json::object{}}});
}

HttpResponse jira_field_errors(const json::object& errors) {
  return json_answer(400, {{"errorMessages", json::array{}}, {"errors", errors}});
}

HttpResponse confluence_error(int status, std::string_view code, std::string_view title) {
  const json::object error{{"status", status}, {"code", code}, {"title", title}, {"detail", nullptr}};
  return json_answer(status, {{"errors", json::array{error}}});
}

}  // namespace tongs::emulator
