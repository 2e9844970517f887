"""Clients that others wrote call Jira through our egress, as the guide says; the platform is our emulator."""

import json
import os
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from guide import marked_blocks
from npm_packages import SOURCES, require_packages
from programs import require_programs
from talk import Echo
from tongs import TONGS, Emulator, GatewayOfEmulator

SNIPPETS = marked_blocks("egress.md")
TOKENS = "http://127.0.0.1:7073"


class Egress(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        cls.folder = Path(scratch.name)
        cls.backend = Echo()
        cls.addClassCleanup(cls.backend.stop)
        cls.gateway = GatewayOfEmulator(cls.folder, f"http://127.0.0.1:{cls.backend.port}")
        cls.addClassCleanup(cls.gateway.stop)
        cls.platform = Emulator(f"http://127.0.0.1:{cls.gateway.port}")
        cls.addClassCleanup(cls.platform.stop)
        cls.gateway.use(cls.platform.url)
        installation = cls.platform.admin("installations")
        cls.installation = installation["installationId"].rpartition("/")[2]
        cls.environment = os.environ | {"FORGE_EGRESS_PROXY_URL": cls.gateway.egress, "INSTALLATION": cls.installation,
                                        "ACCOUNT_ID": Emulator.USER, "SYSTEM_TOKEN": "not-looked-at"}

    def run_program(self, command, **more):
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=self.environment | more)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def run_snippet(self, name, **more):
        """What a snippet of the guide prints, run as it stands there but for the address of the token endpoint."""
        code = SNIPPETS[name].replace(TOKENS, self.gateway.oauth)
        return self.run_program(["node", "-e", code] if name.endswith("-js") else ["sh", "-c", code], **more)

    def assert_app(self, account):
        self.assertTrue(account)
        self.assertNotEqual(account, Emulator.USER)

    def test_curl(self):
        self.assertEqual(self.run_snippet("curl")["accountId"], Emulator.USER)

    def test_curl_with_a_token_by_oauth(self):
        made = self.run_program([TONGS, "client", "create", "--installation", self.installation, "--admin",
                                 self.gateway.admin, "--admin-token", self.folder / "admin.token", "--format", "json"])
        me = self.run_snippet("bearer", CLIENT_ID=made["clientId"], CLIENT_SECRET=made["clientSecret"])
        self.assert_app(me["accountId"])

    def test_jira_js(self):
        said = self.run_snippet("jira-js")
        self.assertEqual(said["user"], Emulator.USER)
        self.assert_app(said["app"])

    def test_a_container(self):
        self.platform.open_panel()
        invocation = next(value for name, value in self.backend.seen[-1]["headers"]
                          if name.lower() == "x-forge-invocation-id")
        said = self.run_snippet("container-js", INVOCATION_ID=invocation)
        self.assertEqual(said["user"], Emulator.USER, "the one who opened the panel, with his own token")
        self.assert_app(said["app"])
        self.assertIn(self.installation, json.dumps(said["context"]))

    def test_the_seeds_client(self):
        said = self.run_program(["node", SOURCES / "seed_client.cjs", Emulator.USER])
        self.assertEqual(said["user"], Emulator.USER)
        self.assert_app(said["app"])
        self.assertEqual(said["fetches"], 2, "one, and one after it was invalidated")
        self.assertGreater(said["expiry"], time.time())
        self.assertLess(said["expiry"], time.time() + 24 * 3600, "in seconds")


if __name__ == "__main__":
    require_packages()
    require_programs("curl", "sh")
    unittest.main()
