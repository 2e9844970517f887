#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <tongs/json.hpp>
#include <tongs/secret.hpp>

#include "support/memory_search.hpp"

namespace tongs {

namespace {

using Kind = JsonView::Kind;

JsonDocument parse(std::string_view text) { return JsonDocument::parse(text).value(); }

TEST(JsonDocument, TellsTheKindsApart) {
  const JsonDocument document = parse(R"({"n":null,"b":true,"i":-1,"u":18446744073709551615,"d":1.0,"e":1e2,
                                         "s":"","a":[],"o":{}})");
  EXPECT_EQ(document["n"].kind(), Kind::null);
  EXPECT_EQ(document["b"].kind(), Kind::boolean);
  EXPECT_EQ(document["i"].kind(), Kind::integer);
  EXPECT_EQ(document["u"].kind(), Kind::integer);
  EXPECT_EQ(document["d"].kind(), Kind::real);
  EXPECT_EQ(document["e"].kind(), Kind::real);
  EXPECT_EQ(document["s"].kind(), Kind::string);
  EXPECT_EQ(document["a"].kind(), Kind::array);
  EXPECT_EQ(document["o"].kind(), Kind::object);
  EXPECT_EQ(document["x"].kind(), Kind::missing);
  EXPECT_EQ(document.root().kind(), Kind::object);
}

TEST(JsonDocument, TakesAScalarAsTheWholeText) {
  EXPECT_EQ(parse("\"text\"").root().string(), "text");
  EXPECT_EQ(parse(" 7 ").root().integer(), 7);
  EXPECT_TRUE(parse("null").root().is_null());
}

TEST(JsonView, GivesNothingForTheWrongKind) {
  const JsonDocument document = parse(R"({"s":"1","i":1,"d":1.5,"n":null,"a":[1]})");
  EXPECT_FALSE(document["s"].integer());
  EXPECT_FALSE(document["s"].number());
  EXPECT_FALSE(document["i"].string());
  EXPECT_FALSE(document["i"].boolean());
  EXPECT_FALSE(document["d"].integer());
  EXPECT_FALSE(document["n"].boolean());
  EXPECT_FALSE(document["n"].number());
  EXPECT_FALSE(document["a"]["0"]);
  EXPECT_FALSE(document["x"]["y"]["z"]);
  EXPECT_EQ(document["x"].size(), 0u);
  EXPECT_EQ(document["x"].text(), "");
  EXPECT_EQ(document["x"].begin(), document["x"].end());
  EXPECT_EQ(JsonView().kind(), Kind::missing);
  EXPECT_FALSE(JsonView()["x"]);
}

TEST(JsonView, ReadsNumbersWithoutRoundingIntegers) {
  const JsonDocument document = parse(
      R"({"min":-9223372036854775808,"max":9223372036854775807,"over":9223372036854775808,"half":0.5})");
  EXPECT_EQ(document["min"].integer(), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(document["max"].integer(), std::numeric_limits<std::int64_t>::max());
  EXPECT_FALSE(document["over"].integer());
  EXPECT_EQ(document["over"].number(), 9223372036854775808.0);
  EXPECT_EQ(document["half"].number(), 0.5);
  EXPECT_EQ(document["max"].text(), "9223372036854775807");
  EXPECT_EQ(document["over"].text(), "9223372036854775808");
}

TEST(JsonView, KeepsNumbersThatNo64BitsHoldAsTheyAreWritten) {
  const std::string_view text =
      R"({"a":1,"over":12345678901234567890123,"under":-9223372036854775809,"inf":1e400,"minus":-1.5E+999,"s":"1e400 \" -2e999","b":[18446744073709551616,2.5,1e400],"z":7})";
  const JsonDocument document = parse(text);
  EXPECT_EQ(document.root().text(), text);
  EXPECT_EQ(document["over"].kind(), Kind::real);
  EXPECT_FALSE(document["over"].integer());
  EXPECT_EQ(document["over"].number(), 12345678901234567890123.0);
  EXPECT_EQ(document["under"].number(), -9223372036854775808.0);
  EXPECT_EQ(document["inf"].kind(), Kind::real);
  EXPECT_FALSE(document["inf"].number()) << "no double is near it";
  EXPECT_FALSE(document["minus"].number());
  EXPECT_EQ(document["s"].string(), R"(1e400 " -2e999)");
  EXPECT_EQ(document["a"].integer(), 1);
  EXPECT_EQ(document["z"].integer(), 7);
  EXPECT_EQ(document["b"].size(), 3u);
  EXPECT_EQ(parse(std::string(400, '9')).root().number(), std::nullopt);
  EXPECT_EQ(parse(" 1e999 ").root().text(), "1e999");
  EXPECT_EQ(parse("[1e999,-0.0,1e-999]").root().text(), "[1e999,-0.0,0.0]");
}

