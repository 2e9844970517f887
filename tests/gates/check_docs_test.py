"""tools/check_docs finds what it is there to find."""

import os
import unittest

from tool import ToolTest


class Links(ToolTest):
    def test_links_and_paths_that_lead_somewhere_are_fine(self):
        self.write("docs/guide/a.md", """\
            # The first heading: a `word`
            [b](../b.md#two-words), [self](#the-first-heading-a-word), [root](/docs/b.md), [web](https://example.com/x)
            `docs/b.md`, `docs/guide/`, `docs/*.md`, `build/dev/tongs`
            """)
        self.write("docs/b.md", "## Two words\n")
        self.assert_fine("check_docs", "links")

    def test_a_link_to_nothing_is_found(self):
        self.write("a.md", "\n[b](b.md)\n")
        self.assert_finding("a.md:2", "leads nowhere: b.md", "check_docs", "links")

    def test_a_heading_that_is_not_there_is_found(self):
        self.write("a.md", "# One\n[two](#two)\n")
        self.assert_finding("a.md:2", "no such heading: #two", "check_docs", "links")

    def test_a_path_in_code_that_is_not_there_is_found(self):
        self.write("a.md", "run `scripts/gone`\n")
        self.assert_finding("a.md:1", "there is no scripts/gone", "check_docs", "links")

    def test_blocks_of_code_are_not_read_for_links(self):
        self.write("a.md", "```\nmap[x](y)\n```\n")
        self.assert_fine("check_docs", "links")


class Packages(ToolTest):
    def setUp(self):
        super().setUp()
        self.write("packages.txt", "# build: compiles\ncmake\n")

    def test_the_two_lists_agree(self):
        self.write("docs/dependencies.md", "| `cmake` | builds |\n")
        self.assert_fine("check_docs", "packages")

    def test_the_command_behind_a_package_is_not_one(self):
        self.write("packages.txt", "# build: compiles\ncmake (cmake3)\n")
        self.write("docs/dependencies.md", "| `cmake` | builds |\n")
        self.assert_fine("check_docs", "packages")

    def test_a_package_without_a_reason_is_found(self):
        self.write("docs/dependencies.md", "")
        self.assert_finding("packages.txt:2", "cmake has no row", "check_docs", "packages")

    def test_a_reason_without_a_package_is_found(self):
        self.write("docs/dependencies.md", "| `cmake` | builds |\n| `g++` | compiles |\n")
        self.assert_finding("docs/dependencies.md:2", "is not in packages.txt", "check_docs", "packages")

    def test_a_missing_document_is_found(self):
        status, output = self.run_tool("check_docs", "packages")
        self.assertEqual(status, 1, output)
        self.assertIn("missing", output)


class Tests(ToolTest):
    def setUp(self):
        super().setUp()
        self.write("tests/CMakeLists.txt", "tongs_test(unit_base unit/base tongs_core)\n")
        self.write("tests/unit/base/a_test.cpp", "TEST_P(Suite, tells_all) {}\nTEST(Other,\n     does) {}\n")
        self.write("tests/peers/oauth_test.py", "")

    def test_tests_that_are_there_are_fine(self):
        self.write("a.md", """\
            `unit_base.Suite.tells_all`, `unit_base.All/Suite.tells_all/7`, `unit_base.Other.does`, `peers.oauth`
            | R1 | it works | `peers.oauth` |
            | R2 | when? | nothing to build |
            """)
        self.assert_fine("check_docs", "tests")

    def test_a_test_that_is_not_there_is_found(self):
        for name in ("unit_base.Suite.tells", "unit_base.Suit.tells_all", "peers.gone", "unit_base.Suite"):
            self.write("a.md", f"\nshown by `{name}`\n")
            self.assert_finding("a.md:2", f"there is no test {name}", "check_docs", "tests")

    def test_a_row_without_a_test_is_found(self):
        self.write("a.md", "| R1 | it works | see the guide |\n")
        self.assert_finding("a.md:1", "names no test", "check_docs", "tests")


class Configs(ToolTest):
    """Against a stand-in for `tongs` that refuses what says "refuse me"."""

    def setUp(self):
        super().setUp()
        self.write("tongs", """\
            #!/bin/sh
            test "$1 $2 $4 $TONGS_APP_ID" = "gateway --config --check-config $EXPECTED_APP" || exit 3
            ! grep -n 'refuse me' "$3" >&2
            """)
        (self.root / "tongs").chmod(0o755)

    def check(self, block, expected_app="8db33809-1f32-48bb-8c52-5877dab48107"):
        self.write("a.md", f"# A\n\n```toml\n{block}\n```\n")
        os.environ["EXPECTED_APP"] = expected_app
        return "check_docs", "configs", "--tongs", str(self.root / "tongs")

    def test_a_part_of_a_configuration_is_completed(self):
        self.assert_fine(*self.check("[vault]\nurl = 'sqlite:x'"))

    def test_what_a_block_says_is_not_overridden(self):
        self.assert_fine(*self.check("[app]\nid = 'x'", expected_app=""))

    def test_what_the_program_refuses_is_found(self):
        self.assert_finding("a.md:3", "refuse me", *self.check("# refuse me"))

    def test_what_is_not_toml_is_found(self):
        self.assert_finding("a.md:3", "line 1", *self.check("[vault"))


class Snippets(ToolTest):
    def setUp(self):
        super().setUp()
        self.write("examples/a.cpp", """\
            int main() {
              // [call]
              if (f())
                g();
              // [end]
            }
            """)

    def document(self, *block):
        self.write("a.md", "\n".join(("<!-- examples/a.cpp#call -->", "```cpp", *block, "```", "after", "")))

    def test_the_region_of_an_example_without_its_indentation_is_fine(self):
        self.document("if (f())", "  g();")
        self.assert_fine("check_docs", "snippets")

    def test_another_text_is_found_and_mended(self):
        self.document("if (f()) g();")
        self.assert_finding("a.md:2", "differs from examples/a.cpp", "check_docs", "snippets")
        self.assert_fine("check_docs", "snippets", "--write")
        self.assertIn("```cpp\nif (f())\n  g();\n```\nafter\n", self.read("a.md"))
        self.assert_fine("check_docs", "snippets")

    def test_a_block_without_an_example_is_found(self):
        self.write("a.md", "text\n```cpp\nint x;\n```\n")
        self.assert_finding("a.md:2", "names no compiled example", "check_docs", "snippets")

    def test_a_region_that_is_not_there_is_found(self):
        self.write("a.md", "<!-- examples/a.cpp#gone -->\n```cpp\n```\n")
        self.assert_finding("a.md:1", r"no region \[gone\]", "check_docs", "snippets")


if __name__ == "__main__":
    unittest.main()
