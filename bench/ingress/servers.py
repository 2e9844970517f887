"""The servers that are measured: how each is configured, started, and found to be ready."""

import re
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from machine import Failure, on_core

HERE = Path(__file__).resolve().parent
START_TIME = 20  # seconds until a server must have answered
URL = r"http://127\.0\.0\.1:(\d+)"


@dataclass(frozen=True)
class Kind:
    """A server. `@NAME@` in command and configuration stands for a value of its Place."""

    name: str
    title: str
    verifies: bool
    command: tuple
    config: str = ""  # a file beside this one
    ready: str = ""  # finds the port in the line that it prints; without it, a free port is chosen for it
    packages: tuple = ()  # of npm

    @property
    def scenarios(self):
        return ("distinct", "repeated") if self.verifies else ("plain",)


KINDS = (
    Kind("tongs", "tongs gateway", True, ("@BUILD@/tongs", "gateway", "--config", "@CONFIG@"), "gateway.toml",
         "ingress=" + URL),
    Kind("haproxy", "HAProxy, jwt_verify and claims", True, ("haproxy", "-db", "-f", "@CONFIG@"), "peers/haproxy.cfg"),
    Kind("fastify", "fastify + http-proxy + jose", True,
         ("node", "@NODE@/fastify-jose.mjs", "@BACKEND_PORT@", "@FILES@"), ready=URL,
         packages=("fastify", "@fastify/http-proxy", "jose")),
    Kind("fast-jwt", "node:http + fast-jwt, its cache on", True,
         ("node", "@NODE@/node-fast-jwt.mjs", "@BACKEND_PORT@", "@FILES@"), ready=URL, packages=("fast-jwt",)),
    Kind("nginx", "nginx as a proxy, no JWT", False, ("nginx", "-p", "@FOLDER@", "-c", "@CONFIG@"),
         "peers/nginx.conf"),
    Kind("raw", "raw epoll proxy, no JWT", False, ("@BUILD@/bench/ingress/ingress_raw_proxy", "@BACKEND_PORT@"),
         ready=URL),
)
BACKEND = Kind("backend", "the backend", False, ("@BUILD@/bench/ingress/ingress_backend",), ready=URL)


class Place:
    """Where servers run: folders, the backend behind them, the core they get."""

    def __init__(self, scratch, core, **values):
        self.scratch = scratch
        self.core = core
        self.values = values

    def fill(self, text, **more):
        values = self.values | more
        return re.sub(r"@([A-Z_]+)@", lambda name: str(values[name[1]]), text)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def ask(port, token):
    """The status of the answer to a request with that token; None if there was no answer."""
    request = f"GET /on-issue-event HTTP/1.1\r\nHost: remote.example.com\r\nAuthorization: Bearer {token}\r\n\r\n"
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(request.encode())
            answer = connection.recv(4096)
    except OSError:
        return None
    found = re.match(rb"HTTP/1\.[01] (\d{3}) ", answer)
    return int(found[1]) if found else None


class Server:
    """A running server."""

    def __init__(self, kind, place):
        self.kind = kind
        self.folder = place.scratch / kind.name
        self.folder.mkdir(exist_ok=True)
        self.port = 0 if kind.ready else free_port()
        command = self.configure(place)
        with (self.folder / "log").open("wb") as log, on_core(place.core):
            self.began = time.perf_counter()
            self.process = subprocess.Popen(command, cwd=self.folder, text=True, stdin=subprocess.DEVNULL, stderr=log,
                                            stdout=subprocess.PIPE if kind.ready else log)
        if kind.ready:
            self.port = self.read_port()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def configure(self, place):
        """Writes its configuration; the command that starts it."""
        values = {"FOLDER": self.folder, "PORT": self.port}
        if self.kind.config:
            values["CONFIG"] = self.folder / Path(self.kind.config).name
            template = (HERE / self.kind.config).read_text(encoding="utf-8")
            values["CONFIG"].write_text(place.fill(template, **values), encoding="utf-8")
        return [place.fill(word, **values) for word in self.kind.command]

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()

    @property
    def pid(self):
        return self.process.pid

    def failure(self, what):
        log = (self.folder / "log").read_text(encoding="utf-8", errors="replace")
        return Failure(f"{self.kind.title} {what}; the end of its log:\n{log[-2000:]}")

    def read_port(self):
        line = self.process.stdout.readline()
        found = re.search(self.kind.ready, line)
        if not found:
            self.stop()
            raise self.failure(f"did not become ready, it said {line!r}")
        return int(found[1])

    def wait_until_it_answers(self, token):
        """Seconds from its start to its first 200."""
        while ask(self.port, token) != 200:
            if self.process.poll() is not None or time.perf_counter() - self.began > START_TIME:
                raise self.failure("did not answer a good token with 200")
            time.sleep(0.0002)
        return time.perf_counter() - self.began