TEST(JsonView, UnescapesStringsAndNames) {
  const JsonDocument document = parse(R"({"\u0061":"\ud83d\ude00\n\u0000x"})");
  EXPECT_EQ(document["a"].string(), std::string_view("\xf0\x9f\x98\x80\n\0x", 7));
}

TEST(JsonView, FollowsAPathOfNames) {
  const JsonDocument document = parse(R"({"a":{"b":{"c":3}}})");
  EXPECT_EQ(document.root().at("a", "b", "c").integer(), 3);
  EXPECT_FALSE(document.root().at("a", "x", "c"));
}

TEST(JsonView, WalksArraysAndObjectsInTheOrderOfTheText) {
  const JsonDocument document = parse(R"({"z":[1,2.5,{"deep":[]},"s"],"a":-3,"m":{}})");
  std::string names;
  for (auto member = document.root().begin(); member != document.root().end(); ++member)
    names += member.key();
  EXPECT_EQ(names, "zam");
  EXPECT_EQ(document.root().size(), 3u);
  EXPECT_EQ(document["z"].size(), 4u);
  std::vector<Kind> kinds;
  for (const JsonView element : document["z"]) kinds.push_back(element.kind());
  EXPECT_EQ(kinds, (std::vector{Kind::integer, Kind::real, Kind::object, Kind::string}));
}

TEST(JsonView, GivesTheFirstOfTwoMembersOfOneName) { EXPECT_EQ(parse(R"({"a":1,"a":2})")["a"].integer(), 1); }

TEST(JsonView, WritesItselfAsTheTextItCameFrom) {
  for (const std::string_view text : {R"({"a":[1,-2,0.5,true,false,null,"x\"\\\n"],"b":{},"c":[]})", "[]",
                                      "{}", "[[[]]]", "\"\"", "1e+300"}) {
    EXPECT_EQ(parse(text).root().text(), text);
  }
}

TEST(JsonDocument, ViewsSurviveAMove) {
  JsonDocument first = parse(R"({"a":"text"})");
  const JsonView view = first["a"];
  const JsonDocument second = std::move(first);
  EXPECT_EQ(view.string(), "text");
}

TEST(JsonDocument, RefusesWhatIsNotJson) {
  for (const std::string_view text : {"",
                                      " ",
                                      "{",
                                      "}",
                                      "[1,]",
                                      "{\"a\":1,}",
                                      "{a:1}",
                                      "{'a':1}",
                                      "01",
                                      "+1",
                                      ".5",
                                      "1.",
                                      "NaN",
                                      "Infinity",
                                      "nul",
                                      "[1 2]",
                                      "\"\t\"",
                                      "\"\\x\"",
                                      "\"\\ud800\"",
                                      "{}{}",
                                      "{} x",
                                      "/**/{}",
                                      "\xef\xbb\xbf{}",
                                      "\"\xff\"",
                                      "\"\xc0\xaf\"",
                                      "\"\xed\xa0\x80\"",
                                      "[12345678901234567890123, 01]",
                                      "[1e999 2]",
                                      "12345678901234567890123x",
                                      "-12345678901234567890123-",
                                      "1e999.5",
                                      "1.e999",
                                      "-e999",
                                      ".1e999",
                                      "1e+",
                                      "1e9999-",
                                      "[",
                                      "\""}) {
    const auto document = JsonDocument::parse(text);
    ASSERT_FALSE(document) << text;
    EXPECT_EQ(document.error().code(), Errc::malformed_response) << text;
  }
  EXPECT_FALSE(JsonDocument::parse(std::string_view("{}\0", 3)));
}

