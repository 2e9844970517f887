"""Nothing secret leaves a gateway by any way but the one that is meant for it: a gateway and the platform really run,
everything that they say is collected, and all of it is searched for every secret that they used."""

import base64
import hashlib
import hmac
import http.client
import json
import os
import re
import signal
import subprocess
import tempfile
import time
import unittest
import urllib.parse
from pathlib import Path

from talk import Echo, LocalServer, QuietHandler, ask, bearer
from tongs import TONGS, Emulator, Ours

CONFIG = """
[app]
id = "{app}"
[ingress]
listen = "127.0.0.1:0"
backend = "{backend}"
[jwks]
url = "{platform}/.well-known/jwks.json"
[vault]
url = "sqlite:{folder}/tongs.db"
key_file = "{folder}/vault.key"
[egress]
listen = "127.0.0.1:0"
[oauth]
listen = "127.0.0.1:0"
credentials_dir = "{folder}/credentials"
[admin]
listen = "127.0.0.1:0"
token_file = "{folder}/admin.token"
[sources]
order = ["invocation", "auth-trigger", "oauth"]
auth_path = "/forge/auth"
time = "2s"
oauth_token_url = "{platform}/oauth/token"
oauth_client_id = "{client_id}"
oauth_secret_file = "{folder}/oauth.secret"
[log]
level = "debug"
access_file = "{folder}/access.log"
access_personal = true
"""
LISTENERS = " ".join(rf"{name}=http://127\.0\.0\.1:(\d+)" for name in ("ingress", "egress", "oauth", "admin"))
FORM = ("Content-Type", "application/x-www-form-urlencoded")
EXCHANGE = {"grant_type": "urn:ietf:params:oauth:grant-type:token-exchange", "subject_token": Emulator.USER,
            "subject_token_type": "urn:tongs:params:oauth:token-type:account-id"}


class Tap(LocalServer):
    """Stands between platform and gateway, and keeps what is secret of all that passes."""

    def __init__(self, secrets):
        self.gateway = None
        super().__init__(self.handler(secrets))

    def handler(self, secrets):
        tap = self

        class Handler(QuietHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                tap.fit = self.headers["authorization"].removeprefix("Bearer ")
                secrets.add("fit", tap.fit)
                for name in ("x-forge-oauth-system", "x-forge-oauth-user"):
                    if self.headers[name]:
                        secrets.add(name, self.headers[name])
                for url in re.findall(rb'"authTriggerUrl":\s*"([^"]+)"', body):
                    secrets.add("trigger url", url.decode().rpartition("/")[2])
                headers = [pair for pair in self.headers.items() if pair[0].lower() not in ("host", "content-length")]
                answer = ask(tap.gateway, "POST", self.path, headers, body)
                self.send_response(answer.status)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body)
                if answer.status >= 300:  # others are the backend's
                    secrets.outputs[f"answer of the ingress {len(secrets.outputs)}"] = answer.body.decode()

        return Handler


class Secrets:
    """What must not be seen, by kind, and everything that was said, by who said it."""

    def __init__(self):
        self.known = {}
        self.outputs = {}

    def add(self, kind, text):
        self.known.setdefault(kind, set()).add(text)

    @staticmethod
    def forms(text):
        """In which it might be written, whole or cut off. Of a JWT only the signature is secret."""
        secret = text.rpartition(".")[2] if text.count(".") == 2 else text
        in_base64 = base64.b64encode(secret.encode()).decode().rstrip("=")
        for form in (secret, urllib.parse.quote(secret, safe=""), in_base64):
            yield from (form[:20], form[-20:]) if len(form) > 20 else (form,)

    def found_in(self, output):
        return {kind for kind, texts in self.known.items() for text in texts
                if any(form in output for form in self.forms(text))}


class Gateway(Ours):
    def __init__(self, config):
        super().__init__([TONGS, "gateway", "--config", config], LISTENERS)
        self.ingress, self.egress, self.oauth, self.admin = (int(port) for port in self.ready.groups())


