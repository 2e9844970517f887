"""Runs a tool of tools/ on a small project made for one test."""

import subprocess
import sys
import tempfile
import textwrap
import unittest
from pathlib import Path

TOOLS = Path(__file__).resolve().parents[2] / "tools"


class ToolTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")

    def read(self, name):
        return (self.root / name).read_text(encoding="utf-8")

    def run_tool(self, tool, *arguments):
        """Exit status and what the tool printed."""
        done = subprocess.run([sys.executable, TOOLS / tool, "--root", self.root, *arguments],
                              capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    def assert_fine(self, tool, *arguments):
        status, output = self.run_tool(tool, *arguments)
        self.assertEqual(status, 0, output)

    def assert_finding(self, place, words, tool, *arguments):
        status, output = self.run_tool(tool, *arguments)
        self.assertEqual(status, 1, output)
        self.assertRegex(output, f"(?m)^{place}: .*{words}")
