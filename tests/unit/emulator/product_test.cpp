#include <string>
#include <string_view>

#include "emulator/products/site_json.hpp"
#include "unit/emulator/support.hpp"

namespace tongs::emulator::testing {
namespace {

using namespace std::chrono_literals;

class Products : public ::testing::Test {
 protected:
  explicit Products(App app = quiet_app()) : stage_(std::move(app)) {
    installation_ = stage_.install(R"({"site":"demo"})");
    jira_ = "/ex/jira/" + text_at(installation_, "cloudId");
    wiki_ = "/ex/confluence/" + text_at(installation_, "cloudId") + "/wiki/api/v2/pages";
    uma_ = user_token(kDemoUser);
    ada_ = user_token(kDemoAdmin);
    app_ = stage_.last_header("x-forge-oauth-system");
  }

  std::string user_token(std::string_view account) {
    stage_.admin("POST", "/_emulator/invoke",
                 R"({"module":"panel","path":"/","user":")" + std::string(account) +
                     R"(","installationId":")" + text_at(installation_, "id") + "\"}");
    return stage_.last_header("x-forge-oauth-user");
  }

  json::object get(std::string_view path, std::string_view token) {
    const auto answer = stage_.api("GET", path, token);
    EXPECT_EQ(answer.status, 200) << answer.body;
    return json::parse(answer.body).as_object();
  }
  int status(std::string method, const std::string& path, std::string_view token, std::string body = {}) {
    return stage_.api(std::move(method), path, token, std::move(body)).status;
  }

  Stage stage_;
  json::object installation_;
  std::string jira_, wiki_, uma_, ada_, app_;
};

TEST_F(Products, MyselfIsWhomTheTokenStandsFor) {
  const auto uma = get(jira_ + "/rest/api/3/myself", uma_);
  EXPECT_EQ(uma.at("accountId").as_string(), kDemoUser);
  EXPECT_EQ(uma.at("displayName").as_string(), "Uma User");
  const auto app = get(jira_ + "/rest/api/3/myself", app_);
  EXPECT_EQ(app.at("accountType").as_string(), "app");
}

TEST_F(Products, ServerInfoNeedsNoToken) {
  EXPECT_EQ(get(jira_ + "/rest/api/3/serverInfo", "").at("baseUrl").as_string(),
            "https://demo.atlassian.net");
  EXPECT_EQ(status("GET", "/ex/jira/demo/rest/api/3/serverInfo", ""), 401) << "a cloud id, not a name";
}

TEST_F(Products, IssuesAreReadByKeyAndByIdWithTheFieldsAskedFor) {
  const auto issue = get(jira_ + "/rest/api/3/issue/PROJ-1", uma_);
  const auto& fields = issue.at("fields").as_object();
  EXPECT_EQ(fields.at("summary").as_string(), "First light");
  EXPECT_EQ(fields.at("status").at("name").as_string(), "In Progress");
  EXPECT_EQ(fields.at("assignee").at("accountId").as_string(), kDemoUser);
  EXPECT_EQ(fields.at("comment").at("total").as_int64(), 1);
  EXPECT_EQ(fields.at("description").at("type").as_string(), "doc");
  const std::string id(issue.at("id").as_string());
  EXPECT_EQ(get(jira_ + "/rest/api/3/issue/" + id, uma_).at("key").as_string(), "PROJ-1");
  EXPECT_EQ(json::serialize(get(jira_ + "/rest/api/3/issue/proj-1?fields=summary,labels", uma_).at("fields")),
            R"({"summary":"First light","labels":["demo"]})");
  const auto most = get(jira_ + "/rest/api/3/issue/PROJ-1?fields=*all,-comment", uma_);
  EXPECT_FALSE(most.at("fields").as_object().contains("comment"));
  EXPECT_TRUE(most.at("fields").as_object().contains("summary"));
}

TEST_F(Products, WhoMayNotSeeAnIssueIsToldThatThereIsNone) {
  EXPECT_EQ(status("GET", jira_ + "/rest/api/3/issue/SECRET-1", ada_), 200);
  const auto hidden = stage_.api("GET", jira_ + "/rest/api/3/issue/SECRET-1", uma_);
  const auto missing = stage_.api("GET", jira_ + "/rest/api/3/issue/SECRET-99", uma_);
  EXPECT_EQ(hidden.status, 404);
  EXPECT_EQ(hidden.body, missing.body);
  EXPECT_EQ(
      hidden.body,
      R"({"errorMessages":["Issue does not exist or you do not have permission to see it."],"errors":{}})");
  EXPECT_EQ(status("GET", jira_ + "/rest/api/3/issue/SECRET-1", app_), 404);
  EXPECT_EQ(status("PUT", jira_ + "/rest/api/3/issue/SECRET-1", uma_, R"({"fields":{"summary":"x"}})"), 404);
}

TEST_F(Products, CreatesAndEditsIssues) {
  const auto made = stage_.api(
      "POST", jira_ + "/rest/api/3/issue", uma_,
      R"({"fields":{"project":{"key":"PROJ"},"issuetype":{"name":"Bug"},"summary":"New","labels":["a"],)"
      R"("assignee":{"accountId":"557058:11111111-2222-4333-8444-555555555555"}}})");
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(text_at(json::parse(made.body), "key"), "PROJ-4");
  auto fields = get(jira_ + "/rest/api/3/issue/PROJ-4", uma_).at("fields").as_object();
  EXPECT_EQ(fields.at("reporter").at("accountId").as_string(), kDemoUser);
  stage_.real += 1min;
  EXPECT_EQ(status("PUT", jira_ + "/rest/api/3/issue/PROJ-4", ada_,
                   R"({"fields":{"summary":"Old","assignee":null}})"),
            204);
  fields = get(jira_ + "/rest/api/3/issue/PROJ-4", uma_).at("fields").as_object();
  EXPECT_EQ(fields.at("summary").as_string(), "Old");
  EXPECT_TRUE(fields.at("assignee").is_null());
  EXPECT_NE(fields.at("created"), fields.at("updated"));
}

TEST_F(Products, SaysWhichFieldIsWrong) {
  const auto errors = [&](std::string method, std::string path, std::string body) {
    const auto answer = stage_.api(std::move(method), jira_ + path, uma_, std::move(body));
    EXPECT_EQ(answer.status, 400);
    return json::serialize(json::parse(answer.body).at("errors"));
  };
  EXPECT_EQ(
      errors("POST", "/rest/api/3/issue", R"({"fields":{}})"),
      R"({"project":"Specify a valid project by its key or id.","summary":"You must specify a summary of the )"
      R"(issue.","issuetype":"Specify an issue type by its name."})");
  EXPECT_EQ(errors("POST", "/rest/api/3/issue",
                   R"({"fields":{"project":{"key":"SECRET"},"summary":"s","issuetype":{"name":"Task"}}})"),
            R"({"project":"Specify a valid project by its key or id."})");
  EXPECT_EQ(errors("PUT", "/rest/api/3/issue/PROJ-1", R"({"fields":{"customfield_1":1}})"),
            R"({"customfield_1":"Field cannot be set: the emulator does not know it."})");
  EXPECT_EQ(errors("PUT", "/rest/api/3/issue/PROJ-1", R"({"fields":{"description":"plain"}})"),
            R"({"description":"Operation value must be an Atlassian Document."})");
  EXPECT_EQ(
      errors("PUT", "/rest/api/3/issue/PROJ-1",
             R"({"fields":{"assignee":{"accountId":"1:x"},"summary":""}})"),
      R"({"assignee":"There is no user with this accountId.","summary":"You must specify a summary of the issue."})");
  EXPECT_EQ(status("PUT", jira_ + "/rest/api/3/issue/PROJ-1", uma_, "not json"), 400);
  EXPECT_EQ(status("PUT", jira_ + "/rest/api/3/issue/PROJ-1", uma_, "[]"), 400);
  EXPECT_EQ(
      get(jira_ + "/rest/api/3/issue/PROJ-1?fields=summary", uma_).at("fields").at("summary").as_string(),
      "First light")
      << "a refused edit changes nothing";
}

