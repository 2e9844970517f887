// The typed clients, as docs/guide/typed-clients.md shows them, against a scripted Jira.
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>

#include <tongs/client.hpp>
#include <tongs/jira/v3/issue_attachments.hpp>
#include <tongs/jira/v3/issue_fields.hpp>
#include <tongs/jira/v3/issue_search.hpp>
#include <tongs/jira/v3/issues.hpp>
#include <tongs/jira/v3/operations.hpp>
#include <tongs/result.hpp>
#include <tongs/testing/mock_adapter.hpp>

namespace {

namespace v3 = tongs::jira::v3;
using tongs::Result;

// [read]
Result<std::string> status_of(const tongs::BoundClient& client, const std::string& key) {
  const auto issue =
      v3::get_issue(client, {.issue_id_or_key = key, .fields = {"status", "customfield_10010"}});
  if (!issue) return issue.error();
  const auto custom = issue->fields()["customfield_10010"];  // what no catalog knows
  return std::string(issue->fields().at("status", "name").string_or("?")) +
         (custom ? " with custom field" : "");
}
// [end]

// [write]
Result<std::string> report(const tongs::BoundClient& client, const std::string& summary) {
  const auto made = v3::create_issue(
      client, {.body = v3::input::IssueUpdateDetails().fields(
                   tongs::Json::object({{"project", tongs::Json::object({{"key", "PROJ"}})},
                                        {"issuetype", tongs::Json::object({{"name", "Task"}})},
                                        {"summary", summary}}))});
  if (!made) return made.error();
  return std::string(made->key().value_or(""));
}
// [end]

// [pages]
Result<int> count_open(const tongs::BoundClient& client, const tongs::CallOptions& each_page) {
  auto found = v3::search_issues_pages(client, {.jql = "project = PROJ", .fields = {"status"}});
  if (!found) return found.error();
  int open = 0;
  for (const auto& issue : found->items(each_page)) {
    if (!issue) return issue.error();
    if (issue->fields().at("status", "name").string() != "Done") ++open;
    if (open == 100) break;  // no page is asked for that nobody wants
  }
  return open;
}
// [end]

// [files]
Result<std::string> keep(const tongs::BoundClient& client, const std::string& key) {
  const auto sent = v3::add_attachment(
      client, {.issue_id_or_key = key, .files = {{.name = "log.txt", .content = "it was hot\n"}}});
  if (!sent) return sent.error();
  const auto file = v3::get_attachment_content(client, {.id = *(*sent->begin()).id()});
  if (!file) return file.error();
  return file->bytes;
}
// [end]

// [status]
Result<bool> is_done_at_once(const tongs::BoundClient& client) {
  const auto reply = v3::delete_custom_field(client, {.id = "customfield_10010"});
  if (!reply) return reply.error();
  if (reply->status() == 303) return false;  // a task does it: reply->location() says which
  return true;
}
// [end]

int run() {
  const auto jira = std::make_shared<tongs::testing::MockAdapter>();
  jira->answer(200, R"({"fields":{"status":{"name":"Open"},"customfield_10010":7}})")
      .answer(201, R"({"id":"10002","key":"PROJ-2"})")
      .answer(200, R"({"issues":[{"fields":{"status":{"name":"Open"}}}],"nextPageToken":"t"})")
      .answer(200, R"({"issues":[{"fields":{"status":{"name":"Done"}}}],"isLast":true})")
      .answer(200, R"([{"id":"7"}])")
      .answer(303, {}, {{"location", "https://media.example/7"}})
      .answer(200, "it was hot\n", {{"content-type", "text/plain"}})
      .answer(303, {}, {{"location", "/rest/api/3/task/1"}});
  const auto client = as_app(jira);

  const std::string status = status_of(client, "PROJ-1").value();
  const std::string key = report(client, "The iron is hot").value();
  const int open = count_open(client, tongs::CallOptions::within(std::chrono::seconds(5))).value();
  const std::string file = keep(client, key).value();
  const bool done = is_done_at_once(client).value();
  const auto operation = v3::operations().find("get-issue");

  std::cout << status << ", " << key << ", " << open << " open, " << file.size() << " bytes, "
            << (operation ? operation->classic_scopes[0][0] : "?") << "\n";
  return jira->unused() == 0 && open == 1 && !done ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace

int main() try { return run(); } catch (const tongs::BadResult& failure) {
  std::cerr << failure.what() << "\n";
  return EXIT_FAILURE;
}
