#include <cstdlib>
#include <filesystem>
#include <fstream>
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

TEST(ManifestCheck, NamesTheScopesThatCallsLack) {
  const test::ScratchFolder folder;
  const auto calls = folder.write("app.calls", "GET /rest/api/3/issue/{issueIdOrKey}\nno-such-call\n");
  const auto manifest = folder.write("manifest.yml", "permissions: {scopes: [read:jira-user]}\n");
  const Outcome human =
      kTongs.run({"manifest", "check", manifest, "--calls", calls, "--rule", "remote-unused"});
  EXPECT_EQ(human.status, 1);
  EXPECT_NE(human.out.find("get-issue (GET /rest/api/3/issue/{issueIdOrKey}) needs read:jira-work\n"),
            std::string::npos)
      << human.out;
  EXPECT_NE(human.out.find("no call needs read:jira-user\n"), std::string::npos) << human.out;
  EXPECT_NE(human.err.find("this names no operation: no-such-call\n"), std::string::npos) << human.err;

  const Outcome json = kTongs.run({"manifest", "check", manifest, "--calls", calls, "--format", "json"});
  const auto report = JsonDocument::parse(json.out);
  ASSERT_TRUE(report) << json.out;
  ASSERT_EQ((*report)["calls"].size(), 1U);
  const JsonView missing = (*(*report)["calls"].begin())["missing"];
  ASSERT_EQ(missing.size(), 1U);
  EXPECT_EQ((*missing.begin())["scopes"].text(), R"(["read:jira-work"])");
  EXPECT_EQ((*report)["files"].size(), 1U);

  EXPECT_EQ(kTongs.run({"manifest", "check", manifest, "--calls", calls, "--format", "sarif"}).status, 2);
  EXPECT_EQ(kTongs.run({"manifest", "check", manifest, "--calls", calls + ".gone"}).status, 2);
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
  const Outcome outcome =
      kTongs.run({"manifest", "check", "/nowhere/manifest.yml", "/dev/null/manifest.yml", good()});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_EQ(outcome.err,
            "tongs: /nowhere/manifest.yml: there is no such file\ntongs: /dev/null/manifest.yml: there is no "
            "such file\n");
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

TEST(ManifestCheck, FindsTheManifestsOfAFolder) {
  const test::ScratchFolder folder;
  for (const char* const place : {"a", "b/c", "node_modules/x", ".git"}) {
    std::filesystem::create_directories(folder.path() / place);
    std::ofstream(folder.path() / place / "manifest.yml") << "remotes: []\n";
  }
  const Outcome outcome = kTongs.run({"manifest", "check", folder.path().string()});
  EXPECT_EQ(outcome.out, "no findings in 2 files\n");
  const Outcome none = kTongs.run({"manifest", "check", (folder.path() / "node_modules").string() + "/x/.."});
  EXPECT_EQ(none.status, 0) << "a folder that is named counts";
  std::filesystem::create_directory(folder.path() / "empty");
  const Outcome empty = kTongs.run({"manifest", "check", (folder.path() / "empty").string()});
  EXPECT_EQ(empty.status, 2);
  EXPECT_NE(empty.err.find("there is no manifest.yml in this folder"), std::string::npos) << empty.err;
}

TEST(ManifestCheck, ShowsOnlyTheRulesThatAreAskedFor) {
  const auto shown = [](std::vector<std::string> options) {
    options.insert(options.begin(), {"manifest", "check", "--format", "github", bad()});
    return kTongs.run(options);
  };
  EXPECT_EQ(shown({"--rule", "remote-key-length"}).status, 1);
  EXPECT_EQ(shown({"--rule", "remote-key-length"}).out.find("::error file="), 0U);
  EXPECT_EQ(shown({"--rule", "remote-unused", "--ignore", "remote-unused"}).out, "");
  const Outcome unknown = shown({"--ignore", "remote-key-lenght"});
  EXPECT_EQ(unknown.status, 2);
  EXPECT_NE(unknown.err.find("no rule is called 'remote-key-lenght'"), std::string::npos);
}

TEST(ManifestCheck, WritesSarif) {
  const Outcome outcome = kTongs.run({"manifest", "check", "--format", "sarif", bad(), good()});
  EXPECT_EQ(outcome.status, 1);
  const auto report = JsonDocument::parse(outcome.out).value();
  EXPECT_EQ(report["version"].string(), "2.1.0");
  EXPECT_EQ((*report["runs"].begin()).at("tool", "driver", "name").string(), "tongs");
}

TEST(ManifestExplain, ShowsARule) {
  const Outcome outcome = kTongs.run({"manifest", "explain", "remote-key-length"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_TRUE(outcome.out.starts_with(
      "remote-key-length: error of source forge, which Forge reports as valid-document-required\n\n"
      "The `key` of a remote has at most 23 characters.\nChoose a shorter key.\n\nbad\n  remotes:\n"))
      << outcome.out;
  EXPECT_NE(kTongs.run({"manifest", "explain", "diff-url-changed"}).out.find("major today"),
            std::string::npos);
  EXPECT_NE(kTongs.run({"manifest", "explain", "--list"}).out.find("residency-no-operations"),
            std::string::npos);
}

TEST(ManifestExplain, SuggestsARule) {
  const Outcome outcome = kTongs.run({"manifest", "explain", "remote-key-lenght"});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_EQ(outcome.err, "tongs: no rule is called 'remote-key-lenght', did you mean 'remote-key-length'?\n");
  EXPECT_EQ(kTongs.run({"manifest", "explain"}).status, 2);
}

/// A git repository with one commit of a manifest.
void commit_manifest(const std::filesystem::path& folder, const std::string& text) {
  std::ofstream(folder / "manifest.yml") << text;
  const std::string git = "git -C '" + folder.string() + "' -c user.name=t -c user.email=t@example.com ";
  ASSERT_EQ(std::system((git + "init -q && " + git + "add . && " + git + "commit -qm one").c_str()), 0);
}

TEST(ManifestDiff, ComparesWithARevision) {
  const test::ScratchFolder folder;
  commit_manifest(folder.path(), "remotes:\n  - key: a\n    baseUrl: https://a.b\n    operations: [other]\n");
  const std::string file = (folder.path() / "manifest.yml").string();
  std::ofstream(file) << "remotes:\n  - key: a\n    baseUrl: https://c.d\n    operations: [other]\n";
  const std::vector<std::string> path{"PATH=/usr/bin:/bin"};
  const Outcome outcome =
      kTongs.run({"manifest", "diff", "--git", "HEAD", file, "--fail-on", "major"}, {}, path);
  EXPECT_EQ(outcome.status, 1);
  EXPECT_NE(outcome.out.find("  before HEAD:" + file + ":3:14\n  after  " + file + ":3:14\n"),
            std::string::npos)
      << outcome.out << outcome.err;
  EXPECT_EQ(kTongs.run({"manifest", "diff", "--git", "no-such", file}, {}, path).status, 2);
  EXPECT_EQ(kTongs.run({"manifest", "diff", "--git", "--help", file}, {}, path).status, 2);
  EXPECT_EQ(kTongs.run({"manifest", "diff", "--git", "HEAD", file, file}).status, 2);
  EXPECT_EQ(kTongs.run({"manifest", "diff", file}).status, 2);
}

TEST(ManifestFix, ShowsAndMakesChanges) {
  const test::ScratchFolder folder;
  const auto file = folder.path() / "manifest.yml";
  const std::string text = "# 1\n# 2\n# 3\n# 4\nremotes:\n  - key: a # the one\n    baseURL: https://a.b\n";
  std::ofstream(file) << text;
  const Outcome shown = kTongs.run({"manifest", "fix", "--dry-run", file.string()});
  EXPECT_EQ(shown.status, 1);
  EXPECT_EQ(shown.out,
            "--- " + file.string() + "\n+++ " + file.string() +
                "\n@@ -4,4 +4,4 @@\n # 4\n remotes:\n   - key: a # the one\n-    baseURL: https://a.b\n"
                "+    baseUrl: https://a.b\n");
  EXPECT_EQ(test::content_of(file), text);
  const Outcome made = kTongs.run({"manifest", "fix", file.string()});
  EXPECT_EQ(made.status, 0);
  EXPECT_EQ(made.out, file.string() + ":7:5: 'baseURL' is now 'baseUrl' [remote-unknown-property]\n");
  EXPECT_NE(test::content_of(file).find("    baseUrl: https://a.b\n"), std::string::npos);
  EXPECT_EQ(kTongs.run({"manifest", "fix", "--dry-run", file.string()}).status, 0);
  EXPECT_EQ(kTongs.run({"manifest", "fix", "-"}).status, 2);
}

std::string framed(const std::string& message) {
  return "Content-Length: " + std::to_string(message.size()) + "\r\n\r\n" + message;
}

std::string opened(const std::string& text) {
  return framed(
      R"({"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"file:///m.yml",)"
      R"("text":")" +
      text + R"("}}})");
}

