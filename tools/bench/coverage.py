#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Part of Miaopu.
"""coverage.py SEAMS [PARCELS [RUNS [SEED]]]

The seams of a coverage of parcels, repaired by us and by `coverage_clean` of
shapely (2.2 or newer, with GEOS 3.14), in turn, from one input in memory. SEAMS
is the program that `swift build --product seams` makes.

The parcels are a bent grid of 20 m, cut into towns of 50 by 50. Each town moved
each of its corners on its border by up to 0.4 m; one town in five is protected,
the others have one of two authorities. Printed are, of each, the seconds, the
ground that overlaps or lies in holes, polygons with more parts than before,
protected parcels whose border moved by more than a millimetre, and spikes: tips
with less than 10 degrees and sides of 1 m or more that were not there before.
"""
import json
import math
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import time

import numpy
import shapely

TOWN = 50
CELL = 20.0


def coverage(count, seed):
    """Lists of ring, town, authority and protection."""
    source = random.Random(seed)
    side = math.ceil(math.sqrt(count))
    corners = {}
    for row in range(side + 1):
        for column in range(side + 1):
            corners[row, column] = (column * CELL + source.uniform(-3, 3), row * CELL + source.uniform(-3, 3))
    moved, standing = {}, {}
    parcels = []
    for number in range(count):
        row, column = divmod(number, side)
        town = (row // TOWN) * 100 + column // TOWN + 1
        if town not in standing:
            standing[town] = (source.randint(0, 1), source.random() < 0.2)
        ring = []
        for place in ((row, column), (row, column + 1), (row + 1, column + 1), (row + 1, column)):
            position = corners[place]
            if place[0] % TOWN == 0 or place[1] % TOWN == 0:
                if (town, place) not in moved:
                    moved[town, place] = tuple(value + source.uniform(-0.4, 0.4) for value in position)
                position = moved[town, place]
            ring.append((round(position[0], 3), round(position[1], 3)))
        parcels.append((ring + ring[:1], town, *standing[town]))
    return parcels


def spikes(polygon):
    """Tips of less than 10 degrees whose shorter side is 1 m or more."""
    found = []
    for part in shapely.get_parts(polygon):
        shell = shapely.orient_polygons(part) if hasattr(shapely, "orient_polygons") else part
        for ring in [shell.exterior, *shell.interiors]:
            points = list(ring.coords)[:-1]
            for before, tip, after in zip(points[-1:] + points[:-1], points, points[1:] + points[:1]):
                one = (before[0] - tip[0], before[1] - tip[1])
                two = (after[0] - tip[0], after[1] - tip[1])
                lengths = math.hypot(*one), math.hypot(*two)
                if min(lengths) < 1:
                    continue
                cosine = (one[0] * two[0] + one[1] * two[1]) / (lengths[0] * lengths[1])
                if cosine > math.cos(math.radians(10)):
                    found.append(tip)
    return found


def measures(before, after, protected):
    tree = shapely.STRtree(after)
    one, two = tree.query(after, predicate="intersects")
    pairs = one < two
    overlap = float(shapely.area(shapely.intersection(after[one[pairs]], after[two[pairs]])).sum())
    whole = shapely.union_all(after)
    holes = sum(
        shapely.Polygon(ring).area for part in shapely.get_parts(whole) for ring in part.interiors)
    borders = zip(before, after, protected)
    moved = sum(
        1 for old, new, fixed in borders
        if fixed and shapely.hausdorff_distance(shapely.boundary(old), shapely.boundary(new)) > 0.001)
    parts = int((shapely.get_num_geometries(after) > shapely.get_num_geometries(before)).sum())
    known = [set(spikes(polygon)) for polygon in before]
    made = sum(len(set(spikes(polygon)) - there) for polygon, there in zip(after, known))
    return {
        "overlap_m2": round(overlap, 3), "holes_m2": round(holes, 3), "invalid": int((~shapely.is_valid(after)).sum()),
        "new_parts": parts, "protected_moved": moved, "spikes": made,
        "changed": int((~shapely.equals_exact(shapely.normalize(before), shapely.normalize(after), 0)).sum())}


def main():
    program = sys.argv[1]
    numbers = [int(word) for word in sys.argv[2:]] + [50_000, 5, 1][len(sys.argv) - 2:]
    parcels = coverage(numbers[0], numbers[2])
    before = shapely.polygons([shapely.linearrings(ring) for ring, _, _, _ in parcels])
    protected = [fixed for _, _, _, fixed in parcels]
    print(f"shapely {shapely.__version__}, GEOS {shapely.geos_version_string}, {len(parcels)} parcels")
    with tempfile.TemporaryDirectory() as folder:
        source, target = pathlib.Path(folder, "in.geojson"), pathlib.Path(folder, "out.geojson")
        source.write_text(json.dumps({"type": "FeatureCollection", "features": [
            {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [ring]}, "properties": {
                "id": number, "owner": town, "authority": authority, "protected": int(fixed)}}
            for number, (ring, town, authority, fixed) in enumerate(parcels)]}))
        ours, theirs, cleaned = [], [], None
        for _ in range(numbers[1]):
            done = subprocess.run([program, "repair", source, target], check=True, capture_output=True, text=True)
            ours.append(json.loads(done.stdout))
            start = time.monotonic()
            cleaned = shapely.coverage_clean(before, gap_width=1)
            theirs.append(time.monotonic() - start)
        read = {feature["id"]: json.dumps(feature["geometry"])
                for feature in json.loads(target.read_text())["features"]}
        after = shapely.from_geojson([read[number] for number in range(len(parcels))])
    print("delivered", measures(before, before, protected))
    for name, seconds, result in [
            ("miaopu", [run["seconds"] for run in ours], after), ("coverage_clean", theirs, numpy.array(cleaned))]:
        print(f"{name}: {statistics.median(seconds):.2f} s ({min(seconds):.2f} to {max(seconds):.2f})",
              measures(before, result, protected))
    print("miaopu", ours[-1])


main()
