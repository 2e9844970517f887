#include "manifest/yaml_tree.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace tongs::manifest::yaml {
namespace {

Position at(std::uint32_t line, std::uint32_t column) { return {line, column, 0}; }

std::string where(const Position& position) {
  return std::to_string(position.line) + ":" + std::to_string(position.column);
}

/// The tree must outlive its nodes.
class YamlTree : public ::testing::Test {
 protected:
  Node root_of(std::string_view text) {
    trees_.push_back(std::make_unique<Tree>(Tree::parse(text)));
    return trees_.back()->root();
  }

 private:
  std::vector<std::unique_ptr<Tree>> trees_;
};

std::vector<std::string> problems_of(std::string_view text) {
  std::vector<std::string> out;
  const Tree tree = Tree::parse(text);
  for (const Problem& problem : tree.problems()) {
    out.push_back(where(problem.at) + " " + std::to_string(static_cast<int>(problem.kind)) + " " +
                  problem.message);
  }
  return out;
}

struct Resolved {
  std::string_view text;
  Kind kind;
};

class CoreSchema : public ::testing::TestWithParam<Resolved> {};

TEST_P(CoreSchema, ResolvesPlainScalars) {
  const Tree tree = Tree::parse("key: " + std::string(GetParam().text));
  EXPECT_EQ(tree.root()["key"].kind(), GetParam().kind) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    Yaml12, CoreSchema,
    ::testing::Values(
        Resolved{"", Kind::null}, Resolved{"~", Kind::null}, Resolved{"null", Kind::null},
        Resolved{"Null", Kind::null}, Resolved{"NULL", Kind::null}, Resolved{"nULL", Kind::string},
        Resolved{"true", Kind::boolean}, Resolved{"True", Kind::boolean}, Resolved{"FALSE", Kind::boolean},
        Resolved{"tRUE", Kind::string}, Resolved{"yes", Kind::string}, Resolved{"no", Kind::string},
        Resolved{"on", Kind::string}, Resolved{"Off", Kind::string}, Resolved{"y", Kind::string},
        Resolved{"0", Kind::integer}, Resolved{"-12", Kind::integer}, Resolved{"+7", Kind::integer},
        Resolved{"0o17", Kind::integer}, Resolved{"0o18", Kind::string}, Resolved{"0xFf", Kind::integer},
        Resolved{"0x", Kind::string}, Resolved{"1_000", Kind::string}, Resolved{"017", Kind::integer},
        Resolved{"1.5", Kind::real}, Resolved{"1.", Kind::real}, Resolved{".5", Kind::real},
        Resolved{".", Kind::string}, Resolved{"+.e1", Kind::string}, Resolved{"1e3", Kind::real},
        Resolved{"-1.5E-3", Kind::real}, Resolved{"1e", Kind::string}, Resolved{".inf", Kind::real},
        Resolved{"-.INF", Kind::real}, Resolved{".nan", Kind::real}, Resolved{"-.nan", Kind::string},
        Resolved{"12:30", Kind::string}, Resolved{"2001-01-01", Kind::string},
        Resolved{"\"1\"", Kind::string}, Resolved{"'true'", Kind::string}, Resolved{"''", Kind::string},
        Resolved{"!!str 1", Kind::string}, Resolved{"! 1", Kind::string},
        Resolved{"!!int \"3\"", Kind::integer}, Resolved{"!!bool 'true'", Kind::boolean},
        Resolved{"!own 1", Kind::string}));

TEST_F(YamlTree, ReadsValuesOfEveryForm) {
  const Node root = root_of(
      "a: plain\nb: \"d\\u00e9\"\nc: 's'''\nd: |\n  one\n  two\ne: >-\n  one\n  two\nf: [x, {y: z}]\n");
  EXPECT_EQ(root["a"].text(), "plain");
  EXPECT_EQ(root["b"].text(), "d\xc3\xa9");
  EXPECT_EQ(root["c"].text(), "s'");
  EXPECT_EQ(root["d"].text(), "one\ntwo\n");
  EXPECT_EQ(root["e"].text(), "one two");
  ASSERT_EQ(root["f"].size(), 2U);
  EXPECT_EQ((*root["f"].items().begin()).text(), "x");
}

TEST_F(YamlTree, GivesAMissingNodeForWhatIsNotThere) {
  const Node root = root_of("a: [1]\n");
  EXPECT_FALSE(root["b"]);
  EXPECT_FALSE(root["b"]["c"]["d"]);
  EXPECT_FALSE(root["a"]["x"]);
  EXPECT_EQ(root["b"].at(), Position{});
  EXPECT_EQ(root["b"].text(), "");
  EXPECT_EQ(root["b"].size(), 0U);
  EXPECT_EQ(root["b"].boolean(), std::nullopt);
  for (const Node item : root["b"].items()) ADD_FAILURE() << item.text();
}

TEST_F(YamlTree, KnowsThePlaceOfKeysAndValues) {
  const Node root = root_of("remotes:\n  - key: backend\n    baseUrl:   https://x\n");
  EXPECT_EQ(root.at(), at(1, 1));
  EXPECT_EQ(root.key("remotes").at(), at(1, 1));
  const Node remotes = root["remotes"];
  EXPECT_EQ(remotes.at(), at(2, 3));
  const Node remote = *remotes.items().begin();
  EXPECT_EQ(remote.at(), at(2, 5));
  EXPECT_EQ(remote["key"].at(), at(2, 10));
  EXPECT_EQ(remote.key("baseUrl").at(), at(3, 5));
  EXPECT_EQ(remote["baseUrl"].at(), at(3, 16));
}

TEST_F(YamlTree, CountsATabAsOneColumn) {
  const Node root = root_of("a:\t\tx\nb: [\t1]\n");
  EXPECT_EQ(root["a"].at(), at(1, 5));
  EXPECT_EQ((*root["b"].items().begin()).at(), at(2, 6));
}

TEST_F(YamlTree, CountsCharactersAndNotBytes) {
  const Node root = root_of("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80: {k\xc3\xbc: v, z: w}\n");
  EXPECT_EQ(root["\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"].at(), at(1, 6));
  EXPECT_EQ(root["\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"]["z"].at(), at(1, 17));
}

TEST_F(YamlTree, TakesEveryLineBreak) {
  for (const std::string_view text : {"a: 1\nb:\n  - x\n", "a: 1\r\nb:\r\n  - x\r\n", "a: 1\rb:\r  - x\r"}) {
    const Node root = root_of(text);
    EXPECT_EQ((*root["b"].items().begin()).at(), at(3, 5));
  }
}

TEST_F(YamlTree, DoesNotCountAByteOrderMark) {
  const Node root = root_of(
      "\xef\xbb\xbf"
      "a: 1\nb: 2\n");
  EXPECT_EQ(root.key("a").at(), at(1, 1));
  EXPECT_EQ(root["a"].at(), at(1, 4));
  EXPECT_EQ(root["b"].at(), at(2, 4));
}

TEST_F(YamlTree, PutsAScalarAtItsQuoteOrItsBar) {
  const Node root = root_of(
      "a: \"x\"\nb: 'y'\nc: |\n  text\nd:  >- # | no\n  text\ne: !!str |\n  z\nf:\n  # | no\n  |\n  q\n");
  EXPECT_EQ(root["a"].at(), at(1, 4));
  EXPECT_EQ(root["b"].at(), at(2, 4));
  EXPECT_EQ(root["c"].at(), at(3, 4));
  EXPECT_EQ(root["d"].at(), at(5, 5));
  EXPECT_EQ(root["f"].at(), at(11, 3));
}

TEST_F(YamlTree, PutsAValueThatIsLeftOutAtItsKeyOrItsDash) {
  const Node root = root_of("a:\nb: {c, d: }\ne:\n  - x\n  # comment\n  -\n  - y\n");
  EXPECT_TRUE(root["a"].is_null());
  EXPECT_EQ(root["a"].at(), at(1, 1));
  EXPECT_EQ(root["b"]["c"].at(), at(2, 5));
  EXPECT_EQ(root["b"]["d"].at(), at(2, 8));
  auto item = root["e"].items().begin();
  ++item;
  EXPECT_TRUE((*item).is_null());
  EXPECT_EQ((*item).at(), at(6, 3));
}

TEST_F(YamlTree, ReadsFlowStyleInItsPlaces) {
  const Node root = root_of("{a: [1, {b: c}],\n  d: e}\n");
  EXPECT_EQ(root.at(), at(1, 1));
  EXPECT_EQ(root["a"].at(), at(1, 5));
  auto item = root["a"].items().begin();
  ++item;
  EXPECT_EQ((*item).at(), at(1, 9));
  EXPECT_EQ((*item)["b"].at(), at(1, 13));
  EXPECT_EQ(root["d"].at(), at(2, 6));
}

TEST_F(YamlTree, ReadsAnAliasAsItsNodeButInItsOwnPlace) {
  const Node root = root_of("a: &x {k: v}\nb: *x\nc: &y text\nd:   *y\n");
  EXPECT_EQ(root["a"].at(), at(1, 7));
  EXPECT_EQ(root["b"].at(), at(2, 4));
  EXPECT_EQ(root["b"]["k"].text(), "v");
  EXPECT_EQ(root["b"]["k"].at(), at(1, 11));
  EXPECT_EQ(root["d"].text(), "text");
  EXPECT_EQ(root["d"].at(), at(4, 6));
}

TEST_F(YamlTree, TakesTheLastAnchorBeforeAnAlias) {
  const Node root = root_of("a: &x 1\nb: *x\nc: &x 2\nd: *x\n");
  EXPECT_EQ(root["b"].text(), "1");
  EXPECT_EQ(root["d"].text(), "2");
}

TEST_F(YamlTree, TakesAMergeKeyForAnOrdinaryKey) {
  const Node root = root_of("a: &x {k: v}\nb:\n  <<: *x\n");
  EXPECT_FALSE(root["b"]["k"]);
  EXPECT_EQ(root["b"]["<<"]["k"].text(), "v");
}

TEST_F(YamlTree, NamesTheWayToANode) {
  const Tree tree = Tree::parse("a/b:\n  - x\n  - m~n: {'': z}\n");
  const Node list = tree.root()["a/b"];
  EXPECT_EQ(tree.path(tree.root().at().node), "");
  EXPECT_EQ(tree.path(list.at().node), "/a~1b");
  auto item = list.items().begin();
  EXPECT_EQ(tree.path((*item).at().node), "/a~1b/0");
  ++item;
  EXPECT_EQ(tree.path((*item)["m~n"][""].at().node), "/a~1b/1/m~0n/");
  EXPECT_EQ(tree.path((*item).key("m~n").at().node), "/a~1b/1/m~0n");
  EXPECT_EQ(tree.path(4711), "");
}

TEST_F(YamlTree, SurvivesKeysThatAreCollections) {
  const Tree tree = Tree::parse("? [a, b]\n: {{x}}\n");
  EXPECT_EQ(tree.root().size(), 1U);
  for (const auto [key, value] : tree.root().entries()) {
    EXPECT_TRUE(key.is_sequence());
    EXPECT_EQ(tree.path(value.at().node), "/");
  }
}

TEST_F(YamlTree, RewritesStringsButNotKeys) {
  Tree tree = Tree::parse("x: x\nlist: [x, y, 1]\nalias: &a x\nagain: *a\n");
  tree.rewrite_strings([](std::string_view text, const Position&) -> std::optional<std::string> {
    return text == "x" ? std::optional<std::string>("longer") : std::nullopt;
  });
  const Node root = tree.root();
  EXPECT_EQ(root["x"].text(), "longer");
  EXPECT_EQ((*root["list"].items().begin()).text(), "longer");
  EXPECT_EQ(root["again"].text(), "longer");
}

struct Broken {
  std::string_view text;
  std::string_view problem;  ///< place, kind and the start of the message
};

class BrokenYaml : public ::testing::TestWithParam<Broken> {};

TEST_P(BrokenYaml, IsReportedWhereItBreaks) {
  const auto problems = problems_of(GetParam().text);
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems.front().substr(0, GetParam().problem.size()), GetParam().problem);
}

