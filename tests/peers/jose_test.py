"""Tongs and jose, the library that most Forge Remotes in Node verify their invocations with, judge each other's tokens."""

import json
import os
import subprocess
import tempfile
import unittest

from npm_packages import SOURCES, require_packages

TONGS = os.environ["TONGS_BINARY"]
CORPUS = os.environ["TONGS_PEERS_CORPUS"]
ISSUED_AT = 1_700_175_149

# Tokens of tests/conformance/jws that jose accepts and we refuse, by our reason. Nothing else may differ.
STRICTER = {
    "a name that occurs twice has no one value (RFC 8259 4): the next reader may take the other": {
        "algorithms: alg twice, the good one last", "audience: twice, both ours", "claims: the user twice",
        "claims: a name twice in a corner", "dates: exp twice", "dates: iat twice", "dates: nbf twice",
        "header: kid twice", "header: a nested name twice", "header: typ twice", "issuer: twice",
        "issuer: twice, the good one last"},
    "a token has one spelling (RFC 7515 2): whoever compares tokens as texts must not be fooled": {
        "encoding: the last character has other unused bits", "encoding: padding at the end",
        "encoding: one padding character", "encoding: a space after", "encoding: a line break after",
        "encoding: CR LF after", "encoding: a NUL after", "encoding: a byte above ASCII"},
    "JSON has no byte order mark (RFC 8259 8.1), and no half characters": {
        "header: a byte order mark before the header", "claims: a byte order mark before the payload",
        "claims: half a surrogate pair"},
    "a FIT is for one app and no other": {
        "audience: an array of two", "audience: an array with ours twice", "audience: an array with ours last"},
    "the claims of a FIT must be there, be one thing, and agree (contract 2.3); jose does not know them": {
        "audience: app.id of another app", "audience: app.id with an extra segment", "claims: the user is empty",
        "claims: the user is a number", "claims: the user has a comma", "claims: the user has a line break",
        "claims: no installation", "claims: two installations", "claims: the installation is of another kind",
        "claims: the installation is a number", "claims: no app", "claims: app is null", "claims: an empty jti",
        "claims: jti as a number"},
    "dates are whole seconds that every reader can hold; jose takes each number that JavaScript has": {
        f"dates: {claim} {what}" for claim, whats in {
            "exp": ("with a fraction", "with a fraction of zero", "past the year 9999", "of 2^63-1", "of 2^63", "of 2^64",
                    "infinite"),
            "nbf": ("with a fraction of zero", "with an exponent", "negative"),
            "iat": ("with a fraction", "with a fraction of zero", "with an exponent", "negative", "past the year 9999",
                    "of 2^63-1", "of 2^63", "of 2^64", "infinite"),
        }.items() for what in whats},
    "jose reads iat only with a greatest age, and counts the second in which it is reached in": {
        "dates: iat a second ahead", "dates: older than allowed", "dates: too old, with leeway"},
    "a header that changes what the bytes mean is refused, not skipped (RFC 7797 7, RFC 7516 4.1.3)": {
        "header: crit and b64", "header: b64 false", "header: b64 as a text", "header: zip", "header: zip null"},
    "a token that says it is something else is no FIT (RFC 8725 3.11)": {
        "header: typ at+jwt", "header: typ secevent+jwt", "header: typ null", "header: typ as a number"},
    "the kid says which key; jose takes the only one that there is": {
        "kids: missing", "kids: null", "kids: a number", "kids: an array", "kids: an object"},
    "nothing of more than 16 KiB is read": {"encoding: longer than the limit"},
}


def node(script, *arguments, text=None):
    done = subprocess.run(["node", SOURCES / script, *arguments], input=text, capture_output=True, text=True,
                          check=True)
    return done.stdout


class Corpus(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        tokens = subprocess.run([CORPUS], capture_output=True, text=True, check=True).stdout
        cls.verdicts = [json.loads(line) for line in node("jose_verify.cjs", text=tokens).splitlines()]

    def cases(self, of_us, of_jose):
        return {verdict["case"] for verdict in self.verdicts
                if ((verdict["ours"] == "accepted"), (verdict["jose"] == "accepted")) == (of_us, of_jose)}

    def test_both_accept_and_both_refuse_a_lot(self):
        self.assertGreater(len(self.cases(True, True)), 25)
        self.assertGreater(len(self.cases(False, False)), 150)

    def test_we_accept_nothing_that_jose_refuses(self):
        self.assertEqual(self.cases(True, False), set())

    def test_we_refuse_more_for_the_reasons_above_only(self):
        self.assertEqual(self.cases(False, True), set().union(*STRICTER.values()))


# What jose signs, and what `tongs token verify` must say of it.
GOOD = {"RS256", "RS256 with 3072 bits", "RS256, typ JWT", "RS256, audience in an array", "RS256, no user"}
BAD = {
    "RS384": "algorithm_not_allowed",
    "RS512": "algorithm_not_allowed",
    "PS256": "algorithm_not_allowed",
    "PS256 by the RS256 key": "algorithm_not_allowed",
    "ES256": "algorithm_not_allowed",
    "EdDSA": "algorithm_not_allowed",
    "HS256, the secret is the public key as PEM": "algorithm_not_allowed",
    "HS256, the secret is the public key as JWK": "algorithm_not_allowed",
    "unsecured": "algorithm_not_allowed",
    "expired": "token_expired",
    "not yet valid": "token_not_yet_valid",
    "another app": "audience_mismatch",
    "no audience": "token_malformed",
    "another issuer": "issuer_mismatch",
    "an unpublished key": "key_unknown",
    "an unpublished key under a published name": "signature_invalid",
    "the key comes with the token": "signature_invalid",
    "no name of a key": "token_malformed",
    "a critical extension": "token_malformed",
    "encrypted": "token_malformed",
}


class TokenVerify(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        made = json.loads(node("jose_sign.cjs", str(ISSUED_AT)))
        cls.app, cls.jwks, cls.tokens = made["app"], made["jwks"], made["tokens"]

    def verify(self, token):
        """Exit status and report, by the keys that jose published: of other algorithms, too."""
        with tempfile.NamedTemporaryFile("w", suffix=".json") as jwks:
            json.dump(self.jwks, jwks)
            jwks.flush()
            done = subprocess.run([TONGS, "token", "verify", "--app-id", self.app, "--jwks", jwks.name, "--format", "json",
                                   "--at", str(ISSUED_AT + 1), "-"], input=token, capture_output=True, text=True,
                                  check=False)
        self.assertEqual(done.stderr, "")
        return done.returncode, json.loads(done.stdout)

    def test_every_token_of_jose_has_its_verdict_here(self):
        self.assertEqual(self.tokens.keys(), GOOD | BAD.keys())

    def test_good_ones_are_valid(self):
        for name in GOOD:
            with self.subTest(name):
                status, report = self.verify(self.tokens[name])
                self.assertEqual((status, report["valid"]), (0, True), report)
                self.assertIn(report["claims"]["aud"], (self.app, [self.app]))

    def test_bad_ones_are_refused_for_the_right_reason(self):
        for name, error in BAD.items():
            with self.subTest(name):
                self.assertEqual(self.verify(self.tokens[name]), (1, {"valid": False, "error": error}))


if __name__ == "__main__":
    require_packages()
    unittest.main()
