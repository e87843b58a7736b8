#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
# Part of Miaopu.
"""author.py MIAOPU

From nothing to a tile as the author of a new plugin: does what docs/plugins.md
says under "Ten minutes to a layer on the map", literally and in its order, on
the demo district, and asks a server for the tile. Prints the seconds of each
step, and those of the processor, which a busy machine changes less. The demo names its plugins; here all that are found run, as in a district
that `miaopu init` made.
"""
import os
import pathlib
import re
import resource
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from server import Server  # noqa: E402

GUIDE = pathlib.Path(__file__).resolve().parents[2] / "docs/plugins.md"
SECTION = "## Ten minutes to a layer on the map\n"
TILE = "/tiles/benches.places/14/13716/6700.mvt"


def commands():
    """The lines of the section's `sh` blocks."""
    section = GUIDE.read_text().split(SECTION, 1)[1].split("\n## ", 1)[0]
    return [line for block in re.findall(r"^```sh\n(.*?)^```", section, re.S | re.M) for line in block.splitlines()]


def processor():
    """Seconds that children of this process took that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def main():
    miaopu = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory(prefix="miaopu-bench-") as folder:
        work = pathlib.Path(folder)
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        district = work / "district"
        subprocess.run([miaopu, "demo", district], check=True, **quiet)
        # Something waits for a person there, on purpose.
        subprocess.run([miaopu, "merge", "--district", district], check=False, **quiet)
        settings = district / "district.yaml"
        settings.write_text(re.sub(r"(?ms)^plugins:.*?(?=^\S|\Z)", "", settings.read_text()))
        environment = {
            **os.environ, "DISTRICT": str(district), "PATH": f"{miaopu.parent}:{os.environ['PATH']}"}
        place, total = str(work), 0.0
        for command in commands():
            start, before = time.perf_counter(), processor()
            # Where one line went to is where the next one begins.
            done = subprocess.run(
                ["bash", "-c", f"set -e\n{command}\npwd > \"$0\"", work / "place"], cwd=place, env=environment,
                text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            seconds = time.perf_counter() - start
            if done.returncode != 0:
                sys.exit(f"author.py: \"{command}\" ended with {done.returncode}:\n{done.stdout[-4000:]}")
            place = (work / "place").read_text().strip()
            total += seconds
            print(f"{seconds:7.1f} s  {processor() - before:7.1f} s CPU  {command[:80]}", flush=True)
        start = time.perf_counter()
        server = Server(miaopu, district)
        try:
            size = len(server.get(TILE))
        finally:
            server.stop()
        if size == 0:
            sys.exit(f"author.py: {TILE} is empty")
        seconds = time.perf_counter() - start
        print(f"{seconds:7.1f} s                  a server starts and answers {TILE}")
        print(f"{total + seconds:7.1f} s                  in all")


if __name__ == "__main__":
    main()
