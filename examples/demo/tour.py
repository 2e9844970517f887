#!/usr/bin/env python3
"""The tour of the demo: starts emulator, gateway and backend, sends one invocation through all of them, and says what
happens at each hop. `scripts/demo` builds everything and then runs this."""

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
USER = "655362:312d3308-8954-42b0-aa38-771a10c88656"  # one of the people on the emulator's site


class Failure(Exception):
    """What went wrong, and what to look at."""


class Paint:
    """Colour, where somebody sees it."""

    on = sys.stdout.isatty() and not os.environ.get("NO_COLOR")

    @classmethod
    def dim(cls, text):
        return f"\x1b[2m{text}\x1b[0m" if cls.on else text

    @classmethod
    def green(cls, text):
        return f"\x1b[32m{text}\x1b[0m" if cls.on else text


ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def uninterrupted():
    """Keeps the signals that end the tour waiting."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class Program:
    """A process of the tour, its log kept."""

    def __init__(self, name, command, log, environment=None):
        self.name = name
        self.log = log
        self.began = time.monotonic()
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log.open("wb"), text=True,
                                        env={**os.environ, **(environment or {})},
                                        preexec_fn=lambda: signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING))

    def read_ready_line(self):
        self.ready = self.process.stdout.readline().strip()
        if not self.ready:
            raise Failure(f"{self.name} did not start; its log:\n{self.log.read_text()}")
        self.started_in = time.monotonic() - self.began

    def url(self, name=""):
        """The address in the ready line: the only one, or the one behind `name=`."""
        found = re.search(rf"{name}=?(http://\S+)", self.ready)
        if not found:
            raise Failure(f"{self.name} said something unexpected when it was ready: {self.ready}")
        return found.group(1)

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def call(method, url, body=None, headers=None):
    request = urllib.request.Request(url, method=method, headers=headers or {})
    data = None
    if body is not None:
        data = json.dumps(body).encode()
        request.add_header("content-type", "application/json")
    try:
        with urllib.request.urlopen(request, data, timeout=60) as answer:
            text = answer.read()
            return json.loads(text) if text else None
    except urllib.error.HTTPError as refused:
        raise Failure(f"{method} {url} answered {refused.code}: {refused.read().decode(errors='replace')}") from refused


class Tour:
    def __init__(self):
        self.step = 0

    def hop(self, text, milliseconds, detail=""):
        self.step += 1
        lasted = "" if milliseconds is None else f"{milliseconds:.1f} ms"
        print(f"{Paint.green(f'{self.step:>2}')}  {text:<60} {lasted:>9}  {Paint.dim(detail)}", flush=True)

    def timed(self, text, action, detail=lambda result: ""):
        began = time.monotonic()
        result = action()
        self.hop(text, (time.monotonic() - began) * 1000, detail(result))
        return result


def deliveries_of(answer, what):
    """Checks that everything the platform wanted to tell the remote has reached it."""
    lost = [one for one in answer.get("deliveries", []) if one.get("state") != "delivered"]
    if lost or not answer.get("deliveries"):
        raise Failure(f"{what} did not reach the backend: {json.dumps(answer, indent=2)}")


def run(tongs, workplace, keep):
    tour = Tour()
    programs = []

    def start(name, command, environment=None):
        with uninterrupted():  # no program that nobody stops
            program = Program(name, [str(part) for part in command], workplace / f"{name}.log", environment)
            programs.append(program)
        program.read_ready_line()
        return program

    try:
        emulator = start("emulator", [tongs, "emulator", "--manifest", HERE / "manifest.yml", "--listen", "127.0.0.1:0"])
        platform = emulator.url()
        tour.hop("the emulator is the Forge platform, with keys of its own", emulator.started_in * 1000, platform)

        # The backend and the gateway need each other's address, so the backend gets a port that was free a moment ago.
        egress_port = free_port()
        backend = start("backend", [sys.executable, HERE / "backend.py"],
                        {"FORGE_EGRESS_PROXY_URL": f"http://127.0.0.1:{egress_port}"})
        tour.hop("a backend without any Forge code listens", backend.started_in * 1000, backend.url())

        config = workplace / "gateway.toml"
        config.write_text(gateway_config(backend.url(), platform, egress_port))
        gateway = start("gateway", [tongs, "gateway", "--config", config])
        ingress, egress = gateway.url("ingress"), gateway.url("egress")
        tour.hop("the gateway stands in front of it", gateway.started_in * 1000, ingress)

        admin = platform + "/_emulator"
        call("PUT", admin + "/remotes/backend", {"baseUrl": ingress})

        installation = tour.timed(
            "install: event → gateway verifies → backend; token → vault",
            lambda: call("POST", admin + "/installations", {}), lambda made: made["installationId"].rsplit("/", 1)[-1])
        deliveries_of(installation, "the install event")
        uuid = installation["installationId"].rsplit("/", 1)[-1]

        tour.timed("an hour passes: the scheduled trigger brings a token again",
                   lambda: call("POST", admin + "/clock/advance", {"duration": "1h10m"}), lambda _: "POST /token-sync")

        asked = {"module": "summary-panel", "user": USER, "path": "/panel", "method": "POST", "body": {"issue": "PROJ-1"}}
        answer = tour.timed("a user opens the panel: UI → Forge → gateway → backend",
                            lambda: call("POST", admin + "/invoke", asked), lambda result: f"status {result.get('status')}")
        if answer.get("status") != 200:
            raise Failure(f"the invocation did not come back well: {json.dumps(answer, indent=2)}")
        body = answer["body"]
        tour.hop("  the backend saw verified headers", None, f"Forge-Account-Id: {body['user']}")
        tour.hop("  and read the issue as that user, through the egress", body["egressMs"],
                 f"{body['issue']}: {body['summary']}")

        absent = {"forge-proxy-authorization": f"Forge as=user,accountId={body['user']},installationId={uuid}"}
        me = tour.timed("the user has left: the backend still acts as him",
                        lambda: call("GET", egress + "/jira/rest/api/3/myself", headers=absent),
                        lambda result: result["displayName"])
        as_app = {"forge-proxy-authorization": f"Forge as=app,installationId={uuid}"}
        tour.timed("and as the app itself", lambda: call("GET", egress + "/jira/rest/api/3/myself", headers=as_app),
                   lambda result: result["displayName"])
        refused = tour.timed("a forged token gets nothing", lambda: verify_status(ingress, "eyJhbGciOiJub25lIn0.e30."), str)
        if refused != 401:
            raise Failure(f"a forged token got {refused} instead of 401")

        print_commands(platform, ingress, egress, uuid, me["accountId"])
        if keep:
            print("\nEverything stays up. Ctrl-C ends it.", flush=True)
            wait_for_interrupt()
    finally:
        with uninterrupted():
            for program in reversed(programs):
                program.stop()


def wait_for_interrupt():
    try:
        signal.pause()
    except KeyboardInterrupt:
        print()


def interrupt(*_):
    raise KeyboardInterrupt


def free_port():
    import socket
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def gateway_config(backend, platform, egress_port):
    return f"""[app]