TEST_F(Products, CommentsAreReadAndAdded) {
  const std::string path = jira_ + "/rest/api/3/issue/PROJ-1/comment";
  const auto added = stage_.api("POST", path, uma_, R"({"body":{"type":"doc","version":1,"content":[]}})");
  EXPECT_EQ(added.status, 201);
  const auto page = get(path + "?startAt=1&maxResults=5", uma_);
  EXPECT_EQ(page.at("total").as_int64(), 2);
  EXPECT_EQ(page.at("comments").as_array().size(), 1U);
  EXPECT_EQ(page.at("comments").at(0).at("author").at("accountId").as_string(), kDemoUser);
  EXPECT_EQ(status("POST", path, uma_, R"({"body":"plain"})"), 400);
}

TEST_F(Products, TimeIsLoggedAndSummedUp) {
  const std::string issue = jira_ + "/rest/api/3/issue/PROJ-1", path = issue + "/worklog";
  const auto added =
      stage_.api("POST", path, uma_, R"({"timeSpent":"1d 3h 20m","started":"2026-01-02T03:04:05.000+0200"})");
  ASSERT_EQ(added.status, 201) << added.body;
  const auto worklog = json::parse(added.body).as_object();
  EXPECT_EQ(worklog.at("timeSpentSeconds").as_int64(), (8 + 3) * 3600 + 20 * 60);
  EXPECT_EQ(text_at(worklog, "started"), "2026-01-02T01:04:05.000Z");
  EXPECT_EQ(worklog.at("author").at("accountId").as_string(), kDemoUser);
  const auto page = get(path + "?startAt=1&maxResults=5", ada_);
  EXPECT_EQ(page.at("total").as_int64(), 2);
  ASSERT_EQ(page.at("worklogs").as_array().size(), 1U);
  EXPECT_EQ(get(path + "?startedBefore=1767400000000", uma_).at("total").as_int64(), 1);
  const std::string own = path + '/' + text_at(worklog, "id");
  EXPECT_EQ(status("PUT", own, uma_, R"({"timeSpentSeconds":7200})"), 200);
  EXPECT_EQ(text_at(get(own, uma_), "timeSpent"), "2h");
  EXPECT_EQ(text_at(get(own, uma_), "started"), "2026-01-02T01:04:05.000Z") << "what is not said stays";
  EXPECT_EQ(get(issue, uma_).at("fields").at("timespent").as_int64(), 7200 + 5400);
  const auto by_id = stage_.api("POST", jira_ + "/rest/api/3/worklog/list", uma_,
                                R"({"ids":[)" + text_at(worklog, "id") + ",1]}");
  EXPECT_EQ(json::parse(by_id.body).as_array().size(), 1U) << by_id.body;
  EXPECT_EQ(status("DELETE", own, uma_), 204);
  EXPECT_EQ(status("GET", own, uma_), 404);
  for (const auto* wrong :
       {"{}", R"({"timeSpent":"soon"})", R"({"timeSpent":"0m"})", R"({"timeSpentSeconds":0})",
        R"({"timeSpent":"9999999999w"})", R"({"timeSpent":"1h","started":"today"})",
        R"({"timeSpent":"1h","comment":"plain"})"})
    EXPECT_EQ(status("POST", path, uma_, wrong), 400) << wrong;
  EXPECT_EQ(get(path, uma_).at("total").as_int64(), 1) << "what is refused changes nothing";
}

