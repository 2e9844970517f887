#include <gtest/gtest.h>

#include <tongs/paging.hpp>
#include <tongs/testing/mock_adapter.hpp>

namespace tongs {
namespace {

using testing::MockAdapter;
using Query = std::vector<std::pair<std::string, std::string>>;

class PagerTest : public ::testing::Test {
 protected:
  Pager pager(Paging paging, ApiRequest request = {.path = "/list"}) {
    return {as_app(adapter_).with_retry({.max_attempts = 1}), std::move(request), std::move(paging)};
  }
  /// The items of all pages, one text per page; the code of the Error that ended the walk, if one did.
  std::vector<std::string> walk(Pager pager, std::size_t limit = 20) {
    std::vector<std::string> pages;
    while (pages.size() < limit) {
      const auto page = pager.next();
      if (!page) {
        pages.emplace_back(to_string(page.error().code()));
        break;
      }
      if (!*page) break;
      pages.push_back((*page)->items().text());
    }
    return pages;
  }
  Query query_of_call(std::size_t i) { return adapter_->calls().at(i).request.query; }

  std::shared_ptr<MockAdapter> adapter_ = std::make_shared<MockAdapter>();
};

using Texts = std::vector<std::string>;

TEST_F(PagerTest, AnOffsetAdvancesByWhatWasReceived) {
  adapter_->answer(200, R"({"startAt":0,"maxResults":100,"total":3,"values":[1,2]})");
  adapter_->answer(200, R"({"startAt":2,"maxResults":100,"total":3,"values":[3]})");
  EXPECT_EQ(walk(pager({}, {.path = "/list", .query = {{"maxResults", "100"}}})), (Texts{"[1,2]", "[3]"}));
  EXPECT_EQ(query_of_call(0), (Query{{"maxResults", "100"}}));
  EXPECT_EQ(query_of_call(1), (Query{{"maxResults", "100"}, {"startAt", "2"}}));
  EXPECT_EQ(adapter_->count(), 2U);
}

TEST_F(PagerTest, AnOffsetEndsWhereTheServerSaysSo) {
  for (const char* last : {R"({"isLast":true,"values":[1]})", R"({"isLastPage":true,"values":[1]})",
                           R"({"total":1,"values":[1]})", R"({"_links":{"self":"/x"},"values":[1]})"}) {
    adapter_->answer(200, last);
    EXPECT_EQ(walk(pager({})), Texts{"[1]"}) << last;
    EXPECT_EQ(adapter_->unused(), 0U);
  }
}

TEST_F(PagerTest, AnOffsetWithoutAnyHintEndsWithAnEmptyPage) {
  adapter_->answer(200, "[1,2]").answer(200, "[3]").answer(200, "[]");
  EXPECT_EQ(walk(pager({.items = ""})), (Texts{"[1,2]", "[3]", "[]"}));
  EXPECT_EQ(query_of_call(2), (Query{{"startAt", "3"}}));
}

TEST_F(PagerTest, AnOffsetStartsWhereTheRequestSays) {
  adapter_->answer(200, R"({"start":10,"values":[1]})").answer(200, R"({"start":11,"values":[]})");
  walk(pager({.parameter = "start"}, {.path = "/list", .query = {{"start", "10"}}}));
  EXPECT_EQ(query_of_call(1), (Query{{"start", "11"}}));
}

TEST_F(PagerTest, AServerThatIgnoresTheOffsetIsNoticed) {
  adapter_->answer(200, R"({"startAt":0,"values":[1]})").answer(200, R"({"startAt":0,"values":[1]})");
  EXPECT_EQ(walk(pager({})), (Texts{"[1]", "malformed_response"}));
  adapter_->answer(200, "[1]").answer(200, "[1]");
  EXPECT_EQ(walk(pager({.items = ""})), (Texts{"[1]", "malformed_response"}));
}

TEST_F(PagerTest, AnOffsetCanStandInTheBody) {
  adapter_->answer(200, R"({"startAt":5,"issues":[1]})").answer(200, R"({"startAt":6,"issues":[]})");
  walk(pager({.items = "issues", .in_body = true},
             {.method = "POST", .path = "/s", .body = R"({"jql":"a","startAt":5})", .idempotent = true}));
  EXPECT_EQ(adapter_->calls().at(1).request.body, R"({"jql":"a","startAt":6})");
}

TEST_F(PagerTest, ATokenIsHandedBack) {
  adapter_->answer(200, R"({"issues":[1],"nextPageToken":"a&b"})");
  adapter_->answer(200, R"({"issues":[2],"isLast":false,"nextPageToken":"c"})");
  adapter_->answer(200, R"({"issues":[3],"isLast":true,"nextPageToken":"d"})");
  EXPECT_EQ(walk(pager({.kind = PageKind::token, .items = "issues"})), (Texts{"[1]", "[2]", "[3]"}));
  EXPECT_EQ(query_of_call(1), (Query{{"nextPageToken", "a&b"}}));
  EXPECT_EQ(query_of_call(2), (Query{{"nextPageToken", "c"}}));
}

TEST_F(PagerTest, ATokenEndsWhenThereIsNone) {
  for (const char* last : {R"({"values":[1]})", R"({"values":[1],"nextPageToken":null})",
                           R"({"values":[1],"nextPageToken":""})"}) {
    adapter_->answer(200, last);
    EXPECT_EQ(walk(pager({.kind = PageKind::token})), Texts{"[1]"}) << last;
  }
}

TEST_F(PagerTest, ATokenCanStandInTheBody) {
  adapter_->answer(200, R"({"issues":[],"nextPageToken":"q\"uote"})").answer(200, R"({"issues":[2]})");
  EXPECT_EQ(walk(pager({.kind = PageKind::token, .items = "issues", .in_body = true},
                       {.method = "POST",
                        .path = "/s",
                        .body = R"({"jql":"x","deep":{"a":[1.5,null]}})",
                        .idempotent = true})),
            (Texts{"[]", "[2]"}));
  EXPECT_EQ(adapter_->calls().at(1).request.body,
            R"({"jql":"x","deep":{"a":[1.5,null]},"nextPageToken":"q\"uote"})");
}

