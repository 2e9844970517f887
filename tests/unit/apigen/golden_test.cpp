// One tag as it is generated, beside this file: what a change of the generator does is seen in review.
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include <tongs/jira/v3/myself.hpp>

namespace apigen {
namespace {

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(Golden, OneTagIsGeneratedAsItWasReviewed) {
  const std::string golden = text_of(TONGS_TEST_DATA "/unit/apigen/golden/myself.hpp");
  ASSERT_FALSE(golden.empty());
  EXPECT_EQ(text_of(TONGS_GENERATED "/include/tongs/jira/v3/myself.hpp"), golden)
      << "if it is meant to be so, copy the generated file over the golden one";
}

}  // namespace
}  // namespace apigen