TEST_F(Products, IssuesAreWatchedAndVotedFor) {
  const std::string path = jira_ + "/rest/api/3/issue/PROJ-1";
  const std::string uma = "\"" + std::string(kDemoUser) + "\"";
  EXPECT_FALSE(get(path + "/watchers", uma_).at("isWatching").as_bool());
  EXPECT_EQ(status("POST", path + "/watchers", uma_, uma), 204);
  EXPECT_EQ(status("POST", path + "/watchers", uma_, uma), 204) << "once more changes nothing";
  const auto watched = get(path + "/watchers", uma_);
  EXPECT_EQ(watched.at("watchCount").as_int64(), 2);
  EXPECT_TRUE(watched.at("isWatching").as_bool());
  EXPECT_EQ(watched.at("watchers").at(1).at("accountId").as_string(), kDemoUser);
  const auto bulk = stage_.api("POST", jira_ + "/rest/api/3/issue/watching", uma_,
                               R"({"issueIds":["PROJ-1","PROJ-2","SECRET-1"]})");
  EXPECT_EQ(bulk.body, R"({"issuesIsWatching":{"PROJ-1":true,"PROJ-2":false,"SECRET-1":false}})");
  EXPECT_EQ(status("DELETE", path + "/watchers?accountId=" + std::string(kDemoUser), uma_), 204);
  EXPECT_EQ(get(path, uma_).at("fields").at("watches").at("watchCount").as_int64(), 1);
  EXPECT_EQ(status("DELETE", path + "/watchers", uma_), 400) << "nobody is named";
  EXPECT_EQ(status("POST", path + "/watchers", uma_, R"("1:nobody")"), 404);
  EXPECT_EQ(status("POST", jira_ + "/rest/api/3/issue/SECRET-1/watchers", ada_, uma), 400)
      << "who may not see an issue cannot watch it";
  EXPECT_TRUE(get(path + "/votes", uma_).at("hasVoted").as_bool());
  EXPECT_EQ(status("DELETE", path + "/votes", uma_), 204);
  EXPECT_EQ(get(path + "/votes", uma_).at("votes").as_int64(), 0);
  EXPECT_EQ(status("POST", path + "/votes", uma_), 204);
  EXPECT_EQ(get(path + "/votes", ada_).at("voters").at(0).at("accountId").as_string(), kDemoUser);
  EXPECT_EQ(status("POST", path + "/votes", ada_), 404) << "her own issue";
}

TEST_F(Products, SearchPagesByToken) {
  const std::string path = jira_ + "/rest/api/3/search/jql";
  const auto first = get(path + "?jql=project%3DPROJ&maxResults=2", uma_);
  EXPECT_EQ(first.at("issues").as_array().size(), 2U);
  EXPECT_FALSE(first.at("isLast").as_bool());
  EXPECT_EQ(first.at("issues").at(0).as_object().size(), 1U) << "only the id, unless fields are asked for";
  const std::string token(first.at("nextPageToken").as_string());
  const auto second = get(path + "?jql=project%3DPROJ&maxResults=2&nextPageToken=" + token, uma_);
  EXPECT_EQ(second.at("issues").as_array().size(), 1U);
  EXPECT_TRUE(second.at("isLast").as_bool());
  EXPECT_FALSE(second.contains("nextPageToken"));
  EXPECT_EQ(status("GET", path + "?jql=key%3DPROJ-1&nextPageToken=" + token, uma_), 400) << "another query";
  EXPECT_EQ(status("GET", path + "?jql=project%3DPROJ&nextPageToken=" + token, ada_), 400) << "another user";
  EXPECT_EQ(status("GET", path + "?jql=project%3DPROJ&nextPageToken=xx", uma_), 400);
}

TEST_F(Products, SearchByPostAnswersTheSame) {
  const std::string path = jira_ + "/rest/api/3/search/jql";
  const auto answer =
      stage_.api("POST", path, uma_, R"({"jql":"key = PROJ-1","fields":["summary"],"maxResults":5000})");
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(json::parse(answer.body).at("issues").at(0).at("fields").at("summary").as_string(),
            "First light");
  EXPECT_EQ(status("POST", path, uma_, R"({"jql":""})"), 400);
  EXPECT_EQ(status("POST", path, uma_, R"({"jqll":"key = PROJ-1"})"), 400);
  const auto mistake = stage_.api("POST", path, uma_, R"({"jql":"key ="})");
  EXPECT_EQ(json::parse(mistake.body).at("errorMessages").at(0).as_string(),
            "Error in the JQL query at character 6: expected a value.");
}

TEST_F(Products, TheOldSearchPagesByOffset) {
  for (const std::string version : {"2", "3"}) {
    const std::string path = jira_ + "/rest/api/" + version + "/search";
    const auto first = get(path + "?jql=project%3DPROJ%20ORDER%20BY%20key&maxResults=2&fields=summary", uma_);
    EXPECT_EQ(first.at("total").as_int64(), 3);
    EXPECT_EQ(first.at("issues").as_array().size(), 2U);
    EXPECT_EQ(first.at("issues").at(0).at("key").as_string(), "PROJ-1");
    EXPECT_EQ(first.at("issues").at(0).at("fields").as_object().size(), 1U);
    const auto rest =
        stage_.api("POST", path, uma_, R"({"jql":"project = PROJ ORDER BY key","startAt":2,"maxResults":2})");
    const auto second = json::parse(rest.body).as_object();
    EXPECT_EQ(second.at("startAt").as_int64(), 2);
    ASSERT_EQ(second.at("issues").as_array().size(), 1U) << rest.body;
    EXPECT_EQ(second.at("issues").at(0).at("key").as_string(), "PROJ-3");
    EXPECT_TRUE(second.at("issues").at(0).at("fields").as_object().contains("status"));
    EXPECT_EQ(get(path, uma_).at("total").as_int64(), get(path + "?jql=", uma_).at("total").as_int64());
    EXPECT_GT(get(path, ada_).at("total").as_int64(), get(path, uma_).at("total").as_int64())
        << "only what the caller may see";
    EXPECT_EQ(status("GET", path + "?jql=project%3D", uma_), 400);
    EXPECT_EQ(status("GET", path + "?startAt=x", uma_), 400);
    EXPECT_EQ(status("POST", path, uma_, R"({"jql":"a = b"})"), 400);
  }
}