TEST_F(PagerTest, ABodyThatIsNoObjectCannotHoldAPosition) {
  adapter_->answer(200, R"({"values":[1],"nextPageToken":"a"})");
  EXPECT_EQ(
      walk(pager({.kind = PageKind::token, .in_body = true}, {.method = "POST", .path = "/s", .body = "[]"})),
      (Texts{"[1]", "invalid_argument"}));
}

TEST_F(PagerTest, TheListMayLieDeeperAndTheTokenBesideIt) {
  adapter_->answer(200, R"({"statusId":"1","projects":{"values":[1],"nextPageToken":"a"}})");
  adapter_->answer(200, R"({"statusId":"1","projects":{"values":[2]}})");
  EXPECT_EQ(walk(pager({.kind = PageKind::token, .items = "projects.values"})), (Texts{"[1]", "[2]"}));
}

TEST_F(PagerTest, OtherNamesCanBeGiven) {
  adapter_->answer(200, R"({"values":[1],"nextPageCursor":"x"})")
      .answer(200, R"({"values":[2],"last":true,"nextPageCursor":"y"})");
  EXPECT_EQ(walk(pager({.kind = PageKind::token, .parameter = "cursor", .next = "nextPageCursor"})),
            (Texts{"[1]", "[2]"}));
  EXPECT_EQ(query_of_call(1), (Query{{"cursor", "x"}}));
}

TEST_F(PagerTest, TheSameTokenTwiceIsACircle) {
  adapter_->answer(200, R"({"values":[1],"nextPageToken":"a"})")
      .answer(200, R"({"values":[2],"nextPageToken":"b"})");
  adapter_->answer(200, R"({"values":[3],"nextPageToken":"a"})");
  EXPECT_EQ(walk(pager({.kind = PageKind::token})), (Texts{"[1]", "[2]", "malformed_response"}));
}

const ApiRequest kContent{.path = "/wiki/rest/api/content/{id}/child",
                          .path_parameters = {{"id", "7"}},
                          .query = {{"limit", "2"}, {"expand", "x"}}};

