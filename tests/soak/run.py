#!/usr/bin/env python3
"""Lets a gateway live through a rough time, and looks whether it was ever wrong or lost something.

The real program with several workers. Meanwhile the keys that sign are rotated with overlap and without, the
configuration is reloaded, the backend is killed and started again, callers reset their connections, good and bad tokens
come mixed, and bursts of load run across the reloads. Exit status: 0 all was well, 1 it was not, 2 usage.
"""

import argparse
import contextlib
import json
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import gateway as under_test
from callers import Caller, Outages, Rude, Tally, Tokens
from programs import Program
from talk import ask, bearer
from tokens import PUBLISHED, Generation, KeyServer
from verdict import LEFT_OPEN, Outcome, findings, report

HERE = Path(__file__).resolve().parent
READY = r"http://127\.0\.0\.1:(\d+)"
KEYS_A_PERIOD = 1 + PUBLISHED  # that are new: one comes with overlap, a whole set without
RECOVERY = 20  # seconds after which a backend that is back must be in use


def parse(arguments):
    parser = argparse.ArgumentParser(prog="scripts/soak", description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--minutes", type=float, default=10, help="how long (default: 10)")
    parser.add_argument("--seconds", type=float, help="the same in seconds")
    parser.add_argument("--workers", type=int, default=3, help="of the gateway (default: 3)")
    parser.add_argument("--callers", type=int, default=4, help="who look at each answer (default: 4)")
    parser.add_argument("--connections", type=int, default=32, help="of the load generator (default: 32)")
    parser.add_argument("--tongs", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--programs", type=Path, required=True, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    options.seconds = options.seconds or 60 * options.minutes
    if min(options.seconds, options.workers, options.callers, options.connections) <= 0:
        parser.error("there is nothing to do with these numbers")
    return options


def tell(text):
    """How far it is; the report alone is standard output."""
    print(f"    {text}", file=sys.stderr, flush=True)


class Backend:
    """Killed and started again, always on the same port."""

    def __init__(self):
        self.port = 0
        self.start()

    def start(self):
        self.program = Program([sys.executable, "-B", HERE / "backend.py", self.port], READY)
        self.port = int(self.program.ready[1])

    def restart(self):
        self.program.process.kill()
        self.program.stop()
        self.start()


class Soak:
    """The plan: periods, each with two rotations, two bursts of load, reloads under both, and a restart."""

    def __init__(self, options, generations, keys, backend, door):
        self.options, self.generations, self.keys = options, generations, keys
        self.backend, self.door = backend, door
        self.periods = len(generations) // KEYS_A_PERIOD
        self.period = options.seconds / self.periods
        self.first = 0  # of the generations that are published
        self.outages = Outages()
        self.tokens = Tokens(*self.published())
        self.stopping = threading.Event()
        self.callers = [Caller(f"caller-{i}", door.port, self.tokens, self.outages, self.stopping)
                        for i in range(options.callers)]
        self.rude = Rude(door.port, self.tokens, self.stopping)
        self.samples = under_test.Samples(door, min(1, options.seconds / 100), self.stopping)
        self.outcome = Outcome(seconds=options.seconds)

    def published(self):
        """What is good while the set has this generation and the next, and what is bad of the same keys."""
        published = self.generations[self.first:self.first + PUBLISHED]
        return ([token for generation in published for token in generation.good],
                [item for generation in published for item in generation.bad.items()])

    def withdrawn(self):
        return [("withdrawn", token) for generation in self.generations[:self.first] for token in generation.good[:20]]

    def run(self):
        threads = [*self.callers, self.rude, self.samples]
        for thread in threads:
            thread.start()
        try:
            for number in range(self.periods):
                tell(f"period {number + 1} of {self.periods}, of {self.period:g} s")
                self.live_through(number)
        finally:
            self.stopping.set()
            for thread in threads:
                thread.join()
        tally = Tally()
        for caller in self.callers:
            tally.add(caller.tally)
        self.outcome.good, self.outcome.refused = tally.good, tally.refused
        self.outcome.unavailable, self.outcome.wrong = tally.unavailable, tally.wrong
        self.outcome.resets = self.rude.resets

    def live_through(self, number):
        with self.burst_of_load():
            time.sleep(self.period / 10)
            self.rotate_by_reload(number)
        self.restart_backend()
        self.rotate_in_place(number)
        with self.burst_of_load():
            time.sleep(self.period / 10)
            self.door.reload(leeway=30 + number % 2)
            self.outcome.reloads += 1

    def rotate_by_reload(self, number):
        """With overlap, and by another address of the keys. What the key signed that both sets have stays good."""
        kept = self.generations[self.first + 1]
        self.tokens.change(kept.good, list(kept.bad.items()))
        self.tokens.wait_until_seen(self.callers)
        self.first += 1
        self.keys.publish(number + 1, self.first)
        self.door.reload(keys=self.keys.url(number + 1))
        # A key that is withdrawn would use up the one attempt that an unknown key may cause within 30 s: the next
        # rotation is to be seen by that.
        self.tokens.change(*self.published())
        self.outcome.rotations += 1

    def rotate_in_place(self, number):
        """Without overlap, and without a word: the first token of an unknown key says it."""
        self.tokens.change([], self.published()[1])
        self.tokens.wait_until_seen(self.callers)
        self.first += PUBLISHED
        self.keys.publish(number + 1, self.first)
        good, bad = self.published()
        self.tokens.change(good, bad)
        if self.ask(good[0]) != 200:
            raise under_test.Failure("a rotation without overlap was not seen")
        self.tokens.change(good, bad + self.withdrawn())
        self.outcome.rotations += 1

    def restart_backend(self):
        """It is away until the gateway has found it again."""
        with self.outages.during():
            self.backend.restart()
            back = time.monotonic()
            while self.ask(self.published()[0][0]) != 200:
                if time.monotonic() > back + RECOVERY:
                    raise under_test.Failure("the gateway has not found its backend again")
        self.outcome.recovery = max(self.outcome.recovery, time.monotonic() - back)
        self.outcome.restarts += 1

    def ask(self, token):
        return ask(self.door.port, "GET", "/", [bearer(token)]).status

    @contextlib.contextmanager
    def burst_of_load(self):
        """For a bit less than half a period, with tokens that stay good meanwhile."""
        command = [self.options.programs / "ingress_load", "--port", str(self.door.port), "--tokens",
                   self.generations[self.first + 1].file, "--connections", str(self.options.connections), "--seconds",
                   str(self.period * 0.45)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as load:
            yield
            said = load.communicate()[0].splitlines()
        if load.returncode != 0:
            raise under_test.Failure("the load generator lost the gateway")
        self.outcome.loads.append(json.loads(said[-1]))


def accepted(door):
    """By its own count."""
    text = ask(door.admin_port, "GET", "/metrics").body.decode()
    return int(float(re.search(r"^tongs_ingress_accepted_total (\S+)", text, re.MULTILINE)[1]))


def soak(options, folder):
    # A rotation every 20 s, but six of them at least, so that a short run rotates too.
    periods = max(3, round(options.seconds / 40))
    count = periods * KEYS_A_PERIOD + PUBLISHED
    tell(f"signing tokens of {count} keys")
    generations = [Generation(folder, number, options.programs / "ingress_tokens", 50) for number in range(count)]
    with KeyServer(generations) as keys:
        backend = Backend()
        try:
            door = under_test.Gateway(options.tongs, folder, app=generations[0].app, backend=backend.port,
                                      workers=options.workers, keys=keys.url(0))
            try:
                memory, descriptors = door.memory(), door.descriptors()
                plan = Soak(options, generations, keys, backend, door)
                plan.run()
                outcome = plan.outcome
                grown = plan.samples.growth()
                outcome.accepted = accepted(door)
                outcome.memory = (memory, door.memory(), grown[0])
                outcome.descriptors = (descriptors, door.descriptors_at_rest(descriptors + LEFT_OPEN), grown[1])
            finally:
                door.stop()
            outcome.exit_status = door.process.returncode
            outcome.errors = door.errors()
        finally:
            backend.program.stop()
    return outcome


def main(arguments):
    options = parse(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("soak: told to stop"))  # which stops the programs too
    try:
        with tempfile.TemporaryDirectory(prefix="tongs-soak-") as folder:
            outcome = soak(options, Path(folder))
    except (AssertionError, under_test.Failure) as failure:
        print(f"soak: {failure}", file=sys.stderr)
        return 1
    print(report(outcome))
    found = findings(outcome)
    for finding in found:
        print(f"soak: {finding}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
