#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Part of Miaopu.
"""cached.py MIAOPU CITY BENCH [RUNS]

Cached tiles a second: `wrk -t1 -c32` on loopback against `miaopu serve` with
every tile of the peers' list in its cache, and in turn against nginx with one
worker serving the same bytes as files. Prints requests a second and
microseconds of the server's CPU a request.
"""
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import city  # noqa: E402
from server import TICKS, Server  # noqa: E402

SECONDS = 5
NGINX = """
worker_processes 1; daemon off; pid {work}/nginx.pid; error_log {work}/error.log;
events {{ worker_connections 256; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000;
  open_file_cache max=2000; types {{ image/png png; }}
  client_body_temp_path {work}; proxy_temp_path {work}; fastcgi_temp_path {work};
  uwsgi_temp_path {work}; scgi_temp_path {work};
  server {{ listen 127.0.0.1:{port}; root {root}; }}
}}
"""


def cpu(processes):
    total = 0
    for process in processes:
        fields = pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICKS


def hammer(url, script, processes):
    before = cpu(processes)
    done = subprocess.run(
        ["wrk", "-t1", "-c32", f"-d{SECONDS}s", "-s", script, url], capture_output=True, text=True, check=True)
    used = cpu(processes) - before
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", done.stdout).group(1))
    if "Non-2xx" in done.stdout:
        sys.exit(done.stdout)
    return rate, used / (rate * SECONDS) * 1e6


def main():
    miaopu, data, bench = (pathlib.Path(argument).resolve() for argument in sys.argv[1:4])
    runs = int(sys.argv[4]) if len(sys.argv) > 4 else 3
    wanted = city.load(bench, "tiles").tile_list(str(data))
    with tempfile.TemporaryDirectory(prefix="miaopu-bench-") as folder:
        work = pathlib.Path(folder)
        os.chmod(work, 0o755)
        district = city.make_district(miaopu, data, bench, work / "district")
        server = Server(miaopu, district)
        paths = [f"/tiles/district/{z}/{x}/{y}.png" for z, x, y in wanted]
        for path in paths:
            file = work / "files" / path[1:]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(server.get(path))
        script = work / "paths.lua"
        script.write_text(
            "local paths = {" + ",".join(f'"{path}"' for path in paths) + "}\nlocal i, requests = 0, {}\n"
            "function init() for n, path in ipairs(paths) do requests[n] = wrk.format('GET', path) end end\n"
            "function request() i = i % #requests + 1 return requests[i] end\n")
        port = 18081
        (work / "nginx.conf").write_text(NGINX.format(work=work, root=work / "files", port=port))
        nginx = subprocess.Popen(["nginx", "-c", str(work / "nginx.conf"), "-p", str(work)])
        try:
            time.sleep(1)
            urllib.request.urlopen(f"http://127.0.0.1:{port}{paths[0]}").read()
            workers = subprocess.run(
                ["pgrep", "-P", str(nginx.pid)], capture_output=True, text=True, check=True).stdout.split()
            rows = {"miaopu serve": [], "nginx": []}
            for _ in range(runs):
                rows["miaopu serve"].append(hammer(server.url, script, [server.worker]))
                rows["nginx"].append(hammer(f"http://127.0.0.1:{port}", script, [nginx.pid, *workers]))
        finally:
            nginx.terminate()
            server.stop()
    print(f"{len(paths)} cached tiles, wrk -t1 -c32, {SECONDS} s x {runs}, median (min–max)")
    for name, results in rows.items():
        for label, values in zip(("requests/s", "server CPU µs/request"), zip(*results)):
            print(f"  {name:14} {label:22} {statistics.median(values):10.1f} ({min(values):.1f}–{max(values):.1f})")


if __name__ == "__main__":
    main()