class NothingSecret(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        cls.folder = Path(scratch.name)
        cls.secrets = Secrets()
        cls.tap = Tap(cls.secrets)
        cls.addClassCleanup(cls.tap.stop)
        cls.backend = Echo()
        cls.addClassCleanup(cls.backend.stop)
        cls.platform = Emulator(f"http://127.0.0.1:{cls.tap.port}")
        cls.addClassCleanup(cls.platform.stop)
        cls.platform_port = int(cls.platform.ready[2])
        client = ask(cls.platform_port, "GET", "/_emulator/oauth-client").json
        cls.secrets.add("secret of the source", client["clientSecret"])
        (cls.folder / "oauth.secret").write_text(client["clientSecret"], encoding="utf-8")
        (cls.folder / "oauth.secret").chmod(0o600)
        (cls.folder / "credentials").mkdir(mode=0o700)
        cls.vault_files = ("--vault", cls.folder / "tongs.db", "--key-file", cls.folder / "vault.key")
        cls.config = cls.folder / "gateway.toml"
        cls.config.write_text(CONFIG.format(app=Emulator.APP, backend=f"http://127.0.0.1:{cls.backend.port}",
                                            platform=cls.platform.url, folder=cls.folder,
                                            client_id=client["clientId"]), encoding="utf-8")
        cls.gateway = Gateway(cls.config)
        cls.addClassCleanup(cls.end_gateway)
        cls.tap.gateway = cls.gateway.ingress
        cls.secrets.add("admin token", (cls.folder / "admin.token").read_text(encoding="utf-8").strip())
        cls.emulator("PUT", "auth-endpoint", {"remote": "backend", "path": "/forge/auth"})

    @classmethod
    def end_gateway(cls):
        if cls.gateway:
            gateway, cls.gateway = cls.gateway, None
            gateway.stop()
            cls.secrets.outputs["log of the gateway"] = gateway.log

    @classmethod
    def emulator(cls, method, what, body=None):
        answer = ask(cls.platform_port, method, f"/_emulator/{what}", [("Content-Type", "application/json")],
                     json.dumps(body or {}).encode())
        assert answer.status < 300, answer.body
        return answer

    def keep(self, what, answer):
        """An answer that has to be free of secrets, its headers too."""
        self.secrets.outputs[f"{what} {len(self.secrets.outputs)}"] = f"{answer.headers}{answer.body.decode()}"
        return answer

    def command(self, *words, environment=(), keep=True):
        done = subprocess.run([TONGS, *map(str, words)], capture_output=True, text=True, check=False,
                              env=os.environ | dict(environment))
        self.secrets.outputs[f"tongs {' '.join(map(str, words))}"] = (done.stdout if keep else "") + done.stderr
        return done

    def admin_command(self, *words, keep=True):
        return self.command(*words, "--admin", f"http://127.0.0.1:{self.gateway.admin}", "--admin-token",
                            self.folder / "admin.token", keep=keep)

    def make_client(self, *options):
        made = json.loads(self.admin_command("client", "create", "--installation", self.installation, *options,
                                             "--format", "json", keep=False).stdout)
        self.secrets.add("client secret", made["clientSecret"])
        return made

    def token(self, client, grant, keep=False, path="/oauth2/token", **more):
        proved = grant | {"client_id": client["clientId"], "client_secret": client["clientSecret"]}
        answer = ask(self.gateway.oauth, "POST", path, [FORM, *more.get("headers", ())],
                     urllib.parse.urlencode(proved).encode())
        if not keep and answer.status == 200:
            self.secrets.add("given token", answer.json["access_token"])
            return answer
        return self.keep("oauth", answer)

    def egress(self, target, authorization, method="GET", body=b""):
        return ask(self.gateway.egress, method, target, [("forge-proxy-authorization", authorization)], body)

    def use_ingress(self):
        installation = self.emulator("POST", "installations").json
        self.assertEqual([delivery["state"] for delivery in installation["deliveries"]], ["delivered"])
        self.installation = installation["installationId"].rpartition("/")[2]
        self.platform.open_panel()
        fit = self.tap.fit
        head, _, signature = fit.rpartition(".")
        wrong = f"{head}.{signature[:-8]}AAAAAAAA"
        for target, headers in (("/panel", [bearer(wrong)]), ("/panel", [("Authorization", fit)]), ("/panel", []),
                                (f"/panel?token={fit}", [bearer(wrong)]), ("/panel", [bearer(fit), bearer(fit)]),
                                ("/forge/auth", [bearer(wrong), ("x-forge-oauth-system", fit)]),
                                ("/forge/auth", [bearer(fit), ("x-forge-oauth-system", "x" * 9000)]),
                                ("/panel", [("Cookie", fit), ("X-Big", "y" * 70_000)]),
                                ("/_tongs/verify", [bearer(wrong)])):
            self.keep("ingress", ask(self.gateway.ingress, "POST", target, headers, b"{}"))

    def use_egress(self):
        app = f"Forge as=app,installationId={self.installation}"
        user = f"Forge as=user,accountId={Emulator.USER},installationId={self.installation}"
        for who in (app, user):
            self.assertEqual(self.egress("/jira/rest/api/3/myself", who).status, 200)
        for target, who in (("/jira/x", "Forge as=app,installationId=unknown"), ("/jira/x", self.tap.fit),
                            ("/nowhere", app),  ("/jira/x", user.replace(Emulator.USER, "557058:nobody"))):
            answer = self.egress(target, who)
            self.assertGreaterEqual(answer.status, 400)
            self.keep("egress", answer)
        query = f'{{offlineUserAuthToken(userID:"{Emulator.USER}"){{accessToken expiry}}}}'
        seed = self.egress("/graphql", app, "POST", json.dumps({"query": query}).encode()).json["data"]
        self.secrets.add("given token", seed["offlineUserAuthToken"]["accessToken"])
        self.keep("egress", ask(self.gateway.egress, "GET", "/v1/installations"))

    def use_oauth(self):
        client = self.make_client("--name", "billing")
        other = self.make_client("--connect")
        for grant in ({"grant_type": "client_credentials"}, EXCHANGE):
            self.assertEqual(self.token(client, grant).status, 200)
        assertion = self.connect_assertion(other)
        self.secrets.add("assertion", assertion)
        bearer_grant = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": assertion}
        self.assertEqual(self.token(other, bearer_grant).status, 200)
        given = next(iter(self.secrets.known["given token"]))
        for path in ("/oauth2/introspect", "/oauth2/revoke"):
            self.token(client, {"token": given}, keep=True, path=path)
        app = {"grant_type": "client_credentials"}
        for grant in (EXCHANGE | {"subject_token": given}, {"grant_type": given}, app | {"scope": given},
                      {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": assertion + "x"}):
            self.assertNotEqual(self.token(client, grant, keep=True).status, 200)
        mixed = {"clientId": client["clientId"], "clientSecret": other["clientSecret"]}
        self.token(mixed, app, keep=True)
        self.token({"clientId": client["clientSecret"], "clientSecret": "x"}, app, keep=True)
        self.token(client, app, keep=True,
                   path=f"/oauth2/token?client_secret={client['clientSecret']}")
        basic = base64.b64encode(f"{client['clientId']}:{client['clientSecret']}".encode()).decode()
        self.secrets.add("basic credentials", basic)
        self.token(client, app, keep=True, headers=[("Authorization", f"Basic {basic}")])
        rotated = self.admin_command("client", "rotate", client["clientId"], "--format", "json", keep=False).stdout
        self.secrets.add("client secret", json.loads(rotated)["clientSecret"])

    def connect_assertion(self, client):
        def part(content):
            return base64.urlsafe_b64encode(content).decode().rstrip("=")
        now = int(time.time())
        claims = {"iss": f"urn:atlassian:connect:clientid:{client['clientId']}", "iat": now, "exp": now + 60,
                  "sub": f"urn:atlassian:connect:useraccountid:{Emulator.USER}",
                  "tnt": "https://site.atlassian.net", "aud": f"http://127.0.0.1:{self.gateway.oauth}"}
        text = ".".join(part(json.dumps(each).encode()) for each in ({"alg": "HS256", "typ": "JWT"}, claims))
        return f"{text}.{part(hmac.digest(client['clientSecret'].encode(), text.encode(), hashlib.sha256))}"

    def break_every_hop(self):
        """An installation without any token, and a platform that fails."""
        app = f"Forge as=app,installationId={self.installation}"
        user = f"Forge as=user,accountId=557058:another,installationId={self.installation}"
        for target in ("auth-trigger", "oauth", "graphql", "products"):
            action = {"status": 401, "body": {"message": self.tap.fit, "error": self.tap.fit}}
            self.emulator("POST", "faults", {"match": {"target": target}, "count": 20, "action": action})
        self.keep("failing user", self.egress("/jira/rest/api/3/myself", user))
        self.egress("/jira/rest/api/3/myself", app)
        self.admin_command("consent", "revoke", "--installation", self.installation)
        self.keep("revoked", self.egress("/jira/rest/api/3/myself", app))
        self.admin_command("consent", "authorize", "--installation", self.installation)
        self.keep("failing app", self.egress("/jira/rest/api/3/myself", app))
        self.emulator("DELETE", "faults")
        self.emulator("POST", "installations")  # and with it a token that stays

    def use_admin(self):
        self.admin_command("client", "list", "--installation", self.installation)
        self.admin_command("consent", "list", "--format", "json")
        token = (self.folder / "admin.token").read_text(encoding="utf-8").strip()
        clients = f"/v1/installations/{self.installation}/clients"
        for path in ("/metrics", "/readyz", "/healthz", "/v1/installations", clients, "/nowhere"):
            self.keep("admin", ask(self.gateway.admin, "GET", path, [bearer(token)]))
        self.keep("admin", ask(self.gateway.admin, "POST", f"/v1/vault?token={token}", [bearer(token[:-1] + "x")]))
        for words in (("rotate-key",), ("status",), ("backup", self.folder / "backup.db")):
            done = self.admin_command("vault", *words, *self.vault_files)
            self.assertEqual(done.returncode, 0, done.stderr)

    def reload(self):
        self.gateway.process.send_signal(signal.SIGHUP)
        self.assertTrue(self.gateway.wait_for_line("the configuration was reloaded"))
        text = self.config.read_text(encoding="utf-8")
        secret = next(iter(self.secrets.known["secret of the source"]))
        self.config.write_text(f'{text}\n[sources]\noauth_client_secret = "{secret}"\n', encoding="utf-8")
        self.gateway.process.send_signal(signal.SIGHUP)
        self.assertTrue(self.gateway.wait_for_line("was not reloaded"))
        self.command("gateway", "--check-config", "--config", self.config)
        self.config.write_text(text, encoding="utf-8")
        key = base64.urlsafe_b64encode(os.urandom(32)).decode().rstrip("=")
        self.secrets.add("vault key", key)
        self.secrets.add("password of a proxy", "open-sesame-of-the-proxy")
        self.command("gateway", "--check-config", "--config", self.config, environment={
            "TONGS_SOURCES_OAUTH_CLIENT_SECRET": secret, "TONGS_VAULT_KEYS": key,
            "TONGS_PLATFORM_PROXY": "http://me:open-sesame-of-the-proxy@127.0.0.1:1"})

    def read_what_was_written(self):
        self.command("vault", "export", *self.vault_files)
        self.command("audit", "show", self.folder / "tongs.audit")
        for name in ("access.log", "tongs.audit"):
            self.secrets.outputs[name] = (self.folder / name).read_text(encoding="utf-8")
        for name in ("tongs.db", "tongs.db-wal", "backup.db"):
            if (self.folder / name).exists():
                self.secrets.outputs[name] = (self.folder / name).read_bytes().decode("latin-1")
        for file in (self.folder / "credentials").iterdir():
            self.secrets.add("client secret", json.loads(file.read_text(encoding="utf-8"))["clientSecret"])
        for text in re.findall(r"[\w+/=-]{43,}", (self.folder / "vault.key").read_text(encoding="utf-8")):
            self.secrets.add("vault key", text)
        return self.command("vault", "export", "--reveal-secrets", *self.vault_files, keep=False).stdout

    def test_is_in_anything_that_was_said(self):
        limits = Path(f"/proc/{self.gateway.process.pid}/limits").read_text(encoding="utf-8")
        self.assertRegex(limits, r"Max core file size +0 +0 ")
        self.use_ingress()
        self.use_egress()
        self.use_oauth()
        self.use_admin()
        self.break_every_hop()
        self.reload()
        self.end_gateway()
        self.secrets.outputs["log of the platform"] = self.platform.log
        # The body of an event is the backend's own, as Forge wrote it.
        self.secrets.outputs["what the backend was sent"] = json.dumps([seen["headers"] for seen in self.backend.seen])
        revealed = self.read_what_was_written()
        for kind in ("fit", "x-forge-oauth-system", "x-forge-oauth-user", "trigger url", "given token", "client secret",
                     "assertion", "admin token", "secret of the source", "vault key", "basic credentials"):
            self.assertTrue(self.secrets.known.get(kind), f"nothing secret was used of the kind: {kind}")
        self.assertLessEqual({"x-forge-oauth-system", "trigger url"}, self.secrets.found_in(revealed), "what is there")
        for name, output in self.secrets.outputs.items():
            self.assertEqual(self.secrets.found_in(output), set(), f"{name}:\n{output[:4000]}")


if __name__ == "__main__":
    unittest.main()
