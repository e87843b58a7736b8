# SPDX-License-Identifier: Apache-2.0
# Part of Miaopu.
"""`miaopu serve` for benchmarks, with what it uses."""
import http.client
import os
import pathlib
import re
import subprocess
import sys

TICKS = os.sysconf("SC_CLK_TCK")


def children(process):
    """Processes that a process started, by whatever thread."""
    tasks = pathlib.Path(f"/proc/{process}/task").iterdir()
    return [int(child) for task in tasks for child in (task / "children").read_text().split()]


class Server:
    """A server of a district on a free port, and one connection to it."""

    def __init__(self, miaopu, district):
        self.process = subprocess.Popen(
            [str(miaopu), "serve", "--district", str(district), "--port", "0"], stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True)
        self.url = re.search(r"http://\S+", self.process.stdout.readline()).group().rstrip("/")
        # The process that was started watches over the one that serves.
        self.worker = children(self.process.pid)[0]
        self.connection = http.client.HTTPConnection(self.url.removeprefix("http://"))

    def cpu(self, process=None):
        """CPU seconds of the one that serves and of all its children."""
        process = process or self.worker
        fields = pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS + sum(map(self.cpu, children(process)))

    def peak_mb(self):
        status = pathlib.Path(f"/proc/{self.worker}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+)", status).group(1)) / 1024

    def get(self, path):
        self.connection.request("GET", path)
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            sys.exit(f"{path} was answered with {answer.status}: {body[:200]}")
        return body

    def stop(self):
        self.connection.close()
        self.process.terminate()
        self.process.wait()
