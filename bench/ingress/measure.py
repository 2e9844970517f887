"""One measurement each: are the verdicts right, how fast does it start, how much load does it bear."""

import json
import subprocess
import time

from machine import cpu_seconds, resident_bytes
from servers import Server, ask


class Tokens:
    """The tokens in a folder; made anew if they end soon."""

    LIFE_DAYS = 30
    NEEDED_SECONDS = 24 * 3600

    def __init__(self, folder, tool, count):
        self.folder = folder / f"tokens-{count}"
        self.file = self.folder / "tokens.txt"
        if self.seconds_left(tool) < self.NEEDED_SECONDS:
            self.folder.mkdir(parents=True, exist_ok=True)
            subprocess.run([tool, self.folder, str(count), str(self.LIFE_DAYS)], check=True)
        self.about = json.loads((self.folder / "about.json").read_text(encoding="utf-8"))
        with self.file.open(encoding="ascii") as tokens:
            self.good = tokens.readline().strip()
        lines = (self.folder / "bad.txt").read_text(encoding="ascii").splitlines()
        self.bad = dict(line.split(" ") for line in lines)

    def seconds_left(self, tool):
        about = self.folder / "about.json"  # written last
        if not about.exists() or about.stat().st_mtime < tool.stat().st_mtime:
            return 0
        return json.loads(about.read_text(encoding="utf-8"))["ends"] - time.time()


def check_verdicts(server, tokens):
    """A good token passes, every bad one is refused, or nothing that is measured means anything."""
    status = ask(server.port, tokens.good)
    if status != 200:
        raise server.failure(f"answered {status} to a good token")
    for what, token in tokens.bad.items() if server.kind.verifies else ():
        status = ask(server.port, token)
        if status != 401:
            raise server.failure(f"answered {status}, not 401, to a bad token ({what})")


def start_seconds(kind, place, tokens):
    """From its start to its first verified 200."""
    with Server(kind, place) as server:
        return server.wait_until_it_answers(tokens.good)


def load(server, scenario, tokens, tool, options):
    """Numbers of one round."""
    command = [tool, "--port", str(server.port), "--tokens", tokens.file,
               "--mode", "distinct" if scenario == "distinct" else "repeated",
               "--connections", str(options.connections), "--warm-up", str(options.warm_up),
               "--seconds", str(options.seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as generator:
        warm = generator.stdout.readline()
        before = cpu_seconds(server.pid)
        report = generator.stdout.readline()
        after = cpu_seconds(server.pid)
    if generator.returncode != 0 or not warm:
        raise server.failure("was lost by the load generator")
    numbers = json.loads(report)
    if numbers["answers"] == 0:
        raise server.failure("answered nothing")
    return {
        "per_second": numbers["per_second"],
        "cpu_us": 1e6 * (after - before) / numbers["answers"],
        "core_share": (after - before) / numbers["seconds"],
        "p50_us": numbers["p50_us"],
        "p99_us": numbers["p99_us"],
        "errors": numbers["refused"] + numbers["broken"],
        "rss": resident_bytes(server.pid),
    }