TEST_F(PagerTest, OfALinkTheQueryIsAskedWith) {
  for (const char* link :
       {"/rest/api/content/7/child?limit=2&start=2&cql=a+%3D%20b",
        "/wiki/rest/api/content/7/child?limit=2&start=2&cql=a+%3D%20b",
        "https://site.example/wiki/rest/api/content/7/child?limit=2&start=2&cql=a+%3D%20b#f",
        "https://api.example/ex/confluence/1/wiki/rest/api/content/7/child?limit=2&start=2&cql=a+%3D%20b",
        "?limit=2&start=2&cql=a+%3D%20b"}) {
    adapter_ = std::make_shared<MockAdapter>();
    adapter_->answer(200, R"({"results":[1],"_links":{"next":)" + json_quote(link) + "}}")
        .answer(200, R"({"results":[2],"_links":{}})");
    EXPECT_EQ(walk(pager({.kind = PageKind::link, .items = "results"}, kContent)), (Texts{"[1]", "[2]"}))
        << link;
    const auto second = adapter_->calls().at(1).request;
    EXPECT_EQ(second.path, kContent.path);
    EXPECT_EQ(second.path_parameters, kContent.path_parameters);
    EXPECT_EQ(second.query, (Query{{"limit", "2"}, {"start", "2"}, {"cql", "a = b"}}));
  }
}

TEST_F(PagerTest, ALinkToAnotherOperationIsNotFollowed) {
  for (const char* link :
       {"https://evil.example/", "https://evil.example/steal?x=1", "//evil.example/steal?x=1",
        "/wiki/rest/api/user?x=1", "/wiki/rest/api/content/8/child?x=1", "/wiki/rest/api/content/7/child",
        "next?x=1", "/wiki/rest/api/content/7/child?x=%zz"}) {
    adapter_ = std::make_shared<MockAdapter>();
    adapter_->answer(200, R"({"results":[1],"_links":{"next":)" + json_quote(link) + "}}");
    EXPECT_EQ(walk(pager({.kind = PageKind::link, .items = "results"}, kContent)),
              Texts{"malformed_response"})
        << link;
    EXPECT_EQ(adapter_->count(), 1U);
  }
}

TEST_F(PagerTest, ACursorIsTakenOutOfTheLink) {
  const ApiRequest request{.path = "/wiki/api/v2/pages", .query = {{"limit", "5"}}};
  adapter_->answer(200, R"({"results":[1],"_links":{"next":"/wiki/api/v2/pages?limit=5&cursor=a%3D%3D"}})");
  adapter_->answer(
      200, R"({"results":[2],"_links":{}})",
      {{"Link",
        R"(</wiki/api/v2/pages?a=1,2>; rel="base", </wiki/api/v2/pages?cursor=c>; title="a;b,c"; REL=next)"}});
  adapter_->answer(200, R"({"results":[3]})");
  EXPECT_EQ(walk(pager({.kind = PageKind::cursor, .items = "results"}, request)),
            (Texts{"[1]", "[2]", "[3]"}));
  EXPECT_EQ(query_of_call(1), (Query{{"limit", "5"}, {"cursor", "a=="}}));
  EXPECT_EQ(query_of_call(2), (Query{{"limit", "5"}, {"cursor", "c"}}));
}

TEST_F(PagerTest, ANextLinkWithoutACursorIsMalformed) {
  adapter_->answer(200, R"({"results":[1],"_links":{"next":"/list?limit=5"}})");
  EXPECT_EQ(walk(pager({.kind = PageKind::cursor, .items = "results"})), Texts{"malformed_response"});
}

