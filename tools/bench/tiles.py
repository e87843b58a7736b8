#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Part of Miaopu.
"""tiles.py MIAOPU CITY BENCH [RUNS]

Draws the peers' tile list (256-pixel PNG, no labels) with `miaopu serve`, each
tile once and none from a cache, and prints milliseconds of the server's CPU a
tile. CITY is the folder that gen_city.py wrote, BENCH the folder of the peers'
benchmark. When mapnik and mapscript are installed (BENCH/setup_apt.sh), the
peers draw the same list in turn.
"""
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import city  # noqa: E402
from server import Server  # noqa: E402


def draw(miaopu, district, tiles, save=None):
    server = Server(miaopu, district)
    try:
        z, x, y = tiles[0]
        server.get(f"/tiles/district/{z}/{x + 1000 % 2**z}/{y}.png")  # warm: code and mapped pages
        before, start, sizes = server.cpu(), time.monotonic(), []
        for z, x, y in tiles:
            body = server.get(f"/tiles/district/{z}/{x}/{y}.png")
            sizes.append(len(body))
            if save:
                pathlib.Path(save, f"{z}_{x}_{y}.png").write_bytes(body)
        return {
            "cpu_ms": (server.cpu() - before) / len(tiles) * 1000,
            "wall_ms": (time.monotonic() - start) / len(tiles) * 1000,
            "bytes": statistics.mean(sizes), "peak_mb": server.peak_mb(),
        }
    finally:
        server.stop()


def peer(script, bench, data):
    """Mean CPU ms a tile of a peer's own benchmark; None when it is not installed."""
    environment = dict(os.environ, PEERS=str(pathlib.Path(data).parent.parent))
    done = subprocess.run(
        ["/usr/bin/python3", str(pathlib.Path(bench) / script), str(data), "shape", "png32"], capture_output=True,
        text=True, env=environment, check=False)
    if done.returncode:
        print(f"{script}: {done.stderr.strip().splitlines()[-1] if done.stderr else 'failed'}")
        return None
    return done.stdout.strip()


def main():
    miaopu, data, bench = (pathlib.Path(argument).resolve() for argument in sys.argv[1:4])
    runs = int(sys.argv[4]) if len(sys.argv) > 4 else 3
    tiles = city.load(bench, "tiles").tile_list(str(data))
    with tempfile.TemporaryDirectory(prefix="miaopu-bench-") as work:
        district = city.make_district(miaopu, data, bench, pathlib.Path(work) / "district")
        save = pathlib.Path(os.environ["SAVE"]) if "SAVE" in os.environ else None
        if save:
            save.mkdir(parents=True, exist_ok=True)
        rows = []
        for run in range(runs):
            rows.append(draw(miaopu, district, tiles, save if run == 0 else None))
            for script in ("bench_ms.py", "bench_mapnik.py"):
                result = peer(script, bench, data)
                if result:
                    print(result)
        print(f"miaopu: {len(tiles)} tiles, {runs} runs, median (min–max)")
        for key in ("cpu_ms", "wall_ms", "bytes", "peak_mb"):
            values = [row[key] for row in rows]
            print(f"  {key:8} {statistics.median(values):10.2f} ({min(values):.2f}–{max(values):.2f})")
        median = statistics.median(row["cpu_ms"] for row in rows)
        print(f"  tiles per CPU second {1000 / median:.1f}")


if __name__ == "__main__":
    main()
