"""HTTP to the byte: requests as a test writes them, and a backend that tells what it was sent."""

import contextlib
import http.client
import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple


class Answer(NamedTuple):
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)


def read_answer(connection, method):
    response = http.client.HTTPResponse(connection, method=method)
    response.begin()
    return Answer(response.status, response.headers, response.read())


def send_request(connection, method, target, headers=(), body=b""):
    """Headers as they are given; `Host` is added, and `Content-Length` if there is a body."""
    lines = [f"{method} {target} HTTP/1.1", "Host: localhost", *(f"{name}: {value}" for name, value in headers)]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    connection.sendall("\r\n".join([*lines, "", ""]).encode("latin-1") + body)


def ask(port, method, target, headers=(), body=b""):
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        send_request(connection, method, target, headers, body)
        return read_answer(connection, method)


def bearer(token):
    return ("Authorization", f"Bearer {token}")


class QuietHandler(BaseHTTPRequestHandler):
    """Says nothing, whoever leaves whenever."""

    protocol_version = "HTTP/1.1"

    def handle(self):
        with contextlib.suppress(ConnectionError):  # a proxy may end its connections as it likes
            super().handle()

    def log_message(self, *_):
        """Is not wanted."""


class LocalServer:
    """Serves in a thread of its own until it is stopped."""

    def __init__(self, handler):
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.port = self.server.server_port
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def stop(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


class Echo(LocalServer):
    """A backend that answers each request with what it was: `{"method", "target", "headers": [[name, value]…], "body"}`.
    The status is 200, or as the path `/status/STATUS` says. `headers`: beside those that every answer has."""

    def __init__(self, headers=()):
        self.seen = []
        self.headers = headers
        super().__init__(self.handler())

    def handler(self):
        seen, more = self.seen, self.headers

        class Handler(QuietHandler):
            def echo(self):
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                request = {"method": self.command, "target": self.path, "headers": self.headers.items(),
                           "body": body.decode()}
                seen.append(request)
                text = json.dumps(request).encode()
                self.send_response(int(self.path[8:]) if self.path.startswith("/status/") else 200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(text)))
                for name, value in more:
                    self.send_header(name, value)
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(text)

            do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = echo

        return Handler
