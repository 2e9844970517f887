"""`tongs manifest check` and @forge/manifest, the official tool, judge the same manifests alike: our errors of source
`forge` are there exactly when the official tool has an error about remotes, endpoints, their auth, what names them, or
permissions. npm/forge_manifest.cjs says what counts as that.

TONGS_PEERS_EVERY=1 tries every mutant instead of every tenth, TONGS_PEERS_MANIFESTS=FOLDER the manifests in it, too, with
mutants of their own."""

import collections
import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from npm_packages import SOURCES, require_packages

TONGS = os.environ["TONGS_BINARY"]
HERE = Path(__file__).resolve().parent
CORPUS = HERE.parent / "conformance" / "manifest"
EVERY = int(os.environ.get("TONGS_PEERS_EVERY", "10"))
OTHERS = os.environ.get("TONGS_PEERS_MANIFESTS")

# What the official tool says of mutants that is about something else.
ELSEWHERE = re.compile(
    r"references undefined function module|requires '[^']*' scope|invalid value '[^']*' in (connectModules|modules)$"
    r"|^(document|app) should NOT have additional property '(EU|US|allowImpersonation|read:app-system-token|ppermissions)'$"
    r"|^services ")
# Manifests of the corpus that we refuse to read and the official tool reads: with control characters, of an older YAML, or
# nested deeper than anybody needs.
STRICTER = {"yaml-encoding", "yaml-limits", "yaml-version"}
# What the official tool breaks down on: null where a map may stand, and modules that are no list.
BREAKING = re.compile(r"null|moved to /modules$")


def write(folder, name, text):
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def furnish(folder):
    """What the manifests in this folder name outside of them."""
    write(folder, "src/index.js", "exports.run = () => {};\n")
    write(folder, "static/main/index.html", "<!doctype html>\n")


def official(files):
    """What the official tool says, by file."""
    told = subprocess.run(["node", SOURCES / "forge_manifest.cjs"], input="".join(f"{file}\n" for file in files),
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True).stdout
    return {report["file"]: report for report in map(json.loads, told.splitlines())}


def ours(files):
    """Our errors of source `forge`, by file."""
    found = {}
    for start in range(0, len(files), 1000):
        done = subprocess.run([TONGS, "manifest", "check", "--format", "json", *files[start:start + 1000]],
                              capture_output=True, text=True, check=False)
        assert done.returncode in (0, 1), done.stderr
        for report in json.loads(done.stdout)["files"]:
            found[report["file"]] = [finding for finding in report["findings"]
                                     if finding["source"] == "forge" and finding["severity"] == "error"]
    return found


class Verdicts:
    """Both verdicts on some manifests."""

    def __init__(self, files):
        self.files = [str(file) for file in files]
        self.official = official(self.files)
        self.ours = ours(self.files)

    def count(self):
        return collections.Counter((bool(self.ours[file]), bool(self.official[file]["area"])) for file in self.judged())

    def judged(self):
        return [file for file in self.files if not self.broke_down(file)]

    def broke_down(self, file):
        broken = [each for each in self.official[file]["broken"] if not each.startswith("RuntimeVersionValidator")]
        return bool(broken) and not self.official[file]["area"]

    def differences(self):
        return {file: {"ours": [f"{finding['line']}: {finding['rule']}" for finding in self.ours[file]],
                       "official": [error["message"] for error in self.official[file]["area"]]}
                for file in self.judged() if bool(self.ours[file]) != bool(self.official[file]["area"])}


def mutants_of(manifests, folder, every):
    """Mutants of these manifests as files in that folder, with what each is."""
    furnish(folder)
    listed = subprocess.run(["node", SOURCES / "forge_mutants.cjs", folder, str(every), *manifests], capture_output=True,
                            text=True, check=True).stdout
    named = dict(line.split(" ", 1) for line in listed.splitlines())
    return {str(folder / name): what for name, what in sorted(named.items())}


class WithFolder(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, cls.folder)


class Mutants(WithFolder):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.named = mutants_of(sorted((HERE / "manifests").glob("*.yml")), cls.folder, EVERY)
        cls.verdicts = Verdicts(list(cls.named))

    def test_are_many_of_each_kind(self):
        counts = self.verdicts.count()
        print(f"{len(self.named)} mutants: {counts[True, True]} bad, {counts[False, False]} good for both")
        self.assertGreater(counts[True, True], 800)
        self.assertGreater(counts[False, False], 150)

    def test_have_the_same_verdict(self):
        differences = {self.named[file]: both for file, both in self.verdicts.differences().items()}
        self.assertEqual(differences, {})

    def test_are_wrong_in_the_area_only(self):
        elsewhere = {self.named[file]: report["errors"][0]["message"] for file, report in self.verdicts.official.items()
                     if report["errors"] and not report["area"]
                     and not all(ELSEWHERE.search(error["message"]) for error in report["errors"])}
        self.assertEqual(elsewhere, {})

    def test_break_the_official_tool_in_known_ways_only(self):
        broken = [self.named[file] for file in self.verdicts.files if self.verdicts.broke_down(file)]
        self.assertEqual([what for what in broken if not BREAKING.search(what)], [])


class Bases(WithFolder):
    def test_have_nothing_wrong(self):
        furnish(self.folder)
        for manifest in sorted((HERE / "manifests").glob("*.yml")):
            shutil.copy(manifest, self.folder)
        verdicts = Verdicts(sorted(self.folder.glob("*.yml")))
        self.assertEqual({file: report for file, report in verdicts.official.items() if report["errors"]}, {})
        self.assertEqual({file: found for file, found in verdicts.ours.items() if found}, {})


class Corpus(unittest.TestCase):
    maxDiff = None

    def test_has_the_same_verdict(self):
        verdicts = Verdicts([file for file in sorted(CORPUS.rglob("*.yml")) if file.parent.name not in STRICTER])
        self.assertGreater(len(verdicts.judged()), 200)
        self.assertEqual(verdicts.differences(), {})


@unittest.skipUnless(OTHERS, "TONGS_PEERS_MANIFESTS names no folder")
class Others(WithFolder):
    def test_have_the_same_verdict(self):
        verdicts = Verdicts(sorted(Path(OTHERS).rglob("*.yml")))
        print(f"{len(verdicts.judged())} manifests of others: {dict(verdicts.count())}")
        self.assertEqual(verdicts.differences(), {})

    def test_have_mutants_with_the_same_verdict(self):
        named = mutants_of(sorted(Path(OTHERS).rglob("*.yml")), self.folder, EVERY * 10)
        verdicts = Verdicts(list(named))
        print(f"{len(verdicts.judged())} mutants of theirs: {dict(verdicts.count())}")
        self.assertEqual({named[file]: both for file, both in verdicts.differences().items()}, {})


if __name__ == "__main__":
    require_packages()
    unittest.main()
