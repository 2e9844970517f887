"""The tour of the demo leaves no program and no folder behind, whenever it is ended."""

import os
import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TOUR = Path(__file__).resolve().parents[2] / "examples/demo/tour.py"

# Stands for tongs: says that it runs, and is never ready.
NEVER_READY = """#!/bin/sh
echo $$ > "$TONGS_TEST_FIFO"
exec sleep 60
"""


def is_alive(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def as_from_a_shell():
    for ending in ENDINGS:
        signal.signal(ending, signal.SIG_DFL)


class Tour(unittest.TestCase):
    def test_what_is_starting_ends_with_it(self):
        for ending in ENDINGS:
            with self.subTest(ending), tempfile.TemporaryDirectory() as folder:
                tongs, fifo, temporary = (Path(folder) / name for name in ("tongs", "fifo", "tmp"))
                tongs.write_text(NEVER_READY)
                tongs.chmod(0o700)
                os.mkfifo(fifo)
                temporary.mkdir()
                tour = subprocess.Popen([sys.executable, TOUR, "--tongs", tongs], start_new_session=True,
                                        preexec_fn=as_from_a_shell,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                        env=os.environ | {"TONGS_TEST_FIFO": str(fifo), "TMPDIR": str(temporary)})
                starting = int(fifo.read_text())
                tour.send_signal(ending)
                try:
                    self.assertEqual(tour.wait(timeout=60), 130)
                    self.assertFalse(is_alive(starting))
                    self.assertEqual(list(temporary.iterdir()), [])
                finally:
                    if is_alive(starting):
                        os.kill(starting, signal.SIGKILL)


if __name__ == "__main__":
    unittest.main()
