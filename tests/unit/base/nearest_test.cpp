#include "base/nearest.hpp"

#include <gtest/gtest.h>

namespace tongs {
namespace {

using namespace std::string_view_literals;

TEST(Nearest, FindsOneMissingForeignWrongOrSwappedLetter) {
  EXPECT_EQ(nearest("operatons", {"operations", "storage"}), "operations"sv);
  EXPECT_EQ(nearest("operationss", {"operations", "storage"}), "operations"sv);
  EXPECT_EQ(nearest("storege", {"operations", "storage"}), "storage"sv);
  EXPECT_EQ(nearest("storaeg", {"operations", "storage"}), "storage"sv);
}

TEST(Nearest, SwappedNeighboursAreOneEditSoThatTwoSwapsStillCount) {
  EXPECT_EQ(nearest("tsoraeg", {"storage"}), "storage"sv);
}

TEST(Nearest, ThreeEditsAreTooMany) { EXPECT_EQ(nearest("stxyzge", {"storage"}), std::nullopt); }

TEST(Nearest, CaseAloneBeatsFewerEdits) {
  EXPECT_EQ(nearest("BASEURL", {"BASEURI", "baseUrl"}), "baseUrl"sv);
}

TEST(Nearest, ShortWordsAllowOneEditOnly) {
  EXPECT_EQ(nearest("kye", {"key"}), "key"sv);
  EXPECT_EQ(nearest("url", {"key"}), std::nullopt);
  EXPECT_EQ(nearest("abc", {"axy"}), std::nullopt);
}

TEST(Nearest, TheFirstOfEqualsWins) { EXPECT_EQ(nearest("cat1", {"cat2", "cat3"}), "cat2"sv); }

TEST(Nearest, TheWordItselfAndOverlongWordsAreNoSuggestion) {
  EXPECT_EQ(nearest("storage", {"storage"}), std::nullopt);
  EXPECT_EQ(nearest("", {"a"}), std::nullopt);
  const std::string long_word(1000, 'a');
  EXPECT_EQ(nearest(long_word, {"a"}), std::nullopt);
  EXPECT_EQ(nearest("aa", {long_word}), std::nullopt);
}

}  // namespace
}  // namespace tongs