INSTANTIATE_TEST_SUITE_P(
    Syntax, BrokenYaml,
    ::testing::Values(Broken{"a: b: c\n", "1:5 0 a second 'key: value' on one line"},
                      Broken{"a:\n\t- x\n", "2:1 0 a tab cannot indent"},
                      Broken{"a: [1, 2\n", "2:1 0 this list is never closed"},
                      Broken{"a: \"x\n", "1:5 0 the quote that opens this text is never closed"},
                      Broken{"a: 1\n b: 2\n", "1:4 0 a key that spans lines"},
                      Broken{"- a\nb: 1\n", "2:1 0 this line belongs neither"},
                      Broken{"a: @x\n", "1:4 0 a plain value cannot start"},
                      Broken{"a: \"\\q\"\n", "1:5 0 an escape that YAML does not know"},
                      Broken{"a: 1\nb\nc: 2\n", "2:1 0 this line is no 'key: value'"},
                      Broken{"{a: 1}}\n", "1:7 0 a closing bracket that nothing opened"},
                      Broken{"key: - a\n", "1:6 0 a list cannot start on the line of its key"},
                      Broken{"\xef\xbb\xbf"
                             "a: \xc3\xa9\nb: @\n",
                             "2:4 0 a plain value cannot start"},
                      Broken{"a: 1\r\nb: @\r\n", "2:4 0 a plain value cannot start"}));

