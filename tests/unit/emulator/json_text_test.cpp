#include "emulator/base/json_text.hpp"

#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

namespace tongs::emulator {
namespace {

TEST(JsonText, WritesNumbersWithoutExponent) {
  for (const auto& [number, text] :
       std::initializer_list<std::pair<double, std::string_view>>{{1.2, "1.2"},
                                                                  {0.5, "0.5"},
                                                                  {-0.1, "-0.1"},
                                                                  {3.0, "3"},
                                                                  {1e21, "1000000000000000000000"},
                                                                  {1e-7, "0.0000001"},
                                                                  {123456.789, "123456.789"}}) {
    EXPECT_EQ(json_text(json::value(number)), text);
  }
  EXPECT_EQ(json_text(json::value(std::uint64_t{18446744073709551615U})), "18446744073709551615");
  EXPECT_EQ(json_text(json::value(std::int64_t{-5})), "-5");
}

TEST(JsonText, WritesEveryNumberSoThatItIsReadBack) {
  using limits = std::numeric_limits<double>;
  for (const double number : {limits::max(), limits::lowest(), limits::min(), limits::denorm_min(), 0.1 + 0.2,
                              -4.9406564584124654e-324, 2.2250738585072011e-308}) {
    const std::string text = json_text(json::value(number));
    EXPECT_EQ(text.find_first_of("eE"), std::string::npos) << text;
    EXPECT_EQ(std::strtod(text.c_str(), nullptr), number) << text;
  }
  EXPECT_EQ(json_text(json::value(limits::infinity())), "null");
  EXPECT_EQ(json_text(json::value(std::nan(""))), "null");
}

TEST(JsonText, WritesEveryKindCompactly) {
  constexpr std::string_view text = R"({"a":[1,true,null,"x\"\n\\é",[],{}],"b":{"c":1.5},"d":false})";
  EXPECT_EQ(json_text(json::parse(text)), text);
  EXPECT_EQ(json_text(json::object{}), "{}");
}

TEST(MemberText, IsInTheWordsOfItsAuthor) {
  constexpr std::string_view text =
      R"( { "n" : 1.20e0 ,"big":12345678901234567890123, "o": {"a":[1, "}"],"b":"\"]"} ,
    "s":"a,b:c}\\","t":true , "empty":"", "last" : [ ] } )";
  const auto said = [&](std::string_view name) {
    return std::string(member_text(text, name).value_or("absent"));
  };
  EXPECT_EQ(said("n"), "1.20e0");
  EXPECT_EQ(said("big"), "12345678901234567890123");
  EXPECT_EQ(said("o"), R"({"a":[1, "}"],"b":"\"]"})");
  EXPECT_EQ(said("s"), R"("a,b:c}\\")");
  EXPECT_EQ(said("t"), "true");
  EXPECT_EQ(said("empty"), R"("")");
  EXPECT_EQ(said("last"), "[ ]");
  EXPECT_EQ(said("a"), "absent") << "only members of the object itself";
  EXPECT_EQ(member_text("{}", "a"), std::nullopt);
  EXPECT_EQ(member_text(R"({"a":1,"a":2})", "a"), "2");
}

}  // namespace
}  // namespace tongs::emulator