TEST(JsonDocument, RefusesMoreBytesThanAllowed) {
  EXPECT_TRUE(JsonDocument::parse("[1]", {.max_bytes = 3}));
  EXPECT_FALSE(JsonDocument::parse("[12]", {.max_bytes = 3}));
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(JsonDocument, RefusesMoreDepthThanAllowed) {
  std::size_t deepest = 0;
  for (std::size_t depth = 1; depth <= 40; ++depth) {
    if (JsonDocument::parse(nested(depth), {.max_depth = 32})) deepest = depth;
  }
  EXPECT_GE(deepest, 31u);
  EXPECT_LE(deepest, 32u);
  EXPECT_TRUE(JsonDocument::parse(nested(100)));
  EXPECT_FALSE(JsonDocument::parse(nested(100'000)));
}

TEST(JsonDocument, ForgetsTheLimitsOfTheTextBefore) {
  EXPECT_FALSE(JsonDocument::parse(nested(10), {.max_depth = 4}));
  EXPECT_TRUE(JsonDocument::parse(nested(10), {.max_depth = 16}));
  EXPECT_FALSE(JsonDocument::parse(nested(10), {.max_depth = 4}));
}

TEST(JsonDocument, FindsANameThatStandsTwiceAtAnyDepth) {
  const JsonDocument::Limits strict{.unique_names = true};
  for (const std::string_view text :
       {R"({"a":1,"a":1})", R"({"a":1,"b":2,"a":3})", R"([{"x":{"a":1,"a":2}}])", R"({"a":1,"\u0061":2})",
        R"({"":1,"":2})", R"({"o":{"p":1.5,"q":18446744073709551615,"p":1}})", R"({"a":1e999,"a":1e999})"}) {
    EXPECT_FALSE(JsonDocument::parse(text, strict)) << text;
    EXPECT_TRUE(JsonDocument::parse(text)) << text;
  }
  for (const std::string_view text :
       {R"({"a":{"a":{"a":1}}})", R"({"a":1e999,"b":1e999})", R"([{"a":1},{"a":1}])", R"({"a":"a","b":"a"})",
        R"({"a":1,"A":2})", "{}", "[]", "1", R"({"d":8.5,"l":-1,"u":18446744073709551615})"}) {
    EXPECT_TRUE(JsonDocument::parse(text, strict)) << text;
  }
}

TEST(JsonDocument, FindsADuplicateAmongThousandsOfNames) {
  std::string text = "{";
  for (int i = 0; i < 5000; ++i) text += "\"name" + std::to_string(i) + "\":" + std::to_string(i) + ",";
  EXPECT_TRUE(JsonDocument::parse(text + R"("last":0})", {.unique_names = true}));
  EXPECT_FALSE(JsonDocument::parse(text + R"("name17":0})", {.unique_names = true}));
}

TEST(JsonDocument, NumbersThatLookLikeTapeMarksDoNotConfuseIt) {
  // 0x7b is '{' and 0x22 is '"': as the top byte of a number's word they must be read as a number.
  for (const std::string_view text : {"[8862938119652501095,{\"a\":1}]", "[-2449958197289549824,{\"a\":1}]",
                                      "[2449958197289549824,8863083350746693632,{\"a\":1}]"}) {
    const auto document = JsonDocument::parse(text, {.unique_names = true});
    ASSERT_TRUE(document) << text;
    EXPECT_EQ(document->root().text(), text);
  }
}

TEST(JsonDocument, ParsesOnManyThreadsAtOnce) {
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([i] {
      for (int n = 0; n < 200; ++n) {
        const std::string text = "{\"thread\":" + std::to_string(i) + ",\"n\":" + std::to_string(n) + "}";
        EXPECT_EQ(parse(text)["n"].integer(), n);
      }
    });
  }
}

TEST(JsonDocument, AViewOutlivesTheThreadThatParsed) {
  JsonDocument document = parse("1");
  std::jthread([&] { document = parse(R"({"a":"from another thread"})"); }).join();
  EXPECT_EQ(document["a"].string(), "from another thread");
}

TEST(JsonDocument, LeavesNothingToTheNextOneInItsMemory) {
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(parse("[1e400]").root().text(), "[1e400]");
    EXPECT_EQ(parse("[0.5]").root().text(), "[0.5]");
    EXPECT_EQ(parse(R"({"a":"longer than the next","b":[1,2,3]})")["b"].size(), 3U);
    EXPECT_EQ(parse("{}")["a"].kind(), Kind::missing);
    EXPECT_FALSE(JsonDocument::parse("{\"a\":1,\"a\":2}", {.unique_names = true}));
    EXPECT_FALSE(JsonDocument::parse("{"));
  }
}

TEST(JsonDocument, MayEndAfterWhatItsThreadKept) {
  std::jthread([] {
    thread_local std::optional<JsonDocument> last_to_end;
    last_to_end.reset();
    parse("1");
    last_to_end.emplace(parse(R"({"a":[1]})"));
    EXPECT_EQ((*last_to_end)["a"].size(), 1U);
  }).join();
}

TEST(JsonDocument, LeavesNothingInMemoryWhenItEnds) {
  const tongs::testing::Unspoken secret(64);
  for (const char* const form : {R"(["@"])", R"({"a":1e400,"b":"@"})", R"({"b":"@","b":1})", R"(["@")"}) {
    std::string text(form);
    std::string said = secret.say();
    text.replace(text.find('@'), 1, said);
    wipe(said);
    const auto count_while_it_lives = [&] {
      const auto document = JsonDocument::parse(text, {.unique_names = true});
      return document ? secret.count_in_memory() : 2;
    };
    EXPECT_GE(count_while_it_lives(), 2U) << "the text and the document";
    wipe(text);
    EXPECT_EQ(secret.count_in_memory(), 0U) << form;
  }
}

}  // namespace

}  // namespace tongs
