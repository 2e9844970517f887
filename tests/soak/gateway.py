"""The gateway under test: its configuration, its signals, what its process holds."""

import re
import signal
import statistics
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path += [str(ROOT / "tests" / "peers"), str(ROOT / "bench" / "ingress")]

# pylint: disable=wrong-import-position
from machine import PROC, Failure, resident_bytes
from programs import Program

CONFIG = """
[app]
id = "{app}"
[ingress]
listen = "127.0.0.1:0"
backend = "http://127.0.0.1:{backend}"
workers = {workers}
leeway = "{leeway}s"
[jwks]
url = "{keys}"
[vault]
url = "sqlite:{folder}/tongs.db"
key_file = "{folder}/vault.key"
[egress]
listen = "off"
[oauth]
listen = "off"
[admin]
listen = "127.0.0.1:0"
token_file = "{folder}/admin.token"
"""
RELOADED = "the configuration was reloaded"


class Gateway(Program):
    """Reloads count only once the log says so."""

    def __init__(self, tongs, folder, **settings):
        self.config = folder / "gateway.toml"
        self.settings = {"folder": folder, "leeway": 30} | settings
        self.reloads = 0
        self.write_config()
        super().__init__([tongs, "gateway", "--config", self.config],
                         r"ingress=http://127\.0\.0\.1:(\d+).*admin=http://127\.0\.0\.1:(\d+)")
        self.port, self.admin_port = int(self.ready[1]), int(self.ready[2])

    def write_config(self):
        self.config.write_text(CONFIG.format(**self.settings), encoding="utf-8")

    def reload(self, **changes):
        self.settings |= changes
        self.write_config()
        self.reloads += 1
        self.process.send_signal(signal.SIGHUP)
        with self.changed:
            done = self.changed.wait_for(lambda: self.count(RELOADED) == self.reloads, timeout=30)
        if not done:
            raise Failure(f"it did not reload, it said:\n{self.log[-2000:]}")

    def count(self, words):
        return sum(words in line for line in self.lines)

    def errors(self):
        return [line.strip() for line in self.lines if re.search(r"\[(error|critical)\]", line)]

    def descriptors(self):
        return len(list((PROC / str(self.process.pid) / "fd").iterdir()))

    def memory(self):
        return resident_bytes(self.process.pid)


class Samples(threading.Thread):
    """Memory and descriptors of a gateway, again and again."""

    def __init__(self, gateway, pause, stopping):
        super().__init__(name="samples")
        self.gateway, self.pause, self.stopping = gateway, pause, stopping
        self.taken = []  # (time, bytes, descriptors)

    def run(self):
        while not self.stopping.wait(self.pause):
            self.taken.append((time.monotonic(), self.gateway.memory(), self.gateway.descriptors()))

    def growth(self):
        """From the middle of the time to its end: bytes, and descriptors. Medians of a tenth of the samples each."""
        tenth = max(1, len(self.taken) // 10)
        middle, end = self.taken[len(self.taken) // 2:][:tenth], self.taken[-tenth:]
        return tuple(statistics.median(one[i] for one in end) - statistics.median(one[i] for one in middle)
                     for i in (1, 2))
