"""Ours: tokens, and a gateway for them."""

import json
import os
import subprocess

from programs import Program

TONGS = os.environ["TONGS_BINARY"]
# What a verified request carries. A token without a user has no account.
FORGE_HEADERS = ("Forge-Installation-Id", "Forge-App-Id", "Forge-Environment", "Forge-Module", "Forge-Account-Id",
                 "Forge-Cloud-Id", "Forge-Api-Base-Url", "Forge-Invocation")
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


class Gateway(Program):
    """A gateway whose ingress is on `port`. It knows the keys of these tokens, or cannot have any."""

    def __init__(self, folder, fits, knows_keys=True, backend=NOBODY):
        folder.mkdir()
        keys = folder / "jwks.json"
        keys.write_text(json.dumps(fits["jwks"]), encoding="utf-8")
        jwks = f'file = "{keys}"' if knows_keys else f'url = "{NOBODY}/jwks.json"'
        config = folder / "gateway.toml"
        config.write_text(CONFIG.format(app=fits["app"], backend=backend, jwks=jwks, folder=folder), encoding="utf-8")
        super().__init__([TONGS, "gateway", "--config", config], r"ingress=http://127\.0\.0\.1:(\d+)")
        self.port = int(self.ready[1])
