#include "base/wildcard.hpp"

#include <string>

#include <gtest/gtest.h>

namespace tongs::detail {
namespace {

bool matches(std::string_view pattern, std::string_view text) {
  return wildcard_matches(pattern, text, [](std::string_view) { return true; });
}

TEST(Wildcard, StandsForAnyRunAndEverythingElseForItself) {
  for (const char* pattern : {"a/b", "*", "a*", "*b", "a*b", "**", "a/b*", "*/*", "a**b"})
    EXPECT_TRUE(matches(pattern, "a/b")) << pattern;
  for (const char* pattern : {"", "a", "b", "a/b/c", "*c", "c*", "a*c", "*a", "b*", "a/?"})
    EXPECT_FALSE(matches(pattern, "a/b")) << pattern;
  EXPECT_TRUE(matches("", ""));
  EXPECT_TRUE(matches("*", ""));
  EXPECT_FALSE(matches("a", ""));
  EXPECT_TRUE(matches("*ab", "aab")) << "a star gives back what it took too soon";
}

TEST(Wildcard, TakesOnlyWhatItMay) {
  const auto not_a_line_end = [](std::string_view left) { return left.front() != '\n'; };
  EXPECT_TRUE(wildcard_matches("a*b", "a-b", not_a_line_end));
  EXPECT_FALSE(wildcard_matches("a*b", "a\nb", not_a_line_end));
  EXPECT_TRUE(wildcard_matches("a\n*", "a\nb", not_a_line_end));
}

TEST(Wildcard, EndsSoonOnHostilePatterns) {
  std::string pattern;
  for (int i = 0; i < 1000; ++i) pattern += "a*";
  EXPECT_FALSE(matches(pattern + "b", std::string(10'000, 'a')));
}

}  // namespace
}  // namespace tongs::detail
