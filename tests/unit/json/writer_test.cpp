#include "json/writer.hpp"

#include <gtest/gtest.h>

#include <tongs/json.hpp>

namespace tongs {
namespace {

TEST(JsonWriter, PutsCommasBetweenValuesAndNowhereElse) {
  JsonWriter out;
  out.open_object();
  out.name("a").open_array().close_array();
  out.name("b").open_array().integer(1).integer(-2).null().boolean(true).close_array();
  out.name("c").open_object().close_object();
  out.name("d").open_array().open_object().close_object().open_object().close_object().close_array();
  out.close_object();
  EXPECT_EQ(out.text(), R"({"a":[],"b":[1,-2,null,true],"c":{},"d":[{},{}]})");
}

TEST(JsonWriter, IsNotMisledByWhatStringsEndWith) {
  JsonWriter out;
  out.open_array().string("[").string("{").string(":").string("a\"").close_array();
  EXPECT_EQ(out.text(), R"(["[","{",":","a\""])");
}

TEST(JsonWriter, TakesJsonAsItIs) {
  JsonWriter out;
  out.open_object().name("claims").raw(R"({"x":1})").name("more").raw("[]").close_object();
  EXPECT_EQ(out.text(), R"({"claims":{"x":1},"more":[]})");
}

TEST(JsonWriter, WritesNamesAndStringsThatParse) {
  JsonWriter out;
  out.open_object().name("a\nb").string("\x01\xff").close_object();
  const auto document = JsonDocument::parse(out.text());
  ASSERT_TRUE(document);
  EXPECT_EQ((*document)["a\nb"].string_or(""), "\x01\xef\xbf\xbd");
}

}  // namespace
}  // namespace tongs
