"""OAuth clients that others wrote get tokens from our gateway, as the guide says; the platform is our emulator."""

import json
import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from guide import marked_blocks
from npm_packages import require_packages
from programs import require_programs
from talk import Echo, ask
from tongs import TONGS, Emulator, GatewayOfEmulator

SNIPPETS = marked_blocks("oauth.md")
GUIDE_URL = re.compile(r"https?://127\.0\.0\.1:7073")
MAKE_KEY = """
const { exportJWK, generateKeyPair } = require("jose");
generateKeyPair("RS256", { extractable: true }).then(async ({ privateKey, publicKey }) => {
  const about = { kid: "backend-1", alg: "RS256", use: "sig" };
  console.log(JSON.stringify({ private: { ...(await exportJWK(privateKey)), ...about },
                               public: { ...(await exportJWK(publicKey)), ...about } }));
});
"""


class Scene(unittest.TestCase):
    """An installation, and a gateway that gives its tokens."""

    @classmethod
    def settings(cls):
        """Of the gateway, beside those of its file."""
        return {}

    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        cls.folder = Path(scratch.name)
        backend = Echo()
        cls.addClassCleanup(backend.stop)
        cls.gateway = GatewayOfEmulator(cls.folder, f"http://127.0.0.1:{backend.port}", cls.settings())
        cls.addClassCleanup(cls.gateway.stop)
        cls.platform = Emulator(f"http://127.0.0.1:{cls.gateway.port}")
        cls.addClassCleanup(cls.platform.stop)
        cls.gateway.use(cls.platform.url)
        installation = cls.platform.admin("installations")
        assert [delivery["state"] for delivery in installation["deliveries"]] == ["delivered"], installation
        cls.installation = installation["installationId"].rpartition("/")[2]

    def tongs(self, *words):
        """What `tongs client` says."""
        done = subprocess.run([TONGS, "client", *words, "--admin", self.gateway.admin, "--admin-token",
                               self.folder / "admin.token", "--format", "json"],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def make_client(self, *options):
        client = self.tongs("create", "--installation", self.installation, *options)
        return {"CLIENT_ID": client["clientId"], "CLIENT_SECRET": client.get("clientSecret", ""),
                "ACCOUNT_ID": Emulator.USER}

    def try_snippet(self, name, variables):
        """A snippet of the guide, run as it stands there but for the address."""
        code = GUIDE_URL.sub(self.gateway.oauth, SNIPPETS[name])
        self.assertIn(self.gateway.oauth, code)
        command = ["sh", "-c", code] if name.startswith("curl") else ["node", "-e", code]
        return subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | variables)

    def run_snippet(self, name, variables):
        """What it prints."""
        done = self.try_snippet(name, variables)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def assert_works(self, token, account=None):
        """The products take this token for the app, or for the user."""
        site = self.platform.admin("invoke", {"module": "summary-panel", "method": "POST", "user": Emulator.USER,
                                              "body": {}})
        self.assertEqual(site["status"], 200)
        self.assertEqual(token["token_type"].lower(), "bearer")
        headers = json.loads(site["body"]) if isinstance(site["body"], str) else site["body"]
        base = dict(headers["headers"])["Forge-Api-Base-Url"].removeprefix(self.platform.url)
        me = ask(int(self.platform.ready[2]), "GET", f"{base}/rest/api/3/myself",
                 [("Authorization", f"Bearer {token['access_token']}")])
        self.assertEqual(me.status, 200, me.body)
        if account:
            self.assertEqual(me.json["accountId"], account)


