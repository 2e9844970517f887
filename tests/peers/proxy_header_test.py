"""HAProxy passes connections on to the gateway, as docs/guide/gateway-ingress.md says, and tells whose they are."""

import socket
import ssl
import subprocess
import tempfile
import unittest
from pathlib import Path

from guide import marked_blocks
from programs import Program, require_programs
from talk import Echo, bearer, read_answer, send_request
from tongs import Gateway, make_fits

BALANCER = marked_blocks("gateway-ingress.md")["haproxy"]
AROUND = """
global
    log stderr format raw local0
defaults
    log global
    option log-health-checks
    default-server inter 10ms
    timeout connect 10s
    timeout client 60s
    timeout server 60s
"""


class Balancer(Program):
    """As the guide has it, but for the addresses, for what goes before each connection, and for TLS."""

    def __init__(self, folder, gateway, header, certificate):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            listener.set_inheritable(True)
            self.port = listener.getsockname()[1]
            text = BALANCER
            for what, instead in (("127.0.0.1:8080", f"127.0.0.1:{gateway.port}"),
                                  ("127.0.0.1:8000", f"fd@{listener.fileno()} {certificate}"),
                                  ("send-proxy-v2", header)):
                assert what in text, f"the guide lacks {what}"
                text = text.replace(what, instead)
            (folder / "haproxy.cfg").write_text(AROUND + text, encoding="utf-8")
            super().__init__(["haproxy", "-W", "-db", "-f", folder / "haproxy.cfg"], "Loading success",
                             pass_fds=[listener.fileno()])


class ProxyHeader(unittest.TestCase):
    CALLER, STRANGER = "127.0.0.2", "127.0.0.3"

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.fits = make_fits()
        self.backend = self.ended(Echo())
        self.gateway = self.ended(Gateway(
            self.folder / "gateway", self.fits, backend=f"http://127.0.0.1:{self.backend.port}",
            settings={"TONGS_INGRESS_PROXY_PROTOCOL": "127.0.0.1", "TONGS_INGRESS_ALLOW_FROM": self.CALLER}))

    def ended(self, what):
        self.addCleanup(what.stop)
        return what

    def balance(self, header="send-proxy-v2", certificate=""):
        return self.ended(Balancer(self.folder, self.gateway, header, certificate))

    def ask_as(self, address, balancer, over=None):
        with socket.create_connection(("127.0.0.1", balancer.port), 60, (address, 0)) as connection:
            with over(connection) if over else connection as stream:
                send_request(stream, "GET", "/panel", [bearer(self.fits["user"])])
                return read_answer(stream, "GET")

    def headers_seen(self, answer):
        self.assertEqual(answer.status, 200, answer.body)
        return {name.lower(): value for name, value in answer.json["headers"]}

    def test_the_caller_is_who_the_balancer_says(self):
        for header in ("send-proxy", "send-proxy-v2"):
            with self.subTest(header):
                balancer = self.balance(header)
                seen = self.headers_seen(self.ask_as(self.CALLER, balancer))
                self.assertEqual((seen["x-forwarded-for"], seen["x-forwarded-proto"]), (self.CALLER, "http"))
                self.assertEqual(self.ask_as(self.STRANGER, balancer).status, 403)

    def test_the_balancer_may_end_tls(self):
        both = self.folder / "both.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
                        "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout",
                        self.folder / "key.pem", "-out", self.folder / "certificate.pem"],
                       check=True, capture_output=True)
        both.write_bytes((self.folder / "certificate.pem").read_bytes() + (self.folder / "key.pem").read_bytes())
        balancer = self.balance("send-proxy-v2-ssl", f"ssl crt {both}")
        trust = ssl.create_default_context(cafile=self.folder / "certificate.pem")
        seen = self.headers_seen(self.ask_as(
            self.CALLER, balancer, lambda connection: trust.wrap_socket(connection, server_hostname="localhost")))
        self.assertEqual((seen["x-forwarded-for"], seen["x-forwarded-proto"]), (self.CALLER, "https"))

    def test_its_health_checks_are_nobodys_mistake(self):
        for header in ("send-proxy", "send-proxy-v2"):
            with self.subTest(header):
                balancer = self.balance(header)
                self.assertIn("succeeded", balancer.wait_for_line("Health check for server"))
                self.headers_seen(self.ask_as(self.CALLER, balancer))
                self.assertNotIn("refused", self.gateway.log)

    def test_who_does_not_say_whom_he_passes_on_is_cut(self):
        balancer = self.balance(header="")
        with self.assertRaises(OSError):
            self.ask_as(self.CALLER, balancer)
        self.assertTrue(self.gateway.wait_for_line("the connection does not begin with a PROXY header"))


if __name__ == "__main__":
    require_programs("haproxy", "openssl")
    unittest.main()
