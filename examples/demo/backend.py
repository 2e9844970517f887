#!/usr/bin/env python3
"""The backend of the demo: no Forge code in it. It trusts the Forge-* headers, because only the gateway reaches it and
only the gateway can set them, and it calls Jira through the gateway's egress as the user who asked."""

import json
import os
import sys
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

EGRESS = os.environ["FORGE_EGRESS_PROXY_URL"]


def issue_as(account, installation, key):
    """One issue, read in the name of `account`; who that is allowed to see it, Jira decides."""
    request = urllib.request.Request(f"{EGRESS}/jira/rest/api/3/issue/{key}?fields=summary")
    uuid = installation.rsplit("/", 1)[-1]
    request.add_header("forge-proxy-authorization", f"Forge as=user,accountId={account},installationId={uuid}")
    request.add_header("accept", "application/json")
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)


class Backend(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one write per answer

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        if self.path in ("/events", "/token-sync"):
            return self.answer(200, {})
        if self.path == "/panel":
            return self.panel(json.loads(body or b"{}"))
        return self.answer(404, {"error": "no such path"})

    def panel(self, wanted):
        account = self.headers["Forge-Account-Id"]
        began = time.monotonic()
        try:
            issue = issue_as(account, self.headers["Forge-Installation-Id"], wanted.get("issue", "PROJ-1"))
        except urllib.error.HTTPError as refused:
            return self.answer(502, {"error": f"Jira answered {refused.code}", "detail": json.load(refused)})
        self.answer(200, {
            "user": account,
            "module": self.headers["Forge-Module"],
            "issue": issue["key"],
            "summary": issue["fields"]["summary"],
            "egressMs": round((time.monotonic() - began) * 1000, 1),
        })

    def answer(self, status, value):
        text = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *arguments):
        pass


def main():
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "0"))), Backend)
    print(f"backend ready http://127.0.0.1:{server.server_port}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        sys.exit(0)


if __name__ == "__main__":
    main()
