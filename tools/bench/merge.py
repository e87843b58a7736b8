#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Part of Miaopu.
"""merge.py MIAOPU BUILDINGS.shp [RUNS]

Times `miaopu merge` of one shapefile (EPSG:4326) onto an EPSG:4549 grid beside
`ogr2ogr -t_srs EPSG:4549` of the same file to GeoPackage, in turn, each time
into a new file that is synchronised to disk at the end. One outline in twenty is
made to cross itself first, and the same outlines are also merged from EPSG:4549
and as GCJ-02. Prints the load, the median of wall and CPU seconds, features a
second, and the peak memory of the largest process.
"""
import json
import os
import pathlib
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

DISTRICT = """name: bench
grid: {{ crs: "EPSG:4549", precision: 0.001 }}
towns:
  - {{ code: "310112108", name: 梅陇镇 }}
sources:
  - id: buildings
    town: "310112108"
    layer: buildings
    path: maps/buildings.shp
    crs: {crs}
    fields: {{ name: name, levels: levels }}
"""


def children():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def timed(command, cwd=None):
    """Wall seconds, CPU seconds, peak MB of the largest process in the tree."""
    peak_file = tempfile.NamedTemporaryFile(delete=False).name
    before, start = children(), time.monotonic()
    done = subprocess.run(
        ["/usr/bin/time", "-f", "%M", "-o", peak_file, *command], cwd=cwd, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, check=False)
    os.sync()
    wall, cpu = time.monotonic() - start, children() - before
    peak = int(pathlib.Path(peak_file).read_text().split()[-1]) / 1024
    os.unlink(peak_file)
    if done.returncode not in (0, 1):
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout.decode()}")
    return wall, cpu, peak


def run(*command):
    subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL)


def with_crossings(shapefile, work):
    """A copy of the shapefile with two corners of every twentieth outline exchanged, and how many there are."""
    plain, crossed = work / "plain.geojsonl", work / "crossed.geojsonl"
    run("ogr2ogr", "-f", "GeoJSONSeq", "-lco", "COORDINATE_PRECISION=15", plain, shapefile)
    count = 0
    with plain.open() as lines, crossed.open("w") as out:
        for index, line in enumerate(lines):
            feature = json.loads(line)
            geometry = feature["geometry"]
            if index % 20 == 0 and geometry and geometry["type"] in ("Polygon", "MultiPolygon"):
                rings = geometry["coordinates"] if geometry["type"] == "Polygon" else geometry["coordinates"][0]
                ring = rings[0]
                if len(ring) > 4:
                    ring[1], ring[2] = ring[2], ring[1]
                    count += 1
            out.write(json.dumps(feature, ensure_ascii=False) + "\n")
    target = work / "degrees" / "buildings.shp"
    target.parent.mkdir()
    run("ogr2ogr", "-lco", "ENCODING=UTF-8", target, crossed)
    return target, count


def main():
    miaopu, shapefile = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    runs = int(sys.argv[3]) if len(sys.argv) > 3 else 3
    info = subprocess.run(["ogrinfo", "-so", "-al", shapefile], capture_output=True, text=True, check=True).stdout
    count = int(info.split("Feature Count: ")[1].split()[0])
    work = pathlib.Path(tempfile.mkdtemp(prefix="miaopu-bench-"))
    degrees, crossings = with_crossings(shapefile, work)
    metres = work / "metres" / "buildings.shp"
    metres.parent.mkdir()
    run("ogr2ogr", "-lco", "ENCODING=UTF-8", "-t_srs", "EPSG:4549", metres, degrees)
    results = {}
    try:
        for _ in range(runs):
            for name, crs, source in [
                    ("miaopu merge, EPSG:4549", '"EPSG:4549"', metres), ("miaopu merge, EPSG:4326", '"EPSG:4326"', degrees),
                    ("miaopu merge, GCJ-02", "GCJ-02", degrees)]:
                folder = work / "district"
                (folder / "maps").mkdir(parents=True)
                for part in source.parent.glob("buildings.*"):
                    shutil.copy(part, folder / "maps" / part.name)
                (folder / "district.yaml").write_text(DISTRICT.format(crs=crs))
                results.setdefault(name, []).append(timed([str(miaopu), "merge", "--district", str(folder)]))
                shutil.rmtree(folder)
            for name, source, extra in [
                    ("ogr2ogr, EPSG:4549", metres, []), ("ogr2ogr, EPSG:4326", degrees, []),
                    ("ogr2ogr, EPSG:4326, no index", degrees, ["-lco", "SPATIAL_INDEX=NO"])]:
                target = work / "peer.gpkg"
                command = ["ogr2ogr", "-q", "-t_srs", "EPSG:4549", "-nlt", "PROMOTE_TO_MULTI", *extra, "-f", "GPKG"]
                results.setdefault(name, []).append(timed([*command, str(target), str(source)]))
                target.unlink()
    finally:
        shutil.rmtree(work, ignore_errors=True)
    print(
        f"{count} features, {crossings} of them crossing themselves; {runs} interleaved runs, median (min–max); "
        f"load {os.getloadavg()[0]:.1f}")
    print(f"{'':28} {'wall s':>20} {'CPU s':>20} {'features/s':>12} {'peak MB':>8}")
    for name, rows in results.items():
        cells = []
        for column in (0, 1):
            values = [row[column] for row in rows]
            cells.append(f"{statistics.median(values):.2f} ({min(values):.2f}–{max(values):.2f})")
        rate = count / statistics.median(row[0] for row in rows)
        print(f"{name:28} {cells[0]:>20} {cells[1]:>20} {rate:12,.0f} {max(row[2] for row in rows):8.0f}")


if __name__ == "__main__":
    main()
