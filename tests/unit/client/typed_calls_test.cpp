// What generated functions share, on a few of them.
#include <limits>

#include <gtest/gtest.h>

#include <tongs/jira/software/operations.hpp>
#include <tongs/jira/software/sprint.hpp>
#include <tongs/jira/v3/issue_attachments.hpp>
#include <tongs/jira/v3/issue_fields.hpp>
#include <tongs/jira/v3/issues.hpp>
#include <tongs/jira/v3/operations.hpp>
#include <tongs/jira/v3/user_search.hpp>
#include <tongs/testing/mock_adapter.hpp>

namespace tongs::jira::v3 {
namespace {

using testing::MockAdapter;
using Query = std::vector<std::pair<std::string, std::string>>;

class TypedCalls : public ::testing::Test {
 protected:
  BoundClient client() { return as_app(adapter_); }
  ApiRequest sent() { return adapter_->last_call()->request; }
  std::shared_ptr<MockAdapter> adapter_ = std::make_shared<MockAdapter>();
};

std::string header_of(const ApiRequest& request, std::string_view name) {
  for (const Header& header : request.headers) {
    if (same_header_name(header.name, name)) return header.value;
  }
  return {};
}

template <class Request>
concept NeedsNothing = requires { Request{}; };
static_assert(!NeedsNothing<GetIssue>, "an issue must be named");
static_assert(!NeedsNothing<CreateIssue>, "a body must be given");

TEST_F(TypedCalls, TakeIdsAsNumbersAndAsTexts) {
  (void)get_issue(client(), {.issue_id_or_key = 10001});
  EXPECT_EQ(sent().path_parameters, (Query{{"issueIdOrKey", "10001"}}));
  (void)software::get_sprint(client(), {.sprint_id = "37"});
  EXPECT_EQ(sent().path_parameters, (Query{{"sprintId", "37"}}));
}

TEST_F(TypedCalls, RefuseAClientOfAnotherProduct) {
  const auto wiki = std::make_shared<MockAdapter>(Product::confluence);
  const auto issue = get_issue(as_app(wiki), {.issue_id_or_key = "A-1"});
  ASSERT_FALSE(issue);
  EXPECT_EQ(issue.error().code(), Errc::invalid_argument);
  EXPECT_EQ(wiki->count(), 0U);
}

TEST_F(TypedCalls, TakeAnEmptyAnswerForNoValue) {
  adapter_->answer(204);
  const auto issue = get_issue(client(), {.issue_id_or_key = "A-1"});
  ASSERT_TRUE(issue);
  EXPECT_FALSE(issue->exists());
  EXPECT_FALSE(issue->changelog().exists());
}

TEST_F(TypedCalls, RefuseAnAnswerOfAnotherKind) {
  adapter_->answer(200, "[]");
  const auto issue = get_issue(client(), {.issue_id_or_key = "A-1"});
  ASSERT_FALSE(issue);
  EXPECT_EQ(issue.error().code(), Errc::malformed_response);
  adapter_->answer(200, "{}");
  const auto fields = get_fields(client());
  ASSERT_FALSE(fields);
  EXPECT_EQ(fields.error().code(), Errc::malformed_response);
}

TEST_F(TypedCalls, ReadMembersOfAnotherKindAsAbsent) {
  adapter_->answer(200, R"({"key":7,"id":null,"transitions":{"a":1},"changelog":[]})");
  const auto issue = get_issue(client(), {.issue_id_or_key = "A-1"});
  ASSERT_TRUE(issue);
  EXPECT_FALSE(issue->key());
  EXPECT_FALSE(issue->id());
  for (const auto& transition : issue->transitions()) EXPECT_FALSE(transition.id());
}

TEST_F(TypedCalls, WriteBodiesMemberByMember) {
  (void)create_issue(client(), {.body = input::IssueUpdateDetails().fields(Json::object(
                                    {{"summary", "Hot \"iron\""}, {"labels", Json::array({"a", 1})}}))});
  EXPECT_EQ(sent().body, R"({"fields":{"summary":"Hot \"iron\"","labels":["a",1]}})");
  EXPECT_FALSE(sent().idempotent);
}

TEST_F(TypedCalls, TakeBodiesAsTheyAreWritten) {
  (void)create_issue(client(), {.body = Json::raw(R"({"fields":{}})")});
  EXPECT_EQ(sent().body, R"({"fields":{}})");
  EXPECT_FALSE(Json::parse("{"));
}

TEST(Input, KeepsThePlaceOfAMemberThatIsSetAgain) {
  Input input;
  input.set("a", 1).set("b", true).set("a", nullptr);
  EXPECT_EQ(input.json().text(), R"({"a":null,"b":true})");
  EXPECT_EQ(Json(std::numeric_limits<double>::quiet_NaN()).text(), "null");
  EXPECT_EQ(Json(0.5).text(), "0.5");
}

TEST_F(TypedCalls, UploadFiles) {
  adapter_->answer(200, R"([{"id":"7","filename":"a.txt"}])");
  const auto made = add_attachment(
      client(), {.issue_id_or_key = "A-1",
                 .files = {{.name = "a \"b\".txt", .content = "hot", .content_type = "text/plain"}}});
  ASSERT_TRUE(made);
  EXPECT_EQ(made->size(), 1U);
  EXPECT_EQ(header_of(sent(), "x-atlassian-token"), "no-check");
  EXPECT_EQ(header_of(sent(), "content-type"), "multipart/form-data; boundary=----tongs-part-0");
  EXPECT_EQ(
      sent().body,
      "------tongs-part-0\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a %22b%22.txt\"\r\n"
      "content-type: text/plain\r\n\r\nhot\r\n------tongs-part-0--\r\n");
}

