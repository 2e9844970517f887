#include <algorithm>
#include <array>
#include <utility>
#include <variant>

#include "emulator/products/jira_fields.hpp"
#include "emulator/products/jira_views.hpp"
#include "emulator/products/offset_page.hpp"
#include "emulator/products/stateful.hpp"

namespace tongs::emulator {

namespace {

/// The document under `body`, or what is wrong.
std::variant<json::value, HttpResponse> text_in_body(const ProductCall& call) {
  auto body = parse_json_object(call.http.body);
  if (const auto* problem = std::get_if<Problem>(&body)) return jira_error(400, problem->describe());
  const json::value* text = std::get<json::object>(body).if_contains("body");
  auto document = text == nullptr || text->is_null() ? std::nullopt : read_document(call, *text);
  if (document) return *std::move(document);
  return jira_field_errors(
      {{"comment", call.api == ApiName::jira_v2 ? "The body must be a text."
                                                : "The body must be an Atlassian Document."}});
}

HttpResponse get_comments(ProductCall& call) {
  const Issue* issue = visible_issue(call);
  if (issue == nullptr) return no_such_issue();
  const auto page = offset_page(call.http, 100, 5000);
  if (!page) return jira_error(400, "startAt and maxResults must be numbers.");
  json::array comments;
  for (const std::size_t i : page->of(issue->comments.size()))
    comments.push_back(jira_comment(call, *issue, issue->comments[i]));
  return json_answer(200, {{"startAt", page->start},
                           {"maxResults", page->most},
                           {"total", issue->comments.size()},
                           {"comments", std::move(comments)}});
}

HttpResponse add_comment(ProductCall& call) {
  Issue* issue = visible_issue(call);
  if (issue == nullptr) return no_such_issue();
  auto text = text_in_body(call);
  if (auto* refused = std::get_if<HttpResponse>(&text)) return std::move(*refused);
  issue->comments.push_back(
      {call.site.next_id(), std::string(call.account()), std::get<json::value>(std::move(text)), call.now});
  issue->updated = call.now;
  return json_answer(201, jira_comment(call, *issue, issue->comments.back()));
}

/// The comment of the path; null if the issue has none of that id.
Comment* comment_of(const ProductCall& call, Issue& issue) {
  const auto found = std::find_if(issue.comments.begin(), issue.comments.end(), [&](const Comment& comment) {
    return comment.id == call.parameters.at("id");
  });
  return found == issue.comments.end() ? nullptr : &*found;
}

HttpResponse no_such_comment() { return jira_error(404, "Can not find a comment for the id."); }

HttpResponse get_comment(ProductCall& call) {
  Issue* issue = visible_issue(call);
  if (issue == nullptr) return no_such_issue();
  const Comment* comment = comment_of(call, *issue);
  return comment == nullptr ? no_such_comment() : json_answer(200, jira_comment(call, *issue, *comment));
}

HttpResponse update_comment(ProductCall& call) {
  Issue* issue = visible_issue(call);
  if (issue == nullptr) return no_such_issue();
  Comment* comment = comment_of(call, *issue);
  if (comment == nullptr) return no_such_comment();
  auto text = text_in_body(call);
  if (auto* refused = std::get_if<HttpResponse>(&text)) return std::move(*refused);
  comment->body = std::get<json::value>(std::move(text));
  issue->updated = call.now;
  return json_answer(200, jira_comment(call, *issue, *comment));
}

HttpResponse delete_comment(ProductCall& call) {
  Issue* issue = visible_issue(call);
  if (issue == nullptr) return no_such_issue();
  const Comment* comment = comment_of(call, *issue);
  if (comment == nullptr) return no_such_comment();
  std::erase_if(issue->comments, [id = comment->id](const Comment& other) { return other.id == id; });
  issue->updated = call.now;
  return {204, {}, {}};
}

/// Comments of any issue that the caller may see.
HttpResponse get_comments_by_ids(ProductCall& call) {
  const auto read = parse_json_object(call.http.body);
  if (const auto* problem = std::get_if<Problem>(&read)) return jira_error(400, problem->describe());
  const auto* ids = array_in(std::get<json::object>(read), "ids");
  json::array values;
  for (const Issue& issue : call.site.issues) {
    if (ids == nullptr || !may_see(call.site, issue, call.account())) continue;
    for (const Comment& comment : issue.comments) {
      const bool asked = std::any_of(ids->begin(), ids->end(), [&](const json::value& id) {
        return id.is_int64() && std::to_string(id.get_int64()) == comment.id;
      });
      if (asked) values.push_back(jira_comment(call, issue, comment));
    }
  }
  const std::size_t count = values.size();
  return json_answer(200, {{"startAt", 0},
                           {"maxResults", 1000},
                           {"total", count},
                           {"isLast", true},
                           {"values", std::move(values)}});
}

constexpr std::array kOperations{
    StatefulOperation{"get-comments", get_comments},
    StatefulOperation{"add-comment", add_comment},
    StatefulOperation{"get-comment", get_comment},
    StatefulOperation{"update-comment", update_comment},
    StatefulOperation{"delete-comment", delete_comment},
    StatefulOperation{"get-comments-by-ids", get_comments_by_ids},
};

}  // namespace

std::span<const StatefulOperation> jira_comment_operations() { return kOperations; }

}  // namespace tongs::emulator
