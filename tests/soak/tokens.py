"""Keys that come and go, what they signed, and the place where they are published."""

import http.server
import json
import re
import subprocess
import threading

# Keys are published two at a time: the one that signs, and the one that will.
PUBLISHED = 2


class Generation:
    """A key, the good tokens that it signed, and bad ones beside them."""

    def __init__(self, folder, number, tool, count):
        folder = folder / f"generation-{number}"
        folder.mkdir()
        subprocess.run([tool, folder, str(count), "1"], check=True)
        self.file = folder / "tokens.txt"
        self.good = self.file.read_text(encoding="ascii").split()
        lines = (folder / "bad.txt").read_text(encoding="ascii").splitlines()
        self.bad = dict(line.split(" ") for line in lines)
        self.key = json.loads((folder / "jwks.json").read_text(encoding="utf-8"))["keys"][0]
        self.app = json.loads((folder / "about.json").read_text(encoding="utf-8"))["app_id"]


class KeyServer:
    """Publishes the key of a generation with that of the next, at as many addresses as one likes."""

    def __init__(self, generations):
        first = self.first = {0: 0}  # of the published generations, by address

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                number = first[int(re.search(r"/(\d+)\.json$", self.path)[1])]
                keys = [generation.key for generation in generations[number:number + PUBLISHED]]
                body = json.dumps({"keys": keys}).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def publish(self, number, first):
        self.first[number] = first

    def url(self, number):
        return f"http://127.0.0.1:{self.server.server_address[1]}/{number}.json"
