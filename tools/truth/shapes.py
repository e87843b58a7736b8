# SPDX-License-Identifier: Apache-2.0
# Part of Miaopu.
"""What repairs leave, held against what was there before the faults.

A repair of a seam, an end or a twin moves nothing farther than the seam's limit,
and no repair may end farther from the truth than what the town drew. How much
ground a repaired seam hands over is at most the ground of the fault.
"""

from geos import Geometry, envelope

# Metres; the limits of the layers in docs/seams.md.
LIMITS = {"seam-gap": 1.0, "seam-overlap": 1.0, "line-end": 3.0, "point-twin": 5.0}
LAYERS = {"seam-gap": "parcels", "seam-overlap": "parcels", "line-end": "roads", "area-twin": "buildings",
          "point-twin": "points", "self-intersection": "buildings"}
# Rounding to the grid, and the step at which edges are measured.
ROUNDING = 0.002
AREA_ROUNDING = 0.2


def measure(store, faults):
    """For each kind of repaired fault the farthest distance from the truth, in
    metres, the largest difference in area, and what went beyond its bound.
    """
    rows = {}
    for fault, outcomes in faults:
        if "repaired" not in outcomes or not fault.get("shapes"):
            continue
        kind = fault["kind"]
        row = rows.setdefault(kind, {"repaired": 0, "farthest_m": 0.0, "bound_m": 0.0, "area_m2": 0.0, "beyond": []})
        row["repaired"] += 1
        for shape in fault["shapes"]:
            truth = Geometry.from_wkt(shape["wkt"])
            found = find(store, fault.get("layer") or LAYERS[kind], shape, truth)
            if found is None:
                row["beyond"].append(f"{shape['features']}: no such feature on the map")
                continue
            distance = truth.farthest(found)
            area = truth.symmetric_difference(found).area
            bound = min(shape["reach"], LIMITS.get(kind, shape["reach"])) + ROUNDING
            row["farthest_m"] = max(row["farthest_m"], distance)
            row["bound_m"] = max(row["bound_m"], bound)
            row["area_m2"] = max(row["area_m2"], area)
            if distance > bound:
                row["beyond"].append(f"{shape['features'][0]}: {distance:.3f} m from the truth, bound {bound:.3f} m")
            ground = ground_of(fault)
            if ground is not None and area > ground + AREA_ROUNDING:
                row["beyond"].append(f"{shape['features'][0]}: {area:.3f} m² handed over, bound {ground:.3f} m²")
    for row in rows.values():
        for key in ("farthest_m", "bound_m", "area_m2"):
            row[key] = round(row[key], 3)
    return rows


def ground_of(fault):
    """The area of a seam's fault; None for other kinds."""
    if not fault["kind"].startswith("seam"):
        return None
    ring = fault["outline"]
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:]))) / 2


def find(store, layer, shape, truth):
    """What the map shows of one of a shape's records; None when it has none."""
    for record in shape["features"]:
        condition, values = "miaopu_source = ?", [record["source"]]
        if record.get("number") is not None:
            condition += " AND miaopu_row = ?"
            values.append(record["number"])
        blobs = [blob for blob, in store.execute(f'SELECT geom FROM "{layer}" WHERE {condition}', values)]
        if record.get("number") is not None:
            if len(blobs) == 1:
                return Geometry.from_geopackage(blobs[0])
            continue
        # A format with an order of its own: what covers most of the truth.
        found = [Geometry.from_geopackage(blob) for blob in blobs if meets(envelope(blob), shape["wkt"])]
        if found:
            return min(found, key=truth.farthest)
    return None


def meets(box, wkt):
    numbers = [float(word) for word in wkt[wkt.index("("):].replace("(", " ").replace(")", " ").replace(",", " ").split()]
    x, y = numbers[0], numbers[1]
    return box is not None and box[0] - 10 <= x <= box[2] + 10 and box[1] - 10 <= y <= box[3] + 10


def print_shapes(rows):
    print(f"{'repaired':18} {'count':>7} {'farthest':>10} {'bound':>9} {'area':>11}   what is left of a repair against the truth")
    for kind, row in sorted(rows.items()):
        print(f"{kind:18} {row['repaired']:7} {row['farthest_m']:8.3f} m {row['bound_m']:7.3f} m {row['area_m2']:8.1f} m²")
        for sentence in row["beyond"]:
            print(f"    beyond: {sentence}")
