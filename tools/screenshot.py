#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Part of Miaopu.
"""Takes pictures of the map viewer with headless Chromium.

    tools/screenshot.py --url http://127.0.0.1:8080/ viewer.png
    tools/screenshot.py --miaopu .build/release/miaopu --district demo viewer.png

With --miaopu the server is started for the picture, on any free port. The
picture is taken when the map says that it is idle, not after a time. Exits 1
with a sentence when the page fails, logs an error, or asks another host. With
--lossy the first connection for each tile is lost on the way, and the picture is
taken when all of them were asked for again.
"""
import argparse
import base64
import http.client
import http.server
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import time
from urllib.parse import urlsplit

CHROMIUM = [
    "chromium", "--headless=new", "--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
    "--hide-scrollbars", "--no-first-run", "--disable-extensions", "--disable-background-networking",
    "--remote-debugging-pipe",
]
IDLE = "document.body?.dataset.map === 'idle'"


class Browser:
    """A headless Chromium that is told what to do through a pair of pipes."""

    def __init__(self, size, language):
        self.profile = tempfile.TemporaryDirectory(prefix="miaopu-chromium-")
        to_read, self.to = os.pipe()
        self.answers, to_write = os.pipe()
        # Chromium reads commands on 3 and writes answers on 4.
        high = [os.dup(descriptor) for descriptor in (to_read, to_write)]
        for descriptor in high:
            while descriptor in (3, 4):
                descriptor = os.dup(descriptor)

        def place():
            os.dup2(high[0], 3)
            os.dup2(high[1], 4)

        self.process = subprocess.Popen(
            [*CHROMIUM, f"--user-data-dir={self.profile.name}", f"--window-size={size[0]},{size[1]}",
             f"--lang={language}", f"--accept-lang={language}", "about:blank"],
            pass_fds=(3, 4), preexec_fn=place, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for descriptor in (to_read, to_write, *high):
            os.close(descriptor)
        self.buffer, self.number, self.events, self.session = b"", 0, [], None
        target = next(
            info for info in self.call("Target.getTargets")["targetInfos"] if info["type"] == "page")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(domain + ".enable")
        self.call("Emulation.setDeviceMetricsOverride", width=size[0], height=size[1], deviceScaleFactor=1,
                  mobile=size[0] < 720)

    def call(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.read()
            if answer.get("id") == self.number:
                if "error" in answer:
                    sys.exit(f"tools/screenshot.py: Chromium refused {method}: {answer['error']['message']}")
                return answer["result"]
            self.events.append(answer)

    def read(self):
        while b"\0" not in self.buffer:
            piece = os.read(self.answers, 1 << 16)
            if not piece:
                sys.exit("tools/screenshot.py: Chromium ended unexpectedly; `chromium --version` should work.")
            self.buffer += piece
        line, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(line)

    def evaluate(self, expression):
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            sys.exit(f"tools/screenshot.py: the page failed: {json.dumps(result['exceptionDetails'])[:400]}")
        return result["result"].get("value")

    def wait_for(self, expression, seconds):
        deadline = time.monotonic() + seconds
        while not self.evaluate(expression):
            if time.monotonic() > deadline:
                text = self.evaluate("document.getElementById('message-text')?.textContent")
                sys.exit(f"tools/screenshot.py: after {seconds} s the page was not ready; it says: {text}")
            time.sleep(0.1)

    def click(self, x, y):
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def picture(self, path):
        data = self.call("Page.captureScreenshot", format="png")["data"]
        pathlib.Path(path).write_bytes(base64.b64decode(data))

    def complaints(self, host, lost="^$"):
        """Errors that the page logged, and requests that went elsewhere."""
        found = []
        for event in self.events:
            method, parameters = event.get("method"), event.get("params", {})
            if method == "Runtime.exceptionThrown":
                details = parameters["exceptionDetails"]
                found.append(details.get("exception", {}).get("description", details["text"]))
            elif method == "Log.entryAdded" and parameters["entry"]["level"] == "error":
                if re.search(lost, parameters["entry"].get("url", "")):
                    continue
                found.append(parameters["entry"]["text"] + " " + parameters["entry"].get("url", ""))
            elif method == "Network.requestWillBeSent":
                url = urlsplit(parameters["request"]["url"])
                if url.scheme in ("http", "https", "ws", "wss") and url.netloc != host:
                    found.append(f"the page asked {url.netloc}")
        return found

    def close(self):
        self.process.terminate()
        self.process.wait()
        try:
            self.profile.cleanup()
        except OSError:
            pass  # a helper process of Chromium was still writing into it


class Server:
    """A miaopu that serves a district on any free port."""

    def __init__(self, miaopu, district):
        self.process = subprocess.Popen(
            [miaopu, "serve", "--district", district, "--port", "0"], stdout=subprocess.PIPE, text=True)
        for line in self.process.stdout:
            address = re.search(r"http://[^\s/]+/", line)
            if address:
                self.url = address[0]
                return
        sys.exit("tools/screenshot.py: the server ended before it said its address.")

    def close(self):
        self.process.terminate()
        self.process.wait()


class LossyWay:
    """A way to a server on which the first connection for each tile is lost."""

    TILE = r"/tiles/[^?]*\.mvt"

    def __init__(self, url):
        self.host = urlsplit(url).netloc
        self.lost, self.found, self.lock = set(), set(), threading.Lock()
        way = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                if re.match(way.TILE, self.path) and way.loses(self.path):
                    return
                connection = http.client.HTTPConnection(way.host, timeout=60)
                # Links in documents begin with the host that was asked.
                connection.request("GET", self.path, headers=dict(self.headers) | {"Connection": "close"})
                answer = connection.getresponse()
                body = answer.read()
                self.send_response(answer.status)
                for name, value in answer.getheaders():
                    if name.lower() not in ("connection", "date", "server", "transfer-encoding"):
                        self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)
                with way.lock:
                    way.found.add(self.path)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def loses(self, path):
        with self.lock:
            is_first = path not in self.lost
            self.lost.add(path)
            return is_first

    def wait(self, seconds):
        """Until every tile that was lost was asked for again and answered."""
        deadline = time.monotonic() + seconds
        while not self.lost or not self.lost <= self.found:
            if time.monotonic() > deadline:
                missing = sorted(self.lost - self.found)
                sys.exit(f"tools/screenshot.py: {len(missing)} of {len(self.lost)} lost tiles were not asked for "
                         f"again in {seconds} s: {missing[:3]}")
            time.sleep(0.1)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("picture", help="the PNG to write")
    parser.add_argument("--url", help="the viewer's address")
    parser.add_argument("--miaopu", help="the program to start a server with")
    parser.add_argument("--district", default="demo")
    parser.add_argument("--size", default="1360x850", help="width x height in pixels")
    parser.add_argument("--language", default="zh-CN")
    parser.add_argument("--view", default="", help="zoom/latitude/longitude to look at")
    parser.add_argument("--click", default="", help="x,y to click at before the picture")
    parser.add_argument("--run", default="", help="JavaScript to run before the picture")
    parser.add_argument("--lossy", action="store_true", help="lose the first connection for each tile")
    parser.add_argument("--seconds", type=int, default=120, help="how long the map may take")
    options = parser.parse_args()
    if bool(options.url) == bool(options.miaopu):
        parser.error("give either --url or --miaopu")

    size = [int(part) for part in options.size.split("x")]
    server = Server(options.miaopu, options.district) if options.miaopu else None
    browser = Browser(size, options.language)
    try:
        url = server.url if server else options.url
        way = LossyWay(url) if options.lossy else None
        url = way.url if way else url
        page = url + (f"#map={options.view}" if options.view else "")
        browser.call("Page.navigate", url=page)
        browser.wait_for(IDLE, options.seconds)
        if way:
            way.wait(options.seconds)
            # What is on the map says nothing of a tile that has just come.
            browser.evaluate("delete document.body.dataset.map")
            browser.wait_for(IDLE, options.seconds)
        if options.run:
            browser.evaluate(options.run)
        if options.click:
            browser.click(*map(int, options.click.split(",")))
        if options.run or options.click:
            time.sleep(0.6)  # lets a card finish its arrival
            browser.wait_for(IDLE, options.seconds)
        browser.picture(options.picture)
        complaints = browser.complaints(urlsplit(url).netloc, LossyWay.TILE if way else "^$")
        if complaints:
            sys.exit("tools/screenshot.py: the page complained:\n" + "\n".join(complaints))
    finally:
        browser.close()
        if server:
            server.close()


if __name__ == "__main__":
    main()
