#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Part of Miaopu.
"""tools/verdicts.py --miaopu PROGRAM [--data FOLDER] > docs/verdicts-of-real-files.md

Writes the table of verdicts: one line for each file of the collections of
samples of GDAL, QGIS and mapshaper, with what GDAL's ogrinfo and mapshaper (where
it is installed) make of it. The files are only read; those that GDAL might write
beside are linked into a folder of ours first.

Exits 1 when a file crashes the program or hangs it, which is the point.
"""
import argparse
import json
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile

ENDINGS = {
    ".shp", ".dbf", ".tab", ".mif", ".dxf", ".kml", ".kmz", ".gpkg", ".gdb", ".geojson", ".json", ".csv", ".fgb", ".xlsx",
    ".osm", ".pbf", ".gml", ".dwg",
}
COLLECTIONS = ["gdal-autotest", "qgis-testdata", "mapshaper"]
SECONDS = 60


def run(command):
    """Exit status (None when it hangs), output and errors."""
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS)
        return done.returncode, done.stdout, done.stderr.decode("utf-8", "replace")
    except subprocess.TimeoutExpired:
        return None, b"", ""


def shapefile_of(table, folder):
    """A .dbf alone is no map: it gets a .shp of empty shapes in a folder of ours."""
    data = table.read_bytes()
    count = struct.unpack("<I", data[4:8])[0] if len(data) >= 8 else 0
    count = min(count, 100_000)
    header = struct.pack(">7i", 9994, 0, 0, 0, 0, 0, 50 + 6 * count) + struct.pack("<2i8d", 1000, 0, *[0.0] * 8)
    shapes = b"".join(struct.pack(">2i", number + 1, 2) + struct.pack("<i", 0) for number in range(count))
    target = pathlib.Path(folder) / "lone.shp"
    target.write_bytes(header + shapes)
    shutil.copy(table, target.with_suffix(".dbf"))
    for ending in [".cpg", ".CPG"]:
        if table.with_suffix(ending).exists():
            shutil.copy(table.with_suffix(ending), target.with_suffix(".cpg"))
    return target


def cell(text, most=110):
    text = re.sub(r"\s+", " ", text).replace("|", "\\|").strip()
    text = "".join("�" if ord(c) < 32 or 0x7F <= ord(c) < 0xA0 else c for c in text)
    return text if len(text) <= most else text[: most - 1] + "…"


def encoding(layer):
    verdict = layer["description"].get("encoding")
    if not verdict:
        return "no text"
    kind = next(iter(verdict["conclusion"]))
    if kind == "anyASCII":
        return "ASCII"
    name = verdict["name"]
    claim = verdict["claim"].get("name")
    refusal = next((d for d in verdict["doubts"] if d["mustBeQuarantined"]), None)
    sample = f", “{verdict['samples'][0]['reading'][:12]}”" if verdict["samples"] else ""
    if refusal and claim:
        return f"**{name}, not {claim} as is said**{sample}" if claim != name else f"**{refusal['sentence']}**"
    if refusal:
        return f"**not decided**: {', '.join(c['encoding'] for c in verdict['candidates'][:2])}{sample}"
    if kind == "known":
        return f"{name}, as is said{sample}" if verdict["claim"]["origin"] != "format" else f"{name}{sample}"
    return f"{name}, by its bytes{sample}"


def system(layer):
    crs = layer["description"].get("crs")
    if not crs:
        return "no CRS"
    if crs.get("authorityCode"):
        return crs["authorityCode"]
    names = crs["wkt"].split('"')
    return names[1] if len(names) > 1 else crs["wkt"][:20]


def ours(miaopu, path):
    """Our verdict, its sample, and whether we broke."""
    status, output, errors = run([miaopu, "inspect", "--json", str(path)])
    if status is None:
        return "**hangs**", True
    if status not in (0, 1):
        return f"**exit {status}**: {errors}", True
    try:
        files = json.loads(output or b"[]")
    except json.JSONDecodeError:
        return "**no JSON**", True
    if not files:
        return "refused: " + errors, False
    layers = files[0]["layers"]
    stopped = [layer["stop"] for layer in layers if layer.get("stop")]
    if stopped:
        return "refused: " + stopped[0], False
    told = {}
    for layer in layers:
        told.setdefault(f"{encoding(layer)}; {system(layer)}", []).append(layer)
    rejected = sum((layer.get("balance") or {}).get("rejected", 0) for layer in layers)
    text = " / ".join(list(told)[:2]) + (" / …" if len(told) > 2 else "")
    return text + (f"; {rejected} records cannot be taken" if rejected else ""), False


