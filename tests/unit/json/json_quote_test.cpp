#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include <tongs/json.hpp>

namespace tongs {

namespace {

TEST(JsonQuote, EscapesWhatMustBeEscaped) {
  EXPECT_EQ(json_quote(""), R"("")");
  EXPECT_EQ(json_quote("plain"), R"("plain")");
  EXPECT_EQ(json_quote("\"\\/"), R"("\"\\/")");
  EXPECT_EQ(json_quote("\b\f\n\r\t"), R"("\b\f\n\r\t")");
  EXPECT_EQ(json_quote(std::string_view("\0\x1f", 2)), R"("\u0000\u001f")");
}

TEST(JsonQuote, KeepsUtf8) { EXPECT_EQ(json_quote("é中😀"), "\"é中😀\""); }

TEST(JsonQuote, ReplacesBytesThatAreNotUtf8) {
  EXPECT_EQ(json_quote("a\xff z"), "\"a\xef\xbf\xbd z\"");
  EXPECT_EQ(json_quote("\xc3"), "\"\xef\xbf\xbd\"");
}

TEST(JsonQuote, IsReadBackAsTheSameText) {
  for (int first = 0; first < 128; ++first) {
    const std::string text = {static_cast<char>(first), 'x', static_cast<char>(127 - first)};
    EXPECT_EQ(JsonDocument::parse(json_quote(text)).value().root().string(), text) << first;
  }
}

TEST(JsonQuote, AlwaysMakesJson) {
  for (int a = 0; a < 256; ++a) {
    for (int b = 0; b < 256; b += 3) {
      const std::string text = {static_cast<char>(a), static_cast<char>(b), static_cast<char>(a ^ b)};
      EXPECT_TRUE(JsonDocument::parse(json_quote(text))) << a << ' ' << b;
    }
  }
}

}  // namespace

}  // namespace tongs
