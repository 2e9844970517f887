#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "emulator/products/jira_duration.hpp"
#include "emulator/products/jira_fields.hpp"
#include "emulator/products/jira_views.hpp"
#include "emulator/products/offset_page.hpp"
#include "emulator/products/stateful.hpp"

namespace tongs::emulator {

namespace {

/// Puts what a request says into a worklog, and leaves the rest. Gives what is wrong, by name.
json::object apply_request(const ProductCall& call, const json::object& request, Worklog& worklog) {
  json::object errors;
  const auto given = [&](std::string_view name) -> const json::value* {
    const json::value* value = request.if_contains(name);
    return value == nullptr || value->is_null() ? nullptr : value;
  };
  if (const json::value* comment = given("comment")) {
    auto document = read_document(call, *comment);
    if (document) {
      worklog.comment = *std::move(document);
    } else {
      errors["comment"] = call.api == ApiName::jira_v2 ? "The comment must be a text."
                                                       : "The comment must be an Atlassian Document.";
    }
  }
  if (given("started") != nullptr) {
    const auto started = parse_iso_time(text_in(request, "started"));
    if (!started) errors["started"] = "Must be a time such as 2026-08-22T10:00:00.000+0000.";
    worklog.started = started.value_or(worklog.started);
  }
  if (const json::value* seconds = given("timeSpentSeconds")) {
    const std::int64_t count = seconds->is_int64() ? seconds->get_int64() : 0;
    if (count < 1 || count > 1LL << 40) errors["timeSpentSeconds"] = "Must be a number of seconds above 0.";
    worklog.spent = std::chrono::seconds(count);
  } else if (given("timeSpent") != nullptr) {
    const auto spent = parse_time_spent(text_in(request, "timeSpent"));
    if (!spent) errors["timeSpent"] = "Must be a time such as 3h 20m: weeks, days, hours and minutes.";
    worklog.spent = spent.value_or(worklog.spent);
  }
  if (errors.empty() && worklog.spent.count() == 0)
    errors["timeLogged"] = "Say timeSpent or timeSpentSeconds.";
  return errors;
}

/// The worklog of the path; null if the issue has none of that id.
Worklog* worklog_of(const ProductCall& call, Issue& issue) {
  const auto found = std::find_if(issue.worklogs.begin(), issue.worklogs.end(), [&](const Worklog& worklog) {
    return worklog.id == call.parameters.at("id");
  });
  return found == issue.worklogs.end() ? nullptr : &*found;
}

HttpResponse no_such_worklog() { return jira_error(404, "Cannot find worklog with id of the path."); }

HttpResponse get_worklogs(ProductCall& call) {
  const Issue* issue = visible_issue(call);
  if (issue == nullptr) return no_such_issue();
  const auto page = offset_page(call.http, 5000, 5000);
  if (!page) return jira_error(400, "startAt and maxResults must be numbers.");
  constexpr std::int64_t end_of_time = 1LL << 52;
  const auto after = call.http.count("startedAfter", -end_of_time, -end_of_time, end_of_time);
  const auto before = call.http.count("startedBefore", end_of_time, -end_of_time, end_of_time);
  std::vector<const Worklog*> wanted;
  for (const Worklog& worklog : issue->worklogs) {
    const std::int64_t started = worklog.started.time_since_epoch().count();
    if (after && before && started > *after && started < *before) wanted.push_back(&worklog);
  }
  json::array shown;
  for (const std::size_t i : page->of(wanted.size())) shown.push_back(jira_worklog(call, *issue, *wanted[i]));
  return json_answer(200, {{"startAt", page->start},
                           {"maxResults", page->most},
                           {"total", wanted.size()},
                           {"worklogs", std::move(shown)}});
}

HttpResponse get_worklog(ProductCall& call) {
  Issue* issue = visible_issue(call);
  if (issue == nullptr) return no_such_issue();
  const Worklog* worklog = worklog_of(call, *issue);
  return worklog == nullptr ? no_such_worklog() : json_answer(200, jira_worklog(call, *issue, *worklog));
}

HttpResponse add_worklog(ProductCall& call) {
  Issue* issue = visible_issue(call);
  if (issue == nullptr) return no_such_issue();
  const auto read = parse_json_object(call.http.body);
  if (const auto* problem = std::get_if<Problem>(&read)) return jira_error(400, problem->describe());
  Worklog worklog;
  worklog.author = call.account();
  worklog.started = worklog.created = worklog.updated = call.now;
  const json::object errors = apply_request(call, std::get<json::object>(read), worklog);
  if (!errors.empty()) return jira_field_errors(errors);
  worklog.id = call.site.next_id();
  issue->worklogs.push_back(std::move(worklog));
  issue->updated = call.now;
  return json_answer(201, jira_worklog(call, *issue, issue->worklogs.back()));
}

HttpResponse update_worklog(ProductCall& call) {
  Issue* issue = visible_issue(call);
  if (issue == nullptr) return no_such_issue();
  Worklog* worklog = worklog_of(call, *issue);
  if (worklog == nullptr) return no_such_worklog();
  const auto read = parse_json_object(call.http.body);
  if (const auto* problem = std::get_if<Problem>(&read)) return jira_error(400, problem->describe());
  Worklog changed = *worklog;
  const json::object errors = apply_request(call, std::get<json::object>(read), changed);
  if (!errors.empty()) return jira_field_errors(errors);
  changed.updated = issue->updated = call.now;
  *worklog = std::move(changed);
  return json_answer(200, jira_worklog(call, *issue, *worklog));
}

HttpResponse delete_worklog(ProductCall& call) {
  Issue* issue = visible_issue(call);
  if (issue == nullptr) return no_such_issue();
  const Worklog* worklog = worklog_of(call, *issue);
  if (worklog == nullptr) return no_such_worklog();
  std::erase_if(issue->worklogs, [id = worklog->id](const Worklog& other) { return other.id == id; });
  issue->updated = call.now;
  return {204, {}, {}};
}

/// Worklogs of any issue that the caller may see.
HttpResponse get_worklogs_by_ids(ProductCall& call) {
  const auto read = parse_json_object(call.http.body);
  if (const auto* problem = std::get_if<Problem>(&read)) return jira_error(400, problem->describe());
  const auto* ids = array_in(std::get<json::object>(read), "ids");
  json::array shown;
  for (const Issue& issue : call.site.issues) {
    if (ids == nullptr || !may_see(call.site, issue, call.account())) continue;
    for (const Worklog& worklog : issue.worklogs) {
      const bool asked = std::any_of(ids->begin(), ids->end(), [&](const json::value& id) {
        return id.is_int64() && std::to_string(id.get_int64()) == worklog.id;
      });
      if (asked) shown.push_back(jira_worklog(call, issue, worklog));
    }
  }
  return json_answer(200, std::move(shown));
}

constexpr std::array kOperations{
    StatefulOperation{"get-issue-worklog", get_worklogs},
    StatefulOperation{"get-worklog", get_worklog},
    StatefulOperation{"add-worklog", add_worklog},
    StatefulOperation{"update-worklog", update_worklog},
    StatefulOperation{"delete-worklog", delete_worklog},
    StatefulOperation{"get-worklogs-for-ids", get_worklogs_by_ids},
};

}  // namespace

std::span<const StatefulOperation> jira_worklog_operations() { return kOperations; }

}  // namespace tongs::emulator
