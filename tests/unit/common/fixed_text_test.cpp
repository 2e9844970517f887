#include "common/fixed_text.hpp"

#include <gtest/gtest.h>

namespace tongs {
namespace {

TEST(FixedText, GrowsUpToItsSize) {
  FixedText<5> text("ab");
  EXPECT_EQ(text.append("cd").view(), "abcd");
  EXPECT_EQ(text.append("ef").append("g").view(), "abcde");
  EXPECT_EQ(FixedText<5>().view(), "");
}

}  // namespace
}  // namespace tongs