TEST_F(TypedCalls, ChooseABoundaryThatNoFileHolds) {
  (void)add_attachment(client(),
                       {.issue_id_or_key = "A-1", .files = {{.name = "a", .content = "----tongs-part-0"}}});
  EXPECT_EQ(header_of(sent(), "content-type"), "multipart/form-data; boundary=----tongs-part-1");
}

TEST_F(TypedCalls, RefuseFileNamesThatWouldEndAHeader) {
  const auto made =
      add_attachment(client(), {.issue_id_or_key = "A-1", .files = {{.name = "a\r\nx: y", .content = ""}}});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code(), Errc::invalid_argument);
  EXPECT_EQ(adapter_->count(), 0U);
}

TEST_F(TypedCalls, FollowAFileToWhereItRests) {
  adapter_->answer(303, {}, {{"location", "https://media.example/file?token=t"}})
      .answer(200, "bytes", {{"content-type", "image/png"}});
  const auto file = get_attachment_content(client(), {.id = "7"});
  ASSERT_TRUE(file);
  EXPECT_EQ(file->bytes, "bytes");
  EXPECT_EQ(file->content_type, "image/png");
  EXPECT_EQ(sent().path, "https://media.example/file?token=t");
}

TEST_F(TypedCalls, FollowAFileOnlySoFar) {
  adapter_->otherwise([](const ApiRequest&, const Identity&, const CallOptions&) -> Result<HttpResponse> {
    return HttpResponse{302, {{"location", "https://media.example/again"}}, {}};
  });
  const auto file = get_attachment_content(client(), {.id = "7"});
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code(), Errc::malformed_response);
  EXPECT_EQ(adapter_->count(), 6U);
}

TEST_F(TypedCalls, TellTheStatusWhereItDecides) {
  adapter_->answer(303, {}, {{"location", "/rest/api/3/task/1"}});
  const auto reply = delete_custom_field(client(), {.id = "customfield_1"});
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status(), 303);
  EXPECT_EQ(reply->location(), "/rest/api/3/task/1");
  EXPECT_EQ(adapter_->count(), 1U);
}

TEST_F(TypedCalls, StopAskingWhenTheCallerStops) {
  adapter_->answer(200, R"([{"accountId":"a"},{"accountId":"b"}])").answer(200, "[]");
  auto users = find_users_pages(client(), {.query = "x"});
  ASSERT_TRUE(users);
  int seen = 0;
  EXPECT_TRUE(users->for_each([&](const User& user) { return ++seen < 2 && user.account_id() == "a"; }));
  EXPECT_EQ(seen, 2);
  EXPECT_EQ(adapter_->count(), 1U);
}

TEST_F(TypedCalls, GoOnWhereAPositionWasKept) {
  adapter_->answer(200, R"([{"accountId":"a"}])").answer(200, "[]");
  auto first = find_users_pages(client(), {});
  ASSERT_TRUE(first && first->next());
  auto second = find_users_pages(client(), {}, first->position());
  ASSERT_TRUE(second && second->next());
  EXPECT_EQ(sent().query, (Query{{"startAt", "1"}}));
  EXPECT_FALSE(find_users_pages(client(), {}, "token:other"));
}

TEST_F(TypedCalls, GiveAnErrorAsTheLastItem) {
  adapter_->answer(200, R"([{"accountId":"a"}])").answer(400, R"({"errorMessages":["no"]})");
  auto users = find_users_pages(client(), {});
  ASSERT_TRUE(users);
  std::vector<bool> fine;
  for (const auto& user : users->items()) fine.push_back(user.has_value());
  EXPECT_EQ(fine, (std::vector{true, false}));
}

TEST(OperationTable, KnowsEveryOperation) {
  EXPECT_EQ(operations().size(), 619U);
  const auto issue = operations().find("get-issue");
  ASSERT_TRUE(issue);
  EXPECT_EQ(issue->id, "getIssue");
  EXPECT_EQ(issue->method, "GET");
  EXPECT_EQ(issue->path, "/rest/api/3/issue/{issueIdOrKey}");
  EXPECT_EQ(issue->parameters.size(), 7U);
  EXPECT_TRUE(issue->parameters[0].required);
  EXPECT_TRUE(issue->parameters[1].list);
  EXPECT_EQ(issue->classic_scopes, (ScopeAlternatives{{"read:jira-work"}}));
  EXPECT_EQ(operations().find("getIssue")->name, "get-issue");
  EXPECT_FALSE(operations().find("get-isue"));
}

TEST(OperationTable, KnowsEveryPagedOperation) {
  std::size_t paged = 0;
  for (const OperationTable* table : {&operations(), &software::operations()}) {
    for (std::size_t i = 0; i < table->size(); ++i) paged += (*table)[i].paging ? 1 : 0;
  }
  EXPECT_EQ(paged, 106U + 23U);
}

}  // namespace
}  // namespace tongs::jira::v3
