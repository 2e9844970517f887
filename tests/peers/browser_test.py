"""A page in a real browser calls the gateway, as `requestRemote` does: Chromium decides what it may send and read."""

import json
import tempfile
import threading
import unittest
from pathlib import Path

from programs import READY_TIME, Program, require_programs
from talk import Echo, LocalServer, QuietHandler
from tongs import Gateway, make_fits

# Makes each call, tells what came of it.
PAGE = """<!doctype html><title>A page of an app</title><script>
const told = async ({target, ...options}) => {
  try {
    const answer = await fetch(%s + target, options);
    return {status: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.text()};
  } catch (error) {
    return {error: error.name};
  }
};
(async () => {
  const all = [];
  for (const call of %s) all.push(await told(call));
  await fetch("/told", {method: "POST", body: JSON.stringify(all)});
})();
</script>"""

NO_WAY_OUT = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost"


class Pages(LocalServer):
    """Serves `page`, and keeps what it tells."""

    def __init__(self):
        self.page = ""
        self.told = None
        self.changed = threading.Condition()
        super().__init__(self.handler())

    def wait(self):
        with self.changed:
            self.changed.wait_for(lambda: self.told is not None, READY_TIME)
            return self.told

    def handler(self):
        pages = self

        class Handler(QuietHandler):
            def answer(self, status, text=""):
                self.send_response(status)
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text.encode())

            def do_GET(self):
                self.answer(200, pages.page) if self.path == "/" else self.answer(404)

            def do_POST(self):
                told = json.loads(self.rfile.read(int(self.headers["content-length"])))
                self.answer(204)
                with pages.changed:
                    pages.told = told
                    pages.changed.notify()

        return Handler


class Browser(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.fits = make_fits()
        self.pages = self.ended(Pages())
        self.backend = self.ended(Echo([("Access-Control-Expose-Headers", "X-Total"), ("X-Total", "7")]))
        self.gateway = self.ended(Gateway(self.folder / "gateway", self.fits,
                                          backend=f"http://127.0.0.1:{self.backend.port}",
                                          settings={"TONGS_INGRESS_CORS_ORIGINS": f"http://127.0.0.1:{self.pages.port}"}))

    def ended(self, what):
        self.addCleanup(what.stop)
        return what

    def call_from(self, host, *calls):
        """What the page at this host saw of each call."""
        self.pages.page = PAGE % (json.dumps(f"http://127.0.0.1:{self.gateway.port}"), json.dumps(calls))
        browser = Program(["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                           "--no-first-run", "--disable-background-networking", "--disable-component-update",
                           "--disable-sync", NO_WAY_OUT, f"--user-data-dir={self.folder / 'profile'}",
                           "--remote-debugging-port=0", f"http://{host}:{self.pages.port}/"], "DevTools listening on")
        try:
            told = self.pages.wait()
        finally:
            browser.stop()
        self.assertIsNotNone(told, browser.log)
        return told

    def put(self, token):
        return {"target": "/panel?x=1", "method": "PUT", "body": "{}",
                "headers": {"authorization": f"Bearer {token}", "content-type": "application/json",
                            "x-forge-oauth-user": "of the page's own making"}}

    def test_a_page_of_the_app_calls_and_reads(self):
        good, bad = self.call_from("127.0.0.1", self.put(self.fits["user"]), self.put(self.fits["expired"]))
        self.assertEqual(good.get("status"), 200, good)
        self.assertEqual(good["headers"].get("x-total"), "7")
        self.assertEqual(bad.get("status"), 401, bad)
        self.assertIn("token-expired", bad["body"])
        [seen] = self.backend.seen
        self.assertEqual(json.loads(good["body"])["target"], seen["target"])
        self.assertEqual((seen["method"], seen["body"]), ("PUT", "{}"))
        headers = {name.lower(): value for name, value in seen["headers"]}
        self.assertEqual(headers["forge-account-id"], self.fits["account"])
        self.assertNotIn("x-forge-oauth-user", headers)

    def test_a_page_of_somebody_else_neither_calls_nor_reads(self):
        told = self.call_from("localhost", self.put(self.fits["user"]), {"target": "/panel", "method": "GET"})
        self.assertEqual(told, [{"error": "TypeError"}] * 2)
        self.assertEqual(self.backend.seen, [])


if __name__ == "__main__":
    require_programs("chromium")
    unittest.main()
