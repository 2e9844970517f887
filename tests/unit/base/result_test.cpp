#include <memory>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include <tongs/result.hpp>

namespace tongs {

namespace {

Result<int> half(int number) {
  if (number % 2 != 0) return Error(Errc::invalid_argument, "odd");
  return number / 2;
}

TEST(Result, HoldsAValueOrAnError) {
  const auto good = half(4), bad = half(3);
  ASSERT_TRUE(good);
  EXPECT_EQ(*good, 2);
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().code(), Errc::invalid_argument);
}

TEST(Result, CarriesMoveOnlyValues) {
  Result<std::unique_ptr<int>> made = std::make_unique<int>(7);
  const std::unique_ptr<int> taken = *std::move(made);
  EXPECT_EQ(*taken, 7);
}

TEST(Result, ChainsUntilTheFirstError) {
  EXPECT_EQ(*half(8).and_then(half), 2);
  EXPECT_EQ(half(6).and_then(half).error().message(), "odd");
  EXPECT_EQ(*half(8).transform([](int number) { return std::to_string(number); }), "4");
  EXPECT_FALSE(half(7).transform([](int number) { return number; }));
}

TEST(Result, GivesTheOtherValueForAnError) {
  EXPECT_EQ(half(3).value_or(-1), -1);
  EXPECT_EQ(half(2).value_or(-1), 1);
}

TEST(Result, ThrowsItsErrorOnlyWhenAskedForTheValue) {
  EXPECT_EQ(half(2).value(), 1);
  try {
    (void)half(3).value();
    FAIL() << "nothing thrown";
  } catch (const BadResult& bad) {
    EXPECT_EQ(bad.error().code(), Errc::invalid_argument);
    EXPECT_STREQ(bad.what(), "invalid_argument: odd");
  }
}

TEST(ResultOfVoid, IsSuccessByDefault) {
  const Result<void> good, bad = Error(Errc::cancelled, "stopped");
  EXPECT_TRUE(good);
  EXPECT_NO_THROW(good.value());
  EXPECT_FALSE(bad);
  EXPECT_THROW(bad.value(), BadResult);
}

TEST(ResultOfVoid, ChainsUntilTheFirstError) {
  EXPECT_EQ(*Result<void>().and_then([] { return half(2); }), 1);
  const auto bad = Result<void>(Error(Errc::cancelled, "stopped")).and_then([] { return half(2); });
  EXPECT_EQ(bad.error().code(), Errc::cancelled);
}

}  // namespace

}  // namespace tongs
