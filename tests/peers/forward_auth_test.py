"""Proxies of others with the gateway behind them, configured as docs/guide/forward-auth.md says.

    forward_auth_test.py nginx|haproxy|caddy
"""

import base64
import json
import os
import socket
import sys
import tempfile
import unittest
from pathlib import Path

from guide import BLOCKS, with_places
from programs import Program, require_programs
from talk import Echo, ask, bearer, read_answer, send_request
from tongs import FORGE_HEADERS, Gateway, is_forge_header, make_fits

FORGED = [(spelling, "mallory") for name in FORGE_HEADERS
          for spelling in (name, name.lower(), name.replace("-", "_"), name.replace("-", "_", 1), name.upper())]
TOKENS = [("X-Forge-OAuth-System", "system-token"), ("X-Forge-OAuth-User", "user-token")]


def listening_socket():
    """For a child that takes over a socket which is open already: it has a port, and nobody has to wait for it."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.set_inheritable(True)
    return listener


class Nginx(Program):
    AROUND = """
        daemon off; pid nginx.pid; error_log stderr notice;
        events {{ }}
        http {{
            access_log off; client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
            uwsgi_temp_path uwsgi; scgi_temp_path scgi;
            {server}
        }}"""

    def __init__(self, folder, gateway, backend):
        with listening_socket() as listener:
            self.port = listener.getsockname()[1]
            server = with_places("nginx", gateway=f"127.0.0.1:{gateway}", backend=f"127.0.0.1:{backend}",
                                   listen=f"127.0.0.1:{self.port}")
            (folder / "nginx.conf").write_text(self.AROUND.format(server=server), encoding="utf-8")
            super().__init__(["nginx", "-p", folder, "-c", folder / "nginx.conf"], "start worker processes",
                             pass_fds=[listener.fileno()], env=os.environ | {"NGINX": f"{listener.fileno()};"})


class HaProxy(Program):
    def __init__(self, folder, gateway, backend):
        with listening_socket() as listener:
            self.port = listener.getsockname()[1]
            (folder / "tongs.lua").write_text(BLOCKS["tongs.lua"], encoding="utf-8")
            (folder / "haproxy.cfg").write_text(
                with_places("haproxy", gateway=f"127.0.0.1:{gateway}", backend=f"127.0.0.1:{backend}",
                              listen=f"fd@{listener.fileno()}", script=folder / "tongs.lua"), encoding="utf-8")
            super().__init__(["haproxy", "-W", "-db", "-f", folder / "haproxy.cfg"], "Loading success",
                             pass_fds=[listener.fileno()])


class Caddy(Program):
    def __init__(self, folder, gateway, backend):
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        config = with_places("caddy", gateway=f"127.0.0.1:{gateway}", backend=f"127.0.0.1:{backend}",
                               port=f":{self.port}")
        (folder / "Caddyfile").write_text("{\nadmin off\nauto_https off\n}\n" + config, encoding="utf-8")
        super().__init__(["caddy", "run", "--config", folder / "Caddyfile", "--adapter", "caddyfile"],
                         "serving initial configuration",
                         env=os.environ | {"XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)})


class ForwardAuth(unittest.TestCase):
    """What every proxy must do."""

    PROXY = None

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        cls.fits = make_fits()
        cls.backend = cls.ended(Echo())
        cls.gateway = cls.ended(Gateway(cls.folder / "gateway", cls.fits))
        cls.proxy = cls.start_proxy("proxy", cls.gateway.port)

    @classmethod
    def ended(cls, what):
        cls.addClassCleanup(what.stop)
        return what

    @classmethod
    def start_proxy(cls, name, gateway_port):
        folder = cls.folder / name
        folder.mkdir()
        return cls.ended(cls.PROXY(folder, gateway_port, cls.backend.port))

    def setUp(self):
        self.backend.seen.clear()

    def ask(self, *headers, method="POST", target="/panel?x=1", body=b'{"a":1}'):
        return ask(self.proxy.port, method, target, headers, body)

    def headers_at_backend(self, answer):
        self.assertEqual(answer.status, 200, answer.body)
        return [(name.lower().replace("_", "-"), value) for name, value in answer.json["headers"]]

    def test_a_good_token_goes_through_with_what_it_proves(self):
        answer = self.ask(bearer(self.fits["user"]))
        headers = self.headers_at_backend(answer)
        self.assertEqual({name: answer.json[name] for name in ("method", "target", "body")},
                         {"method": "POST", "target": "/panel?x=1", "body": '{"a":1}'})
        forge = dict((name, value) for name, value in headers if is_forge_header(name))
        self.assertEqual(forge.keys(), {name.lower() for name in FORGE_HEADERS})
        self.assertEqual(forge["forge-account-id"], self.fits["account"])
        self.assertEqual(forge["forge-installation-id"], self.fits["installation"])
        claims = json.loads(base64.urlsafe_b64decode(forge["forge-invocation"] + "=="))
        self.assertEqual(claims["aud"], self.fits["app"])

    def test_nobody_else_says_what_is_proved(self):
        for token in ("user", "event"):
            with self.subTest(token):
                headers = self.headers_at_backend(self.ask(bearer(self.fits[token]), *FORGED))
                self.assertEqual([name for name, value in headers if "mallory" in value], [])
                names = [name for name, value in headers if is_forge_header(name) and value]
                absent = {"forge-account-id"} if token == "event" else set()
                self.assertEqual(sorted(names), sorted({name.lower() for name in FORGE_HEADERS} - absent))

    def test_tokens_end_at_the_gateway(self):
        headers = self.headers_at_backend(self.ask(bearer(self.fits["event"]), *TOKENS))
        self.assertEqual([(name, value) for name, value in headers if "token" in value or self.fits["event"] in value], [])
        self.assertIn("a system token was captured", self.gateway.wait_for_line("system token"))

    def test_what_is_no_valid_token_is_401_and_the_backend_hears_nothing(self):
        for name in ("expired", "foreign", "forged"):
            with self.subTest(name):
                self.assertEqual(self.ask(bearer(self.fits[name]), *FORGED).status, 401)
        self.assertEqual(self.ask(*FORGED).status, 401)
        self.assertEqual(self.ask(bearer("rubbish")).status, 401)
        self.assertEqual(self.ask(("Authorization", "Basic dXNlcjpwYXNz")).status, 401)
        self.assertEqual(self.backend.seen, [])

    def test_of_two_tokens_none_is_taken(self):
        answer = self.ask(bearer(self.fits["user"]), bearer(self.fits["event"]))
        self.assertIn(answer.status, (400, 401))
        self.assertEqual(self.backend.seen, [])

    def test_every_method_passes(self):
        for method in ("GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"):
            with self.subTest(method):
                answer = self.ask(bearer(self.fits["user"]), method=method, body=b"")
                self.assertEqual(answer.status, 200)
                self.assertEqual(self.backend.seen[-1]["method"], method)

    def test_the_verdict_of_one_request_is_not_that_of_the_next(self):
        with socket.create_connection(("127.0.0.1", self.proxy.port), timeout=60) as connection:
            for token, status in (("user", 200), ("expired", 401), ("event", 200), ("user", 200)):
                send_request(connection, "POST", "/panel", [bearer(self.fits[token])], b"{}")
                answer = read_answer(connection, "POST")
                self.assertEqual(answer.status, status)
                if status == 200:
                    account = dict(self.headers_at_backend(answer)).get("forge-account-id") or None
                    self.assertEqual(account, self.fits["account"] if token == "user" else None)

    def test_without_keys_it_is_503_with_the_time_to_try_again(self):
        gateway = self.ended(Gateway(self.folder / "keyless", self.fits, knows_keys=False))
        proxy = self.start_proxy("undecided", gateway.port)
        answer = ask(proxy.port, "POST", "/panel", [bearer(self.fits["user"])], b"{}")
        self.assertEqual(answer.status, 503)
        self.assertRegex(answer.headers["Retry-After"], r"^\d+$")
        self.assertEqual(self.backend.seen, [])

    def test_without_a_gateway_nothing_gets_through(self):
        with socket.create_server(("127.0.0.1", 0)) as closed:
            port = closed.getsockname()[1]
        answer = ask(self.start_proxy("alone", port).port, "POST", "/panel", [bearer(self.fits["user"])], b"{}")
        self.assertIn(answer.status, (502, 503))
        self.assertEqual(self.backend.seen, [])

    def test_the_verifying_path_is_not_for_callers(self):
        answer = self.ask(bearer(self.fits["user"]), method="GET", target="/_tongs/verify", body=b"")
        self.assertNotIn("Forge-Invocation", answer.headers)

    def test_the_longest_token_goes_through(self):
        token = self.fits["large"]
        self.assertGreater(len(token), 15_000)
        headers = dict(self.headers_at_backend(self.ask(bearer(token))))
        self.assertEqual(headers["forge-invocation"], token.split(".")[1])

    def test_what_the_backend_answers_stays(self):
        for status in (201, 400, 401, 403, 500, 503):
            with self.subTest(status):
                answer = self.ask(bearer(self.fits["user"]), target=f"/status/{status}")
                self.assertEqual((answer.status, answer.headers["Retry-After"]), (status, None))


PROXIES = {"nginx": Nginx, "haproxy": HaProxy, "caddy": Caddy}


if __name__ == "__main__":
    chosen = sys.argv.pop(1)
    require_programs(chosen)
    ForwardAuth.PROXY = PROXIES[chosen]
    unittest.main()
