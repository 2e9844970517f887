"""Programs that a test starts: each says when it is ready, and is ended by its id."""

import os
import re
import shutil
import subprocess
import sys
import threading

SKIPPED = 77  # as CMakeLists.txt says to ctest
READY_TIME = 60  # seconds, for a machine that has a lot else to do

os.environ["PATH"] += os.pathsep + "/usr/sbin"  # where Debian puts servers, and not every user looks


def skip(why, remedy):
    print(f"skipped: {why}; {remedy}")
    sys.exit(SKIPPED)


def require_programs(*names):
    """Skips the calling test if one of these programs of others is not here."""
    for name in names:
        if not shutil.which(name):
            skip(f"{name} is not installed", "scripts/install-packages proxies browser")


class Program:
    """A running program. `ready` is a pattern for the line, on either output, by which it says that it listens."""

    def __init__(self, command, ready, **options):
        self.lines = []
        self.ready = None
        self.changed = threading.Condition()
        self.process = subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, text=True, **{"stdin": subprocess.DEVNULL} | options)
        self.reader = threading.Thread(target=self.read, args=(re.compile(ready),))
        self.reader.start()
        with self.changed:
            self.changed.wait_for(lambda: self.ready or not self.reader.is_alive(), READY_TIME)
        if not self.ready:
            self.stop()
            raise AssertionError(f"{command[0]} did not become ready, it said:\n{self.log}")

    def read(self, ready):
        for line in self.process.stdout:
            with self.changed:
                self.lines.append(line)
                self.ready = self.ready or ready.search(line)
                self.changed.notify()
        with self.changed:
            self.changed.notify()

    @property
    def log(self):
        return "".join(self.lines)

    def wait_for_line(self, words):
        """The line of its output with these words, once it is there."""
        with self.changed:
            self.changed.wait_for(lambda: any(words in line for line in self.lines) or not self.reader.is_alive(),
                                  READY_TIME)
        return next((line for line in self.lines if words in line), "")

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.reader.join()
        self.process.stdout.close()
        if self.process.stdin:
            self.process.stdin.close()