class OAuth(Scene):
    def test_curl(self):
        client = self.make_client()
        self.assert_works(self.run_snippet("curl-app", client))
        user = self.run_snippet("curl-user", client)
        self.assert_works(user, Emulator.USER)
        self.assertEqual(user["issued_token_type"], "urn:ietf:params:oauth:token-type:access_token")

    def test_openid_client(self):
        said = self.run_snippet("openid-client", self.make_client())
        self.assert_works(said["app"])
        self.assertTrue(said["before"]["active"])
        self.assertEqual(said["before"]["sub"], Emulator.USER)
        self.assertEqual(said["after"], {"active": False})

    def test_openid_client_with_a_key_of_its_own(self):
        made = subprocess.run(["node", "-e", MAKE_KEY], capture_output=True, text=True, check=True)
        keys = json.loads(made.stdout)
        private, public = self.folder / "private.json", self.folder / "jwks.json"
        private.write_text(json.dumps(keys["private"]), encoding="utf-8")
        public.write_text(json.dumps({"keys": [keys["public"]]}), encoding="utf-8")
        client = self.make_client("--jwks", str(public))
        self.assertEqual(client["CLIENT_SECRET"], "")
        self.assert_works(self.run_snippet("private-key", client | {"PRIVATE_JWK": str(private)}))

    def test_simple_oauth2(self):
        token = self.run_snippet("simple-oauth2", self.make_client())
        self.assert_works(token)
        self.assertFalse(token["expired"])

    def test_atlassian_oauth2(self):
        self.assert_works(self.run_snippet("atlassian-oauth2", self.make_client("--connect")), Emulator.USER)

    def test_atlassian_oauth2_of_a_client_whose_secret_is_not_kept(self):
        done = self.try_snippet("atlassian-oauth2", self.make_client())
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("invalid_grant", done.stderr)

    def test_the_command_line_rotates_and_deletes(self):
        client = self.make_client("--name", "billing")
        fresh = self.tongs("rotate", client["CLIENT_ID"], "--overlap-seconds", "0")
        self.assert_works(self.run_snippet("curl-app", client | {"CLIENT_SECRET": fresh["clientSecret"]}))
        listed = self.tongs("list", "--installation", self.installation)["clients"]
        self.assertIn("billing", [each["name"] for each in listed])
        self.tongs("delete", client["CLIENT_ID"])
        listed = self.tongs("list", "--installation", self.installation)["clients"]
        self.assertNotIn(client["CLIENT_ID"], [each["clientId"] for each in listed])


class Certificates(Scene):
    """Of an authority of the operator's own, as `openssl` makes them."""

    @classmethod
    def settings(cls):
        cls.make("authority")
        cls.make("strange-authority")
        cls.make("gateway", "authority", "IP:127.0.0.1")
        billing = "DNS:billing.example.com,URI:spiffe://example.com/billing"
        cls.make("billing", "authority", billing)
        cls.make("renewed", "authority", billing)
        cls.make("reports", "authority", "DNS:reports.example.com")
        cls.make("expired", "authority", billing, days=-1)
        cls.make("stranger", "strange-authority", billing)
        return {"TONGS_OAUTH_TLS_CERTIFICATE": str(cls.folder / "gateway.pem"),
                "TONGS_OAUTH_TLS_KEY": str(cls.folder / "gateway.key"),
                "TONGS_OAUTH_TLS_CLIENT_CA": str(cls.folder / "authority.pem")}

    @classmethod
    def make(cls, name, issuer=None, names=None, days=1):
        """NAME.pem with NAME.key; without an issuer it vouches for others."""
        key, certificate, extensions = (cls.folder / f"{name}.{kind}" for kind in ("key", "pem", "ext"))
        extensions.write_text(f"subjectAltName = {names}" if issuer else "basicConstraints = critical, CA:TRUE",
                              encoding="utf-8")
        request = cls.folder / f"{name}.csr"
        signer = ["-CA", cls.folder / f"{issuer}.pem", "-CAkey", cls.folder / f"{issuer}.key"] if issuer else \
            ["-signkey", key]
        for command in (["req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                         key, "-out", request, "-subj", f"/CN={name}"],
                        ["x509", "-req", "-in", request, "-out", certificate, "-days", str(days), "-extfile",
                         extensions, *signer]):
            subprocess.run(["openssl", *command], check=True, capture_output=True)

    def shown(self, name):
        return {"GATEWAY_CA": str(self.folder / "authority.pem"), "CERTIFICATE": str(self.folder / f"{name}.pem"),
                "PRIVATE_KEY": str(self.folder / f"{name}.key")}

    def test_curl(self):
        client = self.make_client("--certificate", "dns:billing.example.com")
        self.assertEqual(client["CLIENT_SECRET"], "")
        for name in ("billing", "renewed"):
            self.assert_works(self.run_snippet("curl-certificate", client | self.shown(name)))
        for name in ("reports", "expired", "stranger"):
            refused = self.try_snippet("curl-certificate", client | self.shown(name))
            self.assertNotEqual(refused.returncode, 0, name)
            self.assertEqual(refused.stdout, "", name)
        reports = self.make_client("--certificate", "subject:CN=reports")
        self.assert_works(self.run_snippet("curl-certificate", reports | self.shown("reports")))

    def test_openid_client(self):
        client = self.make_client("--certificate", "uri:spiffe://example.com/billing")
        self.assert_works(self.run_snippet("certificate", client | self.shown("billing")))
        refused = self.try_snippet("certificate", client | self.shown("reports"))
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("invalid_client", refused.stderr)


if __name__ == "__main__":
    require_packages()
    require_programs("curl", "openssl", "sh")
    unittest.main()
