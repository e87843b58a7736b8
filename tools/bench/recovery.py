#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
# Part of Miaopu.
"""recovery.py MIAOPU [CRASHES]

Measures how long a plugin that aborts in the middle of a call takes away what
it serves: for one in a process of its own until its layer is served again, for
one in the host's process until the server answers again, and how many connections were
refused meanwhile. Each crash is the first of its plugin: later ones wait longer,
which is meant so. Needs gcc, protoc and python3-protobuf.
"""
import http.client
import itertools
import pathlib
import statistics
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from live import LiveDistrict, tiles_around  # noqa: E402
from server import Server  # noqa: E402


def ask(server, path):
    """Status and size of an answer; no status when the connection was refused, and
    the status 0 when it was lost."""
    try:
        connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=30)
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, len(answer.read())
    except ConnectionRefusedError:
        return None, 0
    except (OSError, http.client.HTTPException):
        return 0, 0


def recover(server, plugin, paths):
    """Seconds from a crash until one of the addresses is answered with contents,
    and how many before were not, refused connections apart.

    Each is asked once: a tile that was drawn before the crash proves nothing.
    """
    while True:
        status, size = ask(server, next(paths))
        if status == 200 and size:
            break
        time.sleep(0.05)
    start = time.perf_counter()
    ask(server, f"/plugins/{plugin}/crash")
    empty, refused = 0, 0
    while True:
        status, size = ask(server, next(paths))
        if status == 200 and size:
            return time.perf_counter() - start, empty, refused
        if status is None:
            refused += 1
        else:
            empty += 1
        time.sleep(0.005)


def main():
    miaopu = str(pathlib.Path(sys.argv[1]).resolve())
    crashes = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    with tempfile.TemporaryDirectory(prefix="miaopu-bench-") as folder:
        district = LiveDistrict(miaopu, pathlib.Path(folder), crashes)
        x, y = tiles_around(121.38, 31.11, 1)[0]
        for hosting in ("process", "in-process"):
            district.host(hosting)
            server = Server(miaopu, district.path)
            try:
                times = []
                for number in range(crashes):
                    layer, ending = (f"live-{number}.points", "mvt") if hosting == "process" else ("buildings", "png")
                    paths = (f"/tiles/{layer}/14/{x + step % 100}/{y + step // 100}.{ending}"
                             for step in itertools.count())
                    seconds, empty, refused = recover(server, f"live-{number}", paths)
                    times.append(seconds)
                    print(f"{hosting:10} crash {number + 1}: {seconds:6.3f} s, {refused} connections refused, "
                          f"{empty} answers without contents", flush=True)
                print(f"{hosting:10} median {statistics.median(times):6.3f} s")
            finally:
                server.stop()


if __name__ == "__main__":
    main()
