#include <string>
#include <type_traits>
#include <utility>

#include <gtest/gtest.h>

#include <tongs/secret.hpp>

namespace tongs {

namespace {

static_assert(!std::is_copy_constructible_v<Secret> && !std::is_copy_assignable_v<Secret>);
static_assert(std::is_nothrow_move_constructible_v<Secret> && std::is_nothrow_move_assignable_v<Secret>);

TEST(Secret, RevealsWhatItWasGiven) {
  const std::string bytes("a\0b", 3);
  const Secret secret{bytes};
  EXPECT_EQ(secret.reveal(), bytes);
  EXPECT_EQ(secret.size(), 3u);
  EXPECT_FALSE(secret.empty());
}

TEST(Secret, IsEmptyByDefault) {
  const Secret secret;
  EXPECT_TRUE(secret.empty());
  EXPECT_EQ(secret.reveal(), "");
  EXPECT_TRUE(Secret("").empty());
  EXPECT_TRUE(secret == Secret(""));
}

TEST(Secret, TakingAStringWipesIt) {
  std::string bytes = "short";  // lives in the string object itself
  const char* const place = bytes.data();
  const Secret secret = Secret::take(std::move(bytes));
  EXPECT_EQ(secret.reveal(), "short");
  EXPECT_TRUE(bytes.empty());  // NOLINT(bugprone-use-after-move): what is left behind is the point
  for (int i = 0; i < 5; ++i) EXPECT_EQ(place[i], '\0') << i;
}

TEST(Secret, LeavesNothingBehindWhenMoved) {
  Secret first("one");
  Secret second = std::move(first);
  EXPECT_TRUE(first.empty());  // NOLINT(bugprone-use-after-move)
  EXPECT_EQ(second.reveal(), "one");
  Secret third("three");
  third = std::move(second);
  EXPECT_EQ(third.reveal(), "one");
  EXPECT_TRUE(second.empty());  // NOLINT(bugprone-use-after-move)
}

TEST(Secret, SurvivesBeingMovedToItself) {
  Secret secret("same");
  Secret& alias = secret;
  secret = std::move(alias);
  EXPECT_EQ(secret.reveal(), "same");
}

TEST(Secret, ComparesBytesAndLength) {
  EXPECT_TRUE(Secret("abc") == Secret("abc"));
  EXPECT_FALSE(Secret("abc") == Secret("abd"));
  EXPECT_FALSE(Secret("abc") == Secret("abcd"));
  EXPECT_FALSE(Secret("abc") == Secret());
}

TEST(Secret, DuplicatesIndependently) {
  Secret first("bytes");
  const Secret copy = first.duplicate();
  first = Secret("other");
  EXPECT_EQ(copy.reveal(), "bytes");
}

TEST(Wipe, OverwritesAndEmpties) {
  std::string text(100, 'x');
  const char* const place = text.data();
  wipe(text);
  EXPECT_TRUE(text.empty());
  for (int i = 0; i < 100; ++i) EXPECT_EQ(place[i], '\0') << i;
  wipe(text);
}

}  // namespace

}  // namespace tongs
