#include <string>
#include <string_view>
#include <variant>

#include <gtest/gtest.h>

#include "common/graphql/parser.hpp"

namespace tongs::graphql {
namespace {

Document parsed(std::string_view text) {
  auto outcome = parse(text);
  if (const auto* error = std::get_if<SyntaxError>(&outcome)) {
    ADD_FAILURE() << error->at.line << ":" << error->at.column << " " << error->message;
    return {};
  }
  return std::get<Document>(std::move(outcome));
}

/// The value of the only argument of the only field of `{ f(a: <text>) }`.
Value value_of(std::string_view text) {
  const Document document = parsed("{ f(a: " + std::string(text) + ") }");
  if (document.operations.empty()) return {};
  return std::get<Field>(document.operations.at(0).selections.at(0).data).arguments.at(0).value;
}

std::string string_of(std::string_view text) {
  const Value value = value_of(text);
  const auto* string = std::get_if<StringValue>(&value.data);
  return string == nullptr ? "not a string" : string->text;
}

TEST(GraphqlParser, ReadsTheDocumentedMutation) {
  const Document document = parsed(R"(
mutation forge_remote_offlineUserAuthToken($input: OfflineUserAuthTokenInput!) {
  offlineUserAuthToken(input: $input) { success errors { message } authToken { token ttl } }
})");
  ASSERT_EQ(document.operations.size(), 1U);
  const Operation& operation = document.operations[0];
  EXPECT_EQ(operation.kind, OperationKind::mutation);
  EXPECT_EQ(operation.name, "forge_remote_offlineUserAuthToken");
  EXPECT_EQ(operation.at, (Location{2, 1}));
  ASSERT_EQ(operation.variables.size(), 1U);
  EXPECT_EQ(operation.variables[0].name, "input");
  EXPECT_EQ(operation.variables[0].type.name, "OfflineUserAuthTokenInput");
  EXPECT_TRUE(operation.variables[0].type.non_null);
  const auto& field = std::get<Field>(operation.selections.at(0).data);
  EXPECT_EQ(operation.selections[0].at, (Location{3, 3}));
  EXPECT_EQ(field.name, "offlineUserAuthToken");
  ASSERT_EQ(field.selections.size(), 3U);
  EXPECT_EQ(std::get<Field>(field.selections[1].data).selections.size(), 1U);
}

TEST(GraphqlParser, ReadsAliasesDirectivesAndFragments) {
  const Document document = parsed(R"(
query A { mine: thing @include(if: $yes) { ...Part ... on Thing @skip(if: false) { id } ... { name } } }
fragment Part on Thing { size }
query B { other })");
  ASSERT_EQ(document.operations.size(), 2U);
  ASSERT_EQ(document.fragments.size(), 1U);
  EXPECT_EQ(document.fragments[0].type_condition, "Thing");
  const auto& field = std::get<Field>(document.operations[0].selections.at(0).data);
  EXPECT_EQ(field.alias, "mine");
  EXPECT_EQ(field.response_name(), "mine");
  ASSERT_EQ(field.directives.size(), 1U);
  EXPECT_EQ(std::get<Variable>(field.directives[0].arguments.at(0).value.data).name, "yes");
  ASSERT_EQ(field.selections.size(), 3U);
  EXPECT_EQ(std::get<FragmentSpread>(field.selections[0].data).name, "Part");
  EXPECT_EQ(std::get<InlineFragment>(field.selections[1].data).type_condition, "Thing");
  EXPECT_EQ(std::get<InlineFragment>(field.selections[2].data).type_condition, "");
}

TEST(GraphqlParser, ReadsVariableTypesAndDefaults) {
  const Document document =
      parsed("query($a: [ID!]! = [\"x\"], $b: Int = -3, $c: T = {on: true, e: RED, n: null}) { f }");
  const auto& variables = document.operations.at(0).variables;
  ASSERT_EQ(variables.size(), 3U);
  EXPECT_TRUE(variables[0].type.is_list());
  EXPECT_TRUE(variables[0].type.non_null);
  EXPECT_TRUE(variables[0].type.element.at(0).non_null);
  EXPECT_EQ(variables[0].type.element.at(0).name, "ID");
  EXPECT_EQ(std::get<IntValue>(variables[1].default_value->data).text, "-3");
  const auto& object = std::get<ObjectValue>(variables[2].default_value->data);
  ASSERT_EQ(object.fields.size(), 3U);
  EXPECT_EQ(object.fields[0].name, "on");
  EXPECT_EQ(std::get<EnumValue>(object.fields[1].value.data).name, "RED");
  EXPECT_TRUE(std::holds_alternative<NullValue>(object.fields[2].value.data));
}

TEST(GraphqlParser, PassesOverCommasCommentsAndAByteOrderMark) {
  const Document document = parsed("\xef\xbb\xbf# a { comment\r\n{,a,,b # another\n,c}");
  EXPECT_EQ(document.operations.at(0).selections.size(), 3U);
  EXPECT_EQ(document.operations[0].at, (Location{2, 1}));
}

TEST(GraphqlParser, KeywordsMayBeFieldAndArgumentNames) {
  const Document document = parsed("{ query mutation on fragment(on: null, true: false) }");
  EXPECT_EQ(document.operations.at(0).selections.size(), 4U);
}

TEST(GraphqlParser, ResolvesEscapesInStrings) {
  EXPECT_EQ(string_of(R"("")"), "");
  EXPECT_EQ(string_of(R"("a\"\\\/\b\f\n\r\tz")"), "a\"\\/\b\f\n\r\tz");
  EXPECT_EQ(string_of(R"("\u00e9\u20AC\ud83d\ude00")"), "é€😀");
  EXPECT_EQ(string_of("\"é # not a comment\""), "é # not a comment");
}

TEST(GraphqlParser, UnindentsBlockStrings) {
  EXPECT_EQ(string_of("\"\"\"\"\"\""), "");
  EXPECT_EQ(string_of("\"\"\"one line\"\"\""), "one line");
  EXPECT_EQ(string_of("\"\"\"\n    Hello,\n      World!\n\n    Yours,\n  \"\"\""),
            "Hello,\n  World!\n\nYours,");
  EXPECT_EQ(string_of("\"\"\"first\n\tsecond\r\n\tthird\"\"\""), "first\nsecond\nthird");
  EXPECT_EQ(string_of(R"("""a \""" b \n c""")"), R"(a """ b \n c)");
}

TEST(GraphqlParser, KeepsNumbersAsTheyAreWritten) {
  for (const auto* text : {"0", "-0", "1", "-42", "99999999999999999999"}) {
    EXPECT_EQ(std::get<IntValue>(value_of(text).data).text, text);
  }
  for (const auto* text : {"0.5", "-1.25e10", "1E-3", "6e+7"}) {
    EXPECT_EQ(std::get<FloatValue>(value_of(text).data).text, text);
  }
}

struct Refused {
  std::string_view text;
  Location at;
  std::string_view message;
};

class GraphqlParserRefuses : public testing::TestWithParam<Refused> {};

TEST_P(GraphqlParserRefuses, WithPositionAndReason) {
  const auto outcome = parse(GetParam().text);
  ASSERT_TRUE(std::holds_alternative<SyntaxError>(outcome)) << GetParam().text;
  const auto& error = std::get<SyntaxError>(outcome);
  EXPECT_EQ(error.message, GetParam().message) << GetParam().text;
  EXPECT_EQ(error.at, GetParam().at) << GetParam().text << " at " << error.at.line << ":" << error.at.column;
}

INSTANTIATE_TEST_SUITE_P(
    Table, GraphqlParserRefuses,
    testing::Values(
        Refused{"", {1, 1}, "the document is empty"},
        Refused{"  # only a comment\n", {2, 1}, "the document is empty"},
        Refused{"{}", {1, 2}, "expected a field, a fragment or }"}, Refused{"{ a", {1, 4}, "expected }"},
        Refused{"{ a } }", {1, 7}, "expected query, mutation, subscription, fragment or {"},
        Refused{"type A { b: Int }", {1, 1}, "expected query, mutation, subscription, fragment or {"},
        Refused{"query A($a Int) { b }", {1, 12}, "expected :"},
        Refused{"query A() { b }", {1, 9}, "expected $"},
        Refused{"query A($a: [Int) { b }", {1, 17}, "expected ]"},
        Refused{"query A($a: Int = $b) { b }", {1, 19}, "a variable cannot stand here"},
        Refused{"{ a() }", {1, 5}, "expected the name of an argument"},
        Refused{"{ a(b:) }", {1, 7}, "expected a value"},
        Refused{"{ a(b: [1 2 }", {1, 13}, "expected a value"},
        Refused{"{ a(b: {c 1}) }", {1, 11}, "expected :"},
        Refused{"{ a: }", {1, 6}, "expected the field that the alias stands for"},
        Refused{"{ ... }", {1, 7}, "expected {"},
        Refused{"{ ... on { a } }", {1, 10}, "expected the type of the fragment"},
        Refused{"fragment on on T { a }", {1, 10}, "a fragment cannot be named on"},
        Refused{"fragment F { a }", {1, 12}, "expected on and the type of the fragment"},
        Refused{"{ a(b: 01) }", {1, 8}, "a number must not start with a needless 0"},
        Refused{"{ a(b: -) }", {1, 9}, "expected a digit after -"},
        Refused{"{ a(b: 1.) }", {1, 10}, "expected a digit after the decimal point"},
        Refused{"{ a(b: 1e) }", {1, 10}, "expected a digit in the exponent"},
        Refused{"{ a(b: 1x) }", {1, 9}, "a number must end before this character"},
        Refused{"{ a(b: 1.2.3) }", {1, 11}, "a number must end before this character"},
        Refused{"{ a(b: \"x", {1, 10}, "this string does not end on its line"},
        Refused{"{ a(b: \"x\ny\") }", {1, 10}, "this string does not end on its line"},
        Refused{"{ a(b: \"\\q\") }", {1, 9}, "this escape sequence stands for no character"},
        Refused{"{ a(b: \"\\u12\") }", {1, 9}, "this escape sequence stands for no character"},
        Refused{"{ a(b: \"\\ud800\") }", {1, 9}, "this escape sequence stands for no character"},
        Refused{"{ a(b: \"\\ud800\\u0041\") }", {1, 9}, "this escape sequence stands for no character"},
        Refused{"{ a(b: \"\\udc00\") }", {1, 9}, "this escape sequence stands for no character"},
        Refused{"{\n  a(b: \"\"\"x\ny", {3, 2}, "this block string does not end"},
        Refused{"{ a(b: \"\xff\") }", {1, 9}, "this character must not stand in a string"},
        Refused{"{ é }", {1, 3}, "this character has no meaning in a GraphQL document"},
        Refused{"{ a ? }", {1, 5}, "this character has no meaning in a GraphQL document"},
        Refused{
            std::string_view("{ a \0 }", 7), {1, 5}, "this character has no meaning in a GraphQL document"},
        Refused{"{ a .. }", {1, 5}, "this character has no meaning in a GraphQL document"},
        Refused{"{ \"é\" ? }", {1, 3}, "expected a field, a fragment or }"}));

std::string repeated(std::string_view piece, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text += piece;
  return text;
}

TEST(GraphqlParser, BoundsDepthSizeAndTokens) {
  const auto reason = [](const std::string& text) {
    const auto outcome = parse(text);
    const auto* error = std::get_if<SyntaxError>(&outcome);
    return error == nullptr ? std::string("accepted") : error->message;
  };
  EXPECT_EQ(reason(repeated("{a", 64) + repeated("}", 64)), "accepted");
  EXPECT_EQ(reason(repeated("{a", 65) + repeated("}", 65)), "the document is nested too deep");
  EXPECT_EQ(reason(repeated("{a", 100000)), "the document is nested too deep");
  EXPECT_EQ(reason("{a(b:" + repeated("[", 100000)), "the document is nested too deep");
  EXPECT_EQ(reason("{a(b:" + repeated("{c:", 50000)), "the document is nested too deep");
  EXPECT_EQ(reason("query($a:" + repeated("[", 100000)), "the document is nested too deep");
  EXPECT_EQ(reason("{" + repeated("a ", 16380) + "}"), "accepted");
  EXPECT_EQ(reason("{" + repeated("a ", 17000) + "}"), "the document has too many tokens");
  EXPECT_EQ(reason(std::string(256UL * 1024 + 1, ' ')), "the document is too large");
}

TEST(GraphqlParser, ReadsATypeAlone) {
  const auto type = parse_type("[[ID!]]!");
  ASSERT_TRUE(std::holds_alternative<Type>(type));
  EXPECT_EQ(std::get<Type>(type).element.at(0).element.at(0).name, "ID");
  EXPECT_TRUE(std::holds_alternative<SyntaxError>(parse_type("ID ID")));
  EXPECT_TRUE(std::holds_alternative<SyntaxError>(parse_type("")));
}

}  // namespace
}  // namespace tongs::graphql
