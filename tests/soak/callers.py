"""Who calls the gateway meanwhile: some who look closely at each answer, and some who behave badly."""

import contextlib
import random
import re
import socket
import struct
import threading
import time
from dataclasses import dataclass, field

PATIENCE = 30  # seconds until an answer is missed; no limit of the gateway is near it


@dataclass
class Tally:
    """What came of the requests of one caller."""

    good: int = 0  # good tokens that were let in, with the right answer
    refused: int = 0  # bad tokens that were not
    unavailable: int = 0  # good tokens while the backend was away
    wrong: list = field(default_factory=list)  # everything else

    def add(self, other):
        self.good += other.good
        self.refused += other.refused
        self.unavailable += other.unavailable
        self.wrong += other.wrong


class Outages:
    """When the backend was away."""

    def __init__(self):
        self.spans = []  # of [begin, end]

    @contextlib.contextmanager
    def during(self):
        span = [time.monotonic(), float("inf")]
        self.spans.append(span)
        yield
        span[1] = time.monotonic()

    def touch(self, begin, end):
        return any(begin <= span[1] and end >= span[0] for span in self.spans)


class Tokens:
    """What is good, if anything, and what is bad now. Changed as a whole: callers see one or the other."""

    def __init__(self, good, bad):
        self.current = (0, good, bad)

    def change(self, good, bad):
        self.current = (self.current[0] + 1, good, bad)

    def wait_until_seen(self, callers):
        """Until nobody's request began with what was good or bad before."""
        while any(caller.is_alive() and caller.seen < self.current[0] for caller in callers):
            time.sleep(0.005)


class Broken(Exception):
    """A connection ended in the middle of an answer, or before it."""


class Connection:
    """One that is kept as long as the gateway keeps it."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self.buffer = b""

    def close(self):
        self.socket.close()

    def ask(self, request):
        """Status, body, and whether the connection stays."""
        try:
            self.socket.sendall(request)
            while b"\r\n\r\n" not in self.buffer:
                self.fill()
            head, _, rest = self.buffer.partition(b"\r\n\r\n")
            status = int(re.match(rb"HTTP/1\.1 (\d{3}) ", head)[1])
            length = int(re.search(rb"\r\nContent-Length: (\d+)", head)[1])
            while len(rest) < length:
                self.buffer = b""
                self.fill()
                rest += self.buffer
        except OSError as error:
            raise Broken(str(error)) from error
        self.buffer = rest[length:]
        return status, rest[:length], b"\r\nConnection: close" not in head

    def fill(self):
        piece = self.socket.recv(65536)
        if not piece:
            raise Broken("the connection ended")
        self.buffer += piece


def request_with(token, method, target, body):
    head = f"{method} {target} HTTP/1.1\r\nHost: remote.example.com\r\nAuthorization: Bearer {token}\r\n"
    if body is None:
        return f"{head}\r\n".encode()
    if random.random() < 0.5:
        return f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode()
    return f"{head}Transfer-Encoding: chunked\r\n\r\n{len(body):x}\r\n{body}\r\n0\r\n\r\n".encode()


class Caller(threading.Thread):
    """Mixes good and bad tokens, and knows the right answer to each."""

    def __init__(self, name, port, tokens, outages, stopping):
        super().__init__(name=name)
        self.port, self.tokens, self.outages, self.stopping = port, tokens, outages, stopping
        self.tally = Tally()
        self.seen = -1
        self.requests = 0
        self.connection = None

    def run(self):
        while not self.stopping.is_set():
            version, good, bad = self.tokens.current
            self.seen = version
            if good and random.random() < 0.7:
                self.call("good", random.choice(good))
            else:
                self.call(*random.choice(bad))
        self.hang_up()

    def hang_up(self):
        if self.connection:
            self.connection.close()
        self.connection = None

    def call(self, what, token):
        self.requests += 1
        method = random.choice(("GET", "POST"))
        target = f"/{self.name}/{self.requests}"
        request = request_with(token, method, target, None if method == "GET" else "x" * random.randrange(1, 2000))
        began = time.monotonic()
        try:
            self.connection = self.connection or Connection(self.port)
            status, body, stays = self.connection.ask(request)
        except (Broken, OSError) as error:
            status, body, stays = str(error), b"", False
        self.judge(what, status, body, f"{method} {target} {token.split('.')[1]}".encode(), began)
        if not stays or random.random() < 0.05:
            self.hang_up()

    def judge(self, what, status, body, expected, began):
        if what != "good" and status == 401:
            self.tally.refused += 1
        elif what == "good" and status == 200 and body == expected:
            self.tally.good += 1
        elif what == "good" and status in (502, 504) and self.outages.touch(began, time.monotonic()):
            self.tally.unavailable += 1
        else:
            of_another = " with the answer to another request" if status == 200 and what == "good" else ""
            self.tally.wrong.append(f"{what} token: {status}{of_another}")


class Rude(threading.Thread):
    """Resets its connections anywhere in a request or in the answer."""

    def __init__(self, port, tokens, stopping):
        super().__init__(name="rude")
        self.port, self.tokens, self.stopping = port, tokens, stopping
        self.resets = 0

    def run(self):
        while not self.stopping.wait(0.002):
            _, good, _ = self.tokens.current
            if not good:
                continue
            # Nobody knows when the gateway reads what was sent: the newest key is the last to become unknown.
            request = request_with(good[-1], "POST", "/rude", "x" * 500)
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), PATIENCE) as one:
                one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                one.sendall(request[:random.randrange(len(request) + 1)])
                one.setblocking(False)
                one.recv(random.randrange(1, 200))
            self.resets += 1