def gdal(path):
    """What ogrinfo says: how many records, and the first text beyond ASCII."""
    status, output, errors = run(["ogrinfo", "-ro", "-al", "-geom=NO", str(path)])
    if status is None:
        return "hangs"
    lines = output.decode("utf-8", "surrogateescape").splitlines()
    errors = [line for line in errors.splitlines() if line.startswith(("ERROR", "FAILURE", "Warning"))]
    if status != 0 or any("Unable to open" in line for line in lines):
        told = next((line for line in errors), "cannot open it")
        return f"exit {status}: {told.replace(str(path.parent) + '/', '')}"
    count = sum(1 for line in lines if line.startswith("OGRFeature("))
    beyond = next((l for l in lines if l.startswith("  ") and " = " in l and not l.isascii()), None)
    text = f"{count} records"
    if beyond:
        value = beyond.split(" = ", 1)[1]
        isBroken = any(0xDC80 <= ord(c) <= 0xDCFF for c in value)
        shown = "".join("�" if 0xDC80 <= ord(c) <= 0xDCFF else c for c in value)[:12]
        text += f", “{shown}”" + (" (no UTF-8)" if isBroken else "")
    return text + (f"; {errors[0].replace(str(path.parent) + '/', '')}" if errors else "")


def mapshaper(program, path):
    if path.suffix.lower() not in {".shp", ".dbf", ".json", ".geojson", ".csv", ".kml", ".gpkg"}:
        return "does not read it"
    status, _, errors = run([program, str(path), "-info"])
    return "hangs" if status is None else cell(f"exit {status}: {errors.splitlines()[-1] if errors else ''}", 80)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--miaopu", required=True)
    parser.add_argument("--data", default="../shared/data")
    options = parser.parse_args()
    root = pathlib.Path(options.data).resolve() / "formats"
    if not root.is_dir():
        sys.exit(f"tools/verdicts.py: there is no {root}; the samples lie beside the repository.")
    peer = shutil.which("mapshaper")
    version = subprocess.run(["ogrinfo", "--version"], capture_output=True, text=True).stdout.split(",")[0]
    rows, broken = [], 0
    for collection in COLLECTIONS:
        for path in sorted((root / collection).rglob("*")):
            ending = path.suffix.lower()
            inside = any(parent.suffix.lower() == ".gdb" for parent in path.parents)
            if ending not in ENDINGS or inside or (path.is_dir() and ending != ".gdb"):
                continue
            siblings = {p.suffix.lower() for p in path.parent.glob(path.stem.replace("[", "?") + ".*")}
            if ending == ".dbf" and siblings & {".shp", ".tab"}:
                continue
            with tempfile.TemporaryDirectory() as folder:
                read = shapefile_of(path, folder) if ending == ".dbf" else path
                verdict, isBroken = ours(options.miaopu, read)
                if ending == ".dbf":
                    verdict = re.sub(r"\blone\b", lambda _: path.stem, verdict)
                broken += isBroken
                row = [str(path.relative_to(root)), cell(verdict), cell(gdal(path), 70)]
                rows.append(row + ([mapshaper(peer, path)] if peer else []))
                print(f"{len(rows)} {path.name}", file=sys.stderr)
    head = ["file", "Miaopu", version] + (["mapshaper"] if peer else [])
    print("# Verdicts on real files\n")
    print("Written by `tools/dev verdicts`, which needs the collections of samples beside the repository. For each file: the encoding and the")
    print("reference system, or why it is refused; **bold** is what a merge would quarantine. Beside it, what `ogrinfo` finds, with the first text beyond")
    print("ASCII as it reads it. A `.dbf` alone gets a `.shp` of empty shapes, so that it can be read at all.\n")
    print("mapshaper is a program for node and " + ("is run as well." if peer else "could not be installed on the machine where this was written."), end="\n\n")
    print(f"{len(rows)} files; {broken} crash or hang Miaopu.\n")
    print("| " + " | ".join(head) + " |\n|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(row) + " |")
    sys.exit(1 if broken else 0)


if __name__ == "__main__":
    main()
