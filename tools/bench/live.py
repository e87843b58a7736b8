#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
# Part of Miaopu.
"""live.py MIAOPU [TILES]

Draws tiles of the demo district with `miaopu serve`: without live layers, with
five in the host's process, and with the same five in processes of their own.
Each live layer answers 100 points within the tile. Prints the time of a tile,
and calls of an empty page over HTTP. The plugins are built from the published
contract; needs gcc, protoc and python3-protobuf.
"""
import json
import math
import os
import pathlib
import re
import statistics
import struct
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from server import Server  # noqa: E402

CONTRACT = pathlib.Path(__file__).resolve().parents[2] / "docs/contract/1"
LAYERS = 5
ZOOM = 14

# Answers with bytes that are made beforehand, moved to where the tile is.
SOURCE = r"""
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include "miaopu_plugin.h"
#include "messages.h"
__attribute__((section(MIAOPU_STAMP_SECTION), used)) static const struct miaopu_stamp_record stamp[] = {
    {MIAOPU_STAMP_MAGIC, MIAOPU_STAMP_CONTRACT, {MIAOPU_CONTRACT_VERSION}},
    {MIAOPU_STAMP_MAGIC, MIAOPU_STAMP_COMPILER, {1, __GNUC__, 0, 0}},
    {MIAOPU_STAMP_MAGIC, MIAOPU_STAMP_TARGET, {MACHINE, 1}},
};
static const struct miaopu_host_table *host;
static int32_t give(struct miaopu_bytes *reply, const void *bytes, size_t count) {
    *reply = (struct miaopu_bytes){bytes, count, 0, 0};
    return MIAOPU_OK;
}
static int32_t refuse(struct miaopu_bytes *reply, int32_t status, const char *sentence) {
    give(reply, sentence, strlen(sentence));
    return status;
}
static int32_t call(void *context, const uint8_t *request, size_t count, struct miaopu_bytes *reply) {
    (void)context;
    switch (count ? request[0] >> 3 : 0) {
    case 1: return give(reply, manifest, sizeof manifest);
    case 2: {
        struct miaopu_bytes said = {0};
        int32_t status = host->call(host->context, registration, sizeof registration, &said);
        if (said.release) said.release(said.owner);
        give(reply, "", 0);
        return status;
    }
    case 3: {
        if (!memmem(request, count, "\x0a\x06points", 8)) return refuse(reply, MIAOPU_NOT_FOUND, "No such layer.");
        // The envelope: a message of four doubles, each after its tag.
        const uint8_t *box = 0;
        for (size_t i = 0; i + 38 <= count && !box; i++)
            if (request[i] == 0x12 && request[i + 1] == 36 && request[i + 2] == 0x09) box = request + i + 2;
        if (!box) return give(reply, "", 0);
        double low[2], high[2];
        memcpy(&low[0], box + 1, 8), memcpy(&low[1], box + 10, 8);
        memcpy(&high[0], box + 19, 8), memcpy(&high[1], box + 28, 8);
        for (int i = 0; i < FEATURES; i++) {
            double at[2] = {low[0] + (high[0] - low[0]) * (i % 10 + 0.5) / 10,
                            low[1] + (high[1] - low[1]) * (i / 10 % 10 + 0.5) / 10};
            memcpy(batch + WKB + i * 21 + 5, at, 16);
        }
        return give(reply, batch, sizeof batch);
    }
    case 4:
        for (size_t i = 0; i + 6 <= count; i++)
            if (!memcmp(request + i, "/crash", 6)) abort();
        return memmem(request, count, "\x12\x01/", 3)
            ? give(reply, "\x22\x03\x08\xc8\x01", 5) : give(reply, "\x22\x03\x08\x94\x03", 5);
    case 5: case 6: case 7: return give(reply, "", 0);
    default: return refuse(reply, MIAOPU_INVALID, "These bytes are no message.");
    }
}
int32_t miaopu_plugin_v1(const struct miaopu_host_table *table, struct miaopu_plugin_table *plugin) {
    host = table;
    plugin->call = call;
    return MIAOPU_OK;
}
"""


