#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
# Part of Miaopu.
"""border.py BIN [CRASHES]

Calls of a plugin in the host's process and in one of its own: an empty page,
100 and 10,000 features, each decoded and checked as for a tile. Then the host's
memory while twenty plugins crash in turn, CRASHES times in all. BIN is the
folder of the release build; needs gcc, protoc and python3-protobuf.
"""
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import live  # noqa: E402


def main():
    binaries = pathlib.Path(sys.argv[1]).resolve()
    total = sys.argv[2] if len(sys.argv) > 2 else "1000"
    with tempfile.TemporaryDirectory(prefix="miaopu-bench-") as folder:
        work = pathlib.Path(folder)
        subprocess.run(
            ["protoc", f"--proto_path={live.CONTRACT}", f"--python_out={work}", "plugin.proto"], check=True)
        sys.path.insert(0, folder)
        import plugin_pb2 as wire
        border = [str(binaries / "border")]
        for hosting in ("in-process", "process"):
            for count in (100, 10000):
                plugins = work / f"{hosting}-{count}"
                plugins.mkdir()
                live.build(wire, 0, work, plugins, count)
                subprocess.run(
                    [*border, "calls", binaries / "miaopu", plugins, str(count), hosting], check=True)
        plugins = work / "crashing"
        plugins.mkdir()
        for number in range(20):
            live.build(wire, number, work, plugins, 1)
        subprocess.run([*border, "crashes", binaries / "miaopu", plugins, total], check=True)


if __name__ == "__main__":
    main()
