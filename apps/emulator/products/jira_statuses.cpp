#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <utility>

#include "emulator/products/jira_views.hpp"
#include "emulator/products/offset_page.hpp"
#include "emulator/products/stateful.hpp"

namespace tongs::emulator {

namespace {

/// Those of the transitions, with the same ids.
json::object status_of(const ProductCall& call, std::string_view id, std::string_view name) {
  json::object shown = jira_status(name);
  shown["id"] = id;
  shown["self"] = jira_url(call, "/status/" + std::string(id));
  return shown;
}

json::array all_statuses(const ProductCall& call) {
  json::array all;
  for (const auto& [id, name] : kJiraTransitions) all.push_back(status_of(call, id, name));
  return all;
}

HttpResponse get_statuses(ProductCall& call) { return json_answer(200, all_statuses(call)); }

HttpResponse get_status(ProductCall& call) {
  const std::string& wanted = call.parameters.at("idOrName");
  for (const auto& [id, name] : kJiraTransitions) {
    if (id == wanted || name == wanted) return json_answer(200, status_of(call, id, name));
  }
  return jira_error(404, "The status does not exist or you do not have permission to see it.");
}

HttpResponse get_labels(ProductCall& call) {
  const auto page = offset_page(call.http, 1000, 1000);
  if (!page) return jira_error(400, "startAt and maxResults must be numbers.");
  std::set<std::string> labels;
  for (const Issue& issue : call.site.issues) {
    if (may_see(call.site, issue, call.account())) labels.insert(issue.labels.begin(), issue.labels.end());
  }
  const std::vector<std::string> sorted(labels.begin(), labels.end());
  json::array values;
  for (const std::size_t i : page->of(sorted.size())) values.emplace_back(sorted[i]);
  return jira_page(*page, sorted.size(), std::move(values));
}

constexpr std::array kOperations{
    StatefulOperation{"get-statuses", get_statuses},
    StatefulOperation{"get-status", get_status},
    StatefulOperation{"get-all-labels", get_labels},
};

}  // namespace

std::span<const StatefulOperation> jira_status_operations() { return kOperations; }

}  // namespace tongs::emulator
