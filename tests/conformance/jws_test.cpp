// The corpus in jws/: every entry is a token, built here from its description, and the one right answer.

#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include <tongs/json.hpp>
#include <tongs/jwks.hpp>

#include "support/jws_corpus.hpp"

namespace tongs {

namespace {

const test::JwsCorpus& corpus() {
  static const auto* const made = new test::JwsCorpus;
  return *made;
}

/// The published keys, and how often somebody asked for one.
class CountedKeys final : public KeySource {
 public:
  Result<std::shared_ptr<const jose::RsaPublicKey>> find(std::string_view kid,
                                                         const CallOptions& call) override {
    ++questions;
    return keys_->find(kid, call);
  }
  int questions = 0;

 private:
  std::shared_ptr<KeySource> keys_ = static_keys(corpus().published().jwks()).value();
};

class JwsCorpus : public ::testing::TestWithParam<std::filesystem::path> {};

TEST_P(JwsCorpus, EveryTokenMeetsItsRightAnswer) {
  const auto document = test::JwsCorpus::read(GetParam());
  std::set<std::string_view> names;
  for (const JsonView test_case : document["cases"]) {
    const std::string_view name = *test_case["name"].string(), expected = *test_case["expect"].string();
    SCOPED_TRACE(name);
    EXPECT_TRUE(names.insert(name).second) << "two cases of one name";
    const auto counted = std::make_shared<CountedKeys>();
    EXPECT_EQ(corpus().verdict_on(test_case, counted), expected);
    const bool needs_key =
        expected == "accepted" || expected == "signature_invalid" || expected == "key_unknown";
    EXPECT_EQ(counted->questions, needs_key ? 1 : 0) << "what is wrong for free costs no key";
  }
  EXPECT_GE(names.size(), 10U) << "is this the file?";
}

INSTANTIATE_TEST_SUITE_P(Jws, JwsCorpus, ::testing::ValuesIn(test::JwsCorpus::topics()),
                         [](const auto& topic) { return topic.param.stem().string(); });

}  // namespace

}  // namespace tongs
