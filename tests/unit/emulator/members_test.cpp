#include "emulator/base/members.hpp"

#include <string>
#include <string_view>

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

namespace tongs::emulator {
namespace {

struct Read {
  std::string name;
  std::optional<std::int64_t> age;
  std::vector<std::string> tags;
  std::vector<std::string> inner;
  std::string problem;
};

Read read(std::string_view text) {
  Read out;
  Problem problem;
  const json::object object = json::parse(text).as_object();
  Members members(object, "", problem);
  out.name = members.text("name").value_or("nobody");
  out.age = members.integer("age", 0, 150);
  out.tags = members.texts("tags");
  members.objects("children", [&](Members& child) { out.inner.push_back(child.required_text("name")); });
  members.boolean("old");
  members.finish();
  out.problem = problem.describe();
  return out;
}

TEST(Members, ReadsWhatIsThere) {
  const Read all = read(R"({"name":"Ada","age":36,"tags":["a","b"],"children":[{"name":"x"},{"name":"y"}]})");
  EXPECT_EQ(all.problem, "");
  EXPECT_EQ(all.name, "Ada");
  EXPECT_EQ(all.age, 36);
  EXPECT_EQ(all.tags, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(all.inner, (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(read("{}").name, "nobody");
  EXPECT_EQ(read(R"({"name":null})").problem, "") << "a null text counts as left out";
}

TEST(Members, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(read(R"({"name":7})").problem, "/name: must be a string");
  EXPECT_EQ(read(R"({"age":"7"})").problem, "/age: must be a whole number from 0 to 150");
  EXPECT_EQ(read(R"({"age":151})").problem, "/age: must be a whole number from 0 to 150");
  EXPECT_EQ(read(R"({"age":1.5})").problem, "/age: must be a whole number from 0 to 150");
  EXPECT_EQ(read(R"({"tags":"a"})").problem, "/tags: must be an array");
  EXPECT_EQ(read(R"({"tags":[1]})").problem, "/tags: must hold strings only");
  EXPECT_EQ(read(R"({"children":[{"name":"x"},{}]})").problem,
            "/children/1/name: is required and must not be empty");
  EXPECT_EQ(read(R"({"children":[1]})").problem, "/children: must hold objects only");
  EXPECT_EQ(read(R"({"old":"yes"})").problem, "/old: must be true or false");
}

TEST(Members, RefusesUnknownMembersAndSaysWhatWasMeant) {
  EXPECT_EQ(read(R"({"nmae":"Ada"})").problem, "/nmae: is not known here; did you mean name?");
  EXPECT_EQ(read(R"({"zebra":1})").problem, "/zebra: is not known here");
  EXPECT_EQ(read(R"({"children":[{"name":"x","a/b":1}]})").problem, "/children/0/a~1b: is not known here");
}

std::string json_problem(std::string_view text) {
  const auto parsed = parse_json(text);
  const auto* problem = std::get_if<Problem>(&parsed);
  return problem == nullptr ? "fine" : problem->describe();
}

TEST(ParseJson, SaysTheLineAndColumnOfAMistake) {
  EXPECT_EQ(json_problem(R"({"a": [1, 2.5, "x", null, true]})"), "fine");
  EXPECT_EQ(json_problem(" 12 "), "fine");
  EXPECT_EQ(json_problem("{\n  \"a\": 1,\n  b\n}"), "line 3, column 3: the text is not JSON from here on");
  EXPECT_EQ(json_problem("{} x"), "line 1, column 4: the text is not JSON from here on");
  EXPECT_EQ(json_problem(""), "line 1, column 1: the text is not JSON from here on");
  EXPECT_EQ(json_problem("{\"a\":"), "line 1, column 6: the text is not JSON from here on");
  EXPECT_NE(json_problem(std::string(1000, '[')), "fine");
  EXPECT_NE(json_problem("\"\xff\""), "fine");
}

TEST(ParseJson, TakesAnEmptyBodyForAnEmptyObject) {
  EXPECT_TRUE(std::get<json::object>(parse_json_object(" \n")).empty());
  EXPECT_EQ(std::get<Problem>(parse_json_object("[1]")).describe(), "must be a JSON object");
}

}  // namespace
}  // namespace tongs::emulator
