"""The commands in scripts/ say what they do and refuse what they do not know."""

import os
import subprocess
import tempfile
import unittest
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
COMMANDS = sorted(path.name for path in SCRIPTS.iterdir() if os.access(path, os.X_OK))


def run(name, *arguments, **environment):
    """Exit status, standard output and standard error, from a folder that is not the project's."""
    with tempfile.TemporaryDirectory() as elsewhere:
        done = subprocess.run([SCRIPTS / name, *arguments], cwd=elsewhere, env=os.environ | environment,
                              capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


class Commands(unittest.TestCase):
    def test_there_are_the_two_commands_of_the_newcomer(self):
        self.assertLessEqual({"demo", "test"}, set(COMMANDS))

    def test_help_is_the_manual(self):
        for name in COMMANDS:
            with self.subTest(name):
                status, output, _ = run(name, "--help")
                self.assertEqual(status, 0)
                self.assertIn(f"scripts/{name}", output)

    def test_an_unknown_argument_is_refused_before_anything_is_done(self):
        for name in COMMANDS:
            if name == "test":  # passes arguments on to ctest
                continue
            with self.subTest(name):
                status, output, errors = run(name, "--nonsense")
                self.assertEqual(status, 1)
                self.assertEqual(output, "")
                self.assertIn("'--nonsense'", errors)

    def test_a_preset_without_tests_is_refused(self):
        status, _, errors = run("test", "--preset", "release")
        self.assertEqual(status, 1)
        self.assertIn("'release'", errors)

    def test_a_count_of_jobs_that_is_none_is_refused(self):
        for jobs in ("0", "two", "-1", "1;true"):
            with self.subTest(jobs):
                status, output, errors = run("build", TONGS_JOBS=jobs)
                self.assertEqual(status, 1)
                self.assertEqual(output, "")
                self.assertIn("TONGS_JOBS", errors)

    def test_a_group_of_packages_that_is_none_is_refused(self):
        status, _, errors = run("install-packages", "nonsense")
        self.assertEqual(status, 1)
        self.assertIn("no group 'nonsense'", errors)

    def test_what_is_missing_is_listed_without_installing(self):
        status, _, errors = run("install-packages", "--list", "build", "demo", "test")
        self.assertEqual((status, errors), (0, ""))

    def test_what_came_another_way_is_not_missing(self):
        with tempfile.TemporaryDirectory() as elsewhere:
            for name in ("node", "npm"):
                command = Path(elsewhere) / name
                command.touch(mode=0o755)
            status, output, errors = run("install-packages", "--list", "node",
                                         PATH=elsewhere + os.pathsep + os.environ["PATH"])
        self.assertEqual((status, output, errors), (0, "", ""))


if __name__ == "__main__":
    unittest.main()
