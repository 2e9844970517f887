#!/usr/bin/env python3
"""Measures the gateway's ingress beside its peers, on this machine, in one run.

Every server verifies the same tokens and passes to the same backend, one after the other, round by round, alone on its
core; load and backend share another one. Prints one table of medians and what came of the goals. What the columns mean:
bench/README.md. Exit status: 0 measured, 1 a wrong verdict, an error under load or a server that failed, 2 usage.
"""

import argparse
import contextlib
import json
import os
import signal
import sys
import tempfile
import time
from pathlib import Path

import installed
import machine
import measure
import report
from servers import BACKEND, HERE, KINDS, Place, Server

BUILD = HERE.parents[1] / "build" / "bench"


def parse(arguments):
    parser = argparse.ArgumentParser(prog="scripts/bench ingress --", description=__doc__.split("\n\n", maxsplit=1)[0])
    names = [kind.name for kind in KINDS]
    parser.add_argument("--rounds", type=int, default=5, help="how often each server is measured (default: 5)")
    parser.add_argument("--seconds", type=float, default=5, help="how long each time (default: 5)")
    parser.add_argument("--warm-up", type=float, default=1, help="seconds before that which do not count (default: 1)")
    parser.add_argument("--connections", type=int, default=64, help="that are kept busy (default: 64)")
    parser.add_argument("--starts", type=int, default=9, help="how often each server's start is timed (default: 9)")
    parser.add_argument("--tokens", type=int, default=32768, help="how many are distinct (default: 32768)")
    parser.add_argument("--only", nargs="+", choices=names, metavar="SERVER", help=f"some of: {' '.join(names)}")
    parser.add_argument("--json", type=Path, metavar="FILE", help="everything that was measured, for programs")
    options = parser.parse_args(arguments)
    if min(options.rounds, options.tokens, options.connections, options.seconds) <= 0 or options.starts < 0:
        parser.error("there is nothing to measure with these numbers")
    return options


def tell(text):
    """How far it is; the report alone is standard output."""
    print(f"    {text}", file=sys.stderr, flush=True)


def choose(only):
    """The servers that were asked for and are here."""
    chosen = []
    for kind in KINDS:
        if only and kind.name not in only:
            continue
        reason = installed.missing(kind)
        if reason and only:
            raise machine.Failure(f"{kind.title} cannot be measured: {reason}")
        if reason:
            tell(f"left out: {kind.title}: {reason}")
        else:
            chosen.append(kind)
    return chosen


def time_starts(kinds, place, tokens, count, results):
    """Interleaved. The first start of each is not timed: it makes what later ones open, such as the vault."""
    for i in range(count + 1 if count else 0):
        tell(f"start {i} of {count}")
        for kind in kinds:
            seconds = measure.start_seconds(kind, place, tokens)
            if i > 0:
                results.starts.setdefault(kind.name, []).append(seconds)


def measure_rounds(servers, tokens, tool, core, options, results):
    """Interleaved, each round beginning with another server."""
    turns = [(server, scenario) for server in servers for scenario in server.kind.scenarios]
    for number in range(options.rounds):
        results.rsa_verify_us.append(machine.rsa_verify_us(core))
        shift = number % len(turns)
        for server, scenario in turns[shift:] + turns[:shift]:
            measure.check_verdicts(server, tokens)
            numbers = measure.load(server, scenario, tokens, tool, options)
            results.add(server.kind.name, scenario, numbers)
            tell(f"round {number + 1} of {options.rounds}: {server.kind.title}, {scenario}: "
                 f"{numbers['per_second']:,.0f}/s, {numbers['cpu_us']:.1f} µs")


def measure_all(options, results):
    """The servers that were measured."""
    programs = BUILD / "bench" / "ingress"
    if not (programs / "ingress_load").exists():
        raise machine.Failure("it is not built: run scripts/bench ingress")
    kinds = choose(options.only)
    server_core, load_core = machine.two_cores()
    os.sched_setaffinity(0, {load_core})
    if any(kind.packages for kind in kinds):
        installed.install_npm_packages(BUILD / "ingress-peers")
    tokens = measure.Tokens(BUILD / "ingress-tokens", programs / "ingress_tokens", options.tokens)
    with contextlib.ExitStack() as running:
        scratch = Path(running.enter_context(tempfile.TemporaryDirectory(prefix="tongs-bench-")))
        values = {"BUILD": BUILD, "NODE": BUILD / "ingress-peers", "FILES": tokens.folder,
                  "APP_ID": tokens.about["app_id"], "ISSUER": tokens.about["issuer"]}
        backend = running.enter_context(Server(BACKEND, Place(scratch, load_core, **values)))
        place = Place(scratch, server_core, BACKEND_PORT=backend.port, **values)
        time_starts(kinds, place, tokens, options.starts, results)
        servers = []
        for kind in kinds:
            server = running.enter_context(Server(kind, place))
            server.wait_until_it_answers(tokens.good)
            results.idle[kind.name] = machine.resident_bytes(server.pid)
            servers.append(server)
        measure_rounds(servers, tokens, programs / "ingress_load", server_core, options, results)
    return kinds


def head(kinds, options, results):
    versions = "; ".join(filter(None, map(installed.versions, kinds)))
    return (f"{machine.describe()}; {time.strftime('%Y-%m-%d')}\n{versions}\n"
            f"medians of {options.rounds} rounds of {options.seconds:g} s, {options.connections} connections; "
            f"`openssl speed rsa2048`: {results.rsa_us():.1f} µs a verification\n")


def main(arguments):
    options = parse(arguments)
    os.environ["PATH"] += ":/usr/sbin:/sbin"  # where Debian keeps servers, and a user's PATH does not lead
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ingress: told to stop"))  # which stops the servers too
    results = report.Results()
    try:
        kinds = measure_all(options, results)
    except machine.Failure as failure:
        print(f"ingress: {failure}", file=sys.stderr)
        return 1
    print(head(kinds, options, results))
    print(report.table(results, kinds), end="\n\n")
    print(report.goals(results))
    if options.json:
        options.json.write_text(json.dumps(results.as_json(), indent=1), encoding="utf-8")
    errors = sum(results.errors(*key) for key in results.rounds)
    if errors:
        print(f"ingress: {errors} requests were not answered with 200", file=sys.stderr)
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
