"""The gateway under test: its configuration, its signals, what its process holds."""

import re
import signal
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

    def descriptors_at_rest(self, expected):
        """How many they are once they are no more than that, or after a long time: the ends of connections are noticed
        one by one."""
        far_too_late = time.monotonic() + 10
        while (now := self.descriptors()) > expected and time.monotonic() < far_too_late:
            time.sleep(0.05)
        return now

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
        """Of the peak, from the third quarter of the time to the fourth: bytes, and descriptors. Between bursts of load
        both are lower, which says nothing."""
        half, rest = len(self.taken) // 2, 3 * len(self.taken) // 4
        third, fourth = self.taken[half:rest], self.taken[rest:]
        return tuple(max(one[i] for one in fourth) - max(one[i] for one in third) for i in (1, 2))
