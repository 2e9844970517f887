"""tools/check_coroutines finds what it is there to find."""

import textwrap
import unittest

from tool import ToolTest


class CheckCoroutines(ToolTest):
    def check(self, body):
        """The line that the body of a coroutine begins on is the second."""
        self.write("src/a.cpp", "Task<int> f(int a) {\n" + textwrap.indent(textwrap.dedent(body), "  ") + "}\n")

    def assert_accepted(self, *bodies):
        for body in bodies:
            with self.subTest(body):
                self.check(body)
                self.assert_fine("check_coroutines")

    def assert_refused(self, words, *bodies):
        for body in bodies:
            with self.subTest(body):
                self.check(body)
                self.assert_finding("src/a.cpp:2", words, "check_coroutines")

    def test_what_has_a_name_is_fine(self):
        self.assert_accepted("const int b = a ? 1 : 2;\nco_return co_await g(b);\n",
                             "const std::array all{1, 2};\nauto got = co_await g(all);\n",
                             "auto got = co_await g(h(a), a[0]);\nco_return got ? 1 : 2;\n")

    def test_a_conditional_operator_is_found(self):
        self.assert_refused("a conditional operator",
                            "co_return a ? co_await g() : 2;\n",
                            "auto b = co_await g(a ? 1 : 2);\n",
                            "auto b = a ? 1 : 2 + co_await g();\n",
                            "co_await g(h(1, a ? 1 : 2));\n")

    def test_a_short_circuit_is_found(self):
        self.assert_refused("&&", "if (a && co_await g()) b();\n", "const bool b = co_await g() and a;\n",
                            "const bool b = a && [&] { return c; }() == co_await g();\n")
        self.assert_refused(r"\|\|", "while (!co_await g() || a) b();\n")

    def test_a_braced_list_is_found(self):
        self.assert_refused("a braced list",
                            "auto b = T{co_await g()};\n",
                            "T b{co_await g()};\n",
                            "h({co_await g()});\n",
                            "co_await g({1, 2});\n",
                            "co_await g({.x = 1});\n",
                            "co_await g(1, {});\n",
                            "co_await g(std::array{1, 2});\n",
                            "co_await g([] {}, {1});\n")

    def test_an_expression_over_many_lines_is_found_where_it_waits(self):
        self.check("int b = 1;\nauto c =\n    co_await g(b,\n               {1});\n")
        self.assert_finding("src/a.cpp:4", "a braced list", "check_coroutines")

    def test_the_statements_around_are_other_expressions(self):
        self.assert_accepted("if (a && b) co_await g();\n",
                             "if (a && b) {\n  co_await g();\n}\n",
                             "if (a) { b({1}); } co_await g();\n",
                             "if (a) {} else co_await g();\n",
                             "for (int b : {1, 2}) co_await g(b);\n",
                             "for (int i = a ? 1 : 2; co_await g(); ++i) {\n  b({1});\n}\n",
                             "if (auto b = co_await g(); b && b->c) d({1});\n",
                             "switch (co_await g()) {\n  case 1: b({1});\n}\n",
                             "co_await g();\nT b{1};\n",
                             "if (a) {\n  for (;;) { b(); }\n}\nco_await g();\n",
                             "{\n  for (;;) { b(); }\n}\nco_await g();\n",
                             "if (a) b({1}); else co_await g();\n",
                             "do co_await g(); while (a ? b : c);\n",
                             "while (co_await g()) {\n  if (a || b) { c(T{}); }\n}\n")

    def test_the_body_of_a_lambda_is_another_expression(self):
        self.assert_accepted("co_await g([&] { return a && b ? T{1} : T{}; });\n",
                             "co_await g([](int x) -> T { return {x}; }, 1);\n",
                             "h([]() -> Task<> {\n  co_await g();\n}, a ? 1 : 2, {3});\n")
        self.assert_refused("a braced list", "h([]() -> Task<> { co_await g({1}); });\n")

    def test_a_reference_is_no_short_circuit(self):
        self.assert_accepted("auto&& b = co_await g();\n", "auto b = co_await g<T&&>(std::forward<T&&>(a));\n")

    def test_comments_texts_and_directives_are_no_code(self):
        self.assert_accepted("co_await g();  // a ? b : {c}\n",
                             "co_await g(/* {} && */ \"? {} || \\\" {\", '{', '?');\n",
                             "co_await g(R\"(\" {1} \")\", 1'000, '{');\n",
                             "#define h(x) {x} ? \\\n  && x\nco_await g();\n")

    def test_tests_and_headers_are_read_too(self):
        self.write("tests/unit/a.hpp", "Task<> f() { co_await g({1}); }\n")
        self.assert_finding("tests/unit/a.hpp:1", "a braced list", "check_coroutines")

    def test_a_file_whose_brackets_do_not_match_is_read_to_its_end(self):
        self.assert_refused("a braced list", "co_await g({1});\n} } ) ( {\n", "co_await g({1}\n")

    def test_a_project_without_sources_is_a_mistake_of_the_caller(self):
        status, output = self.run_tool("check_coroutines")
        self.assertEqual(status, 2, output)


if __name__ == "__main__":
    unittest.main()
