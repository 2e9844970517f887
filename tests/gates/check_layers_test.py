"""tools/check_layers finds what it is there to find."""

import unittest

from tool import ToolTest


class CheckLayers(ToolTest):
    def setUp(self):
        super().setUp()
        for name in ("include/tongs/error.hpp", "include/tongs/client.hpp", "src/base/base64url.hpp",
                     "src/client/retry_loop.hpp", "src/auth/token_cell.hpp", "apps/common/log.hpp",
                     "apps/emulator/site.hpp"):
            self.write(name, "#pragma once\n")

    def assert_accepted(self, file, *includes):
        self.write(file, "".join(f"#include {include}\n" for include in includes))
        self.assert_fine("check_layers")

    def assert_refused(self, file, include, words):
        self.write(file, f"// a comment\n#include {include}\n")
        self.assert_finding(f"{file}:2", words, "check_layers")

    def test_a_layer_sees_what_is_below_it(self):
        self.assert_accepted("src/auth/a.cpp", "<tongs/error.hpp>", '"base/base64url.hpp"', '"auth/token_cell.hpp"')

    def test_a_layer_does_not_see_what_is_above_it(self):
        self.assert_refused("src/auth/a.cpp", '"client/retry_loop.hpp"', "auth may not include client")
        self.assert_refused("src/auth/a.cpp", "<tongs/client.hpp>", "auth may not include client")

    def test_gateway_and_emulator_do_not_see_each_other(self):
        self.assert_refused("apps/gateway/a.cpp", '"emulator/site.hpp"', "gateway may not include emulator")

    def test_the_sdk_does_not_see_the_programs(self):
        self.assert_refused("src/client/a.cpp", '"common/log.hpp"', "client may not include common")

    def test_a_program_sees_public_headers_but_not_every_internal_one(self):
        self.assert_accepted("apps/gateway/a.cpp", "<tongs/client.hpp>", '"base/base64url.hpp"')
        self.assert_refused("apps/gateway/a.cpp", '"client/retry_loop.hpp"', "gateway may not include client")

    def test_a_public_header_is_made_of_public_headers_and_std(self):
        self.assert_accepted("include/tongs/fit.hpp", "<string>", "<tongs/error.hpp>")
        self.assert_refused("include/tongs/fit.hpp", '"base/base64url.hpp"', "in a public header")
        self.assert_refused("include/tongs/fit.hpp", "<boost/asio/ip/tcp.hpp>", "alone")
        self.assert_refused("include/tongs/fit.hpp", "<iostream>", "costs every file")

    def test_examples_see_what_users_see(self):
        self.assert_accepted("examples/a.cpp", "<tongs/client.hpp>")
        self.assert_refused("examples/a.cpp", '"base/base64url.hpp"', "examples may not include base")

    def test_a_unit_test_looks_no_higher_than_its_layer(self):
        self.assert_accepted("tests/unit/auth/a_test.cpp", '"base/base64url.hpp"', "<gtest/gtest.h>")
        self.assert_refused("tests/unit/auth/a_test.cpp", '"client/retry_loop.hpp"', "tests of auth may not include")

    def test_a_third_party_header_stays_in_the_files_named_for_it(self):
        self.assert_accepted("src/json/json.cpp", "<simdjson.h>")
        self.assert_refused("src/auth/a.cpp", "<simdjson.h>", "belongs into src/json/json.cpp")

    def test_an_unknown_dependency_is_refused(self):
        self.assert_refused("apps/cli/a.cpp", "<rapidjson/document.h>", "dependency that tools/check_layers does not know")

    def test_the_operating_system_stays_in_the_shells(self):
        self.assert_accepted("apps/common/a.cpp", "<sys/socket.h>")
        self.assert_refused("src/client/a.cpp", "<sys/socket.h>", "operating system")

    def test_code_that_decides_has_no_lock_and_no_random_source(self):
        self.assert_accepted("src/auth/shell.cpp", "<mutex>")
        self.assert_refused("src/auth/token_cell.cpp", "<mutex>", "code that decides")
        self.assert_refused("src/http/backoff.cpp", "<random>", "code that decides")

    def test_a_public_header_is_named_in_angle_brackets(self):
        self.assert_refused("src/auth/a.cpp", '"tongs/error.hpp"', "named like a file next to this one")

    def test_a_header_that_is_not_there_is_found(self):
        self.assert_refused("src/auth/a.cpp", '"auth/gone.hpp"', "no file of ours")

    def test_a_folder_without_a_layer_is_found(self):
        self.write("src/new/a.cpp", "")
        self.assert_finding("src/new/a.cpp:1", "in no layer", "check_layers")

    def test_a_project_without_sources_is_a_mistake_of_the_caller(self):
        status, output = self.run_tool("check_layers", "--root", self.root / "include" / "tongs")
        self.assertEqual(status, 2, output)


if __name__ == "__main__":
    unittest.main()
