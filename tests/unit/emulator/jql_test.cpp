#include "emulator/products/jql.hpp"

#include <string>
#include <string_view>
#include <variant>

#include <gtest/gtest.h>

#include "emulator/products/site_json.hpp"

namespace tongs::emulator {
namespace {

/// The keys that a query finds for somebody on the demo site, joined by spaces, or the error.
std::string found(std::string_view query, std::string_view account) {
  const auto parsed = Jql::parse(query);
  if (const auto* error = std::get_if<JqlError>(&parsed)) return error->message;
  static const Site site = demo_site("demo", PlatformTime(std::chrono::seconds(1'800'000'000)));
  std::string keys;
  for (const auto* issue : std::get<Jql>(parsed).run(site, account))
    keys += (keys.empty() ? "" : " ") + issue->key;
  return keys;
}

struct Query {
  std::string_view jql, keys;
};
class JqlFinds : public testing::TestWithParam<Query> {};

TEST_P(JqlFinds, WhatUmaMaySee) { EXPECT_EQ(found(GetParam().jql, kDemoUser), GetParam().keys); }

INSTANTIATE_TEST_SUITE_P(
    Table, JqlFinds,
    testing::Values(
        Query{"project = PROJ", "PROJ-1 PROJ-2 PROJ-3"}, Query{"project = proj", "PROJ-1 PROJ-2 PROJ-3"},
        Query{"project = \"Demo project\"", "PROJ-1 PROJ-2 PROJ-3"}, Query{"project != PROJ", ""},
        Query{"project = SECRET", ""}, Query{"key = PROJ-2", "PROJ-2"},
        Query{"issuekey IN (PROJ-3, 'PROJ-1')", "PROJ-1 PROJ-3"},
        Query{"key not in (PROJ-3, PROJ-1)", "PROJ-2"}, Query{"assignee = currentUser()", "PROJ-1"},
        Query{"assignee in (currentUser(), \"557058:11111111-2222-4333-8444-555555555555\")",
              "PROJ-1 PROJ-3"},
        Query{"assignee is EMPTY", "PROJ-2"}, Query{"assignee IS NOT empty", "PROJ-1 PROJ-3"},
        Query{"assignee = null", "PROJ-2"}, Query{"text ~ \"hot\"", "PROJ-1 PROJ-2"},
        Query{"text ~ 'whole tongs'", "PROJ-1"}, Query{"summary ~ sparks", "PROJ-3"},
        Query{"summary !~ sparks", "PROJ-1 PROJ-2"}, Query{"description ~ invocation", "PROJ-1"},
        Query{"status = Done OR key = PROJ-1", "PROJ-1 PROJ-3"},
        Query{"status = \"in progress\" AND text ~ tongs", "PROJ-1"},
        Query{"project = PROJ AND (key = PROJ-1 OR key = PROJ-2) AND NOT labels = safety", "PROJ-1"},
        Query{"NOT (status = Done)", "PROJ-1 PROJ-2"}, Query{"issuetype = Bug", "PROJ-3"},
        Query{"labels != demo", "PROJ-3"}, Query{"labels not in (demo)", "PROJ-3"},
        Query{"NOT (labels = demo OR key = PROJ-1)", "PROJ-3"},
        Query{"labels != demo OR labels is empty", "PROJ-2 PROJ-3"},
        Query{"labels != EMPTY", "PROJ-1 PROJ-3"}, Query{"NOT NOT labels = demo", "PROJ-1"},
        Query{"summary ~ 'first*'", "PROJ-1"}, Query{R"(summary ~ "\"first light\"")", "PROJ-1"},
        Query{R"(summary ~ "\"light first\"")", ""}, Query{R"(summary ~ "light \"first l\" ")", "PROJ-1"},
        Query{"labels = demo", "PROJ-1"}, Query{"labels is empty", "PROJ-2"},
        Query{"project = PROJ ORDER BY key DESC", "PROJ-3 PROJ-2 PROJ-1"},
        Query{"project = PROJ order by status asc, key desc", "PROJ-3 PROJ-1 PROJ-2"},
        Query{"project=PROJ", "PROJ-1 PROJ-2 PROJ-3"}));

TEST(Jql, ShowsPrivateIssuesToThoseWhoMaySeeThem) {
  EXPECT_EQ(found("project = SECRET", kDemoAdmin), "SECRET-1");
  EXPECT_EQ(found("summary ~ ada", kDemoUser), "");
}

TEST(Jql, WithoutAConditionIsUnbounded) {
  EXPECT_FALSE(std::get<Jql>(Jql::parse("")).bounded());
  EXPECT_FALSE(std::get<Jql>(Jql::parse("ORDER BY key")).bounded());
  EXPECT_TRUE(std::get<Jql>(Jql::parse("key = X-1")).bounded());
}

struct Mistake {
  std::string_view jql, message;
};
class JqlRefuses : public testing::TestWithParam<Mistake> {};

TEST_P(JqlRefuses, WithPositionAndReason) {
  EXPECT_EQ(found(GetParam().jql, kDemoUser),
            "Error in the JQL query at character " + std::string(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    Table, JqlRefuses,
    testing::Values(
        Mistake{"project", "8: expected =, !=, ~, !~, IN, NOT IN or IS; the emulator knows no others."},
        Mistake{"project = ", "11: expected a value."}, Mistake{"= PROJ", "1: expected the name of a field."},
        Mistake{"project = PROJ key = X", "16: expected AND, OR or ORDER BY."},
        Mistake{"project = PROJ AND", "19: expected the name of a field."},
        Mistake{"(project = PROJ", "16: expected )."}, Mistake{"key in PROJ-1", "8: expected (."},
        Mistake{"key in (PROJ-1", "15: expected )."}, Mistake{"key in ()", "9: expected a value."},
        Mistake{"summary ~ \"x", "11: the quoted text does not end."},
        Mistake{"summary = x", "12: the fields summary, description and text are searched with ~ and !~."},
        Mistake{"summary ~ currentUser()", "22: a text is not searched for what a function gives."},
        Mistake{"summary ~ \"\"", "11: expected words to search for."},
        Mistake{"summary ~ '*'", "11: expected words to search for."},
        Mistake{"summary ~ (x)", "11: expected a text to search for."},
        Mistake{R"(summary ~ "a \"b")", "11: the phrase in the text does not end."},
        Mistake{"summary ~ 'f?rst'",
                "11: in a text the emulator knows words, \\\"phrases\\\" and * at the end of a word."},
        Mistake{"key ~ x", "8: this field is compared with =, !=, IN, NOT IN and IS."},
        Mistake{"created > -1d",
                "1: the emulator does not know this field; it knows project, key, id, assignee, reporter, "
                "status, issuetype, labels, summary, description and text."},
        Mistake{"key > PROJ-1", "5: expected =, !=, ~, !~, IN, NOT IN or IS; the emulator knows no others."},
        Mistake{"assignee = membersOf(x)", "22: the emulator knows no function but currentUser()."},
        Mistake{"assignee is PROJ", "13: expected EMPTY or NULL."},
        Mistake{"key = X ORDER key", "15: expected BY."},
        Mistake{"key = X ORDER BY priority",
                "18: the emulator orders by key, created, updated, summary and status."}));

TEST(Jql, BoundsItsDepth) {
  EXPECT_NE(found(std::string(1000, '(') + "key = X", kDemoUser).find("nested too deep"), std::string::npos);
}

}  // namespace
}  // namespace tongs::emulator