INSTANTIATE_TEST_SUITE_P(
    Ambiguity, BrokenYaml,
    ::testing::Values(Broken{"a: 1\n---\nb: 2\n", "2:1 4 a second YAML document"},
                      Broken{"a: 1\n...\n# x\nb: 2\n", "4:1 4 a second YAML document"},
                      Broken{"a: 1\nb: 2\na: 3\n",
                             "3:1 5 the key 'a' stands in this map already, at line 1, column 1"},
                      Broken{"x: {k: 1, 'k': 2}\n", "1:11 5 the key 'k' stands"},
                      Broken{"a: *x\n", "1:4 6 no anchor '&x' stands before"},
                      Broken{"a: &x [*x]\n", "1:8 6 the alias '*x' stands inside the node"},
                      Broken{"%YAML 1.1\n---\na: no\n", "1:1 2 this file asks for YAML 1.1"}));

INSTANTIATE_TEST_SUITE_P(
    Encoding, BrokenYaml,
    ::testing::Values(Broken{"a: 1\nb: \xff\n", "2:4 1 a byte that is not UTF-8"},
                      Broken{"a: \xc3\xa9\xed\xa0\x80\n", "1:5 1 a byte that is not UTF-8"},
                      Broken{"a: \xc0\x80\n", "1:4 1 a byte that is not UTF-8"},
                      Broken{std::string_view("a: \0\n", 5), "1:4 1 a control character"},
                      Broken{"a: x\x1b[31m\n", "1:5 1 a control character"},
                      Broken{"a: \xc2\x9b\n", "1:4 1 a control character"},
                      Broken{std::string_view("\xff\xfe"
                                              "a\0:\0",
                                              6),
                             "1:1 1 a byte that is not UTF-8"}));

TEST(YamlProblems, ReportEveryDuplicateKey) {
  EXPECT_EQ(problems_of("a: 1\na: 2\nb: {c: 1, c: 2}\na: 3\n").size(), 3U);
}

TEST(YamlProblems, DoNotTakeTextAndANumberForOneKey) { EXPECT_TRUE(problems_of("1: a\n'1': b\n").empty()); }

TEST(YamlProblems, LeaveNoHalfReadTree) {
  EXPECT_FALSE(Tree::parse("a: 1\nb: [\n").root());
  EXPECT_TRUE(Tree::parse("a: 1\na: 2\n").root());
  EXPECT_EQ(Tree::parse("a: 1\n---\nb: 2\n").root()["a"].text(), "1");
}

TEST(YamlProblems, AreNoneForAnEmptyText) {
  for (const std::string_view text : {"", "# only a comment\n", "\n\n", "\xef\xbb\xbf"}) {
    const Tree tree = Tree::parse(text);
    EXPECT_FALSE(tree.root());
    EXPECT_TRUE(tree.problems().empty());
  }
}

}  // namespace
}  // namespace tongs::manifest::yaml