def build(wire, number, work, plugins, features=100):
    """One plugin with one layer of so many points."""
    title = wire.Title(zh=f"层 {number}", en=f"Layer {number}")
    name = wire.Field(name="name", type=wire.FIELD_TYPE_TEXT, title=title)
    value = wire.Field(name="value", type=wire.FIELD_TYPE_REAL, title=title)
    wkb = b"".join(struct.pack("<BIdd", 1, 1, 0, 0) for _ in range(features))
    messages = {
        "manifest": wire.PluginReply(describe=wire.Manifest(
            id=f"live-{number}", title=title, version="1.0.0", contract_version=1)),
        "registration": wire.HostRequest(register_layer=wire.LayerRegistration(
            id="points", title=title, geometry_type=wire.GEOMETRY_TYPE_POINT, fields=[name, value], max_zoom=22,
            style_layers=json.dumps([{"id": "dot", "type": "circle", "paint": {"circle-radius": 4}}]))),
        "batch": wire.PluginReply(features=wire.FeatureBatch(
            ids=range(features), wkb=wkb, wkb_lengths=[21] * features, columns=[
                wire.Column(
                    field=name, texts=["one", "two"], text_indexes=[index % 2 + 1 for index in range(features)]),
                wire.Column(field=value, reals=[index / 8 for index in range(features)]),
            ])),
    }
    machine = {"x86_64": 62, "aarch64": 183}[os.uname().machine]
    text = f"#define FEATURES {features}\n#define MACHINE {machine}\n"
    text += f"#define WKB {messages['batch'].SerializeToString().index(wkb)}\n"
    for part, message in messages.items():
        text += f"static uint8_t {part}[] = {{{', '.join(map(str, message.SerializeToString()))}}};\n"
    (work / "messages.h").write_text(text)
    (work / "live.c").write_text(SOURCE)
    subprocess.run(
        ["gcc", "-O2", "-shared", "-fPIC", "-I", CONTRACT, "-I", work, "-o", plugins / f"liblive{number}.so",
         work / "live.c"], check=True)


class LiveDistrict:
    """The demo district, merged, with so many plugins of a live layer each."""

    def __init__(self, miaopu, work, count):
        subprocess.run(["protoc", f"--proto_path={CONTRACT}", f"--python_out={work}", "plugin.proto"], check=True)
        sys.path.insert(0, str(work))
        import plugin_pb2 as wire
        self.path = work / "district"
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run([miaopu, "demo", self.path], check=True, **quiet)
        # Something waits for a person there, on purpose.
        subprocess.run([miaopu, "merge", "--district", self.path], check=False, **quiet)
        plugins = self.path / "plugins"
        plugins.mkdir(exist_ok=True)
        for number in range(count):
            build(wire, number, work, plugins)
        self.count = count
        self.settings = re.sub(r"(?ms)^plugins:.*?(?=^\S|\Z)", "", (self.path / "district.yaml").read_text()).rstrip()

    def host(self, hosting):
        """Lets the plugins run in one way, or none at all."""
        lines = "".join(f"  live-{number}: {{ hosting: {hosting} }}\n" for number in range(self.count))
        # A plugin that is not there: without any, all that are found would run.
        (self.path / "district.yaml").write_text(
            self.settings + "\nplugins:\n" + (lines if hosting else "  none:\n"))


def tiles_around(longitude, latitude, count):
    side = math.isqrt(count) + 1
    x = int((longitude + 180) / 360 * 2 ** ZOOM)
    y = int((1 - math.asinh(math.tan(math.radians(latitude))) / math.pi) / 2 * 2 ** ZOOM)
    return [(x + index % side - side // 2, y + index // side - side // 2) for index in range(count)]


def show(name, times, cpu, unit):
    times.sort()
    print(f"{name:34} p50 {statistics.median(times):7.3f} ms  p95 {times[len(times) * 95 // 100]:7.3f} ms  "
          f"{len(times) / sum(times) * 1e3:8.1f} {unit}/s  CPU {cpu / len(times) * 1e3:6.3f} ms")


def main():
    miaopu = str(pathlib.Path(sys.argv[1]).resolve())
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 400
    with tempfile.TemporaryDirectory(prefix="miaopu-bench-") as folder:
        district = LiveDistrict(miaopu, pathlib.Path(folder), LAYERS)
        ways = (("no live layer", None), ("five in the host's process", "in-process"),
                ("five in processes of their own", "process"))
        results = {}
        # Twice, so that none has the disadvantage of being first.
        for _ in range(2):
            for name, hosting in ways:
                district.host(hosting)
                measure(results, Server(miaopu, district.path), name, hosting, count)
        for name, (times, cpu, unit) in sorted(results.items(), reverse=True):
            show(name, times, cpu, unit)


def measure(results, server, name, hosting, count):
    try:
        catalogue = server.get("/catalog").decode()
        if catalogue.count(".points") < (LAYERS if hosting else 0) or (not hosting and "flood." in catalogue):
            sys.exit(f"live.py: the layers of \"{name}\" are others than they should be")
        tiles = tiles_around(121.38, 31.11, count)
        for x, y in tiles[:5]:
            server.get(f"/tiles/district/{ZOOM}/{x + 300}/{y}.png")  # warm
        add(results, server, f"tile, {name}", "tiles", [f"/tiles/district/{ZOOM}/{x}/{y}.png" for x, y in tiles])
        if hosting:
            for _ in range(100):
                server.get("/plugins/live-0/")
            add(results, server, f"empty page, {name.removeprefix('five ')}", "calls", ["/plugins/live-0/"] * 2500)
    finally:
        server.stop()


def add(results, server, name, unit, paths):
    times, cpu, _ = results.get(name, ([], 0, unit))
    before = server.cpu()
    for path in paths:
        start = time.perf_counter()
        server.get(path)
        times.append((time.perf_counter() - start) * 1e3)
    results[name] = (times, cpu + server.cpu() - before, unit)


if __name__ == "__main__":
    main()
