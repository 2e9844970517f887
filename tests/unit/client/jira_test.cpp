#include <gtest/gtest.h>

#include <tongs/jira/v3/issue_search.hpp>
#include <tongs/jira/v3/issues.hpp>
#include <tongs/jira/v3/myself.hpp>
#include <tongs/testing/mock_adapter.hpp>

namespace tongs::jira::v3 {
namespace {

using testing::MockAdapter;
using Query = std::vector<std::pair<std::string, std::string>>;

class JiraTest : public ::testing::Test {
 protected:
  BoundClient client() { return as_app(adapter_); }
  ApiRequest sent() { return adapter_->last_call()->request; }
  std::shared_ptr<MockAdapter> adapter_ = std::make_shared<MockAdapter>();
};

TEST_F(JiraTest, AnIssueIsAskedForByItsKey) {
  adapter_->answer(200,
                   R"({"id":"10001","key":"PROJ-1","fields":{"summary":"Hot","customfield_1":{"value":7}}})");
  const auto issue =
      get_issue(client(), {.issue_id_or_key = "PROJ-1", .fields = {"summary", "customfield_1"}});
  ASSERT_TRUE(issue);
  EXPECT_EQ(issue->id(), "10001");
  EXPECT_EQ(issue->key(), "PROJ-1");
  EXPECT_EQ(issue->summary(), "Hot");
  EXPECT_EQ(issue->fields().at("customfield_1", "value").integer(), 7);
  EXPECT_FALSE(issue->self());
  EXPECT_EQ(sent().method, "GET");
  EXPECT_EQ(sent().path_parameters, (Query{{"issueIdOrKey", "PROJ-1"}}));
  EXPECT_EQ(sent().query, (Query{{"fields", "summary"}, {"fields", "customfield_1"}}));
}

TEST_F(JiraTest, EveryOptionOfAnIssueIsSentOnlyIfSet) {
  (void)get_issue(client(), {.issue_id_or_key = "1"});
  EXPECT_TRUE(sent().query.empty());
  (void)get_issue(client(), {.issue_id_or_key = "1",
                             .fields_by_keys = true,
                             .expand = "names",
                             .properties = {"a"},
                             .update_history = false,
                             .fail_fast = true});
  EXPECT_EQ(sent().query, (Query{{"fieldsByKeys", "true"},
                                 {"expand", "names"},
                                 {"properties", "a"},
                                 {"updateHistory", "false"},
                                 {"failFast", "true"}}));
}

TEST_F(JiraTest, AnAnswerOutlivesItsClientAndItsCopies) {
  std::optional<Issue> issue;
  {
    adapter_->answer(200, R"({"issues":[{"key":"A-1"},{"key":"A-2"}]})");
    const auto results = search_issues(client(), {.jql = "project = A"});
    ASSERT_TRUE(results);
    auto second = results->issues().begin();
    issue = *++second;
  }
  EXPECT_EQ(issue->key(), "A-2");
}

TEST_F(JiraTest, SearchByPostSendsItsBodyAndMayBeRepeated) {
  adapter_->answer(200, R"({"issues":[{"id":"1"}],"nextPageToken":"t","isLast":false})");
  const auto results = search_issues_post(client(), {.body = input::SearchAndReconcileRequest()
                                                                 .jql("text ~ \"x\"")
                                                                 .fields({"summary"})
                                                                 .max_results(10)
                                                                 .next_page_token("p")
                                                                 .expand("names")
                                                                 .fields_by_keys(false)
                                                                 .properties({"q"})
                                                                 .reconcile_issues({7, 8})});
  ASSERT_TRUE(results);
  EXPECT_EQ(results->issues().size(), 1U);
  EXPECT_FALSE(results->issues().empty());
  EXPECT_EQ(results->next_page_token(), "t");
  EXPECT_EQ(results->is_last(), false);
  EXPECT_EQ(sent().method, "POST");
  EXPECT_TRUE(sent().idempotent);
  EXPECT_EQ(
      sent().body,
      R"({"jql":"text ~ \"x\"","fields":["summary"],"maxResults":10,"nextPageToken":"p","expand":"names","fieldsByKeys":false,"properties":["q"],"reconcileIssues":[7,8]})");
}

TEST_F(JiraTest, ALeanSearchSendsOnlyItsQuery) {
  adapter_->answer(200, "{}");
  const auto results = search_issues(client(), {.jql = "a = b"});
  ASSERT_TRUE(results);
  EXPECT_TRUE(results->issues().empty());
  EXPECT_EQ(sent().query, (Query{{"jql", "a = b"}}));
  EXPECT_FALSE(sent().body);
}

TEST_F(JiraTest, AllPagesOfASearchAreWalked) {
  adapter_->answer(200, R"({"issues":[{"key":"A-1"}],"nextPageToken":"t"})")
      .answer(200, R"({"issues":[{"key":"A-2"}],"isLast":true})");
  auto pages = search_issues_pages(client(), {.jql = "project = A"});
  ASSERT_TRUE(pages);
  std::string keys;
  for (const auto& issue : pages->items()) keys += *issue->key();
  EXPECT_EQ(keys, "A-1A-2");
  EXPECT_EQ(sent().query, (Query{{"jql", "project = A"}, {"nextPageToken", "t"}}));
}

TEST_F(JiraTest, TheCurrentUserIsRead) {
  adapter_->answer(
      200,
      R"({"accountId":"5b:1","accountType":"atlassian","displayName":"Ann","emailAddress":null,"active":true,"timeZone":"UTC","locale":"en_GB"})");
  const auto user = get_current_user(client());
  ASSERT_TRUE(user);
  EXPECT_EQ(user->account_id(), "5b:1");
  EXPECT_EQ(user->account_type(), "atlassian");
  EXPECT_EQ(user->display_name(), "Ann");
  EXPECT_FALSE(user->email_address());
  EXPECT_EQ(user->active(), true);
  EXPECT_EQ(user->time_zone(), "UTC");
  EXPECT_EQ(user->locale(), "en_GB");
  EXPECT_EQ(sent().path, "/rest/api/3/myself");
}

TEST_F(JiraTest, AnAnswerThatIsNoObjectIsMalformed) {
  for (const char* body : {"[]", "\"x\"", "7"}) {
    adapter_->answer(200, body);
    EXPECT_EQ(get_current_user(client()).error().code(), Errc::malformed_response) << body;
  }
}

TEST_F(JiraTest, AFailureIsHandedOn) {
  adapter_->answer(404, R"({"errorMessages":["Issue does not exist"]})");
  EXPECT_EQ(get_issue(client(), {.issue_id_or_key = "X-1"}).error().code(), Errc::not_found);
}

TEST_F(JiraTest, AClientOfAnotherProductIsRefused) {
  const auto elsewhere = as_app(std::make_shared<MockAdapter>(Product::confluence));
  EXPECT_EQ(get_current_user(elsewhere).error().code(), Errc::invalid_argument);
  EXPECT_EQ(search_issues_pages(elsewhere, {.jql = "a"}).error().code(), Errc::invalid_argument);
}

}  // namespace
}  // namespace tongs::jira::v3