TEST_F(Products, CreatesOfManyIssuesThoseThatAreRight) {
  const std::string path = jira_ + "/rest/api/3/issue/bulk";
  const std::string right =
      R"({"fields":{"project":{"key":"PROJ"},"issuetype":{"name":"Task"},"summary":"one of many"}})";
  const auto some = stage_.api(
      "POST", path, uma_,
      R"({"issueUpdates":[)" + right + R"(,{"fields":{"summary":"x"}},)" + right + R"(,{"update":{}}]})");
  ASSERT_EQ(some.status, 201) << some.body;
  const auto made = json::parse(some.body).as_object();
  ASSERT_EQ(made.at("issues").as_array().size(), 2U);
  EXPECT_EQ(made.at("issues").at(0).at("key").as_string(), "PROJ-4");
  EXPECT_EQ(made.at("issues").at(1).at("key").as_string(), "PROJ-5");
  ASSERT_EQ(made.at("errors").as_array().size(), 2U);
  EXPECT_EQ(made.at("errors").at(0).at("failedElementNumber").as_int64(), 1);
  EXPECT_TRUE(made.at("errors").at(0).at("elementErrors").at("errors").as_object().contains("project"));
  EXPECT_EQ(made.at("errors").at(1).at("failedElementNumber").as_int64(), 3);
  const auto found = get(jira_ + "/rest/api/3/search/jql?jql=summary~many&fields=summary", uma_);
  EXPECT_EQ(found.at("issues").as_array().size(), 2U) << "what was made is there";
  EXPECT_EQ(status("POST", path, uma_, R"({"issueUpdates":[{"fields":{"summary":"x"}}]})"), 400);
  EXPECT_EQ(status("POST", path, uma_, R"({"issueUpdates":[]})"), 400);
  EXPECT_EQ(status("POST", path, uma_, "{}"), 400);
  std::string many = right;
  for (int i = 0; i < 50; ++i) many += ',' + right;
  EXPECT_EQ(status("POST", path, uma_, R"({"issueUpdates":[)" + many + "]}"), 400);
  EXPECT_EQ(status("GET", jira_ + "/rest/api/3/issue/PROJ-6", uma_), 404) << "51 are too many, none is made";
}

TEST_F(Products, FetchesAndMatchesManyIssues) {
  const auto fetched =
      stage_.api("POST", jira_ + "/rest/api/3/issue/bulkfetch", uma_,
                 R"({"issueIdsOrKeys":["PROJ-2","NO-1","PROJ-1","PROJ-2"],"fields":["summary"]})");
  const auto answer = json::parse(fetched.body).as_object();
  ASSERT_EQ(answer.at("issues").as_array().size(), 2U) << fetched.body;
  EXPECT_EQ(answer.at("issues").at(0).at("key").as_string(), "PROJ-1");
  EXPECT_EQ(answer.at("issueErrors").at(0).at("id").as_string(), "NO-1");
  const std::string id(answer.at("issues").at(0).at("id").as_string());
  const auto matched =
      stage_.api("POST", jira_ + "/rest/api/3/jql/match", uma_,
                 R"({"issueIds":[)" + id + R"(,1],"jqls":["key = PROJ-1","key = PROJ-2","x ="]})");
  const auto matches = json::parse(matched.body).at("matches").as_array();
  ASSERT_EQ(matches.size(), 3U) << matched.body;
  EXPECT_EQ(json::serialize(matches[0]), R"({"matchedIssues":[)" + id + R"(],"errors":[]})");
  EXPECT_EQ(json::serialize(matches[1]), R"({"matchedIssues":[],"errors":[]})");
  EXPECT_EQ(matches[2].at("errors").as_array().size(), 1U);
}

TEST_F(Products, CommentsOfSeveralIssuesAreReadById) {
  const auto all = get(jira_ + "/rest/api/3/issue/PROJ-1/comment", uma_);
  const std::string id(all.at("comments").at(0).at("id").as_string());
  const auto answer =
      stage_.api("POST", jira_ + "/rest/api/3/comment/list", uma_, R"({"ids":[)" + id + ",1]}");
  const auto page = json::parse(answer.body).as_object();
  EXPECT_EQ(page.at("total").as_int64(), 1) << answer.body;
  EXPECT_EQ(page.at("values").at(0).at("id").as_string(), id);
}

