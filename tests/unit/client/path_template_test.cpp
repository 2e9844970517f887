#include "client/path_template.hpp"

#include <gtest/gtest.h>

namespace tongs::detail {
namespace {

TEST(PathTemplate, BracesAreFilledEachAsOneSegment) {
  EXPECT_EQ(*fill_path("/a/{x}/b/{y}", {{"y", "2"}, {"x", "1"}}), "/a/1/b/2");
  EXPECT_EQ(*fill_path("/{k}", {{"k", "a/b c?d#e:f"}}), "/a%2Fb%20c%3Fd%23e%3Af");
  EXPECT_EQ(*fill_path("/{a}:{b}/", {{"a", "1"}, {"b", "2"}}), "/1:2/");
  EXPECT_EQ(*fill_path("/{x}/{x}", {{"x", "1"}}), "/1/1");
  EXPECT_EQ(*fill_path("/plain", {}), "/plain");
}

TEST(PathTemplate, NamesAndBracesMustMatch) {
  EXPECT_FALSE(fill_path("/{x}", {}));
  EXPECT_FALSE(fill_path("/{x}", {{"X", "1"}}));
  EXPECT_FALSE(fill_path("/a", {{"x", "1"}}));
  EXPECT_FALSE(fill_path("/{x}/{x}", {{"x", "1"}, {"y", "2"}}));
  EXPECT_FALSE(fill_path("/{x}", {{"x", "1"}, {"x", "2"}}));
  EXPECT_FALSE(fill_path("/{x", {{"x", "1"}}));
  EXPECT_FALSE(fill_path("a/{x}", {{"x", "1"}}));
  EXPECT_FALSE(fill_path("", {}));
  EXPECT_FALSE(fill_path("/a?b=c", {}));
}

TEST(PathTemplate, NoValueBecomesAnotherPath) {
  for (const char* bad :
       {"", ".", "..", "../x", "x/..", "a/../b", "..\\x", "%2e%2e", "a/./b", "%2e%2e%2fx"}) {
    const auto path = fill_path("/issue/{key}", {{"key", bad}});
    ASSERT_FALSE(path) << bad;
    EXPECT_EQ(path.error().code(), Errc::invalid_argument);
  }
  EXPECT_EQ(*fill_path("/{k}", {{"k", "..."}}), "/...");
  EXPECT_EQ(*fill_path("/{k}", {{"k", "a..b"}}), "/a..b");
  EXPECT_EQ(*fill_path("/{k}", {{"k", "100%"}}), "/100%25");
}

TEST(PathTemplate, TheQueryKeepsItsOrderAndItsRepetitions) {
  const ApiRequest request{
      .path = "/s/{x}", .path_parameters = {{"x", "1"}}, .query = {{"b", "2"}, {"a", "x y&z=+"}, {"b", ""}}};
  EXPECT_EQ(*encode_target(request), "/s/1?b=2&a=x%20y%26z%3D%2B&b=");
}

}  // namespace
}  // namespace tongs::detail
