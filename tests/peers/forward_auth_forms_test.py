"""Proxies that Debian does not have: the requests with which they ask, and that the guide leaves nothing out."""

import re
import socket
import tempfile
import unittest
from pathlib import Path

from guide import BLOCKS, unmarked_blocks
from talk import ask, bearer, read_answer, send_request
from tongs import FORGE_HEADERS, Gateway, is_forge_header, make_fits


def traefik(method, path, token):
    """As ForwardAuth asks: GET, the headers of the request, and what it was in X-Forwarded-*."""
    return "GET", "/_tongs/verify", [
        ("User-Agent", "node"), ("Accept", "*/*"), bearer(token), ("Accept-Encoding", "gzip"),
        ("Content-Type", "application/json"), ("X-Forwarded-For", "192.0.2.1"),
        ("X-Forwarded-Host", "remote.example.com"), ("X-Forwarded-Method", method), ("X-Forwarded-Port", "443"),
        ("X-Forwarded-Proto", "https"), ("X-Forwarded-Server", "traefik"), ("X-Forwarded-Uri", path),
        ("X-Real-Ip", "192.0.2.1")]


def caddy(method, path, token):
    return "GET", "/_tongs/verify", [
        ("User-Agent", "node"), bearer(token), ("X-Forwarded-For", "192.0.2.1"),
        ("X-Forwarded-Host", "remote.example.com"), ("X-Forwarded-Method", method), ("X-Forwarded-Proto", "https"),
        ("X-Forwarded-Uri", path), ("Accept-Encoding", "gzip")]


def envoy(method, path, token):
    """As ext_authz asks an HTTP service: method and path of the request, no body, hardly a header."""
    return method, "/_tongs/verify" + path, [
        ("content-length", "0"), bearer(token), ("x-envoy-internal", "true"), ("x-forwarded-for", "192.0.2.1"),
        ("x-envoy-expected-rq-timeout-ms", "10000")]


class Forms(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.fits = make_fits()
        cls.gateway = Gateway(Path(folder.name) / "gateway", cls.fits)
        cls.addClassCleanup(cls.gateway.stop)
        cls.undecided = Gateway(Path(folder.name) / "undecided", cls.fits, knows_keys=False)
        cls.addClassCleanup(cls.undecided.stop)

    def each(self):
        for form in (traefik, caddy, envoy):
            for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
                for path in ("/", "/panel?x=/a/../b", "/a%20b/c"):
                    with self.subTest(form.__name__, method=method, path=path):
                        yield lambda token, form=form, method=method, path=path: form(method, path, self.fits[token])

    def test_a_good_token_is_200_with_what_it_proves(self):
        for form in self.each():
            answer = ask(self.gateway.port, *form("user"))
            self.assertEqual((answer.status, answer.body), (200, b""))
            self.assertEqual({name for name in answer.headers if is_forge_header(name)}, set(FORGE_HEADERS))
            self.assertEqual(answer.headers["Forge-Account-Id"], self.fits["account"])

    def test_what_no_user_did_names_none(self):
        for form in self.each():
            answer = ask(self.gateway.port, *form("event"))
            self.assertEqual(answer.status, 200)
            self.assertNotIn("Forge-Account-Id", answer.headers)

    def test_a_bad_token_is_401(self):
        for form in self.each():
            for token in ("expired", "foreign", "forged"):
                answer = ask(self.gateway.port, *form(token))
                self.assertEqual(answer.status, 401)
                self.assertNotIn("Forge-Invocation", answer.headers)

    def test_what_cannot_be_decided_is_503(self):
        for form in (traefik, caddy, envoy):
            answer = ask(self.undecided.port, *form("POST", "/panel", self.fits["user"]))
            self.assertEqual(answer.status, 503)
            self.assertRegex(answer.headers["Retry-After"], r"^\d+$")

    def test_one_connection_serves_many_requests(self):
        with socket.create_connection(("127.0.0.1", self.gateway.port), timeout=60) as connection:
            for form in self.each():
                method, target, headers = form("user")
                send_request(connection, method, target, headers)
                self.assertEqual(read_answer(connection, method).status, 200)


class Guide(unittest.TestCase):
    def test_every_configuration_is_gone_by(self):
        self.assertEqual(unmarked_blocks(), 0)
        self.assertEqual(set(BLOCKS), {"nginx", "tongs.lua", "haproxy", "caddy", "traefik", "envoy"})

    def test_those_that_name_the_headers_name_them_all(self):
        for block in ("nginx", "caddy", "envoy"):
            with self.subTest(block):
                named = re.findall(r"(?:(?<!x-)\bforge|\bx-forge-invocation)-[a-z-]*[a-z]", BLOCKS[block].lower())
                self.assertEqual(set(named), {name.lower() for name in FORGE_HEADERS})

    def test_the_pattern_for_traefik_fits_both_spellings_of_them(self):
        pattern = re.compile(re.search(r'authResponseHeadersRegex: "(.*)"', BLOCKS["traefik"])[1])
        for name in FORGE_HEADERS:
            for spelling in (name, name.lower(), name.replace("-", "_"), name.replace("-", "_", 1)):
                self.assertTrue(pattern.search(spelling), spelling)
        self.assertFalse(pattern.search("X-Forge-OAuth-System"))


if __name__ == "__main__":
    unittest.main()
