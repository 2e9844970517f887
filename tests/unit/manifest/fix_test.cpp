#include <string>

#include <gtest/gtest.h>

#include <tongs/manifest/fix.hpp>

namespace tongs::manifest {
namespace {

std::string fixed(const std::string& text, const FixOptions& options = {}) { return fix(text, options).text; }

TEST(Fix, RespellsWhatIsNearAndKeepsEverythingElse) {
  EXPECT_EQ(fixed("# ours\r\nremotes:\r\n  - key:   backend   # the one\r\n    baseURL: \"https://a.b\"\r\n"),
            "# ours\r\nremotes:\r\n  - key:   backend   # the one\r\n    baseUrl: \"https://a.b\"\r\n");
}

TEST(Fix, RespellsSeveralInFlowStyleAndInQuotes) {
  EXPECT_EQ(fixed("remotes: [{key: 'a', baseURL: x, operations: ['Compute', \"fetsh\"]}]\n"),
            "remotes: [{key: 'a', baseUrl: x, operations: ['compute', \"fetch\"]}]\n");
}

TEST(Fix, RespellsAReference) {
  EXPECT_EQ(fixed("\xef\xbb\xbfremotes: [{key: backend, baseUrl: x}]\nmodules: {endpoint: [{key: e, remote: "
                  "bakend}]}\n"),
            "\xef\xbb\xbfremotes: [{key: backend, baseUrl: x}]\nmodules: {endpoint: [{key: e, remote: "
            "backend}]}\n");
}

TEST(Fix, LeavesAloneWhatWouldBeWorse) {
  const std::string text = "remotes:\n  - key: a\n    baseUrl: x\n    baseURL: y\n";
  EXPECT_EQ(fixed(text), text);
}

TEST(Fix, LeavesAloneWhatIsNoManifest) {
  const std::string text = "remotes: [\n";
  EXPECT_EQ(fixed(text), text);
  EXPECT_TRUE(fix(text).fixes.empty());
}

TEST(Fix, SaysWhatIsStoredOnlyWhenToldSo) {
  const std::string text = "remotes:\n  - key: a\n    baseUrl: x\n    operations:\n      - storage\n";
  EXPECT_EQ(fixed(text), text);
  EXPECT_EQ(fixed(text, {.in_scope_eud = false}),
            "remotes:\n  - key: a\n    baseUrl: x\n    storage:\n      inScopeEUD: false\n    operations:\n  "
            "    - storage\n");
  EXPECT_EQ(fixed("remotes: [{key: a, baseUrl: x, operations: [storage]}]\n", {.in_scope_eud = true}),
            "remotes: [{key: a, baseUrl: x, storage: {inScopeEUD: true}, operations: [storage]}]\n");
}

TEST(Fix, SaysWhatARemoteIsForOnlyWhenToldSo) {
  const std::string text = "remotes:\n  - key: a\n    baseUrl: x # here\n";
  EXPECT_EQ(fixed(text, {.operations = {Operation::compute, Operation::fetch}}),
            "remotes:\n  - key: a\n    operations:\n      - compute\n      - fetch\n    baseUrl: x # here\n");
}

TEST(Fix, QuotesAWordThatWouldReadAsSomethingElse) {
  EXPECT_EQ(fixed("remotes: [{key: '1234', baseUrl: x}]\nmodules: {endpoint: [{key: e, remote: a1234}]}\n"),
            "remotes: [{key: '1234', baseUrl: x}]\nmodules: {endpoint: [{key: e, remote: '1234'}]}\n");
}

TEST(Fix, TellsWhatItDid) {
  const auto result = fix("remotes: [{key: a, baseURL: x}]\n");
  ASSERT_EQ(result.fixes.size(), 1U);
  EXPECT_EQ(result.fixes.front().rule, "remote-unknown-property");
  EXPECT_EQ(result.fixes.front().message, "'baseURL' is now 'baseUrl'");
  EXPECT_EQ(result.fixes.front().at.column, 20U);
}

}  // namespace
}  // namespace tongs::manifest
