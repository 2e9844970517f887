"""The typed clients send what jira.js and confluence.js send, for every operation that both know."""

import email
import email.policy
import json
import os
import subprocess
import unittest
from urllib.parse import parse_qsl, unquote, urlsplit

from npm_packages import SOURCES, require_packages

CALLS = os.environ["TONGS_PEERS_CALLS"]

# Operations where the two differ, by the reason. Nothing else may.
DIFFERENT = {
    "the caller of jira.js makes the form himself": {("jira_service_management", "attachTemporaryFile")},
    "jira.js sends the pairs under the name that the document gives to all of them": {
        ("jira_software", "deleteRemoteLinksByProperty")},
    "jira.js calls the API of v2 for these, whose bodies are texts": {
        ("jira_v3", "addComment"), ("jira_v3", "addWorklog")},
    "jira.js calls the successors by the names of the deprecated searches; ours have both": {
        ("jira_software", name) for name in (
            "getIssuesForBacklog", "getIssuesWithoutEpicForBoard", "getBoardIssuesForEpic", "getIssuesForBoard",
            "getBoardIssuesForSprint", "getIssuesWithoutEpic", "getIssuesForEpic", "getIssuesForSprint")},
}
# jira.js takes these pairs of the query one by one; ours takes whatever the provider stored.
PAIRS = ("accountId", "createdBy", "repoId")


def lines(*command, text=None):
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def query_of(api, text):
    """Pairs, in any order. Confluence v1 takes lists with commas (its document says so) and repeated (confluence.js)."""
    pairs = parse_qsl(text, keep_blank_values=True)
    if api != "confluence_v1":
        return sorted(pairs)
    lists = {}
    for name, value in pairs:
        lists.setdefault(name, []).append(value)
    return sorted((name, ",".join(values)) for name, values in lists.items())


def parts_of(body, content_type):
    """Of a form: name, file name and content of each part, as api_calls.mjs writes them."""
    if "boundary=" not in content_type:
        return json.loads(body)
    message = email.message_from_string(f"content-type: {content_type}\n\n{body}", policy=email.policy.HTTP)
    return [[part.get_param("name", header="content-disposition"), part.get_filename(), part.get_payload()]
            for part in message.iter_parts()]


def request(api, sent):
    """What must be equal. `+` and `%20` are both a space of a query; without a body its type means nothing."""
    url = urlsplit(sent["target"])
    headers = {name.lower(): value for name, value in sent["headers"].items()}
    form = headers.get("content-type", "").startswith("multipart/form-data")
    return {
        "method": sent["method"],
        "path": unquote(url.path),
        "query": query_of(api, url.query),
        "content-type": None if not sent["body"] else "multipart/form-data" if form else headers.get("content-type"),
        "body": parts_of(sent["body"], headers["content-type"]) if form else sent["body"],
    }


def arguments(theirs):
    """For our function: what theirs was given, and the body that it made of it."""
    args = dict(theirs["args"])
    sent = theirs["sent"]
    if theirs["kind"] == "files":
        args["@files"] = [{"name": "a.txt", "content": "hot"}]
        args.update({name: value for name, file, value in json.loads(sent["body"]) if file is None}
                    if sent["body"].startswith("[[") else {})
    elif theirs["kind"] == "bytes":
        args["@content"] = sent["body"]
        args["@contentType"] = sent["headers"].get("content-type", "image/png")
    elif sent["body"] and not sent["body"].startswith("[FormData"):
        args["@body"] = json.loads(sent["body"])
    given = dict(parse_qsl(urlsplit(sent["target"]).query))
    if any(name in given for name in PAIRS) and not args:
        args["properties"] = given
    return args


class Apis(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        operations = subprocess.run([CALLS, "--operations"], capture_output=True, text=True, check=True).stdout
        cls.operations = [json.loads(line) for line in operations.splitlines()]
        cls.theirs = lines("node", str(SOURCES / "api_calls.mjs"), text=operations)
        cls.sent = [call for call in cls.theirs if "sent" in call]
        asked = "".join(json.dumps({"api": call["api"], "name": call["name"], "args": arguments(call)}) + "\n"
                        for call in cls.sent)
        cls.ours = lines(CALLS, text=asked)

    def test_both_know_nearly_all_operations(self):
        self.assertEqual(len(self.operations), 1754)
        self.assertGreater(len(self.sent), 965)

    def test_every_function_sends_what_it_is_named_for(self):
        asked = "".join(json.dumps({"api": each["api"], "name": each["name"], "args": {
            **{p["name"]: "x" for p in each["parameters"] if p["in"] == "path"},
            "@body": {}, "@content": "", "@contentType": "image/png", "@files": []}}) + "\n" for each in self.operations)
        for operation, sent in zip(self.operations, lines(CALLS, text=asked)):
            with self.subTest(operation["name"]):
                self.assertIsNotNone(sent)
                self.assertEqual(sent["method"], operation["method"])
                path = operation["path"]
                for parameter in operation["parameters"]:
                    path = path.replace("{" + parameter["name"] + "}", "x")
                self.assertEqual(sent["target"].split("?")[0], path)

    def test_they_are_equal(self):
        allowed = set().union(*DIFFERENT.values())
        different = set()
        for theirs, ours in zip(self.sent, self.ours):
            key = (theirs["api"], theirs["id"])
            wanted = request(theirs["api"], theirs["sent"])
            got = request(theirs["api"], ours) if ours else None
            if got != wanted:
                different.add(key)
                if key not in allowed:
                    with self.subTest(key):
                        self.assertEqual(got, wanted)
        self.assertEqual(different, allowed & {(call["api"], call["id"]) for call in self.sent})

    def test_uploads_carry_the_header_without_which_they_are_refused(self):
        for theirs, ours in zip(self.sent, self.ours):
            if theirs["kind"] in ("files", "bytes") and ours:
                with self.subTest(theirs["id"]):
                    headers = {name.lower(): value for name, value in ours["headers"].items()}
                    self.assertEqual(headers.get("x-atlassian-token"), "no-check")


if __name__ == "__main__":
    require_packages()
    unittest.main()
