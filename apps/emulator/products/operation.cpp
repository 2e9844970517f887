#include "emulator/products/operation.hpp"

#include <algorithm>
#include <utility>

namespace tongs::emulator {

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
    if (auto parameters = match_path(operation.path, path))
      return OperationMatch{&operation, *std::move(parameters)};
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
