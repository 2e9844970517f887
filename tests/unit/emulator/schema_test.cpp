#include <string>
#include <string_view>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

#include "emulator/schema/synthesize.hpp"
#include "emulator/schema/validate.hpp"

namespace tongs::emulator {
namespace {

/// A type with a required member, one that goes in a circle, and one that leads nowhere but to itself.
const json::object* known(std::string_view key) {
  static const json::object all = json::parse(R"({
        "Named": {"type":"object","additionalProperties":false,"required":["name"],
                  "properties":{"name":{"type":"string"},"id":{"type":"string","readOnly":true},
                                "secret":{"type":"string","writeOnly":true}}},
        "Tree": {"type":"object","required":["children"],
                 "properties":{"children":{"type":"array","items":{"$ref":"Tree"}}}},
        "Endless": {"type":"object","required":["next"],"properties":{"next":{"$ref":"Endless"}}},
        "Circle": {"$ref":"Circle"}})")
                                      .as_object();
  return object_in(all, key);
}

std::string misfits(std::string_view schema, std::string_view value, Direction direction) {
  std::string all;
  for (const auto& misfit : validate(json::parse(schema).as_object(), json::parse(value), direction, known))
    all += (all.empty() ? "" : "; ") + misfit.at + ": " + misfit.message;
  return all;
}

struct Case {
  std::string_view schema, value, misfits;
};
class Validates : public testing::TestWithParam<Case> {};

TEST_P(Validates, ARequest) {
  EXPECT_EQ(misfits(GetParam().schema, GetParam().value, Direction::request), GetParam().misfits);
}

INSTANTIATE_TEST_SUITE_P(
    Table, Validates,
    testing::Values(
        Case{R"({})", R"([1,{"a":null}])", ""}, Case{R"({"type":"string"})", R"("x")", ""},
        Case{R"({"type":"string"})", "1", ": must be a string"},
        Case{R"({"type":"integer"})", "1.5", ": must be an integer"}, Case{R"({"type":"number"})", "1", ""},
        Case{R"({"type":"boolean"})", "\"true\"", ": must be a boolean"},
        Case{R"({"type":"object"})", "[]", ": must be an object"},
        Case{R"({"type":"array","items":{"type":"string"}})", R"(["a",2,"b",null])",
             "/1: must be a string; /3: must be a string"},
        Case{R"({"type":"string","nullable":true})", "null", ""},
        Case{R"({"type":"string","enum":["a","b"]})", R"("c")", R"(: must be one of "a", "b")"},
        Case{R"({"type":"integer","format":"int32"})", "2147483648", ": must fit in 32 bits"},
        Case{R"({"type":"integer","minimum":1,"maximum":3})", "0", ": must be at least 1"},
        Case{R"({"type":"integer","minimum":1,"maximum":3})", "4", ": must be at most 3"},
        Case{R"({"type":"string","minLength":2,"maxLength":3})", R"("é")", ": must be at least 2 characters"},
        Case{R"({"type":"string","maxLength":3})", R"("ééé")", ""},
        Case{R"({"type":"array","minItems":1})", "[]", ": must be at least 1 items"},
        Case{R"({"$ref":"Named"})", R"({"name":"n"})", ""},
        Case{R"({"$ref":"Named"})", R"({})", "/name: is required"},
        Case{R"({"$ref":"Named"})", R"({"name":null})", "/name: is required"},
        Case{R"({"$ref":"Named"})", R"({"name":"n","a/b":1})", "/a~1b: is not known here"},
        Case{R"({"type":"object","properties":{"a":{"type":"string"}}})", R"({"a":null,"b":1})", ""},
        Case{R"({"type":"object","additionalProperties":{"type":"integer"}})", R"({"a":1,"b":"x"})",
             "/b: must be an integer"},
        Case{R"({"allOf":[{"$ref":"Named"},{"properties":{"more":{"type":"string"}}}]})",
             R"({"name":"n","more":1})", "/more: must be a string"},
        Case{R"({"oneOf":[{"type":"string"},{"$ref":"Named"}]})", R"({"name":1})", "/name: must be a string"},
        Case{R"({"anyOf":[{"type":"string"},{"type":"integer"}]})", "7", ""},
        Case{R"({"$ref":"Tree"})", R"({"children":[{"children":[{}]}]})",
             "/children/0/children/0/children: is required"},
        Case{R"({"$ref":"Circle"})", "1", ""}, Case{R"({"$ref":"Nothing"})", "1", ""}));

TEST(Validate, KnowsWhatGoesWhichWay) {
  constexpr std::string_view schema =
      R"({"type":"object","required":["id","secret"],"properties":{"id":{"type":"string","readOnly":true},
          "secret":{"type":"string","writeOnly":true}}})";
  EXPECT_EQ(misfits(schema, "{}", Direction::request), "/secret: is required");
  EXPECT_EQ(misfits(schema, "{}", Direction::answer), "/id: is required");
  EXPECT_EQ(misfits(R"({"properties":{"a":{"type":"string"}}})", R"({"a":null})", Direction::answer),
            "/a: must be a string")
      << "in an answer null is null";
}

TEST(Validate, StopsWithTheTwentiethMisfit) {
  json::array many(1000, json::value(1));
  const auto schema = json::parse(R"({"type":"array","items":{"type":"string"}})").as_object();
  EXPECT_EQ(validate(schema, many, Direction::request, known).size(), 20U);
}

std::string made(std::string_view schema, Direction direction) {
  return json::serialize(synthesize(json::parse(schema).as_object(), direction, known));
}

TEST(Synthesize, RequestsHaveWhatTheyMustHave) {
  EXPECT_EQ(made(R"({"$ref":"Named"})", Direction::request), R"({"name":"1"})");
  EXPECT_EQ(made(R"({"type":"array","items":{"type":"string"}})", Direction::request), "[]");
  EXPECT_EQ(made(R"({"type":"array","minItems":2,"items":{"type":"integer"}})", Direction::request), "[1,1]");
  EXPECT_EQ(made(R"({"type":"object","minProperties":1,"additionalProperties":{"type":"boolean"}})",
                 Direction::request),
            R"({"key1":true})");
}

TEST(Synthesize, AnswersHaveWhatTheyMayHave) {
  EXPECT_EQ(made(R"({"$ref":"Named"})", Direction::answer), R"({"name":"1","id":"1"})");
  EXPECT_EQ(made(R"({"type":"array","items":{"type":"string","enum":["a","b"]}})", Direction::answer),
            R"(["a"])");
  EXPECT_EQ(made(R"({"$ref":"Tree"})", Direction::answer), R"({"children":[{"children":[]}]})");
}

TEST(Synthesize, KeepsToFormatsAndBounds) {
  EXPECT_EQ(made(R"({"type":"string","format":"date"})", Direction::answer), R"("2026-01-01")");
  EXPECT_EQ(made(R"({"type":"string","format":"uri"})", Direction::answer), R"("https://example.com/1")");
  EXPECT_EQ(made(R"({"type":"string","minLength":3})", Direction::answer), R"("111")");
  EXPECT_EQ(made(R"({"type":"integer","minimum":5})", Direction::answer), "5");
  EXPECT_EQ(made(R"({"type":"integer","maximum":0})", Direction::answer), "0");
}

TEST(Synthesize, EndsWhereASchemaDoesNot) {
  EXPECT_LT(made(R"({"$ref":"Endless"})", Direction::answer).size(), 2000U);
  EXPECT_EQ(made(R"({"$ref":"Circle"})", Direction::answer), "{}");
}

}  // namespace
}  // namespace tongs::emulator
