// The command line as a shell meets it: help, versions, mistakes.

#include <ostream>

#include <gtest/gtest.h>

#include "support/program.hpp"

namespace tongs {
namespace {

using test::Outcome;

const test::Program kTongs(TONGS_BINARY);

TEST(CommandLine, PrintsItsVersion) {
  const Outcome outcome = kTongs.run({"--version"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_TRUE(outcome.out.starts_with("tongs ")) << outcome.out;
  EXPECT_EQ(outcome.err, "");
}

TEST(CommandLine, ExplainsEveryVerb) {
  const std::vector<std::vector<std::string>> verbs{{},
                                                    {"gateway"},
                                                    {"emulator"},
                                                    {"emulator", "exec"},
                                                    {"manifest"},
                                                    {"manifest", "check"},
                                                    {"manifest", "residency"},
                                                    {"manifest", "diff"},
                                                    {"manifest", "explain"},
                                                    {"manifest", "fix"},
                                                    {"manifest", "lsp"},
                                                    {"consent", "revoke"},
                                                    {"audit", "verify"},
                                                    {"vault", "rotate-key"},
                                                    {"client", "create"},
                                                    {"token"},
                                                    {"token", "inspect"},
                                                    {"token", "verify"},
                                                    {"api"},
                                                    {"api", "jira"},
                                                    {"api", "jira", "get-issue"},
                                                    {"api", "jira", "get-current-user"},
                                                    {"api", "jira", "search-issues"}};
  for (auto verb : verbs) {
    verb.emplace_back("--help");
    const Outcome outcome = kTongs.run(verb);
    EXPECT_EQ(outcome.status, 0) << verb.front();
    EXPECT_NE(outcome.out.find("Usage: tongs"), std::string::npos) << outcome.out;
    EXPECT_EQ(outcome.err, "") << verb.front();
  }
}

TEST(CommandLine, ShowsExamplesForVerbsThatDoSomething) {
  for (const std::vector<std::string>& verb : std::vector<std::vector<std::string>>{{"gateway"},
                                                                                    {"emulator"},
                                                                                    {"manifest", "check"},
                                                                                    {"manifest", "residency"},
                                                                                    {"manifest", "diff"},
                                                                                    {"token", "inspect"},
                                                                                    {"token", "verify"}}) {
    auto asked = verb;
    asked.emplace_back("--help");
    EXPECT_NE(kTongs.run(asked).out.find("Example"), std::string::npos) << verb.back();
  }
}

struct Mistake {
  std::vector<std::string> arguments;
  std::string_view said;

  friend void PrintTo(const Mistake& mistake, std::ostream* out) {
    *out << "tongs";
    for (const auto& word : mistake.arguments) *out << ' ' << word;
  }
};

class CommandLineMistake : public ::testing::TestWithParam<Mistake> {};

TEST_P(CommandLineMistake, EndsWithStatusTwoAndAWayOut) {
  const Outcome outcome = kTongs.run(GetParam().arguments);
  EXPECT_EQ(outcome.status, 2);
  EXPECT_EQ(outcome.out, "");
  EXPECT_NE(outcome.err.find(GetParam().said), std::string::npos) << outcome.err;
  EXPECT_NE(outcome.err.find(" --help' for how to use it."), std::string::npos) << outcome.err;
}

INSTANTIATE_TEST_SUITE_P(
    CommandLine, CommandLineMistake,
    ::testing::Values(Mistake{{}, "subcommand is required"},
                      Mistake{{"manfest"}, "unknown argument 'manfest', did you mean 'manifest'?"},
                      Mistake{{"manifest", "chekc"}, "unknown argument 'chekc', did you mean 'check'?"},
                      Mistake{{"manifest", "check"}, "files is required"},
                      Mistake{{"manifest", "check", "--fromat", "json", "x"},
                              "unknown option '--fromat', did you mean '--format'?"},
                      Mistake{{"manifest", "check", "--formt=json", "x"},
                              "unknown option '--formt', did you mean '--format'?"},
                      Mistake{{"manifest", "check", "--format", "xml", "x"},
                              "use one of github|human|json|sarif"},
                      Mistake{{"manifest", "diff", "a"}, "name two manifests, or one with --git"},
                      Mistake{{"manifest", "diff", "a", "b", "--fail-on", "all"}, "use one of major|minor"},
                      Mistake{{"gateway"}, "--config is required"},
                      Mistake{{"emulator"}, "--manifest is required"},
                      Mistake{{"emulator", "--manifest", "m", "exec"}, "command is required"},
                      Mistake{{"token", "verify"}, "--app-id is required"},
                      Mistake{{"token", "verify", "--appid", "x"}, "did you mean '--app-id'?"},
                      Mistake{{"api", "jra"}, "did you mean 'jira'?"},
                      Mistake{{"api", "jira", "get-isue"}, "did you mean 'get-issue'?"},
                      Mistake{{"\x1b[31mx"}, "unknown argument '\\u001b[31mx'"}));

}  // namespace
}  // namespace tongs
