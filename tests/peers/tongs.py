"""Ours: tokens, a gateway for them, and the emulator."""

import json
import os
import signal
import subprocess
from pathlib import Path

from programs import Program
from talk import ask

TONGS = os.environ["TONGS_BINARY"]
# What a verified request carries. A token without a user has no account.
FORGE_HEADERS = ("Forge-Installation-Id", "Forge-App-Id", "Forge-Environment", "Forge-Module", "Forge-Account-Id",
                 "Forge-Cloud-Id", "Forge-Api-Base-Url", "Forge-Invocation", "X-Forge-Invocation-Id")


def is_forge_header(name):
    return name.lower().startswith("forge-") or name.lower() == "x-forge-invocation-id"


NOBODY = "http://127.0.0.1:1"  # where nobody listens

CONFIG = """
[app]
id = "{app}"
[ingress]
listen = "127.0.0.1:0"
backend = "{backend}"
[jwks]
{jwks}
[vault]
url = "sqlite:{folder}/tongs.db"
key_file = "{folder}/vault.key"
[egress]
listen = "127.0.0.1:0"
[oauth]
listen = "127.0.0.1:0"
[admin]
listen = "127.0.0.1:0"
token_file = "{folder}/admin.token"
"""


def make_fits():
    """What peers_fits prints."""
    return json.loads(subprocess.run([os.environ["TONGS_PEERS_FITS"]], capture_output=True, text=True, check=True).stdout)


class Ours(Program):
    """What we wrote ends well, also for the eyes of a sanitizer."""

    def stop(self):
        super().stop()
        assert self.process.returncode == 0, f"it ended with status {self.process.returncode}:\n{self.log}"


class Gateway(Ours):
    """A gateway whose ingress is on `port`. It knows the keys of these tokens, or cannot have any."""

    def __init__(self, folder, fits, knows_keys=True, backend=NOBODY, settings=None):
        folder.mkdir()
        keys = folder / "jwks.json"
        keys.write_text(json.dumps(fits["jwks"]), encoding="utf-8")
        jwks = f'file = "{keys}"' if knows_keys else f'url = "{NOBODY}/jwks.json"'
        config = folder / "gateway.toml"
        config.write_text(CONFIG.format(app=fits["app"], backend=backend, jwks=jwks, folder=folder), encoding="utf-8")
        super().__init__([TONGS, "gateway", "--config", config], r"ingress=http://127\.0\.0\.1:(\d+)",
                         env=os.environ | (settings or {}))
        self.port = int(self.ready[1])


class Emulator(Ours):
    """The platform for the app of the demo, whose backend is at `remote`."""

    MANIFEST = Path(__file__).resolve().parents[2] / "examples/demo/manifest.yml"
    APP = "ari:cloud:ecosystem::app/7f1a2b5c-3d4e-4f60-8a9b-0c1d2e3f4a5b"
    USER = "655362:312d3308-8954-42b0-aa38-771a10c88656"

    def __init__(self, remote):
        super().__init__([TONGS, "emulator", "--manifest", self.MANIFEST, "--listen", "127.0.0.1:0", "--remote",
                          f"backend={remote}"], r"platform=(http://127\.0\.0\.1:(\d+))")
        self.url = self.ready[1]

    def admin(self, what, body=None):
        answer = ask(int(self.ready[2]), "POST", f"/_emulator/{what}", [("Content-Type", "application/json")],
                     json.dumps(body or {}).encode())
        assert answer.status < 300, answer.body
        return answer.json

    def open_panel(self):
        """As its user; what the caller sees."""
        return self.admin("invoke", {"module": "summary-panel", "method": "POST", "user": self.USER, "body": {}})


class GatewayOfEmulator(Ours):
    """Learns where the platform is once that runs: either needs the other's address."""

    def __init__(self, folder, backend, settings=None):
        self.folder = folder
        self.config = folder / "gateway.toml"
        self.backend = backend
        self.write(NOBODY)
        super().__init__([TONGS, "gateway", "--config", self.config],
                         r"ingress=http://127\.0\.0\.1:(\d+) egress=(\S+) oauth=(\S+) admin=(\S+)",
                         env=os.environ | (settings or {}))
        self.port, self.egress, self.oauth, self.admin = int(self.ready[1]), *self.ready.groups()[1:]

    def write(self, platform):
        self.config.write_text(CONFIG.format(app=Emulator.APP, backend=self.backend, folder=self.folder,
                                             jwks=f'url = "{platform}/.well-known/jwks.json"'), encoding="utf-8")

    def use(self, platform):
        self.write(platform)
        self.process.send_signal(signal.SIGHUP)
        assert self.wait_for_line("the configuration was reloaded"), self.log