TEST_F(Products, IssuesAreAssignedToWhoSeesThem) {
  const std::string path = jira_ + "/rest/api/3/user/assignable/search";
  const auto names = [&](const std::string& query, const std::string& token) {
    const auto answer = stage_.api("GET", path + query, token);
    return answer.status == 200 ? static_cast<int>(json::parse(answer.body).as_array().size())
                                : -answer.status;
  };
  EXPECT_GT(names("?project=PROJ", uma_), 1);
  EXPECT_EQ(names("?project=PROJ&accountId=" + std::string(kDemoUser), uma_), 1);
  EXPECT_EQ(names("?project=PROJ&query=nobody-is-called-so", uma_), 0);
  EXPECT_EQ(names("?issueKey=PROJ-1", uma_), names("?project=PROJ", uma_));
  EXPECT_EQ(names("", uma_), -400);
  EXPECT_EQ(names("?issueKey=NO-1", uma_), -404);
  EXPECT_EQ(names("?project=NO", uma_), -404);
}

TEST_F(Products, StatusesAreThoseOfTheTransitions) {
  const auto answer = stage_.api("GET", jira_ + "/rest/api/3/status", uma_);
  const auto all = json::parse(answer.body).as_array();
  ASSERT_EQ(all.size(), 3U) << answer.body;
  EXPECT_EQ(all[2].at("name").as_string(), "Done");
  EXPECT_EQ(all[2].at("statusCategory").at("key").as_string(), "done");
  EXPECT_EQ(get(jira_ + "/rest/api/3/status/In%20Progress", uma_).at("id").as_string(), "21");
  EXPECT_EQ(status("GET", jira_ + "/rest/api/3/status/Lost", uma_), 404);
}

TEST_F(Products, PagesAndSpacesAreListedInTheOrderAskedFor) {
  const auto first = [&](const std::string& query) {
    return text_at(get(wiki_ + query, uma_).at("results").at(0), "title");
  };
  EXPECT_EQ(first("?sort=title"), "How to hold a token");
  EXPECT_EQ(first("?sort=-title"), "Shift plan");
  EXPECT_EQ(first("?sort=-id"), "Shift plan");
  const std::string next(get(wiki_ + "?sort=-title&limit=1", uma_).at("_links").at("next").as_string());
  EXPECT_EQ(
      text_at(get("/ex/confluence/" + text_at(installation_, "cloudId") + next, uma_).at("results").at(0),
              "title"),
      "How to hold a token");
  EXPECT_TRUE(get(wiki_ + "?status=trashed", uma_).at("results").as_array().empty());
  EXPECT_EQ(get(wiki_ + "?status=trashed&status=current", uma_).at("results").as_array().size(), 2U);
}

TEST_F(Products, ParametersHaveTheBoundsOfTheCatalog) {
  for (const auto* query : {"?limit=0", "?limit=-1", "?limit=251", "?limit=99999999999"}) {
    const auto refused = stage_.api("GET", wiki_ + query, uma_);
    EXPECT_EQ(refused.status, 400) << query;
    EXPECT_NE(refused.body.find("The parameter limit must "), std::string::npos) << refused.body;
  }
  EXPECT_EQ(status("GET", wiki_ + "?limit=250", uma_), 200);
  const std::string search = jira_ + "/rest/api/3/project/search?query=";
  EXPECT_EQ(status("GET", search + std::string(300, 'a'), uma_), 200) << "no bound is stated";
  const auto long_one = stage_.api("GET", jira_ + "/rest/api/3/project/search?maxResults=3000000000", uma_);
  EXPECT_EQ(long_one.status, 400) << "more than 32 bits";
  EXPECT_NE(long_one.body.find("maxResults"), std::string::npos) << long_one.body;
}

TEST_F(Products, LabelsAreThoseOfTheIssues) {
  const std::string path = jira_ + "/rest/api/3/label";
  const auto before = get(path, uma_).at("total").as_int64();
  EXPECT_EQ(status("PUT", jira_ + "/rest/api/3/issue/PROJ-1", uma_,
                   R"({"fields":{"labels":["zz-new","zz-new2"]}})"),
            204);
  EXPECT_GE(get(path, uma_).at("total").as_int64(), before + 1);
  const auto last = get(path + "?startAt=0&maxResults=1000", uma_).at("values").as_array();
  EXPECT_EQ(last.back().as_string(), "zz-new2");
}

TEST_F(Products, PagesAreReadAndListed) {
  const auto first = get(wiki_ + "?limit=1&body-format=storage", uma_);
  ASSERT_EQ(first.at("results").as_array().size(), 1U);
  EXPECT_EQ(first.at("results").at(0).at("body").at("storage").at("value").as_string(),
            "<p>By the handle, never by the hot end.</p>");
  const std::string next(first.at("_links").at("next").as_string());
  EXPECT_TRUE(next.starts_with("/wiki/api/v2/pages?cursor="));
  const auto second = get("/ex/confluence/" + text_at(installation_, "cloudId") + next, uma_);
  EXPECT_EQ(second.at("results").at(0).at("title").as_string(), "Shift plan");
  EXPECT_FALSE(second.at("_links").as_object().contains("next"));
  const std::string id(second.at("results").at(0).at("id").as_string());
  EXPECT_EQ(get(wiki_ + "/" + id, uma_).at("title").as_string(), "Shift plan");
  EXPECT_EQ(status("GET", wiki_ + "/999", uma_), 404);
  EXPECT_EQ(status("GET", wiki_ + "?limit=x", uma_), 400);
  EXPECT_EQ(status("GET", wiki_ + "?cursor=*", uma_), 400);
  EXPECT_EQ(status("GET", wiki_ + "?body-format=view", uma_), 400);
  EXPECT_EQ(stage_.api("GET", wiki_ + "?limit=1", uma_).header("link").substr(0, 2), "</");
}

App app_that_writes_pages() {
  App app = quiet_app();
  for (const auto* scope : {"read:comment:confluence", "write:comment:confluence",
                            "delete:comment:confluence", "read:label:confluence", "write:label:confluence"})
    app.scopes.push_back({scope, true});
  return app;
}

