#include <string>
#include <string_view>
#include <vector>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

#include "common/graphql/execution.hpp"
#include "common/graphql/parser.hpp"
#include "common/graphql/validation.hpp"

namespace tongs::graphql {
namespace {

namespace json = boost::json;

const Schema& schema() {
  static const Schema made(
      {.query = "Query", .mutation = "Mutation"},
      {
          object_type("Query",
                      {field("echo", "Echo!", {input("text", "String!"), input("times", "Int")}),
                       field("maybe", "Echo",
                             {input("list", "[ID!]"), input("flag", "Boolean"), input("ratio", "Float"),
                              input("shape", "Shape")}),
                       field("items", "[Echo!]!"), field("broken", "Echo"), field("fatal", "Echo!")}),
          object_type("Echo", {field("text", "String!"), field("times", "Int"), field("self", "Echo")}),
          object_type("Mutation", {field("set", "Echo", {input("input", "Shape!")})}),
          input_type("Shape", {input("name", "String!"), input("sides", "[Int!]"), input("inner", "Shape")}),
      });
  return made;
}

Resolvers resolvers(json::object* seen = nullptr) {
  const auto echo = [seen](const json::object& arguments) -> std::variant<json::value, Refusal> {
    if (seen != nullptr) *seen = arguments;
    const json::object inner{{"text", "inner"}, {"times", 0}, {"self", nullptr}};
    json::value text = arguments.contains("text") ? arguments.at("text") : json::value("none");
    return json::value{{"text", text}, {"times", 2}, {"self", inner}};
  };
  const auto refuse = [](const json::object&) -> std::variant<json::value, Refusal> {
    return Refusal{"no", {{"statusCode", 403}}};
  };
  return {
      {"Query.echo", echo},
      {"Query.maybe", echo},
      {"Mutation.set", echo},
      {"Query.broken", refuse},
      {"Query.fatal", refuse},
      {"Query.items", [](const json::object&) -> std::variant<json::value, Refusal> {
         return json::value(json::array{json::object{{"text", "a"}, {"times", 1}, {"self", nullptr}},
                                        json::object{{"text", "b"}, {"times", nullptr}, {"self", nullptr}}});
       }}};
}

std::string run(std::string_view query, std::string_view variables = "{}", std::string_view operation = "") {
  return json::serialize(
      execute(schema(), resolvers(),
              {std::string(query), std::string(operation), json::parse(variables).as_object()}));
}

json::object arguments_of(std::string_view query, std::string_view variables = "{}") {
  json::object seen{{"unset", true}};
  const auto answer =
      execute(schema(), resolvers(&seen), {std::string(query), {}, json::parse(variables).as_object()});
  EXPECT_FALSE(answer.contains("errors")) << json::serialize(answer);
  return seen;
}

std::string first_error(std::string_view query, std::string_view variables = "{}") {
  const auto answer = json::parse(run(query, variables));
  if (!answer.as_object().contains("errors")) return "no error: " + json::serialize(answer);
  const auto& error = answer.at("errors").at(0).as_object();
  std::string text(error.at("message").as_string());
  if (error.contains("locations")) {
    const auto& at = error.at("locations").at(0);
    text = json::serialize(at.at("line")) + ":" + json::serialize(at.at("column")) + " " + text;
  }
  return text;
}

TEST(GraphqlExecution, AnswersWhatWasSelectedInThatOrder) {
  EXPECT_EQ(run("{ echo(text: \"x\") { times text } }"), R"({"data":{"echo":{"times":2,"text":"x"}}})");
  EXPECT_EQ(
      run("{ b: echo(text: \"1\") { text } a: echo(text: \"2\") { t: text self { text } __typename } }"),
      R"({"data":{"b":{"text":"1"},"a":{"t":"2","self":{"text":"inner"},"__typename":"Echo"}}})");
  EXPECT_EQ(run("{ items { text } __typename }"),
            R"({"data":{"items":[{"text":"a"},{"text":"b"}],"__typename":"Query"}})");
}

TEST(GraphqlExecution, MergesFragmentsAndRepeatedFields) {
  EXPECT_EQ(run("query { ...Root echo(text: \"x\") { times } } fragment Root on Query { echo(text: \"x\") { "
                "...E } }"
                " fragment E on Echo { text ... on Echo { self { times } } ... { self { text } } }"),
            R"({"data":{"echo":{"text":"x","self":{"times":0,"text":"inner"},"times":2}}})");
}

TEST(GraphqlExecution, HonoursSkipAndInclude) {
  constexpr auto query =
      "query($yes: Boolean!, $no: Boolean = false) { maybe { text @include(if: $yes) times @skip(if: $yes)"
      " self @include(if: $no) { text } ... @skip(if: true) { times } } }";
  EXPECT_EQ(run(query, R"({"yes":true})"), R"({"data":{"maybe":{"text":"none"}}})");
  EXPECT_EQ(run(query, R"({"yes":false,"no":true})"),
            R"({"data":{"maybe":{"times":2,"self":{"text":"inner"}}}})");
}

TEST(GraphqlExecution, ChoosesTheOperationByName) {
  constexpr auto query = "query A { echo(text: \"a\") { text } } query B { echo(text: \"b\") { text } }";
  EXPECT_EQ(run(query, "{}", "B"), R"({"data":{"echo":{"text":"b"}}})");
  EXPECT_EQ(run(query), R"({"errors":[{"message":"operationName must say which operation is meant"}]})");
  EXPECT_EQ(run(query, "{}", "C"), R"({"errors":[{"message":"the document has no operation C"}]})");
}

TEST(GraphqlExecution, PassesCoercedArguments) {
  EXPECT_EQ(json::serialize(arguments_of("{ maybe(list: 7, flag: true, ratio: 2) { text } }")),
            R"({"list":["7"],"flag":true,"ratio":2E0})");
  EXPECT_EQ(
      json::serialize(arguments_of("query($l: [ID!], $s: Shape) { maybe(list: $l, shape: $s) { text } }",
                                   R"({"l":[1,"b"],"s":{"name":"n","sides":3}})")),
      R"({"list":["1","b"],"shape":{"name":"n","sides":[3]}})");
  EXPECT_EQ(
      json::serialize(arguments_of("query($n: String!, $gone: [Int!]) {"
                                   " maybe(shape: {name: $n, sides: $gone, inner: {name: \"i\"}}) { text } }",
                                   R"({"n":"given"})")),
      R"({"shape":{"name":"given","inner":{"name":"i"}}})");
  EXPECT_EQ(json::serialize(arguments_of("query($n: String = \"default\") { echo(text: $n) { text } }")),
            R"({"text":"default"})");
  EXPECT_EQ(json::serialize(arguments_of("{ maybe(list: null) { text } }")), R"({"list":null})");
}

TEST(GraphqlExecution, ARefusalMakesItsFieldNullAndSaysWhere) {
  EXPECT_EQ(run("{ mine: broken { text } echo(text: \"x\") { text } }"),
            R"({"data":{"mine":null,"echo":{"text":"x"}},"errors":[{"message":"no",)"
            R"("locations":[{"line":1,"column":3}],"path":["mine"],"extensions":{"statusCode":403}}]})");
  const auto fatal = json::parse(run("{ fatal { text } }"));
  EXPECT_TRUE(fatal.at("data").is_null());
}

struct Invalid {
  std::string_view query;
  std::string_view message;
  std::string_view variables = "{}";
};

class GraphqlRefuses : public testing::TestWithParam<Invalid> {};

TEST_P(GraphqlRefuses, BeforeItExecutes) {
  EXPECT_EQ(first_error(GetParam().query, GetParam().variables), GetParam().message);
  EXPECT_FALSE(json::parse(run(GetParam().query, GetParam().variables)).as_object().contains("data"));
}

INSTANTIATE_TEST_SUITE_P(
    Table, GraphqlRefuses,
    testing::Values(
        Invalid{"{ echo(text: \"x\") { text }", "1:27 expected }"},
        Invalid{"subscription { echo }", "1:1 operations of this kind are not served here"},
        Invalid{"{ nope }", "1:3 type Query has no field nope"},
        Invalid{"{ echo(text: \"x\") { nope } }", "1:21 type Echo has no field nope"},
        Invalid{"{ echo { text } }", "1:3 field echo needs the argument text of type String!"},
        Invalid{"{ echo(text: \"x\") }",
                "1:3 field echo of type Echo! needs a selection of its fields: { … }"},
        Invalid{"{ echo(text: \"x\") { text { a } } }", "1:21 field text of type String! has no fields"},
        Invalid{"{ echo(text: \"x\", size: 1) { text } }", "1:19 field echo has no argument size"},
        Invalid{"{ echo(text: \"x\", text: \"y\") { text } }", "1:19 argument text stands twice"},
        Invalid{"{ echo(text: 1) { text } }", "1:14 expected a value of type String!"},
        Invalid{"{ echo(text: null) { text } }", "1:14 expected a value of type String!"},
        Invalid{"{ echo(text: \"x\", times: 2147483648) { text } }", "1:26 expected a value of type Int"},
        Invalid{"{ echo(text: \"x\", times: 1.5) { text } }", "1:26 expected a value of type Int"},
        Invalid{"{ maybe(flag: \"true\") { text } }", "1:15 expected a value of type Boolean"},
        Invalid{"{ maybe(flag: RED) { text } }", "1:15 expected a value of type Boolean"},
        Invalid{"{ maybe(list: [null]) { text } }", "1:16 expected a value of type ID!"},
        Invalid{"{ maybe(shape: 3) { text } }", "1:16 expected a value of type Shape"},
        Invalid{"{ maybe(shape: {}) { text } }", "1:16 field name of type String! is missing"},
        Invalid{"{ maybe(shape: {name: \"n\", x: 1}) { text } }", "1:28 type Shape has no field x"},
        Invalid{"{ maybe(shape: {name: \"n\", name: \"m\"}) { text } }", "1:28 field name stands twice"},
        Invalid{"{ maybe(shape: {name: \"n\", inner: {sides: [\"1\"], name: \"m\"}}) { text } }",
                "1:44 in field inner: in field sides: expected a value of type Int!"},
        Invalid{"{ echo(text: $t) { text } }", "1:14 variable $t is not defined"},
        Invalid{"query($t: String) { echo(text: $t) { text } }",
                "1:32 variable $t of type String cannot stand where String! is expected", R"({"t":"x"})"},
        Invalid{"query($t: ID!) { echo(text: $t) { text } }",
                "1:29 variable $t of type ID! cannot stand where String! is expected", R"({"t":"x"})"},
        Invalid{"query($t: [ID]) { maybe(list: $t) { text } }",
                "1:31 variable $t of type [ID] cannot stand where [ID!] is expected"},
        Invalid{"query($t: String!) { maybe { text } }", "1:7 variable $t is not used", R"({"t":"x"})"},
        Invalid{"query($t: Nope) { maybe { text } }",
                "1:7 variable $t has type Nope, which is no input type"},
        Invalid{"query($t: Echo) { maybe { text } }",
                "1:7 variable $t has type Echo, which is no input type"},
        Invalid{"query($t: Int = \"1\") { echo(text: \"x\", times: $t) { text } }",
                "1:17 expected a value of type Int"},
        Invalid{"query($t: String!, $t: String!) { echo(text: $t) { text } }",
                "1:20 there are two variables $t", R"({"t":"x"})"},
        Invalid{"query($t: String!) { echo(text: $t) { text } }",
                "1:7 variable $t of type String! must be given a value"},
        Invalid{"query($t: String!) { echo(text: $t) { text } }",
                "1:7 variable $t: expected a value of type String!", R"({"t":7})"},
        Invalid{"query($t: Shape) { maybe(shape: $t) { text } }",
                "1:7 variable $t: in field sides: expected a value of type Int!",
                R"({"t":{"name":"n","sides":[1,"2"]}})"},
        Invalid{"{ ...F }", "1:3 there is no fragment F"},
        Invalid{"{ ...F } fragment F on Nope { a }", "1:10 fragment F is on Nope, which is no object type"},
        Invalid{"{ ...F } fragment F on Shape { a }", "1:10 fragment F is on Shape, which is no object type"},
        Invalid{"{ ...F } fragment F on Echo { text }", "1:3 fragment F cannot apply to Query"},
        Invalid{"{ ... on Echo { text } }", "1:3 a fragment on Echo cannot apply to Query"},
        Invalid{"{ maybe { text } } fragment F on Echo { text }", "1:20 fragment F is not used"},
        Invalid{"{ maybe { ...F } } fragment F on Echo { self { ...F } }", "1:48 fragment F contains itself"},
        Invalid{"{ maybe { ...F } } fragment F on Echo { ...G } fragment G on Echo { ...F }",
                "1:69 fragment F contains itself"},
        Invalid{"{ maybe { ...F } } fragment F on Echo { text } fragment F on Echo { text }",
                "1:48 there are two fragments named F"},
        Invalid{"query A { maybe { text } } query A { maybe { text } }",
                "1:28 there are two operations named A"},
        Invalid{"{ maybe { text } } query A { maybe { text } }",
                "1:1 an operation without a name must be the only one"},
        Invalid{"{ a: echo(text: \"x\") { text } a: echo(text: \"y\") { text } }",
                "1:31 a stands for two different fields; give one of them another alias"},
        Invalid{"{ maybe { a: text a: times } }",
                "1:19 a stands for two different fields; give one of them another alias"},
        Invalid{"{ maybe @nope { text } }", "1:9 directive @nope is not known here"},
        Invalid{"{ maybe @skip { text } }", "1:9 directive @skip needs the argument if of type Boolean!"},
        Invalid{"{ maybe @skip(if: true) @skip(if: true) { text } }", "1:25 directive @skip stands twice"},
        Invalid{"query @skip(if: true) { maybe { text } }", "1:7 directive @skip cannot stand here"}));

TEST(GraphqlValidation, BoundsWhatFragmentsMultiply) {
  std::string query = "{ maybe { ...F0 } }";
  for (int i = 0; i < 24; ++i) {
    const auto next = "self { ...F" + std::to_string(i + 1) + " }";
    query += " fragment F" + std::to_string(i) + " on Echo { a: " + next + " b: " + next + " }";
  }
  query += " fragment F24 on Echo { text }";
  EXPECT_TRUE(first_error(query).ends_with("the document asks for too many fields")) << first_error(query);
}

TEST(GraphqlExecution, AnswersASyntaxErrorWithItsPosition) {
  EXPECT_EQ(run("{\n  echo(text: }"),
            R"({"errors":[{"message":"expected a value","locations":[{"line":2,"column":14}]}]})");
}

}  // namespace
}  // namespace tongs::graphql