std::string asked(const std::string& method, int line, int character) {
  return framed(R"({"jsonrpc":"2.0","id":7,"method":"textDocument/)" + method +
                R"(","params":{"textDocument":{"uri":"file:///m.yml"},"position":{"line":)" +
                std::to_string(line) + R"(,"character":)" + std::to_string(character) + "}}}");
}

std::string told(const std::string& messages) {
  const std::string start = framed(R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{}})");
  const std::string end = framed(R"({"jsonrpc":"2.0","id":2,"method":"shutdown"})") +
                          framed(R"({"jsonrpc":"2.0","method":"exit"})");
  const Outcome outcome = kTongs.run({"manifest", "lsp", "--stdio"}, start + messages + end);
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  return outcome.out;
}

TEST(ManifestLsp, PublishesFindingsInUnitsOfUtf16) {
  const std::string out = told(opened(R"(remotes: [{key: '\ud83d\ude00', baseURL: x}])"));
  EXPECT_NE(
      out.find(R"({"range":{"start":{"line":0,"character":22},"end":{"line":0,"character":29}},"severity":1,)"
               R"("code":"remote-unknown-property","source":"tongs",)"),
      std::string::npos)
      << out;
}

TEST(ManifestLsp, TellsAboutTheRuleUnderTheCursor) {
  const std::string text = R"(remotes:\n  - key: a\n    baseURL: x)";
  EXPECT_NE(told(opened(text) + asked("hover", 2, 6)).find("**remote-unknown-property** (forge)"),
            std::string::npos);
  EXPECT_NE(told(opened(text) + asked("hover", 0, 0)).find(R"("id":7,"result":null)"), std::string::npos);
}

