#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <tongs/json.hpp>

#include "support/files.hpp"
#include "support/program.hpp"
#include "support/scratch_folder.hpp"

namespace tongs {
namespace {

using test::Outcome;

const test::Program kTongs(TONGS_BINARY);
const std::string kCorpus = std::string(TONGS_TEST_DATA) + "/conformance/manifest/";

std::string good() { return kCorpus + "check/yaml-syntax/good.yml"; }
std::string bad() { return kCorpus + "check/remote-key-length/bad.yml"; }

TEST(ManifestCheck, EndsWithZeroWithoutFindings) {
  const Outcome outcome = kTongs.run({"manifest", "check", good()});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.out, "no findings in 1 file\n");
  EXPECT_EQ(outcome.err, "");
}

TEST(ManifestCheck, ShowsTheLineAndTheSpot) {
  const Outcome outcome = kTongs.run(
      {"manifest", "check", "-"},
      "remotes:\n  - key: backend\n    baseURL: https://a.b\n    configurable: {name: n, description: d}\n");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_NE(outcome.out.find("-:3:5: error: unknown property 'baseURL' of a remote, did you mean 'baseUrl'? "
                             "[remote-unknown-property] (valid-document-required)\n"
                             " 3 |     baseURL: https://a.b\n"
                             "   |     ^\n"),
            std::string::npos)
      << outcome.out;
  EXPECT_NE(outcome.out.find("1 error, 1 warning in 1 file\n"), std::string::npos) << outcome.out;
}

TEST(ManifestCheck, EndsWithZeroForWarningsAlone) {
  const Outcome outcome = kTongs.run({"manifest", "check", kCorpus + "check/remote-unused/bad.yml"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_NE(outcome.out.find("0 errors, 1 warning"), std::string::npos);
}

TEST(ManifestCheck, PutsTheCaretUnderWideCharactersAndTabs) {
  const Outcome outcome =
      kTongs.run({"manifest", "check", "-"}, "remotes: [{key:\t\xe6\xbc\xa2\xe5\xad\x97, baseURL: x}]\n");
  EXPECT_NE(
      outcome.out.find(
          " 1 | remotes: [{key: \xe6\xbc\xa2\xe5\xad\x97, baseURL: x}]\n   |                       ^\n"),
      std::string::npos)
      << outcome.out;
}

TEST(ManifestCheck, CutsALongLineAroundTheSpot) {
  const std::string filler(500, 'x');
  const Outcome outcome =
      kTongs.run({"manifest", "check", "-"},
                 "a: '" + filler + "'\na: '" + filler + "'\nb: {" + filler + ": 1, " + filler + ": 2}\n");
  EXPECT_EQ(outcome.status, 1);
  for (std::size_t start = 0; start < outcome.out.size();) {
    const auto end = outcome.out.find('\n', start);
    EXPECT_LT(end - start, 260U);
    start = end + 1;
  }
  EXPECT_NE(outcome.out.find("…"), std::string::npos);
}

TEST(ManifestCheck, LetsNoFileSteerTheTerminal) {
  const Outcome outcome =
      kTongs.run({"manifest", "check", "-"}, "remotes:\n  - key: \"a\\e[31mb\"\n    \xe2\x80\xaeoops: 1\n");
  EXPECT_EQ(outcome.out.find('\x1b'), std::string::npos);
  EXPECT_EQ(outcome.out.find("\xe2\x80\xae"), std::string::npos);
}

TEST(ManifestCheck, UsesNoColourOffATerminal) {
  EXPECT_EQ(kTongs.run({"manifest", "check", bad()}).out.find('\x1b'), std::string::npos);
}

TEST(ManifestCheck, ReportsManyFilesAsJson) {
  const Outcome outcome = kTongs.run({"manifest", "check", "--format", "json", good(), bad()});
  EXPECT_EQ(outcome.status, 1);
  const auto report = JsonDocument::parse(outcome.out);
  ASSERT_TRUE(report);
  std::vector<std::string> files;
  for (const JsonView file : (*report)["files"]) {
    files.push_back(std::string(file["file"].string_or("")) +
                    (file["ok"].boolean().value_or(false) ? " ok" : " not ok"));
  }
  EXPECT_EQ(files, (std::vector<std::string>{good() + " ok", bad() + " not ok"}));
}

TEST(ManifestCheck, SaysWhichFileCannotBeReadAndGoesOn) {
  const Outcome outcome = kTongs.run({"manifest", "check", "/nowhere/manifest.yml", "/", good()});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_EQ(outcome.err,
            "tongs: /nowhere/manifest.yml: there is no such file\ntongs: /: it is a directory\n");
  EXPECT_EQ(outcome.out, "no findings in 1 file\n");
}

TEST(ManifestCheck, ReadsStandardInputOnce) {
  const Outcome outcome = kTongs.run({"manifest", "check", "-", "-"}, "app: {}\n");
  EXPECT_EQ(outcome.status, 2);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(outcome.err, "tongs: only one of the manifests can come from standard input\n");
}

TEST(ManifestCheck, TakesVariablesFromTheEnvironment) {
  const std::string manifest = test::content_of(kCorpus + "check/variable-without-value/bad.yml");
  EXPECT_EQ(kTongs.run({"manifest", "check", "-"}, manifest).status, 1);
  EXPECT_EQ(kTongs.run({"manifest", "check", "-"}, manifest, {"TONGS_TEST_NOT_SET=files"}).status, 0);
}

TEST(ManifestCheck, FailsIfItsOutputCannotBeWritten) {
  const test::Program shell("/bin/sh");
  const Outcome outcome =
      shell.run({"-c", "exec " TONGS_BINARY " manifest check " + good() + " > /dev/full"});
  EXPECT_EQ(outcome.status, 3);
  EXPECT_EQ(outcome.err, "tongs: standard output cannot be written\n");
}

TEST(ManifestResidency, SaysWhatToChange) {
  const Outcome outcome =
      kTongs.run({"manifest", "residency", kCorpus + "residency/one-of-two-is-bad/manifest.yml"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_NE(outcome.out.find("fine: 'backend' stores nothing"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("no: 'files' has no 'operations'"), std::string::npos);
  EXPECT_NE(outcome.out.find("to become eligible: say what the remote does"), std::string::npos);
  EXPECT_TRUE(outcome.out.ends_with("not eligible for PINNED\n"));
}

TEST(ManifestResidency, EndsWithZeroForAnEligibleApp) {
  const Outcome outcome = kTongs.run({"manifest", "residency", "-", "--format", "json"}, "app: {}\n");
  EXPECT_EQ(outcome.status, 0);
  EXPECT_TRUE(outcome.out.starts_with(R"({"file":"-","eligible":true,)")) << outcome.out;
}

TEST(ManifestResidency, EndsWithTwoForWhatIsNoManifest) {
  const Outcome outcome = kTongs.run({"manifest", "residency", "-"}, "remotes: [\n");
  EXPECT_EQ(outcome.status, 2);
  EXPECT_EQ(outcome.out, "");
  EXPECT_NE(outcome.err.find("-:2:1: error: this list is never closed"), std::string::npos) << outcome.err;
}

/// Two `remotes`: whoever believes the first finds nothing, whoever believes the second finds stored data.
constexpr std::string_view kTwoRemotes = R"(app: {id: x}
remotes:
  - {key: a, baseUrl: "https://a.example.com", operations: [compute]}
remotes:
  - {key: b, baseUrl: "https://b.example.com", operations: [storage], storage: {inScopeEUD: true}}
)";

TEST(ManifestResidency, PassesNoVerdictOnWhatCanBeReadInTwoWays) {
  for (const std::string_view text : {kTwoRemotes, std::string_view("app: {id: x}\n---\napp: {id: y}\n"),
                                      std::string_view("a: &a [*a]\n")}) {
    const Outcome outcome = kTongs.run({"manifest", "residency", "-"}, text);
    EXPECT_EQ(outcome.status, 2) << text;
    EXPECT_EQ(outcome.out, "");
    EXPECT_NE(outcome.err.find("[yaml-"), std::string::npos) << outcome.err;
    EXPECT_EQ(outcome.err.find("warning"), std::string::npos) << outcome.err;
  }
}

TEST(ManifestDiff, ComparesNothingThatCanBeReadInTwoWays) {
  const Outcome outcome = kTongs.run({"manifest", "diff", good(), "-"}, kTwoRemotes);
  EXPECT_EQ(outcome.status, 2);
  EXPECT_EQ(outcome.out, "");
  EXPECT_NE(outcome.err.find("[yaml-duplicate-key]"), std::string::npos) << outcome.err;
}

TEST(ManifestDiff, ShowsBothSidesOfAChange) {
  const std::string folder = kCorpus + "diff/url-changed/";
  const Outcome outcome = kTongs.run({"manifest", "diff", folder + "before.yml", folder + "after.yml"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_NE(
      outcome.out.find("backend: the URL changed from 'https://backend.example.com' to "
                       "'https://other.example.com' (major today, major as announced) [diff-url-changed]\n"
                       "  before " +
                       folder +
                       "before.yml:5:14\n"
                       "  after  " +
                       folder +
                       "after.yml:5:14\n"
                       "upgrade: major today, major as announced\n"),
      std::string::npos)
      << outcome.out;
}

TEST(ManifestDiff, FailsOnTheImpactThatIsAskedFor) {
  const auto status = [](const std::string& name, const std::string& fail_on) {
    const std::string folder = kCorpus + "diff/" + name + "/";
    return kTongs.run({"manifest", "diff", folder + "before.yml", folder + "after.yml", "--fail-on", fail_on})
        .status;
  };
  EXPECT_EQ(status("url-changed", "major"), 1);
  EXPECT_EQ(status("purpose-added", "major"), 0) << "minor today, major only as announced";
  EXPECT_EQ(status("purpose-added", "minor"), 1);
  EXPECT_EQ(status("nothing", "minor"), 0);
}

TEST(ManifestDiff, TakesOneSideFromStandardInput) {
  const std::string folder = kCorpus + "diff/purpose-added/";
  const Outcome outcome = kTongs.run({"manifest", "diff", "-", folder + "after.yml", "--format", "json"},
                                     test::content_of(folder + "before.yml"));
  EXPECT_EQ(outcome.status, 0);
  EXPECT_TRUE(outcome.out.starts_with(R"({"impact":{"current":"minor","announced":"major"},"changes":[)"))
      << outcome.out;
  EXPECT_EQ(kTongs.run({"manifest", "diff", "-", "-"}).status, 2);
}

}  // namespace
}  // namespace tongs