TEST_F(PagerTest, GoesOnFromAPosition) {
  const std::pair<Paging, const char*> kinds[] = {
      {{}, R"({"values":[1]})"},
      {{.kind = PageKind::token}, R"({"values":[1],"nextPageToken":"to:ken"})"},
      {{.kind = PageKind::link}, R"({"values":[1],"_links":{"next":"/list?a=b%26c"}})"},
      {{.kind = PageKind::cursor}, R"({"values":[1],"_links":{"next":"/list?cursor=d"}})"}};
  const Query expected[] = {
      {{"startAt", "1"}}, {{"nextPageToken", "to:ken"}}, {{"a", "b&c"}}, {{"cursor", "d"}}};
  for (std::size_t i = 0; i < 4; ++i) {
    adapter_ = std::make_shared<MockAdapter>();
    adapter_->answer(200, kinds[i].second).answer(200, R"({"values":[],"isLast":true})");
    auto first = pager(kinds[i].first);
    EXPECT_EQ(first.position(), "start");
    ASSERT_TRUE(first.next());
    auto resumed = Pager::resume(as_app(adapter_), {.path = "/list"}, kinds[i].first, first.position());
    ASSERT_TRUE(resumed);
    ASSERT_TRUE(resumed->next());
    EXPECT_EQ(query_of_call(1), expected[i]);
    EXPECT_EQ(resumed->position(), "end");
    auto over = Pager::resume(as_app(adapter_), {.path = "/list"}, kinds[i].first, "end");
    ASSERT_TRUE(over);
    EXPECT_FALSE(*over->next());
  }
  EXPECT_EQ(adapter_->count(), 2U);
}

TEST_F(PagerTest, APositionOfAnotherKindIsRefused) {
  for (const char* bad :
       {"", "begin", "token:x", "offset:", "offset:-1", "offset:1x", "offset:99999999999999999999"}) {
    const auto resumed = Pager::resume(as_app(adapter_), {.path = "/list"}, {}, bad);
    ASSERT_FALSE(resumed) << bad;
    EXPECT_EQ(resumed.error().code(), Errc::invalid_argument);
  }
  EXPECT_FALSE(Pager::resume(as_app(adapter_), {.path = "/list"}, {.kind = PageKind::link}, "link:%"));
  EXPECT_FALSE(Pager::resume(as_app(adapter_), {.path = "/list"}, {.kind = PageKind::token}, "token:"));
}

TEST_F(PagerTest, AResumedCircleIsNoticedAtOnce) {
  adapter_->answer(200, R"({"values":[1],"nextPageToken":"a"})");
  auto resumed = Pager::resume(as_app(adapter_), {.path = "/list"}, {.kind = PageKind::token}, "token:a");
  EXPECT_EQ(resumed->next().error().code(), Errc::malformed_response);
}

TEST_F(PagerTest, AFailedPageCanBeAskedForAgain) {
  adapter_->answer(200, "[1]").answer(503).answer(200, "[2]").answer(200, "[]");
  auto pages = pager({.items = ""});
  ASSERT_TRUE(pages.next());
  EXPECT_EQ(pages.next().error().code(), Errc::unavailable);
  EXPECT_EQ(pages.position(), "offset:1");
  EXPECT_EQ(walk(std::move(pages)), (Texts{"[2]", "[]"}));
}

TEST_F(PagerTest, StopsAfterTheMostPages) {
  for (int i = 0; i < 3; ++i) adapter_->answer(200, "[" + std::to_string(i) + "]");
  auto pages = pager({.items = "", .max_pages = 2});
  ASSERT_TRUE(*pages.next());
  ASSERT_TRUE(*pages.next());
  EXPECT_FALSE(*pages.next());
  EXPECT_EQ(adapter_->count(), 2U);
  EXPECT_EQ(pages.position(), "offset:2");
}

TEST_F(PagerTest, AnAnswerWithoutItsListIsMalformed) {
  for (const char* body : {"{}", R"({"values":{}})", R"({"values":null})", "null", "", "[1]", "<html>"}) {
    adapter_->answer(200, body);
    EXPECT_EQ(walk(pager({})), Texts{"malformed_response"}) << body;
  }
}

TEST_F(PagerTest, APageTellsItsTotalAndKeepsItsDocument) {
  adapter_->answer(200, R"({"total":7,"isLast":true,"values":[{"key":"A"}]})");
  std::optional<Page> page;
  {
    auto pages = pager({});
    page = *pages.next();
  }
  EXPECT_EQ(page->total(), 7);
  EXPECT_EQ((*page->items().begin())["key"].string(), "A");
  EXPECT_EQ(page->json()["total"].integer(), 7);
}

}  // namespace
}  // namespace tongs
