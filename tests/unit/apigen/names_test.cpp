#include "apigen/names.hpp"

#include <gtest/gtest.h>

namespace apigen {
namespace {

TEST(Names, AreWordsWithUnderscores) {
  EXPECT_EQ(snake("issueIdOrKey"), "issue_id_or_key");
  EXPECT_EQ(snake("body-format"), "body_format");
  EXPECT_EQ(snake("getIssuesForBacklogJSIS"), "get_issues_for_backlog_jsis");
  EXPECT_EQ(snake("avatarURLs"), "avatar_urls");
  EXPECT_EQ(snake("iconURLScheme"), "icon_url_scheme");
  EXPECT_EQ(snake("_links"), "links");
  EXPECT_EQ(snake("The column position of the gadget."), "the_column_position_of_the_gadget");
}

TEST(Names, AreIdentifiersThatNoCompilerTrips) {
  EXPECT_EQ(snake("16x16"), "_16x16");
  EXPECT_EQ(snake("operator"), "operator_");
  EXPECT_EQ(snake("_"), "none");
  EXPECT_EQ(pascal("MultiEntityResult<Page>"), "MultiEntityResultPage");
  EXPECT_EQ(pascal("fields"), "Fields");
  EXPECT_EQ(value_name("ERROR"), "error");
  EXPECT_EQ(value_name("-name"), "minus_name");
  EXPECT_EQ(value_name("jira:issue_created"), "jira_issue_created");
  EXPECT_EQ(value_name("delete"), "delete_");
}

TEST(UniqueNames, DifferInMoreThanCase) {
  UniqueNames names({"json"});
  EXPECT_EQ(names.take("issueType"), "issueType");
  EXPECT_EQ(names.take("issuetype"), "issuetype2");
  EXPECT_EQ(names.take("json"), "json2");
}

}  // namespace
}  // namespace apigen