class WrittenPages : public Products {
 protected:
  WrittenPages() : Products(app_that_writes_pages()) {}
};

TEST_F(WrittenPages, AreCommentedOn) {
  const std::string v2 = wiki_.substr(0, wiki_.size() - 6), path = v2 + "/footer-comments";
  const std::string page = text_at(get(wiki_, uma_).at("results").at(0), "id");
  const auto made =
      stage_.api("POST", path, uma_,
                 R"({"pageId":")" + page + R"(","body":{"representation":"storage","value":"<p>Yes.</p>"}})");
  ASSERT_EQ(made.status, 201) << made.body;
  const std::string id = text_at(json::parse(made.body), "id");
  const auto answered =
      stage_.api("POST", path, ada_,
                 R"({"parentCommentId":")" + id +
                     R"(","body":{"storage":{"representation":"storage","value":"<p>Good.</p>"}}})");
  ASSERT_EQ(answered.status, 201) << answered.body;
  const std::string reply = text_at(json::parse(answered.body), "id");
  const std::string of_page = wiki_ + '/' + page + "/footer-comments";
  EXPECT_EQ(get(of_page, uma_).at("results").as_array().size(), 2U) << "replies stand below their comment";
  EXPECT_TRUE(get(of_page + "?limit=1", uma_).at("_links").as_object().contains("next"));
  EXPECT_EQ(text_at(get(path + '/' + id + "/children", uma_).at("results").at(0), "id"), reply);
  EXPECT_EQ(get(path, uma_).at("results").as_array().size(), 3U);
  const std::string next =
      R"({"version":{"number":2},"body":{"representation":"storage","value":"<p>No.</p>"}})";
  EXPECT_EQ(status("PUT", path + '/' + id, uma_, next), 200);
  EXPECT_EQ(status("PUT", path + '/' + id, uma_, next), 409) << "the version is there already";
  EXPECT_EQ(
      get(path + '/' + id + "?body-format=storage", uma_).at("body").at("storage").at("value").as_string(),
      "<p>No.</p>");
  EXPECT_EQ(status("DELETE", path + '/' + id, uma_), 204);
  EXPECT_EQ(status("GET", path + '/' + reply, uma_), 404) << "with all that answers it";
  EXPECT_EQ(status("POST", path, uma_, R"({"body":{"representation":"storage","value":"x"}})"), 400);
  EXPECT_EQ(status("POST", path, uma_, R"({"pageId":"1","body":{"representation":"storage","value":"x"}})"),
            404);
  EXPECT_EQ(status("POST", path, uma_,
                   R"({"pageId":")" + page + R"(","body":{"representation":"wiki","value":"x"}})"),
            400);
}

TEST_F(WrittenPages, AreLabelled) {
  const std::string site = "/ex/confluence/" + text_at(installation_, "cloudId");
  const std::string v2 = site + "/wiki/api/v2";
  const auto pages = get(wiki_, uma_).at("results").as_array();
  const std::string first = text_at(pages[0], "id"), second = text_at(pages[1], "id");
  const std::string path = site + "/wiki/rest/api/content/" + second + "/label";
  const auto added = stage_.api("POST", path, uma_,
                                R"([{"prefix":"global","name":"safety"},{"prefix":"team","name":"hot"}])");
  ASSERT_EQ(added.status, 200) << added.body;
  EXPECT_EQ(json::parse(added.body).at("size").as_int64(), 2);
  const auto labels = get(v2 + "/pages/" + second + "/labels", uma_).at("results").as_array();
  ASSERT_EQ(labels.size(), 2U);
  const std::string safety = text_at(labels[0], "id");
  EXPECT_EQ(safety, text_at(get(v2 + "/pages/" + first + "/labels", uma_).at("results").at(0), "id"))
      << "a label is the same wherever it stands";
  EXPECT_EQ(get(v2 + "/labels/" + safety + "/pages", uma_).at("results").as_array().size(), 2U);
  EXPECT_EQ(get(v2 + "/labels?prefix=team", uma_).at("results").as_array().size(), 1U);
  EXPECT_EQ(status("DELETE", path + "/safety", uma_), 204);
  EXPECT_EQ(status("DELETE", path + "/safety", uma_), 404);
  EXPECT_EQ(status("DELETE", path + "?name=hot", uma_), 204);
  EXPECT_TRUE(get(v2 + "/labels?prefix=team", uma_).at("results").as_array().empty());
  EXPECT_EQ(status("POST", path, uma_, R"({"prefix":"global","name":"two words"})"), 400);
  EXPECT_EQ(status("POST", path, uma_, R"({"prefix":"a:b","name":"c"})"), 400);
}

TEST_F(Products, ATokenOpensItsOwnTenantOnly) {
  const auto other = stage_.install(R"({"site":"other"})");
  EXPECT_EQ(status("GET", "/ex/jira/" + text_at(other, "cloudId") + "/rest/api/3/issue/PROJ-1", uma_), 401);
  EXPECT_EQ(status("GET", "/ex/jira/nowhere/rest/api/3/issue/PROJ-1", uma_), 401);
  EXPECT_EQ(status("GET", jira_ + "/rest/api/3/issue/PROJ-1", ""), 401);
}

TEST_F(Products, ATokenOpensItsProductsOnly) {
  Stage stage(quiet_app());
  const auto installation = stage.install(R"({"products":["jira"]})");
  stage.admin("POST", "/_emulator/invoke", R"({"module":"panel","path":"/"})");
  const auto token = stage.last_header("x-forge-oauth-system");
  const std::string cloud = text_at(installation, "cloudId");
  EXPECT_EQ(stage.api("GET", "/ex/jira/" + cloud + "/rest/api/3/issue/PROJ-1", token).status, 200);
  EXPECT_EQ(stage.api("GET", "/ex/confluence/" + cloud + "/wiki/api/v2/pages", token).status, 401);
}

