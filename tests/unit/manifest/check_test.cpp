#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <tongs/manifest/check.hpp>

#include "support/files.hpp"

namespace tongs::manifest {
namespace {

std::vector<std::string> rules_broken_by(std::string_view text) {
  std::vector<std::string> ids;
  for (const Finding& finding : check(Manifest::parse(text))) ids.emplace_back(finding.rule->id);
  return ids;
}

bool breaks(std::string_view text, std::string_view rule) {
  const auto ids = rules_broken_by(text);
  return std::find(ids.begin(), ids.end(), rule) != ids.end();
}

TEST(RuleCatalogue, HasStableIdsThatAreUnique) {
  std::set<std::string_view> seen;
  for (const Rule* rule : all_rules()) {
    EXPECT_TRUE(seen.insert(rule->id).second) << rule->id;
    EXPECT_EQ(rule->id.find_first_not_of("abcdefghijklmnopqrstuvwxyz-"), std::string_view::npos) << rule->id;
    EXPECT_EQ(find_rule(rule->id), rule);
  }
  EXPECT_EQ(find_rule("no-such-rule"), nullptr);
}

TEST(RuleCatalogue, ExplainsEveryRule) {
  for (const Rule* rule : all_rules()) {
    EXPECT_TRUE(rule->summary.ends_with('.')) << rule->id;
    EXPECT_TRUE(rule->mend.ends_with('.')) << rule->id;
    EXPECT_TRUE(rule->bad.ends_with('\n')) << rule->id;
    EXPECT_TRUE(rule->good.ends_with('\n')) << rule->id;
  }
}

TEST(RuleCatalogue, HasACodeExactlyForWhatTheOfficialToolReports) {
  for (const Rule* rule : all_rules()) {
    EXPECT_EQ(rule->source == Source::forge, !rule->code.empty()) << rule->id;
  }
}

TEST(RuleCatalogue, HasExamplesThatAreTrue) {
  for (const Rule* rule : all_rules()) {
    EXPECT_TRUE(breaks(rule->bad, rule->id)) << rule->id;
    EXPECT_FALSE(breaks(rule->good, rule->id)) << rule->id;
  }
}

TEST(Check, HidesNothingBehindAShapeError) {
  const auto ids = rules_broken_by(R"(
remotes:
  - key: 1
    baseURL: x
    operations: [Compute, storage]
    auth: yes
modules:
  endpoint:
    - key: a b
      remote: gone
)");
  for (const std::string_view rule :
       {"remote-key-string", "remote-unknown-property", "remote-operation-unknown", "remote-storage-in-scope",
        "remote-auth-shape", "remote-base-url-missing", "endpoint-key", "endpoint-remote-undefined",
        "modules-without-caller"}) {
    EXPECT_NE(std::find(ids.begin(), ids.end(), rule), ids.end()) << rule;
  }
}

TEST(Check, GivesFindingsInTheOrderOfTheText) {
  const auto findings = check(Manifest::parse("remotes:\n  - key: 1\n    x: 1\n  - key: 2\n    x: 1\n"));
  EXPECT_TRUE(std::is_sorted(findings.begin(), findings.end(),
                             [](const Finding& a, const Finding& b) { return a.at < b.at; }));
  EXPECT_GE(findings.size(), 4U);
}

TEST(Check, PointsAtEachOfTwoEqualMistakes) {
  std::vector<std::string> paths;
  for (const Finding& finding : check(Manifest::parse("remotes:\n  - key: 1\n  - key: 1\n"))) {
    if (finding.rule->id == "remote-key-string") paths.push_back(finding.path);
  }
  EXPECT_EQ(paths, (std::vector<std::string>{"/remotes/0/key", "/remotes/1/key"}));
}

TEST(Check, SaysNothingElseAboutAFileThatIsNoYaml) {
  EXPECT_EQ(rules_broken_by("remotes: [\n"), std::vector<std::string>{"yaml-syntax"});
  EXPECT_EQ(rules_broken_by(""), std::vector<std::string>{"document-map"});
  EXPECT_EQ(rules_broken_by("- 1\n"), std::vector<std::string>{"document-map"});
}

TEST(Check, EscapesAndShortensWhatItQuotes) {
  const auto findings =
      check(Manifest::parse("remotes:\n  - key: \"a\\e[31m" + std::string(200, 'x') + "\"\n"));
  const auto found = std::find_if(findings.begin(), findings.end(), [](const Finding& finding) {
    return finding.rule->id == "remote-key-pattern";
  });
  ASSERT_NE(found, findings.end());
  EXPECT_TRUE(found->message.starts_with("the key 'a\\x1b[31mxxx")) << found->message;
  EXPECT_LT(found->message.size(), 200U);
}

struct Suggestion {
  std::string_view text;
  std::string_view meant;
};

class DidYouMean : public ::testing::TestWithParam<Suggestion> {};

TEST_P(DidYouMean, NamesTheNearestWord) {
  const auto findings = check(Manifest::parse(GetParam().text));
  const std::string wanted = "did you mean '" + std::string(GetParam().meant) + "'?";
  EXPECT_TRUE(std::any_of(findings.begin(), findings.end(), [&](const Finding& finding) {
    return finding.message.find(wanted) != std::string::npos;
  })) << wanted;
}

INSTANTIATE_TEST_SUITE_P(
    Words, DidYouMean,
    ::testing::Values(
        Suggestion{"Remotes: []\n", "remotes"}, Suggestion{"remote: []\n", "remotes"},
        Suggestion{"remotes:\n  - baseURL: x\n", "baseUrl"},
        Suggestion{"remotes:\n  - operatons: []\n", "operations"},
        Suggestion{"remotes:\n  - operations: [strorage]\n", "storage"},
        Suggestion{"remotes:\n  - baseUrl: {defualt: x}\n", "default"},
        Suggestion{"remotes:\n  - baseUrl: {UK: x}\n", "GB"},
        Suggestion{"remotes:\n  - auth: {appUserTokens: {}}\n", "appUserToken"},
        Suggestion{"remotes:\n  - storage: {inScopeEud: true}\n", "inScopeEUD"},
        Suggestion{"remotes: [{key: backend}]\nmodules: {endpoint: [{remote: backned}]}\n", "backend"},
        Suggestion{"modules: {endpoint: [{key: events}], trigger: [{endpoint: event}]}\n", "events"},
        Suggestion{"permissions: {external: {fetch: {Backend: []}}}\n", "backend"}));

TEST(CheckUnreadableEnvironment, DoesNotJudgeAValueThatIsNotKnown) {
  const std::string text = R"(
environment:
  variables: [URL]
remotes:
  - key: backend
    baseUrl: ${URL}
permissions:
  external:
    fetch:
      backend:
        - remote: backend
        - address: ${URL}
)";
  const auto broken = rules_broken_by(text);
  EXPECT_EQ(std::count(broken.begin(), broken.end(), "variable-without-value"), 2);
  EXPECT_EQ(std::count(broken.begin(), broken.end(), "fetch-remote-invalid"), 0);
  EXPECT_EQ(std::count(broken.begin(), broken.end(), "fetch-address-invalid"), 0);
  EXPECT_EQ(std::count(broken.begin(), broken.end(), "remote-url-insecure"), 0);
}

TEST(RemoteForEgress, IsTheLastOfTwoWithOneKey) {
  const auto manifest = [](std::string_view first, std::string_view second) {
    return "permissions: {external: {fetch: {backend: [{remote: a}]}}}\nremotes:\n  - {key: a, baseUrl: " +
           std::string(first) + "}\n  - {key: a, baseUrl: " + std::string(second) + "}\n";
  };
  EXPECT_FALSE(breaks(manifest("bad", "https://a.b"), "fetch-remote-invalid"));
  EXPECT_TRUE(breaks(manifest("https://a.b", "bad"), "fetch-remote-invalid"));
}

TEST(RemoteForEgress, MayWaitForAnAdmin) {
  const std::string permission = "permissions: {external: {fetch: {backend: [{remote: a}]}}}\nremotes:\n";
  EXPECT_FALSE(
      breaks(permission + "  - {key: a, configurable: {name: n, description: d}}\n", "fetch-remote-invalid"));
  EXPECT_TRUE(breaks(permission + "  - {key: a}\n", "fetch-remote-invalid"));
  EXPECT_TRUE(breaks(permission + "  - {key: a, baseUrl: '*'}\n", "fetch-remote-invalid"));
}

TEST(RemoteRegions, MayDifferForASingleUrlWithoutInScopeData) {
  const auto manifest = [](std::string_view second) {
    return "remotes:\n  - {key: a, baseUrl: {default: x, EU: y}}\n  - {key: b, " + std::string(second) +
           "}\n";
  };
  EXPECT_FALSE(breaks(manifest("baseUrl: z"), "remote-regions-differ"));
  EXPECT_FALSE(breaks(manifest("baseUrl: z, storage: {inScopeEUD: false}"), "remote-regions-differ"));
  EXPECT_TRUE(breaks(manifest("baseUrl: z, storage: {inScopeEUD: true}"), "remote-regions-differ"));
  EXPECT_FALSE(
      breaks(manifest("baseUrl: {EU: q, default: z}, storage: {inScopeEUD: true}"), "remote-regions-differ"));
  EXPECT_FALSE(breaks(manifest("operations: [fetch]"), "remote-regions-differ"));
}

TEST(EndpointTarget, IsJudgedAsTheOfficialToolDoes) {
  const auto endpoint = [](std::string_view rest) {
    return "modules: {endpoint: [{key: e, " + std::string(rest) + "}]}\n";
  };
  EXPECT_TRUE(breaks(endpoint("x: 1"), "endpoint-target"));
  EXPECT_TRUE(breaks(endpoint("remote: a, service: b"), "endpoint-target"));
  EXPECT_FALSE(breaks(endpoint("remote: a, service: B_B"), "endpoint-target"));
  EXPECT_FALSE(breaks(endpoint("remote: a, service: B_B"), "endpoint-service-shape"));
  EXPECT_TRUE(breaks(endpoint("service: B_B"), "endpoint-service-shape"));
  EXPECT_TRUE(breaks(endpoint("service: a-"), "endpoint-service-shape"));
  EXPECT_FALSE(breaks(endpoint("service: a" + std::string(24, 'b')), "endpoint-service-shape"));
  EXPECT_TRUE(breaks(endpoint("service: a" + std::string(25, 'b')), "endpoint-service-shape"));
  EXPECT_FALSE(breaks(endpoint("remote: " + std::string(255, 'b')), "endpoint-remote-shape"));
  EXPECT_TRUE(breaks(endpoint("remote: " + std::string(256, 'b')), "endpoint-remote-shape"));
}

TEST(EndpointReference, IsFollowedTwoLevelsAndThroughNoList) {
  const auto module = [](std::string_view rest) {
    return "modules: {thing: [{key: m, " + std::string(rest) + "}]}\n";
  };
  EXPECT_TRUE(breaks(module("endpoint: gone"), "endpoint-undefined"));
  EXPECT_TRUE(breaks(module("any: {endpoint: gone}"), "endpoint-undefined"));
  EXPECT_FALSE(breaks(module("any: {more: {endpoint: gone}}"), "endpoint-undefined"));
  EXPECT_TRUE(breaks(module("any: {more: {endpoint: gone}}"), "nested-endpoint-undefined"));
  EXPECT_FALSE(breaks(module("any: [{endpoint: gone}]"), "endpoint-undefined"));
  EXPECT_FALSE(breaks("modules: {function: [{key: f, endpoint: gone}]}\n", "endpoint-undefined"));
}

TEST(Document, FindsMisspeltPartsAtEveryLevel) {
  EXPECT_TRUE(breaks("Remotes: []\n", "document-misspelt-property"));
  EXPECT_TRUE(breaks("app: {Connect: {}}\n", "document-misspelt-property"));
  EXPECT_TRUE(breaks("modules: {MIGRATION:DATARESIDENCY: []}\n", "document-misspelt-property"));
  EXPECT_TRUE(breaks("modules: {endpoints: []}\n", "document-misspelt-property"));
  EXPECT_FALSE(breaks("modules: {remotes: []}\n", "document-misspelt-property")) << "misplaced";
  EXPECT_TRUE(breaks("modules: {remotes: []}\n", "remotes-misplaced"));
  EXPECT_FALSE(breaks("app: {licensing: {}}\nmodules: {macro: []}\n", "document-misspelt-property"));
}

TEST(RemoteKey, IsMeasuredInCharacters) {
  std::string key;
  for (int i = 0; i < 23; ++i) key += "\xc3\xa9";
  EXPECT_FALSE(breaks("remotes: [{key: " + key + "}]\n", "remote-key-length"));
  EXPECT_TRUE(breaks("remotes: [{key: " + key + "x}]\n", "remote-key-length"));
}

TEST(TokenScopes, MayBeAMap) {
  const std::string remote = "remotes: [{key: a, baseUrl: x, auth: {appUserToken: {enabled: true}}}]\n";
  EXPECT_FALSE(breaks(remote + "permissions: {scopes: {read:app-user-token: {}, read:jira-work: {}}}\n",
                      "user-token-scope"));
  EXPECT_TRUE(breaks(remote + "permissions: {scopes: {read:jira-work: {}}}\n", "user-token-scope"));
  EXPECT_TRUE(breaks(remote + "permissions: {scopes: {read:app-user-token: {}}}\n", "remote-auth-scopes"));
  EXPECT_TRUE(breaks(remote, "remote-auth-scopes"));
}

TEST(Ignore, ExcusesItsLineOrTheNextOne) {
  EXPECT_FALSE(breaks("remotes: [{key: a.b}] # tongs-ignore remote-key-pattern\n", "remote-key-pattern"));
  EXPECT_FALSE(
      breaks("# tongs-ignore remote-key-pattern, remote-unused\nremotes: [{key: a.b}]\n", "remote-unused"));
  EXPECT_TRUE(breaks("# tongs-ignore remote-key-pattern\n\nremotes: [{key: a.b}]\n", "remote-key-pattern"));
  EXPECT_TRUE(breaks("remotes: [{key: a.b}] # tongs-ignore remote-unused\n", "remote-key-pattern"));
  EXPECT_TRUE(breaks("remotes: [{key: a.b}] #tongs-ignored remote-key-pattern\n", "remote-key-pattern"));
}

TEST(Ignore, TakesCodesAndKeysAsSelectionsDo) {
  const std::string text = "remotes: [{key: a, x: 1}, {key: b, x: 1}]";
  EXPECT_FALSE(breaks(text + " # tongs-ignore valid-document-required\n", "remote-unknown-property"));
  EXPECT_TRUE(breaks(text + " # tongs-ignore remote-unknown-property:a\n", "remote-unknown-property"));
}

TEST(Ignore, DoesNotExcuseWhatCannotBeRead) {
  for (const std::string_view broken : {"a: [", "a: 1\na: 1", "[]"}) {
    const std::string text = "# tongs-ignore valid-yaml-required, valid-document-required\n" +
                             std::string(broken) +
                             " # tongs-ignore valid-yaml-required, valid-document-required\n";
    const auto manifest = Manifest::parse(text);
    ASSERT_FALSE(manifest.readable()) << text;
    auto findings = check(manifest);
    EXPECT_TRUE(std::any_of(findings.begin(), findings.end(), hinders_reading)) << text;
    select(findings,
           {.only = {"remote-unused"}, .ignored = {"valid-yaml-required", "valid-document-required"}});
    EXPECT_FALSE(findings.empty()) << text;
  }
}

TEST(Selection, KeepsWhatIsWanted) {
  const auto left = [](const Selection& selection) {
    auto findings =
        check(Manifest::parse("remotes: [{key: a, baseUrl: https://a.b, x: 1}, {key: b, x: 1}]\n"));
    select(findings, selection);
    std::vector<std::string> out;
    for (const Finding& finding : findings) out.push_back(std::string(finding.rule->id) + ":" + finding.key);
    return out;
  };
  EXPECT_EQ(left({.only = {"remote-unknown-property"}}),
            (std::vector<std::string>{"remote-unknown-property:a", "remote-unknown-property:b"}));
  EXPECT_EQ(left({.only = {"valid-app-config-required"}}),
            (std::vector<std::string>{"remote-base-url-missing:b"}));
  EXPECT_EQ(left({.only = {"remote-unknown-property:b"}}),
            (std::vector<std::string>{"remote-unknown-property:b"}));
  EXPECT_EQ(left({.only = {},
                  .ignored = {"remote-unused", "remote-base-url-missing", "remote-unknown-property:a"}}),
            (std::vector<std::string>{"remote-unknown-property:b"}));
}

TEST(Selection, KnowsRulesAndCodes) {
  EXPECT_TRUE(names_rules("remote-unused"));
  EXPECT_TRUE(names_rules("remote-unused:any"));
  EXPECT_TRUE(names_rules("valid-yaml-required"));
  EXPECT_FALSE(names_rules("remote-unusd"));
  EXPECT_FALSE(names_rules(""));
}

TEST(RulesPage, IsTheOneInDocs) {
  EXPECT_EQ(test::content_of(std::filesystem::path(TONGS_TEST_DATA) / "../docs/rules.md"), rules_page())
      << "run: tongs manifest explain --page > docs/rules.md";
}

}  // namespace
}  // namespace tongs::manifest
