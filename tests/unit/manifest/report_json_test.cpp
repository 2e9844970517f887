// The JSON reports are an outward interface: these texts change only with a new version of it.

#include <string>

#include <gtest/gtest.h>

#include <tongs/manifest/check.hpp>
#include <tongs/manifest/diff.hpp>
#include <tongs/manifest/residency.hpp>

namespace tongs::manifest {
namespace {

TEST(CheckReport, HasItsFields) {
  const auto manifest =
      Manifest::parse("remotes:\n  - key: \"a\\\"b\"\n    baseUrl: https://a.b\n    operations: [other]\n");
  FileReport report{"dir/m \"1\".yml", check(manifest)};
  std::erase_if(report.findings,
                [](const Finding& finding) { return finding.rule->id != "remote-key-pattern"; });
  EXPECT_EQ(
      to_json(std::vector{report}),
      R"({"files":[{"file":"dir/m \"1\".yml","ok":false,"findings":[{"rule":"remote-key-pattern",)"
      R"("source":"forge","severity":"error","message":"the key 'a\"b' has characters other than letters, digits, )"
      R"('-' and '_'","line":2,"column":10,"path":"/remotes/0/key"}]}]})");
}

std::vector<FileReport> one_finding(std::string file) {
  FileReport report{std::move(file), check(Manifest::parse("remotes:\n  - key: a.b\n"))};
  std::erase_if(report.findings,
                [](const Finding& finding) { return finding.rule->id != "remote-key-pattern"; });
  return {report};
}

TEST(SarifReport, HasItsFields) {
  EXPECT_EQ(
      to_sarif(one_finding("a b/m.yml"), "1.2.3"),
      R"({"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[{"tool":{"driver":)"
      R"({"name":"tongs","version":"1.2.3","rules":[{"id":"remote-key-pattern","shortDescription":{"text":)"
      R"("The `key` of a remote consists of letters, digits, `-` and `_`."},"help":{"text":"Choose another key."},)"
      R"("defaultConfiguration":{"level":"error"},"properties":{"source":"forge","code":"valid-document-required"}}]}},)"
      R"("columnKind":"unicodeCodePoints","results":[{"ruleId":"remote-key-pattern","ruleIndex":0,"level":"error",)"
      R"("message":{"text":"the key 'a.b' has characters other than letters, digits, '-' and '_'"},"locations":)"
      R"([{"physicalLocation":{"artifactLocation":{"uri":"a%20b/m.yml"},"region":{"startLine":2,"startColumn":10}},)"
      R"("logicalLocations":[{"fullyQualifiedName":"/remotes/0/key"}]}]}]}]})");
}

TEST(GitHubReport, EscapesWhatWouldEndAProperty) {
  EXPECT_EQ(to_github(one_finding("a,b:c%.yml")),
            "::error file=a%2Cb%3Ac%25.yml,line=2,col=10,title=remote-key-pattern::the key 'a.b' has "
            "characters other "
            "than letters, digits, '-' and '_'\n");
}

TEST(CheckReport, IsOkWithoutErrors) {
  const auto findings = check(Manifest::parse("permissions: {scopes: [read:app-user-token]}\n"));
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings.front().rule->severity, Severity::warning);
  EXPECT_TRUE((FileReport{"m", findings}.ok()));
  EXPECT_EQ(to_json(std::vector{FileReport{"m", {}}, FileReport{"n", {}}}),
            R"({"files":[{"file":"m","ok":true,"findings":[]},{"file":"n","ok":true,"findings":[]}]})");
  EXPECT_EQ(to_json(std::span<const FileReport>{}), R"({"files":[]})");
}

TEST(ResidencyReport, HasItsFields) {
  EXPECT_EQ(
      to_json("m.yml", residency(Manifest::parse("app: {}\n"))),
      R"({"file":"m.yml","eligible":true,"reasons":[{"rule":"residency-no-remotes","remote":null,)"
      R"("message":"there are no remotes, so no End-User Data is stored outside of Atlassian","line":1,"column":1}]})");
}

TEST(ResidencyReport, NamesOnlyWhatStandsInTheWay) {
  const auto manifest = Manifest::parse(
      "remotes:\n  - {key: a, operations: [compute]}\n  - {key: b, operations: [storage], storage: "
      "{inScopeEUD: true}}\n");
  EXPECT_EQ(
      to_json("m.yml", residency(manifest)),
      R"({"file":"m.yml","eligible":false,"reasons":[{"rule":"residency-storage-in-scope","remote":"b",)"
      R"("message":"'b' stores in-scope End-User Data: keep in-scope End-User Data out of the remote, or give it a )"
      R"(URL for each region in 'baseUrl'","line":3,"column":59}]})");
}

TEST(DiffReport, HasItsFields) {
  const auto before = Manifest::parse("remotes:\n  - {key: a, baseUrl: https://a.b, operations: [fetch]}\n");
  const auto after = Manifest::parse("remotes:\n  - {key: n, baseUrl: https://n.b, operations: [fetch]}\n");
  EXPECT_EQ(
      to_json(diff(before, after)),
      R"({"impact":{"current":"major","announced":"major"},"changes":[{"rule":"diff-remote-added","remote":"n",)"
      R"("current":"major","announced":"major","message":"the remote 'n' is new: the app now sends data to )"
      R"('https://n.b'","before":null,"after":{"line":2,"column":5}},{"rule":"diff-remote-removed","remote":"a",)"
      R"("current":"minor","announced":"minor","message":"the remote 'a' is gone","before":{"line":2,"column":5},)"
      R"("after":null}]})");
  EXPECT_EQ(to_json(diff(before, before)),
            R"({"impact":{"current":"none","announced":"none"},"changes":[]})");
}

}  // namespace
}  // namespace tongs::manifest