TEST(ManifestLsp, CompletesPropertiesAndReferences) {
  const std::string text =
      R"(remotes:\n  - key: backend\n    baseUrl: https://a.b\n    \n    operations:\n      - \nmodules:\n  endpoint:\n    - key: api\n      remote: \n)"
      R"(  webtrigger:\n    - key: hook\n      endpoint: )";
  const auto completed = [&](int line, int character) {
    return told(opened(text) + asked("completion", line, character));
  };
  EXPECT_NE(completed(3, 4).find(R"("label":"configurable: ")"), std::string::npos) << completed(3, 4);
  EXPECT_NE(completed(5, 8).find(R"("label":"compute")"), std::string::npos) << completed(5, 8);
  EXPECT_NE(completed(9, 14).find(R"("label":"backend")"), std::string::npos) << completed(9, 14);
  EXPECT_NE(completed(12, 16).find(R"("label":"api")"), std::string::npos) << completed(12, 16);
}

TEST(ManifestLsp, ForgetsWhatIsClosedAndAnswersWhatItDoesNotKnow) {
  const std::string close = framed(
      R"({"jsonrpc":"2.0","method":"textDocument/didClose","params":{"textDocument":{"uri":"file:///m.yml"}}})");
  const std::string out = told(opened("remotes: {}") + close + asked("rename", 0, 0) + framed("{"));
  EXPECT_NE(out.find(R"("diagnostics":[]}})"), std::string::npos) << out;
  EXPECT_NE(out.find(R"("code":-32601)"), std::string::npos) << out;
  EXPECT_NE(out.find(R"("code":-32700)"), std::string::npos) << out;
}

TEST(ManifestLsp, FailsWhenTheEditorIsGone) {
  EXPECT_EQ(kTongs.run({"manifest", "lsp"}, "").status, 3);
  EXPECT_EQ(kTongs.run({"manifest", "lsp"}, "Content-Length: 99999999999\r\n\r\n{}").status, 3);
}

}  // namespace
}  // namespace tongs