class FewScopes : public Products {
 protected:
  static App app() {
    App app = quiet_app();
    app.scopes = {{"read:app-system-token", false},
                  {"read:app-user-token", false},
                  {"read:issue:jira", false},
                  {"write:issue:jira", false}};
    return app;
  }
  FewScopes() : Products(app()) {}
};

TEST_F(FewScopes, ScopesAreCheckedAsThePlatformDoes) {
  const auto refused = stage_.api("GET", jira_ + "/rest/api/3/myself", uma_);
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(refused.header("x-failure-category"), "FAILURE_CLIENT_SCOPE_CHECK");
  EXPECT_EQ(refused.body, R"({"code":401,"message":"Unauthorized; scope does not match"})");
  EXPECT_EQ(status("GET", jira_ + "/rest/api/3/issue/PROJ-1", uma_), 401)
      << "a set of granular scopes counts whole";
  EXPECT_EQ(status("PUT", jira_ + "/rest/api/3/issue/PROJ-1", uma_, R"({"fields":{"summary":"x"}})"), 204);
}

TEST_F(Products, PeopleWithoutALicenceAreTurnedAway) {
  const std::string customer = user_token("712020:0a1b2c3d-4e5f-4061-8273-849506172839");
  EXPECT_EQ(status("GET", jira_ + "/rest/api/3/myself", customer), 200);
  const auto wiki = stage_.api("GET", wiki_, customer);
  EXPECT_EQ(wiki.status, 403);
  EXPECT_EQ(wiki.body, R"({"statusCode":403,"message":"Current user not permitted to use Confluence"})");
  const std::string service = user_token("712020:99887766-5544-4332-8110-ffeeddccbbaa");
  EXPECT_EQ(status("GET", jira_ + "/rest/api/3/myself", service), 401);
}

TEST_F(Products, RightAfterInstallationTheAppsUserIsNotReady) {
  Stage stage(quiet_app());
  const auto installation = stage.install(R"({"readyAfterSeconds":120})");
  stage.admin("POST", "/_emulator/invoke", R"({"module":"panel","path":"/","user":"1:ada"})");
  const auto token = stage.last_header("x-forge-oauth-system"),
             user = stage.last_header("x-forge-oauth-user");
  const std::string path = "/ex/jira/" + text_at(installation, "cloudId") + "/rest/api/3/issue/PROJ-1";
  EXPECT_EQ(stage.api("GET", path, token).status, 401);
  EXPECT_EQ(stage.api("GET", path, user).status, 200);
  stage.real += 2min;
  EXPECT_EQ(stage.api("GET", path, token).status, 200);
}

TEST_F(Products, MarksWhatNothingStandsBehind) {
  const auto answer = stage_.api("GET", jira_ + "/rest/api/3/dashboard?startAt=1", uma_);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("x-tongs-synthesized"), "true");
  EXPECT_TRUE(json::parse(answer.body).at("dashboards").as_array().empty()) << "one page with one item";
  EXPECT_EQ(stage_.api("GET", jira_ + "/rest/api/3/myself", uma_).header("x-tongs-synthesized"), "");
  EXPECT_EQ(stage_.api("GET", "/ex/bitbucket/x", uma_).status, 404);
}

TEST_F(Products, IssuesGoThroughTheirWorkflow) {
  const std::string path = jira_ + "/rest/api/3/issue/PROJ-1";
  const auto offered = get(path + "/transitions", uma_).at("transitions").as_array();
  ASSERT_EQ(offered.size(), 2U) << "not to where it is";
  EXPECT_EQ(text_at(offered[1], "name"), "Done");
  EXPECT_EQ(status("POST", path + "/transitions", uma_, R"({"transition":{"id":"31"}})"), 204);
  EXPECT_EQ(get(path, uma_).at("fields").at("status").at("name").as_string(), "Done");
  EXPECT_EQ(status("POST", path + "/transitions", uma_, R"({"transition":{"id":"31"}})"), 400);
  EXPECT_EQ(status("PUT", path + "/assignee", uma_, R"({"accountId":null})"), 204);
  EXPECT_TRUE(get(path, uma_).at("fields").at("assignee").is_null());
  EXPECT_EQ(status("DELETE", path, uma_), 204);
  EXPECT_EQ(status("GET", path, uma_), 404);
}

TEST_F(Products, TheSecondVersionHasPlainTexts) {
  const std::string path = jira_ + "/rest/api/2/issue/PROJ-1";
  EXPECT_EQ(get(path, uma_).at("fields").at("description").as_string(),
            "One invocation through the whole of Tongs.");
  const auto added = stage_.api("POST", path + "/comment", uma_, R"({"body":"plain"})");
  ASSERT_EQ(added.status, 201) << added.body;
  const std::string id = text_at(json::parse(added.body), "id");
  EXPECT_EQ(get(path + "/comment/" + id, uma_).at("body").as_string(), "plain");
  EXPECT_EQ(get(jira_ + "/rest/api/3/issue/PROJ-1/comment/" + id, uma_).at("body").at("type").as_string(),
            "doc");
  EXPECT_EQ(status("PUT", path + "/comment/" + id, uma_, R"({"body":"other"})"), 200);
  EXPECT_EQ(status("DELETE", path + "/comment/" + id, uma_), 204);
  EXPECT_EQ(status("GET", path + "/comment/" + id, uma_), 404);
}

