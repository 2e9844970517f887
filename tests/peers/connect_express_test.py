"""Our emulator calls a remote that Atlassian's own library protects: atlassian-connect-express."""

import subprocess
import unittest

from npm_packages import SOURCES, require_packages
from programs import Program
from talk import ask
from tongs import Emulator

FLAWS = ("expired", "not-yet-valid", "wrong-audience", "wrong-issuer", "wrong-signature", "unknown-key", "no-signature")
NOT_VERIFIED = "Remote could not verify the Forge Invocation Token"


class ConnectExpress(unittest.TestCase):
    def setUp(self):
        self.remote = Program(["node", SOURCES / "connect_express.cjs", Emulator.APP], r"ready http://127\.0\.0\.1:(\d+)",
                              stdin=subprocess.PIPE)
        self.addCleanup(self.remote.stop)
        self.port = int(self.remote.ready[1])
        self.platform = Emulator(f"http://127.0.0.1:{self.port}")
        self.addCleanup(self.platform.stop)
        self.remote.process.stdin.write(self.platform.url + "\n")
        self.remote.process.stdin.flush()
        self.installation = self.platform.admin("installations")

    def told(self):
        """What the middleware has told the app since it was installed."""
        event, *others = ask(self.port, "GET", "/told").json
        self.assertEqual(event["path"], "/events")
        return others

    def test_an_event_is_accepted_with_the_system_token(self):
        [delivery] = self.installation["deliveries"]
        self.assertEqual((delivery["state"], delivery["attempts"]), ("delivered", 1))
        [event] = ask(self.port, "GET", "/told").json
        self.assertEqual(event["claims"]["app"]["installationId"], self.installation["installationId"])
        self.assertEqual(event["claims"]["app"]["module"]["type"], "core:endpoint")
        self.assertNotIn("principal", event["claims"])
        self.assertTrue(event["tokens"]["app"])
        self.assertEqual(event["kept"], event["tokens"]["app"])

    def test_a_user_is_accepted_with_all_claims_that_forge_documents(self):
        self.assertEqual(self.platform.open_panel()["status"], 200)
        [panel] = self.told()
        claims = panel["claims"]
        self.assertEqual(claims["principal"], Emulator.USER)
        self.assertEqual(claims["aud"], Emulator.APP)
        self.assertEqual(claims["exp"] - claims["iat"], 25)
        self.assertRegex(claims["jti"], r"^[0-9a-f]{40}$")
        app = claims["app"]
        self.assertEqual(app["id"], Emulator.APP)
        self.assertEqual(app["installation"]["id"], self.installation["installationId"])
        self.assertEqual(app["apiBaseUrl"], self.installation["apiBaseUrl"])
        self.assertEqual(app["environment"]["type"], "DEVELOPMENT")
        self.assertEqual(app["module"], {"type": "jira:issuePanel", "key": "summary-panel"})
        self.assertEqual(claims["context"]["cloudId"], self.installation["cloudId"])
        self.assertTrue(panel["tokens"]["user"])
        self.assertNotIn("app", panel["tokens"])

    def test_a_token_with_a_flaw_is_refused(self):
        for flaw in FLAWS:
            with self.subTest(flaw):
                self.platform.admin("faults", {"match": {"target": "deliveries"}, "action": {"fit": flaw}})
                self.assertEqual(self.platform.open_panel()["error"], NOT_VERIFIED)
        self.assertEqual(self.told(), [])
        self.assertEqual(self.platform.open_panel()["status"], 200)

    def test_new_keys_are_accepted(self):
        self.platform.admin("keys/rotate")
        self.assertEqual(self.platform.open_panel()["status"], 200)

    def test_without_keys_nothing_is_accepted(self):
        self.platform.admin("faults", {"match": {"target": "jwks"}, "action": {"status": 503}})
        self.assertEqual(self.platform.open_panel()["error"], NOT_VERIFIED)

    def test_it_forgets_the_system_token_when_a_user_comes(self):
        """Which is why our vault never replaces a token by none."""
        self.platform.open_panel()
        self.assertNotIn("kept", self.told()[0])


if __name__ == "__main__":
    require_packages()
    unittest.main()
