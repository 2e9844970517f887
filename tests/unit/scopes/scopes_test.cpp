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

TEST(CallList, FindsCallsInSources) {
  Calls calls;
  read_source(
      "#include <tongs/jira/v3/issues.hpp>\nauto i = v3::get_issue(c, {.id = 1}); my_create_issue(1);", kApis,
      calls);
  read_source("create_issue(c, {});", kApis, calls);
  EXPECT_EQ(names(calls.operations), Names{"get-issue"});
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