TEST_F(Products, ProjectsAreFoundPageByPage) {
  const std::string path = jira_ + "/rest/api/3/project/search";
  const auto first = get(path + "?maxResults=1", ada_);
  EXPECT_EQ(first.at("total").as_int64(), 2);
  EXPECT_FALSE(first.at("isLast").as_bool());
  const auto second = get(path + "?maxResults=1&startAt=1", ada_);
  EXPECT_EQ(text_at(second.at("values").at(0), "key"), "SECRET");
  EXPECT_TRUE(second.at("isLast").as_bool());
  EXPECT_EQ(get(path, uma_).at("total").as_int64(), 1) << "a private project is nobody else's";
}

TEST_F(Products, UsersAreFoundByName) {
  const auto found = stage_.api("GET", jira_ + "/rest/api/3/user/search?query=uma", uma_);
  const auto users = json::parse(found.body).as_array();
  ASSERT_EQ(users.size(), 1U) << found.body;
  EXPECT_EQ(text_at(users[0], "accountId"), kDemoUser);
  EXPECT_EQ(status("GET", jira_ + "/rest/api/3/user?accountId=1:x", uma_), 404);
  EXPECT_EQ(status("GET", jira_ + "/rest/api/3/user/search", uma_), 400) << "neither query nor accountId";
}

TEST_F(Products, TheLogSaysWhoCalledWhatAndWhyItWasRefused) {
  stage_.api("GET", jira_ + "/rest/api/3/issue/PROJ-1", uma_);
  stage_.api("GET", jira_ + "/rest/api/3/issue/PROJ-1", "forged");
  const auto entries = stage_.admin_json("GET", "/_emulator/log?kind=api").at("entries").as_array();
  ASSERT_GE(entries.size(), 2U);
  const auto& good = entries[entries.size() - 2].as_object();
  EXPECT_EQ(text_at(good, "operations"), R"(["getIssue"])");
  EXPECT_EQ(text_at(good, "account"), kDemoUser);
  EXPECT_EQ(text_at(good, "as"), "user");
  EXPECT_EQ(text_at(entries.back(), "refused"), "the token was not issued here");
  EXPECT_EQ(stage_.admin("GET", "/_emulator/log").body.find(uma_), std::string::npos)
      << "no token in the log";
}

std::string site_problem(std::string_view text) {
  Problem problem;
  const json::object object = json::parse(text).as_object();
  Members members(object, "", problem);
  read_site(members, PlatformTime{});
  members.finish();
  return problem.describe();
}

TEST(SiteJson, ReadsBackWhatItWrote) {
  const Site site = demo_site("demo", PlatformTime(std::chrono::seconds(1'800'000'000)));
  const json::object written = to_json(site);
  Problem problem;
  Members members(written, "", problem);
  const Site read = read_site(members, PlatformTime{});
  members.finish();
  EXPECT_EQ(problem.describe(), "");
  EXPECT_EQ(json::serialize(to_json(read)), json::serialize(written));
}

TEST(SiteJson, SaysWhatIsWrongWithASeed) {
  EXPECT_EQ(site_problem("{}"), "/name: is required and must not be empty");
  for (const auto* name : {"../e\\n", "A", "a.b", "a b", "-a", "a-", "\\u00e9"}) {
    EXPECT_EQ(site_problem(R"({"name":")" + std::string(name) + "\"}"),
              "/name: must be lower-case letters and digits, with - between them")
        << name;
  }
  EXPECT_EQ(site_problem(R"({"name":")" + std::string(64, 'a') + "\"}"),
            "/name: must be lower-case letters and digits, with - between them");
  EXPECT_EQ(site_problem(R"({"name":"a-1"})"), "");
  EXPECT_EQ(site_problem(R"({"name":"a","url":"javascript:x"})"),
            "/url: must be an absolute http or https URL");
  EXPECT_EQ(site_problem(R"({"name":"a","users":[{"accountId":"a b"}]})"),
            "/users/0/accountId: must be an account id: letters, digits and -_.:~@+");
  EXPECT_EQ(site_problem(R"({"name":"a","users":[{"accountId":"1:a"},{"accountId":"1:a"}]})"),
            "/users/1/accountId: stands twice");
  EXPECT_EQ(
      site_problem(R"({"name":"a","projects":[{"key":"P","issues":[{"summary":"s","assignee":"1:x"}]}]})"),
      "/projects/0/issues/0/assignee: is no user of this site");
  EXPECT_EQ(site_problem(R"({"name":"a","projects":[{"key":"P","isues":[]}]})"),
            "/projects/0/isues: is not known here; did you mean issues?");
  EXPECT_EQ(site_problem(R"({"name":"a","projects":[{"key":"P","issues":[{"summary":"s","key":"Q-1"}]}]})"),
            "/projects/0/issues/0/key: must start with the project's key and -");
  EXPECT_EQ(
      site_problem(R"({"name":"a","projects":[{"key":"P","issues":[{"summary":"s","worklogs":[{}]}]}]})"),
      "/projects/0/issues/0/worklogs/0/timeSpentSeconds: is required");
  EXPECT_EQ(site_problem(R"({"name":"a","spaces":[{"key":"S","pages":[{"title":"t","labels":["a b"]}]}]})"),
            "/spaces/0/pages/0/labels: must hold names of labels");
  EXPECT_EQ(site_problem(
                R"({"name":"a","spaces":[{"key":"S","pages":[{"title":"t","comments":[{"parent":"7"}]}]}]})"),
            "/spaces/0/pages/0/comments/0/parent: must be the id of a comment that stands before it");
  EXPECT_EQ(site_problem(R"({"name":"a","spaces":[{"key":"S","id":"1x"}]})"),
            "/spaces/0/id: must be a string of digits");
}

}  // namespace
}  // namespace tongs::emulator::testing