id = "ari:cloud:ecosystem::app/7f1a2b5c-3d4e-4f60-8a9b-0c1d2e3f4a5b"
[ingress]
listen = "127.0.0.1:0"
backend = "{backend}"
[jwks]
url = "{platform}/.well-known/jwks.json"
[egress]
listen = "127.0.0.1:{egress_port}"
[oauth]
listen = "127.0.0.1:0"
[admin]
listen = "127.0.0.1:0"
"""


def verify_status(ingress, token):
    request = urllib.request.Request(ingress + "/_tongs/verify", headers={"authorization": f"Bearer {token}"})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status
    except urllib.error.HTTPError as refused:
        return refused.code


def print_commands(platform, ingress, egress, uuid, account):
    print(f"""
Try it by hand (scripts/demo --keep leaves everything running):
  curl -s {platform}/.well-known/jwks.json
  curl -s -X POST {platform}/_emulator/invoke -d '{{"module":"summary-panel","user":"{account}","path":"/panel","method":"POST","body":{{"issue":"PROJ-2"}}}}'
  curl -s {egress}/v1/installations
  curl -s {egress}/jira/rest/api/3/issue/PROJ-1 -H 'forge-proxy-authorization: Forge as=user,accountId={account},installationId={uuid}'
  curl -si {ingress}/_tongs/verify
  curl -s {platform}/_emulator/log""", flush=True)


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--tongs", required=True, type=Path, help="the tongs binary")
    arguments.add_argument("--keep", action="store_true", help="leave everything running until Ctrl-C")
    chosen = arguments.parse_args()
    for ending in ENDING:
        if signal.getsignal(ending) != signal.SIG_IGN:  # as under nohup
            signal.signal(ending, interrupt)
    with tempfile.TemporaryDirectory(prefix="tongs-demo-") as workplace:
        try:
            run(chosen.tongs.resolve(), Path(workplace), chosen.keep)
        except Failure as failure:
            print(f"\nThe demo failed: {failure}", file=sys.stderr)
            return 1
        except KeyboardInterrupt:
            print("\nThe demo was interrupted.", file=sys.stderr)
            return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
