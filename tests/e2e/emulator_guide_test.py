"""What docs/guide/emulator.md says is so: its commands run, in their order and under the `exec` that it shows for CI, and
answer as it says; its tables name everything that the admin API takes, and nothing else."""

import json
import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from guide import marked_blocks, text_of
from talk import Echo, ask
from tongs import TONGS, Emulator

PROJECT = Path(__file__).resolve().parents[2]
PAGE = text_of("emulator.md")
BLOCKS = marked_blocks("emulator.md")
STEP = re.compile(r"^```sh\n(.*?)^```\n(?:```json\n(.*?)^```$)?", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`]+)`")
ROUTE = re.compile(r'AdminRoute\{"(\w+)", "([^"]+)"')
CURL = "silent\nshow-error\nfail-with-body\n"


def rows(heading):
    """The cells of the tables whose first column has this heading."""
    for table in re.findall(rf"^\| {heading} \|.*\n\|[-|]+\|\n((?:\|.*\n)+)", PAGE, re.MULTILINE):
        for row in table.splitlines():
            yield [cell.strip() for cell in row.strip("|").split(" | ")]


def codes(heading, column=0):
    return [code for row in rows(heading) for code in CODE.findall(row[column])]


WHAT = {"users": "a user", "projects": "a project", "issues": "an issue", "comments": "{}'s comment",
        "worklogs": "{}'s worklog", "labels": "a label", "spaces": "a space", "pages": "a page"}


def things_of(what, thing):
    """Each object of a site with the words that the page has for its kind."""
    yield what, thing
    for name, parts in thing.items():
        for part in parts if isinstance(parts, list) else []:
            if isinstance(part, dict):
                yield from things_of(WHAT[name].format(what), part)


def lacks(answer, shown, place="answer"):
    """Where an answer is not what is shown of it in part, or None."""
    if isinstance(shown, dict) and isinstance(answer, dict):
        pairs = [(f"{place}.{name}", answer.get(name), value) for name, value in shown.items()]
    elif isinstance(shown, list) and isinstance(answer, list) and len(shown) == len(answer):
        pairs = [(f"{place}[{i}]", *pair) for i, pair in enumerate(zip(answer, shown))]
    else:
        return None if answer == shown else f"{place} is {answer}, not {shown}"
    return next(filter(None, (lacks(part, wanted, where) for where, part, wanted in pairs)), None)


class Commands(unittest.TestCase):
    def run_in_ci(self, steps):
        """What each step printed."""
        remote = Echo()
        self.addCleanup(remote.stop)
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            script = "".join(f"{{\n{commands}}} > {i}.out\n" for i, (commands, _) in enumerate(steps))
            for file, text in {"manifest.yml": Emulator.MANIFEST.read_text(encoding="utf-8"), ".curlrc": CURL,
                               "seed.json": BLOCKS["seed.json"], "test.sh": f"#!/bin/bash\nset -e\n{script}"}.items():
                (folder / file).write_text(text, encoding="utf-8")
            (folder / "test.sh").chmod(0o700)
            (folder / "tongs").symlink_to(TONGS)
            command = BLOCKS["ci"].removeprefix("$ ").replace("127.0.0.1:9000", f"127.0.0.1:{remote.port}")
            path = f"{folder}{os.pathsep}{os.environ['PATH']}"
            done = subprocess.run(["sh", "-c", command], cwd=folder, env=os.environ | {"PATH": path, "CURL_HOME": name},
                                  capture_output=True, text=True, timeout=120, check=False)
            outputs = [(folder / f"{i}.out") for i in range(len(steps))]
            printed = [output.read_text(encoding="utf-8") if output.exists() else "" for output in outputs]
        self.assertEqual(done.returncode, 0, "".join([done.stdout, done.stderr, *printed]))
        return printed

    def test_they_answer_as_the_page_says(self):
        steps = STEP.findall(PAGE)
        self.assertGreater(len(steps), 10)
        for (commands, shown), printed in zip(steps, self.run_in_ci(steps)):
            with self.subTest(commands):
                if shown:
                    self.assertIsNone(lacks(json.loads(printed), json.loads(shown)))


class Tables(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.emulator = Emulator("http://127.0.0.1:1")
        cls.addClassCleanup(cls.emulator.stop)

    def ask(self, method, what, body=None):
        return ask(int(self.emulator.ready[2]), method, f"/_emulator/{what}", body=json.dumps(body or {}).encode())

    def test_every_request_of_the_admin_api_is_listed(self):
        routes = ROUTE.findall((PROJECT / "apps/emulator/admin/router.cpp").read_text(encoding="utf-8"))
        self.assertGreater(len(routes), 10)
        self.assertEqual(sorted(codes("request")), sorted(map(" ".join, routes)))

    def test_every_switch_is_listed_with_what_it_is_without_being_set(self):
        usual = {name: str(value) for name, value in self.ask("GET", "behaviour").json.items()}
        listed = {CODE.findall(row[0])[0]: CODE.findall(row[1]) for row in rows("switch")}
        self.assertEqual({name: values[0] for name, values in listed.items()}, usual)
        for name, values in listed.items():
            for value in reversed(values):
                with self.subTest(name, value=value):
                    answer = self.ask("PUT", "behaviour", {name: int(value) if value.isdigit() else value})
                    self.assertEqual(answer.status, 200, answer.body)
                    self.assertEqual(str(answer.json[name]), value)

    def test_every_fault_can_be_asked_for(self):
        actions, matches = codes("action"), codes("match")
        self.assertGreater(len(actions), 10)
        self.assertGreater(len(matches), 5)
        wishes = [{"action": json.loads(action)} for action in actions]
        wishes += [{"match": json.loads(match), "action": {"reset": True}} for match in matches]
        for wish in wishes:
            with self.subTest(wish):
                answer = self.ask("POST", "faults", wish)
                self.assertEqual(answer.status, 201, answer.body)

    def test_every_part_of_a_fault_is_listed(self):
        source = (PROJECT / "apps/emulator/faults/fault_json.cpp").read_text(encoding="utf-8")
        body = source[source.index("FaultMatch read_match"):source.index("bool changes_delivery")]
        known = set(re.findall(r'(?:members|limit)\.(?:text|any|object|boolean|integer|nested)\("(\w+)"', body))
        parts = [json.loads(code) for code in codes("action") + codes("match")]
        listed = {name for part in parts for name in part} | {"reason", "retryAfterSeconds"}
        self.assertEqual(listed, known)

    def test_every_member_of_a_seed_is_listed(self):
        sites = self.ask("GET", "sites").json["sites"]
        listed = {row[0]: set(CODE.findall(row[1])) for row in rows("of")}
        for what, members in {(what, tuple(thing)) for site in sites for what, thing in things_of("a site", site)}:
            with self.subTest(what):
                self.assertLessEqual(set(members), listed[what])

    def test_what_the_sites_hold_can_be_the_next_seed(self):
        site = self.ask("GET", "sites").json["sites"][0] | {"name": "again"}
        site["cloudId"] = site["cloudId"][:-12] + "0" * 12
        answer = self.ask("POST", "sites", site)
        self.assertEqual(answer.status, 201, answer.body)
        to_the_second = json.loads(re.sub(r"\.\d{3}Z", ".000Z", json.dumps(site)))
        self.assertEqual(answer.json, to_the_second)


if __name__ == "__main__":
    unittest.main()
