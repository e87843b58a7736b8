#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Part of Miaopu.
"""redelivery.py MIAOPU [SCALE…]

What a merge of the demo district costs at each scale (1, 4 and 16 unless told
otherwise), and what it costs when a town delivers again: the same files, and
files of which one record in a hundred was edited, in those of its files that are
GeoPackages with measures. Two towns do so, apart: the largest and the smallest of
those that have such files. Prints wall and
CPU seconds with the share of the full merge, the rows that were written, how
much of the district's rectangle the changed boxes cover, and at the end the
exponent by which the cost of a full merge grows with the number of features.

A delivery is told by the town's sources alone (`merge SOURCE…`), as an operator
would; the whole district merged again unchanged stands beside it.
"""
import json
import math
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile

from merge import timed


def store(folder):
    return sqlite3.connect(f"file:{folder / 'district.gpkg'}?mode=ro", uri=True)


def towns(folder):
    """(code, features, ids of sources, numbers) of each town with numbers that can be edited, the largest first.

    Numbers are (file, field) of a GeoPackage: measures that a mapping takes as they are, so that no key is broken.
    """
    found = {}
    with store(folder) as db:
        for code, source, path, read, fields in db.execute(
                "SELECT town, source, path, read, fields FROM miaopu_sources ORDER BY source"):
            town = found.setdefault(code, [0, [], []])
            town[0] += read
            town[1].append(source)
            number = next((field["from"] for field in json.loads(fields) if field["type"] == "real"), None)
            if path.endswith(".gpkg") and number:
                town[2].append((folder / path, number))
    rows = [(code, *town) for code, town in found.items() if code and town[2]]
    return sorted(rows, key=lambda row: -row[1])


def edit(numbers):
    """Adds one to the number of every hundredth record. How many were edited."""
    edited = 0
    for file, number in numbers:
        db = sqlite3.connect(file)
        # The triggers of the spatial index name these; no geometry is touched.
        for name in ["ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"]:
            db.create_function(name, 1, lambda blob: 0)
        with db:
            for (table,) in db.execute("SELECT table_name FROM gpkg_contents WHERE data_type = 'features'").fetchall():
                columns = db.execute(f'PRAGMA table_info("{table}")').fetchall()
                if number not in [column[1] for column in columns]:
                    continue
                key = next(column[1] for column in columns if column[5])
                edited += db.execute(
                    f'UPDATE "{table}" SET "{number}" = coalesce("{number}", 0) + 1 WHERE "{key}" % 100 = 0').rowcount
        db.close()
    return edited


def changes(folder, since):
    """Rows written and the share of the district's rectangle in changed boxes, after a change set."""
    with store(folder) as db:
        rows = db.execute("SELECT sum(inserted + updated + deleted) FROM miaopu_changes WHERE changeset > ?", (since,))
        written = rows.fetchone()[0] or 0
        whole = db.execute("SELECT min(min_x), min(min_y), max(max_x), max(max_y) FROM gpkg_contents").fetchone()
        boxes = db.execute(
            "SELECT (max_x - min_x) * (max_y - min_y) FROM miaopu_changes WHERE changeset > ?", (since,)).fetchall()
    area = (whole[2] - whole[0]) * (whole[3] - whole[1])
    return written, max((box[0] or 0) / area for box in boxes) if boxes else 0


def last_change_set(folder):
    with store(folder) as db:
        return db.execute("SELECT coalesce(max(id), 0) FROM miaopu_changesets").fetchone()[0]


def measure(miaopu, scale, work):
    folder = work / f"scale-{scale}"
    subprocess.run([miaopu, "demo", folder, "--scale", str(scale)], check=True, stdout=subprocess.DEVNULL)
    merge = [str(miaopu), "merge", "--district", str(folder)]
    full = timed(merge)
    with store(folder) as db:
        features = db.execute("SELECT sum(read) FROM miaopu_sources").fetchone()[0]
    print(f"\nscale {scale}: {features:,} features, load {os.getloadavg()[0]:.1f}")
    print(f"{'':44} {'wall s':>8} {'of full':>8} {'CPU s':>8} {'peak MB':>8} {'rows':>8} {'area':>7}")

    def line(name, result, since):
        written, area = changes(folder, since)
        print(
            f"{name:44} {result[0]:8.2f} {result[0] / full[0]:8.1%} {result[1]:8.2f} {result[2]:8.0f} {written:8,} {area:7.1%}",
            flush=True)

    line("the full merge", full, 0)
    since = last_change_set(folder)
    line("all again, unchanged", timed(merge), since)
    found = towns(folder)
    for word, (code, count, sources, numbers) in [("largest", found[0]), ("smallest", found[-1])]:
        since = last_change_set(folder)
        line(f"{word} town {code} ({count:,}), unchanged", timed(merge[:2] + sources + merge[2:]), since)
        edited = edit(numbers)
        line(f"{word} town {code}, {edited:,} records edited", timed(merge[:2] + sources + merge[2:]), since)
    shutil.rmtree(folder)
    return features, full


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    miaopu = pathlib.Path(sys.argv[1]).resolve()
    scales = [int(scale) for scale in sys.argv[2:]] or [1, 4, 16]
    work = pathlib.Path(tempfile.mkdtemp(prefix="miaopu-bench-"))
    try:
        rows = [measure(miaopu, scale, work) for scale in scales]
    finally:
        shutil.rmtree(work, ignore_errors=True)
    if len(rows) > 1:
        (few, cheap), (many, dear) = rows[0], rows[-1]
        growth = math.log(many / few)
        print(
            f"\nfull merge from {few:,} to {many:,} features: wall seconds grow with the power "
            f"{math.log(dear[0] / cheap[0]) / growth:.2f}, CPU seconds {math.log(dear[1] / cheap[1]) / growth:.2f}, "
            f"peak memory {math.log(dear[2] / cheap[2]) / growth:.2f}")


if __name__ == "__main__":
    main()
