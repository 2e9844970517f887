#include <array>

#include <gtest/gtest.h>

#include "scopes/call_list.hpp"
#include "scopes/scope_report.hpp"

namespace tongs::scopes {
namespace {

constexpr auto kJira = std::to_array<std::string_view>({
    "get-issue\tgetIssue\tGET\t/rest/api/3/issue/{id}\tIssues\t\tps! "
    "id\t\t\t\tread:jira-work\tread:issue:jira "
    "read:user:jira",
    "get-limits\tgetLimits\tGET\t/rest/api/3/issue/limit\tIssues\t\t\t\t\t\tread:jira-work\t",
    "create-issue\tcreateIssue\tPOST\t/rest/api/3/"
    "issue\tIssues\t\t\t\tjson!\t\twrite:jira-work\twrite:issue:jira",
    "get-info\tgetInfo\tGET\t/rest/api/3/info\tInfo\t\t\t\t\t\t\t",
});
constexpr OperationTable kTable(Product::jira, kJira);
const std::array kApis = {Api{"jira", "jira/v3", &kTable}};

std::vector<std::string> names(const std::vector<Operation>& operations) {
  std::vector<std::string> all;
  for (const Operation& operation : operations) all.emplace_back(operation.name);
  return all;
}

using Names = std::vector<std::string>;

TEST(CallList, KnowsOperationsByNameAndByRequest) {
  Calls calls;
  read_call_list(
      "# seen today\njira get-issue\nPOST /rest/api/3/issue?updateHistory=true  # twice\n\n"
      "GET /rest/api/3/issue/PROJ-1\r\n",
      kApis, calls);
  EXPECT_EQ(names(calls.operations), (Names{"get-issue", "create-issue"}));
  EXPECT_TRUE(calls.unknown.empty());
}

TEST(CallList, PrefersThePathThatSaysMore) {
  Calls calls;
  read_call_list("GET /rest/api/3/issue/limit", kApis, calls);
  EXPECT_EQ(names(calls.operations), Names{"get-limits"});
}

TEST(CallList, NamesWhatItDoesNotKnow) {
  Calls calls;
  read_call_list("jira get-isue\nGET /rest/api/3/issue/\nconfluence get-page\nnonsense", kApis, calls);
  EXPECT_TRUE(calls.operations.empty());
  EXPECT_EQ(calls.unknown.size(), 4U);
}

Names calls_in(const std::vector<Source>& sources) {
  Calls calls;
  read_sources(sources, kApis, calls);
  return names(calls.operations);
}

TEST(CallList, FindsCallsInSources) {
  EXPECT_EQ(calls_in({{"a.cpp",
                       "#include <tongs/jira/v3/issues.hpp>\n"
                       "auto i = v3::get_issue(c, {.id = 1}); my_create_issue(1);"},
                      {"b.cpp", "create_issue(c, {});"}}),
            Names{"get-issue"});
  for (const char* include :
       {"#include <tongs/jira/v3.hpp>", "  #  include \"tongs/jira/v3/issues.hpp\" // ours",
        "#include<tongs/jira/v3.hpp>\r"}) {
    EXPECT_EQ(calls_in({{"a.cpp", std::string(include) + "\nget_issue(c);"}}), Names{"get-issue"}) << include;
  }
  for (const char* include :
       {"#include <tongs/jira/v2.hpp>", "#include <tongs/jira/v33.hpp>", "// <tongs/jira/v3.hpp>", "#include",
        "#include <", "#define include <tongs/jira/v3.hpp>"}) {
    EXPECT_EQ(calls_in({{"a.cpp", std::string(include) + "\nget_issue(c);"}}), Names{}) << include;
  }
}

TEST(CallList, FindsCallsBehindHeadersOfTheAppItself) {
  EXPECT_EQ(calls_in({{"src/a.cpp", "#include \"../src/lib/api.hpp\"\nget_issue(c);"},
                      {"src/lib/api.hpp", "#include \"jira.hpp\"\n#include \"api.hpp\""},
                      {"src/lib/jira.hpp", "#include <tongs/jira/v3.hpp>\n#include \"api.hpp\""},
                      {"src/b.cpp", "#include \"other_jira.hpp\"\ncreate_issue(c);"}}),
            Names{"get-issue"});
}

ScopeReport report(std::string_view list, const std::vector<std::string>& declared) {
  Calls calls;
  read_call_list(list, kApis, calls);
  return compare_scopes(calls.operations, declared, kApis);
}

TEST(ScopeReport, AnyWholeAlternativeIsEnough) {
  EXPECT_TRUE(report("jira get-issue", {"read:jira-work"}).missing.empty());
  EXPECT_TRUE(report("jira get-issue", {"read:issue:jira", "read:user:jira"}).missing.empty());
  const auto half = report("jira get-issue", {"read:user:jira"});
  ASSERT_EQ(half.missing.size(), 1U);
  EXPECT_EQ(half.missing[0].scopes, std::vector<std::string_view>{"read:jira-work"});
}

TEST(ScopeReport, TellsUnusedScopesOfProductsOnly) {
  EXPECT_EQ(report("jira get-issue", {"read:jira-work", "write:jira-work", "storage:app"}).unused,
            Names{"write:jira-work"});
}

TEST(ScopeReport, DoesNotForbidWhatNobodyStates) {
  const auto told = report("jira get-info", {});
  EXPECT_TRUE(told.missing.empty());
  EXPECT_EQ(names(told.not_stated), Names{"get-info"});
}

}  // namespace
}  // namespace tongs::scopes
