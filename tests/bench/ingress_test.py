"""The ingress benchmark measures what it says: load generator, backend, tokens, verdicts, medians."""

import base64
import contextlib
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench" / "ingress"))

# pylint: disable=wrong-import-position
import machine
import measure
import report
import servers

PROGRAMS = Path(os.environ["TONGS_INGRESS_PROGRAMS"])
TONGS = os.environ["TONGS_BINARY"]
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
REQUEST = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


class Scratch(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.ending = contextlib.ExitStack()
        self.addCleanup(self.ending.close)

    def start(self, *command):
        """The port of one of our programs."""
        process = self.ending.enter_context(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
        self.ending.callback(process.kill)
        return int(re.search(servers.URL, process.stdout.readline())[1])

    def start_backend(self):
        return self.start(PROGRAMS / "ingress_backend")

    def serve(self, script):
        """The port of a server that runs `script(connection)` for each connection."""
        listener = self.ending.enter_context(socket.create_server(("127.0.0.1", 0)))

        def accept():
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    with connection, contextlib.suppress(OSError):
                        script(connection)

        thread = threading.Thread(target=accept)
        thread.start()
        self.ending.callback(thread.join)
        self.ending.callback(listener.shutdown, socket.SHUT_RDWR)
        return listener.getsockname()[1]

    def load(self, port, *arguments):
        """What the load generator reports."""
        tokens = self.folder / "tokens.txt"
        if not tokens.exists():
            tokens.write_text("one\ntwo\nthree\n")
        done = subprocess.run([PROGRAMS / "ingress_load", "--port", str(port), "--tokens", tokens, *arguments],
                              capture_output=True, text=True, check=True)
        warm, numbers = done.stdout.splitlines()
        self.assertEqual(warm, "measuring")
        return json.loads(numbers)

    def assert_counts(self, numbers, good, refused=0, broken=0):
        self.assertEqual((numbers["good"], numbers["refused"], numbers["broken"]), (good, refused, broken), numbers)


def read_request(connection):
    """Its token."""
    text = b""
    while not text.endswith(b"\r\n\r\n"):
        piece = connection.recv(65536)
        if not piece:
            raise OSError
        text += piece
    return re.search(rb"Bearer (\S+)", text)[1].decode()


class Load(Scratch):
    def test_generator_and_backend_work_together(self):
        numbers = self.load(self.start_backend(), "--connections", "1", "--requests", "100")
        self.assert_counts(numbers, good=100)
        self.assertEqual(numbers["answers"], 100)
        self.assertGreater(numbers["per_second"], 0)
        self.assertGreaterEqual(numbers["p99_us"], numbers["p50_us"])

    def test_many_connections_share_the_requests(self):
        numbers = self.load(self.start_backend(), "--connections", "16", "--requests", "1000")
        self.assert_counts(numbers, good=1000)

    def test_a_raw_proxy_stands_between_them(self):
        proxy = self.start(PROGRAMS / "ingress_raw_proxy", str(self.start_backend()))
        numbers = self.load(proxy, "--connections", "4", "--requests", "100")
        self.assert_counts(numbers, good=100)

    def test_what_is_not_200_is_counted(self):
        def refuse_every_other(connection):
            while read_request(connection):
                connection.sendall(OK)
                read_request(connection)
                connection.sendall(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n")

        numbers = self.load(self.serve(refuse_every_other), "--connections", "1", "--requests", "10")
        self.assert_counts(numbers, good=5, refused=5)

    def test_a_connection_that_ends_before_the_answer_is_counted_and_replaced(self):
        def answer_once(connection):
            read_request(connection)
            connection.sendall(OK)
            read_request(connection)

        numbers = self.load(self.serve(answer_once), "--connections", "1", "--requests", "10")
        self.assert_counts(numbers, good=5, broken=5)

    def test_a_server_may_close_behind_an_answer(self):
        def answer_and_close(connection):
            read_request(connection)
            connection.sendall(OK.replace(b"OK\r\n", b"OK\r\nConnection: close\r\n"))

        numbers = self.load(self.serve(answer_and_close), "--connections", "1", "--requests", "10")
        self.assert_counts(numbers, good=10)

    def test_an_answer_may_come_in_chunks_and_in_pieces(self):
        def answer_in_pieces(connection):
            while read_request(connection):
                head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
                for byte in head + b"5;x=y\r\n\r\n\r\n}\r\n0\r\nA: b\r\n\r\n":
                    connection.sendall(bytes([byte]))

        numbers = self.load(self.serve(answer_in_pieces), "--connections", "1", "--requests", "5")
        self.assert_counts(numbers, good=5)

    def test_tokens_are_taken_in_turn_and_repeated_ones_are_the_first_hundred(self):
        (self.folder / "tokens.txt").write_text("".join(f"t{i}\n" for i in range(150)))
        for mode, different in (("distinct", 150), ("repeated", 100)):
            seen = []

            def collect(connection, seen=seen):
                while True:
                    seen.append(read_request(connection))
                    connection.sendall(OK)

            self.load(self.serve(collect), "--mode", mode, "--connections", "1", "--requests", "300")
            self.assertEqual(seen, [f"t{i % different}" for i in range(300)])

    def test_an_unknown_mode_is_refused(self):
        with self.assertRaises(subprocess.CalledProcessError) as refused:
            self.load(1, "--mode", "other")
        self.assertEqual(refused.exception.returncode, 2)


class Backend(Scratch):
    def talk(self, *pieces):
        """Everything that the backend says until it closes."""
        with socket.create_connection(("127.0.0.1", self.start_backend()), timeout=10) as connection:
            for piece in pieces:
                connection.sendall(piece)
            connection.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: connection.recv(65536), b""))

    def test_requests_with_bodies_and_without_are_answered_one_by_one(self):
        sized = b"POST / HTTP/1.1\r\nCONTENT-LENGTH:  5\r\n\r\nGET /"
        chunked = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
        said = self.talk(REQUEST + sized, chunked[:-3], chunked[-3:] + REQUEST)
        self.assertEqual(said.count(b"HTTP/1.1 200 OK"), 4)
        self.assertEqual(said.count(b'{"ok":true}'), 4)

    def test_connection_close_is_respected(self):
        said = self.talk(REQUEST.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n") + REQUEST)
        self.assertEqual(said.count(b"HTTP/1.1 200 OK"), 1)


class Verdicts(Scratch):
    def setUp(self):
        super().setUp()
        self.tokens = measure.Tokens(self.folder, PROGRAMS / "ingress_tokens", 3)

    def tongs_says(self, token):
        return subprocess.run([TONGS, "token", "verify", "--app-id", self.tokens.about["app_id"], "--jwks",
                               self.tokens.folder / "jwks.json", token], capture_output=True, check=False).returncode

    def test_good_tokens_are_good_and_bad_ones_bad(self):
        good = self.tokens.file.read_text().split()
        self.assertEqual(len(set(good)), 3)
        self.assertEqual([self.tongs_says(token) for token in good], [0, 0, 0])
        for what, token in self.tokens.bad.items():
            with self.subTest(what):
                self.assertEqual(self.tongs_says(token), 1)

    def test_the_public_key_is_the_same_in_both_forms(self):
        pem = (self.tokens.folder / "public.pem").read_text().splitlines()
        self.assertEqual((pem[0], pem[-1]), ("-----BEGIN PUBLIC KEY-----", "-----END PUBLIC KEY-----"))
        jwk = json.loads((self.tokens.folder / "jwks.json").read_text())["keys"][0]
        self.assertIn(base64.urlsafe_b64decode(jwk["n"] + "=="), base64.b64decode("".join(pem[1:-1])))

    def test_tokens_are_kept_until_they_end(self):
        again = measure.Tokens(self.folder, PROGRAMS / "ingress_tokens", 3)
        self.assertEqual(again.good, self.tokens.good)
        about = self.tokens.folder / "about.json"
        about.write_text(about.read_text().replace(str(again.about["ends"]), "1"))
        self.assertNotEqual(measure.Tokens(self.folder, PROGRAMS / "ingress_tokens", 3).good, self.tokens.good)

    def server(self, verifies, port):
        """As far as verdicts look at one."""
        folder = self.folder
        (folder / "log").write_text("its log")

        class Stub:
            kind = servers.Kind("stub", "the stub", verifies, ())
            failure = servers.Server.failure

        stub = Stub()
        stub.port, stub.folder = port, folder
        return stub

    def test_a_server_that_accepts_a_bad_token_fails_the_run(self):
        with self.assertRaisesRegex(machine.Failure, r"answered 200, not 401, to a bad token(.|\n)*its log"):
            measure.check_verdicts(self.server(True, self.start_backend()), self.tokens)

    def test_a_server_that_refuses_a_good_token_fails_the_run(self):
        def refuse(connection):
            read_request(connection)
            connection.sendall(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n")

        with self.assertRaisesRegex(machine.Failure, "answered 401 to a good token"):
            measure.check_verdicts(self.server(True, self.serve(refuse)), self.tokens)

    def test_a_plain_proxy_is_not_asked_about_bad_tokens(self):
        measure.check_verdicts(self.server(False, self.start_backend()), self.tokens)


class Report(unittest.TestCase):
    def setUp(self):
        self.results = report.Results()

    def add(self, server, scenario, *cpu_us):
        for value in cpu_us:
            self.results.add(server, scenario, {"per_second": 1000, "cpu_us": value, "core_share": 0.5, "p50_us": 1,
                                                "p99_us": 2, "errors": 1, "rss": 2e6})

    def verdict(self, words):
        goal, = (goal for goal in report.GOALS if words in goal.what)
        return goal.judge(self.results)

    def test_a_ratio_is_one_of_medians(self):
        self.add("tongs", "distinct", 90, 10, 20)
        self.add("haproxy", "distinct", 30, 40, 1)
        self.assertEqual(self.results.cpu_ratio("haproxy", "distinct"), 1.5)

    def test_a_plain_proxy_is_compared_with_repeated_tokens(self):
        self.add("tongs", "repeated", 10)
        self.add("nginx", "plain", 20)
        self.assertEqual(self.results.cpu_ratio("nginx", "plain"), 2)
        self.assertEqual(self.verdict("ours over nginx"), ("PASS", 0.5))

    def test_slow_answers_are_compared_with_those_of_the_plain_proxy(self):
        for server, scenario, p99 in (("tongs", "repeated", 3), ("nginx", "plain", 2)):
            self.results.add(server, scenario, {"p99_us": p99})
        self.assertEqual(self.verdict("p99"), ("short", 1.5))

    def test_a_goal_that_is_missed_says_so(self):
        self.add("tongs", "distinct", 10)
        self.add("haproxy", "distinct", 15)
        self.assertEqual(self.verdict("distinct: CPU of HAProxy"), ("short", 1.5))

    def test_a_goal_without_its_peer_was_not_measured(self):
        self.add("tongs", "distinct", 10)
        self.assertEqual(self.verdict("distinct: CPU of HAProxy"), ("not measured", None))
        self.assertIn("not measured", report.goals(self.results))

    def test_the_table_has_a_row_for_each_server_and_scenario(self):
        self.add("tongs", "distinct", 10, 10)
        self.add("tongs", "repeated", 5)
        self.results.starts["tongs"] = [0.012]
        lines = report.table(self.results, servers.KINDS).splitlines()
        self.assertEqual(len(lines), 4)
        cells = [cell.strip() for cell in lines[2].strip("|").split("|")]
        self.assertEqual(cells, ["tongs gateway", "distinct", "1,000", "10.0", "1.00", "1", "2", "50", "2",
                                 "12.0", "–", "2.0"])


class Machine(unittest.TestCase):
    def test_cpu_time_and_memory_are_those_of_descendants_too(self):
        burn = "sum(range(3_000_000)); print('burnt', flush=True); input()"
        parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {burn!r}])"
        with subprocess.Popen([sys.executable, "-c", parent], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE) as process:
            process.stdout.readline()
            together = machine.cpu_seconds(process.pid)
            alone = Path(f"/proc/{process.pid}/task/{process.pid}/schedstat").read_text().split()[0]
            self.assertGreater(together, int(alone) / 1e9)
            self.assertGreater(machine.resident_bytes(process.pid), 10e6)
            process.communicate(b"\n")


if __name__ == "__main__":
    unittest.main()
