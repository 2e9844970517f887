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
