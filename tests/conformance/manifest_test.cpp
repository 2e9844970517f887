// The corpus in manifest/: check/<rule>/ has a manifest that breaks the rule and one that keeps it,
// residency/ and diff/ have one folder for each sentence of the manifest reference.

#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <tongs/json.hpp>
#include <tongs/manifest/check.hpp>
#include <tongs/manifest/diff.hpp>
#include <tongs/manifest/residency.hpp>

#include "support/files.hpp"

namespace tongs::manifest {
namespace {

namespace fs = std::filesystem;

const fs::path kCorpus = fs::path(TONGS_TEST_DATA) / "conformance/manifest";

Manifest manifest_in(const fs::path& file) { return Manifest::parse(test::content_of(file)); }

JsonDocument json_in(const fs::path& file) { return JsonDocument::parse(test::content_of(file)).value(); }

std::string where(JsonView place) {
  if (!place || place.is_null()) return "nowhere";
  return std::to_string(place["line"].integer().value_or(0)) + ":" +
         std::to_string(place["column"].integer().value_or(0));
}

std::string where(const Position& at) { return std::to_string(at.line) + ":" + std::to_string(at.column); }

std::string where(const std::optional<Position>& at) { return at ? where(*at) : "nowhere"; }

std::vector<std::string> described(const std::vector<Finding>& findings) {
  std::vector<std::string> out;
  for (const Finding& finding : findings)
    out.push_back(where(finding.at) + " " + std::string(finding.rule->id));
  std::sort(out.begin(), out.end());
  return out;
}

class ManifestRule : public ::testing::TestWithParam<fs::path> {};

TEST_P(ManifestRule, FindsExactlyWhatIsWrongWhereItIsWrong) {
  const auto listed = json_in(GetParam() / "expect.json");
  std::vector<std::string> expected;
  for (const JsonView finding : listed.root()) {
    expected.push_back(where(finding) + " " + std::string(finding["rule"].string_or("")));
  }
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(described(check(manifest_in(GetParam() / "bad.yml"))), expected);
}

TEST_P(ManifestRule, FindsNothingInTheMendedManifest) {
  EXPECT_EQ(described(check(manifest_in(GetParam() / "good.yml"))), std::vector<std::string>{});
}

TEST_P(ManifestRule, IsInTheCatalogue) { EXPECT_NE(find_rule(GetParam().filename().string()), nullptr); }

INSTANTIATE_TEST_SUITE_P(Check, ManifestRule, ::testing::ValuesIn(test::folders_in(kCorpus / "check")),
                         [](const auto& tested) { return test::test_name_of(tested.param); });

TEST(ManifestCorpus, HasAFolderForEveryRule) {
  for (const Rule* rule : all_rules()) {
    EXPECT_TRUE(fs::is_directory(kCorpus / "check" / std::string(rule->id))) << rule->id;
  }
}

class ManifestResidency : public ::testing::TestWithParam<fs::path> {};

TEST_P(ManifestResidency, IsAsTheReferenceSays) {
  const auto expected = json_in(GetParam() / "expect.json");
  const auto actual =
      JsonDocument::parse(to_json("m.yml", residency(manifest_in(GetParam() / "manifest.yml")))).value();
  EXPECT_EQ(actual["eligible"].boolean(), expected["eligible"].boolean());
  std::vector<std::string> wanted;
  std::vector<std::string> given;
  for (const auto& [document, out] : {std::pair{&expected, &wanted}, std::pair{&actual, &given}}) {
    for (const JsonView reason : (*document)["reasons"]) {
      out->push_back(where(reason) + " " + std::string(reason["rule"].string_or("")) + " " +
                     std::string(reason["remote"].string_or("(manifest)")));
    }
  }
  EXPECT_EQ(given, wanted);
}

INSTANTIATE_TEST_SUITE_P(Residency, ManifestResidency,
                         ::testing::ValuesIn(test::folders_in(kCorpus / "residency")),
                         [](const auto& tested) { return test::test_name_of(tested.param); });

class ManifestDiff : public ::testing::TestWithParam<fs::path> {};

std::vector<std::string> described(const Diff& diff) {
  std::vector<std::string> out{std::string(to_string(diff.current)) + " " +
                               std::string(to_string(diff.announced))};
  for (const Change& change : diff.changes) {
    out.push_back(std::string(change.rule) + " " + change.remote + " " +
                  std::string(to_string(change.current)) + " " + std::string(to_string(change.announced)) +
                  " " + where(change.before) + " " + where(change.after));
  }
  return out;
}

std::vector<std::string> described(const JsonDocument& expected) {
  const auto text = [](JsonView value) { return std::string(value.string_or("")); };
  std::vector<std::string> out{text(expected["impact"]["current"]) + " " +
                               text(expected["impact"]["announced"])};
  for (const JsonView change : expected["changes"]) {
    out.push_back(text(change["rule"]) + " " + text(change["remote"]) + " " + text(change["current"]) + " " +
                  text(change["announced"]) + " " + where(change["before"]) + " " + where(change["after"]));
  }
  return out;
}

TEST_P(ManifestDiff, IsAsTheReferenceSays) {
  const auto before = manifest_in(GetParam() / "before.yml");
  const auto after = manifest_in(GetParam() / "after.yml");
  EXPECT_EQ(described(diff(before, after)), described(json_in(GetParam() / "expect.json")));
}

TEST_P(ManifestDiff, FindsNothingBetweenAManifestAndItself) {
  for (const auto* file : {"before.yml", "after.yml"}) {
    const auto manifest = manifest_in(GetParam() / file);
    EXPECT_EQ(described(diff(manifest, manifest)), std::vector<std::string>{"none none"}) << file;
  }
}

INSTANTIATE_TEST_SUITE_P(Diff, ManifestDiff, ::testing::ValuesIn(test::folders_in(kCorpus / "diff")),
                         [](const auto& tested) { return test::test_name_of(tested.param); });

}  // namespace
}  // namespace tongs::manifest
