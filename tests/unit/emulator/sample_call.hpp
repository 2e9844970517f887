#pragma once
#include <string>
#include <string_view>

#include <boost/json/parse.hpp>

#include "common/number.hpp"
#include "emulator/catalog/catalog.hpp"
#include "emulator/products/site_json.hpp"
#include "emulator/products/stateful.hpp"
#include "emulator/schema/synthesize.hpp"
#include "http/url.hpp"

namespace tongs::emulator::testing {

inline json::value value_of(const OperationParameter& parameter) {
  using Type = OperationParameter::Type;
  if (!parameter.values.empty()) return json::value(parameter.values.front());
  if (parameter.type == Type::boolean) return true;
  if (parameter.type == Type::integer || parameter.type == Type::number) return 1;
  return "1";
}

inline void add_body(ServedApi& api, const Operation& operation, json::object& call) {
  switch (operation.body) {
    case BodyKind::none:
      return;
    case BodyKind::json: {
      const Contract contract = api.contracts.contract(operation.name);
      call["@body"] = contract.body == nullptr
                          ? json::value(json::object())
                          : synthesize(*contract.body, Direction::request, api.contracts.schemas());
      return;
    }
    case BodyKind::json_patch:
      call["@body"] = json::array();
      return;
    case BodyKind::files:
      call["@files"] = json::array{json::object{{"name", "a.txt"}, {"content", "a"}}};
      return;
    case BodyKind::bytes:
      call["@content"] = "a";
      call["@contentType"] = "image/png";
      return;
  }
}

struct Body {
  std::string_view operation, json;
};

inline constexpr Body kJiraBodies[] = {
    {"create-issue", R"({"fields":{"project":{"key":"PROJ"},"issuetype":{"name":"Task"},"summary":"s"}})"},
    {"create-issues",
     R"({"issueUpdates":[{"fields":{"project":{"key":"PROJ"},"issuetype":{"name":"Task"},"summary":"s"}}]})"},
    {"bulk-fetch-issues", R"({"issueIdsOrKeys":["PROJ-1","PROJ-99"]})"},
    {"match-issues", R"({"issueIds":[10002],"jqls":["project = PROJ","no ="]})"},
    {"search-for-issues-using-jql-post", R"({"jql":"project = PROJ"})"},
    {"edit-issue", R"({"fields":{"summary":"s"}})"},
    {"do-transition", R"({"transition":{"id":"31"}})"},
    {"assign-issue", R"({"accountId":null})"},
    {"search-issues-post", R"({"jql":"project = PROJ"})"},
    {"count-issues", R"({"jql":"project = PROJ"})"},
    {"create-project", R"({"key":"NEW","name":"New"})"},
    {"add-worklog", R"({"timeSpent":"3h 20m"})"},
    {"update-worklog", R"({"timeSpentSeconds":60})"},
    {"add-watcher", R"("655362:312d3308-8954-42b0-aa38-771a10c88656")"},
    {"get-is-watching-issue-bulk", R"({"issueIds":["PROJ-1","1"]})"},
};

inline void name_what_jira_has(const ServedApi& api, const Operation& operation, const Site& site,
                               json::object& call) {
  for (auto& [name, value] : call) {
    if (name == "issueIdOrKey") value = "PROJ-1";
    if (name == "projectIdOrKey") value = "PROJ";
    if (name == "accountId")
      value = value.is_array() ? json::value(json::array{kDemoUser}) : json::value(kDemoUser);
    if (name == "id") value = site.issues.front().comments.front().id;
  }
  const Worklog& worklog = site.issues.front().worklogs.front();
  if (operation.path.find("/worklog/{id}") != std::string_view::npos) call["id"] = worklog.id;
  if (operation.name == "get-worklogs-for-ids")
    call["@body"] = {{"ids", {parse_whole(worklog.id).value_or(0)}}};
  if (operation.name == "remove-watcher") call["accountId"] = kDemoAdmin;
  if (operation.name == "search-issues") call["jql"] = "project = PROJ";
  if (operation.name == "find-assignable-users") call["project"] = "PROJ";
  if (operation.name == "get-status") call["idOrName"] = "Done";
  if (operation.name == "get-comments-by-ids")
    call["@body"] = {{"ids", {parse_whole(site.issues.front().comments.front().id).value_or(0)}}};
  if (operation.name == "get-user") call["accountId"] = kDemoUser;
  if (operation.name == "find-users") call["query"] = "u";
  for (const Body& body : kJiraBodies) {
    if (body.operation == operation.name) call["@body"] = json::parse(body.json);
  }
  if (operation.name == "add-comment" || operation.name == "update-comment") {
    call["@body"] = {{"body", api.name == ApiName::jira_v2 ? json::value("text") : document_of("text")}};
  }
}

inline void name_what_confluence_has(const Operation& operation, const Site& site, json::object& call) {
  const bool of_space = operation.path.find("/spaces/{id}") != std::string_view::npos;
  if (call.contains("id")) call["id"] = of_space ? site.spaces.front().id : site.pages.front().id;
  if (call.contains("spaceKey")) call["spaceKey"] = "DOCS";
  const Page& page = site.pages.front();
  const bool of_comment = operation.path.find("/footer-comments/{id}") != std::string_view::npos;
  const bool of_label = operation.path.find("/labels/{id}") != std::string_view::npos;
  if (of_comment) call["id"] = page.comments.front().id;
  if (of_label) call["id"] = page.labels.front();
  if (call.contains("comment-id")) call["comment-id"] = page.comments.front().id;
  if (operation.path.find("{label}") != std::string_view::npos) call["label"] = "safety";
  if (operation.path.ends_with("/label") && call.contains("name")) call["name"] = "safety";
  const json::object text{{"representation", "storage"}, {"value", "<p/>"}};
  if (operation.name == "create-footer-comment") call["@body"] = {{"pageId", page.id}, {"body", text}};
  if (operation.name == "update-footer-comment")
    call["@body"] = {{"version", {{"number", 2}}}, {"body", text}};
  if (operation.name == "add-labels-to-content")
    call["@body"] = json::array{json::object{{"prefix", "global"}, {"name", "hot"}}};
  const std::string space = site.spaces.front().id;
  if (operation.name == "create-page") call["@body"] = {{"spaceId", space}, {"title", "New"}};
  if (operation.name == "create-space") call["@body"] = {{"key", "NEW"}, {"name", "New"}};
  if (operation.name == "update-page") {
    call["@body"] = {{"id", site.pages.front().id},
                     {"status", "current"},
                     {"title", "t"},
                     {"body", {{"representation", "storage"}, {"value", "<p/>"}}},
                     {"version", {{"number", 2}}}};
  }
}

/// A call that an operation accepts, as the runners of the typed clients take it: parameters by name, and the
/// body under `@body`, `@files` or `@content`. What state stands behind is named as the demo site has it.
inline json::object sample_call(ServedApi& api, const Operation& operation, const Site& site) {
  json::object call;
  for (const OperationParameter& parameter : operation.parameters) {
    if (!parameter.required) continue;
    const json::value value = value_of(parameter);
    call[parameter.name] = parameter.list ? json::value(json::array{value}) : value;
  }
  if (operation.body_required) add_body(api, operation, call);
  if (find_stateful(api.name, operation.name) == nullptr) return call;
  if (operation.product == Product::jira) {
    name_what_jira_has(api, operation, site, call);
  } else {
    name_what_confluence_has(operation, site, call);
  }
  return call;
}

/// The path of the operation with the call's parameters, and its query.
inline std::string target_of(const Operation& operation, const json::object& call) {
  const auto text = [](const json::value& value) {
    const json::value& one = value.is_array() ? value.get_array().front() : value;
    return detail::percent_encode(one.is_string() ? std::string(one.get_string())
                                  : one.is_bool() ? "true"
                                                  : std::to_string(one.to_number<std::int64_t>()));
  };
  std::string path(operation.path);
  std::string query;
  for (const OperationParameter& parameter : operation.parameters) {
    const json::value* given = call.if_contains(parameter.name);
    if (given == nullptr) continue;
    if (parameter.in == OperationParameter::In::path) {
      const std::string name = '{' + std::string(parameter.name) + '}';
      path.replace(path.find(name), name.size(), text(*given));
    } else if (parameter.in == OperationParameter::In::query) {
      query += (query.empty() ? '?' : '&') + std::string(parameter.name) + '=' + text(*given);
    }
  }
  return path + query;
}

}  // namespace tongs::emulator::testing
