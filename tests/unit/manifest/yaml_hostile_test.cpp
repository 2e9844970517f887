// Texts made to cost much: each is refused, or read within the limits. That the tests end is the bound on
// time.

#include <string>

#include <gtest/gtest.h>

#include <tongs/manifest/check.hpp>
#include <tongs/manifest/diff.hpp>

#include "manifest/yaml_tree.hpp"

namespace tongs::manifest::yaml {
namespace {

constexpr std::size_t kFull = Manifest::kMaxBytes;

std::string repeated(std::string_view part, std::size_t bytes) {
  std::string out;
  while (out.size() + part.size() <= bytes) out += part;
  return out;
}

bool exceeds_limits(std::string_view text) {
  const Tree tree = Tree::parse(text);
  return !tree.root() && tree.problems().size() == 1 && tree.problems().front().kind == Problem::Kind::limits;
}

TEST(HostileYaml, IsRefusedBeforeItIsReadIfItIsTooLarge) {
  EXPECT_TRUE(exceeds_limits(std::string(kFull + 1, ' ')));
  EXPECT_TRUE(exceeds_limits(repeated("a: &a [*a, *a]\n", 10 * kFull)));
  EXPECT_TRUE(Tree::parse(std::string(kFull, ' ')).problems().empty());
}

TEST(HostileYaml, MayNestSoDeepAndNoDeeper) {
  const auto nested = [](std::size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); };
  EXPECT_TRUE(Tree::parse(nested(Manifest::kMaxDepth)).root());
  EXPECT_TRUE(exceeds_limits(nested(Manifest::kMaxDepth + 1)));
  EXPECT_TRUE(exceeds_limits(repeated("- ", 2 * (Manifest::kMaxDepth + 1)) + "x"));
  EXPECT_TRUE(exceeds_limits(repeated("? ", 2 * (Manifest::kMaxDepth + 1)) + "x"));
}

TEST(HostileYaml, CannotHideDepthBehindAliases) {
  std::string text = "a0: &a0 x\n";
  for (std::size_t i = 1; i <= Manifest::kMaxDepth; ++i) {
    const std::string here = std::to_string(i);
    text += "a" + here + ": &a" + here + " [*a" + std::to_string(i - 1) + "]\n";
  }
  EXPECT_TRUE(exceeds_limits(text));
}

TEST(HostileYaml, CannotGrowThroughAliases) {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 20; ++i) {
    const std::string here = std::to_string(i);
    const std::string below = "*a" + std::to_string(i - 1);
    text += "a" + here + ": &a" + here + " [" + below;
    for (int j = 0; j < 8; ++j) text += ", " + below;
    text += "]\n";
  }
  EXPECT_TRUE(exceeds_limits(text));
}

TEST(HostileYaml, MayHaveSoManyNodesAndNoMore) {
  EXPECT_TRUE(Tree::parse(repeated("- x\n", 4 * (Manifest::kMaxNodes - 1))).root());
  EXPECT_TRUE(exceeds_limits(repeated("- x\n", 4 * Manifest::kMaxNodes)));
}

TEST(HostileYaml, CannotMakeTheParserReadAheadForEver) {
  for (const std::string_view part : {"[", "{a: ", ",", "a: b,", "&a ", "*a,", "{\"a\":", "!t ,", "? "}) {
    EXPECT_TRUE(exceeds_limits("[" + repeated(part, kFull / 2))) << part;
  }
}

TEST(HostileYaml, EndsForEveryLongRunOfOneThing) {
  for (const std::string_view part :
       {"a\n",         ": ",           "# x\n",       "\n",       "\r",          " ",
        "---\n",       "--- a\n...\n", "\"\" ",       "''",       "a #c\n",      "|\n",
        "> \n  x\n\n", "%TAG !a! b\n", "%YAML 1.2\n", "\xc3\xa9", "a: |\n  x\n", "&a a\n",
        "!t a\n",      "[#\n",         "abc ",        "- - \n",   "k: v\n"}) {
    const std::string text = repeated(part, kFull / 8);
    (void)check(Manifest::parse(text));
    (void)check(Manifest::parse("a: \"" + text));
    (void)check(Manifest::parse("a:\n  " + text));
  }
}

TEST(HostileYaml, EndsForKeysThatAllDiffer) {
  std::string text;
  for (int i = 0; text.size() < kFull / 2; ++i) text += "k" + std::to_string(i) + ": 1\n";
  EXPECT_TRUE(Tree::parse(text).problems().empty());
}

/// Lines made by `line(i)` until there are so many bytes.
template <class Line>
std::string lines(std::size_t bytes, Line line) {
  std::string out;
  for (std::size_t i = 0; out.size() < bytes; ++i) out += line(std::to_string(i));
  return out;
}

TEST(HostileManifest, EndsForManyNamesThatAreAlmostRight) {
  const std::string long_name(50, 'k');
  const std::string keys =
      lines(kFull / 4, [&](const std::string& i) { return "  - key: " + long_name + i + "\n"; });
  const auto wrong = [&](std::string_view property) {
    return lines(kFull / 4, [&](const std::string& i) {
      return "    - " + std::string(property) + ": " + long_name + i + "x\n";
    });
  };
  (void)check(Manifest::parse("remotes:\n" + keys + "modules:\n  endpoint:\n" + wrong("remote")));
  (void)check(Manifest::parse("modules:\n  endpoint:\n" + keys + "  webtrigger:\n" + wrong("endpoint")));
  (void)check(Manifest::parse("remotes:\n" + keys + "permissions:\n external:\n  fetch:\n   backend:\n" +
                              wrong("remote")));
}

TEST(HostileManifest, CannotGrowThroughLongNames) {
  const std::string long_name(kFull / 2, 'y');
  const std::string modules =
      lines(kFull / 8, [](const std::string&) { return "  - {key: a, endpoint: b}\n"; });
  const std::string aliases = lines(kFull / 8, [](const std::string&) { return "  - *a\n"; });
  (void)check(Manifest::parse("modules:\n  " + long_name + ":\n" + modules));
  (void)check(Manifest::parse("a: &a {" + long_name + ": {endpoint: x}}\nmodules:\n  x:\n" + aliases));
  EXPECT_TRUE(exceeds_limits("a: &a '" + long_name + "'\nremotes:\n" + aliases));
}

TEST(HostileManifest, EndsForManyRemotesOnBothSides) {
  const auto remotes = [](const std::string& prefix) {
    return Manifest::parse("remotes:\n" + lines(kFull / 4, [&](const std::string& i) {
                             return "- {key: " + prefix + i + ", baseUrl: 'https://h" + i +
                                    ".example.com'}\n";
                           }));
  };
  const auto one = remotes("a");
  const auto other = remotes("b");
  EXPECT_EQ(diff(one, other).changes.size(), 0U) << "the URLs are the same, so only keys changed";
  const auto fetched = Manifest::parse(
      "permissions:\n external:\n  fetch:\n   backend:\n" +
      lines(kFull / 4, [](const std::string& i) { return "    - h" + i + ".example.com\n"; }));
  EXPECT_EQ(diff(fetched, one).announced, Impact::minor);
}

TEST(HostileYaml, CannotGrowThroughVariables) {
  std::string text = "environment:\n  variables:\n    - key: A\n      default: \"" +
                     std::string(kFull / 4, 'x') + "\"\nv:\n";
  while (text.size() < kFull - 64) text += "  - ${A}${A}${A}${A}${A}${A}\n";
  const auto manifest = Manifest::parse(text);
  EXPECT_TRUE(manifest.readable());
  (void)check(manifest);
}

}  // namespace
}  // namespace tongs::manifest::yaml
