"""The extension of docs/guide/manifest.md works with `tongs manifest lsp`, through the protocol library of VS Code."""

import json
import os
import re
import subprocess
import unittest
from pathlib import Path

from npm_packages import SOURCES, require_packages

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guide" / "manifest.md"


class Snippet(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        snippet = re.search(r"^```js\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)[1]
        done = subprocess.run(["node", SOURCES / "vscode_snippet.cjs"], input=snippet, capture_output=True, text=True,
                              timeout=60, check=False)
        cls.status, cls.log = done.returncode, done.stderr
        cls.learnt = json.loads(done.stdout)

    def test_starts_the_server_for_manifests(self):
        self.assertEqual(self.learnt["command"], Path(os.environ["TONGS_BINARY"]).name)
        self.assertEqual(self.learnt["options"]["documentSelector"],
                         [{"language": "yaml", "pattern": "**/manifest.{yml,yaml}"}])

    def test_shows_findings(self):
        found = {each["code"]: each["range"] for each in self.learnt["diagnostics"]}
        self.assertEqual(found["remote-unknown-property"],
                         {"start": {"line": 2, "character": 4}, "end": {"line": 2, "character": 11}})

    def test_tells_and_completes(self):
        self.assertIn("remote-unknown-property", self.learnt["hover"]["contents"]["value"])
        self.assertEqual([each["label"] for each in self.learnt["completion"]], ["storage", "compute", "fetch", "other"])

    def test_ends_well(self):
        self.assertEqual(self.status, 0, self.log)


if __name__ == "__main__":
    require_packages()
    unittest.main()
