# SPDX-License-Identifier: Apache-2.0
# Part of Miaopu.
"""Plants faults into the deliveries of real towns, drawn from a seed, as
Sources/Demonstrating/Faults does it in the demo district."""

import copy
import math

import extras
import geos
from places import DEGREES, Feature, box, each, inside, ring_text, to_segment

MULTIPLES = [0.5, 1, 3]
REPETITIONS = 3
SEAM, END, TWIN = 1.0, 3.0, 5.0
SHARES = [(0.42, ["reported"]), (0.6, ["repaired", "reported"]), (0.93, ["repaired"])]
# Faults lie at least this far apart, in metres.
APART = 70.0


def outcomes(multiple):
    return ["repaired"] if multiple < 1 else ["reported"] if multiple > 1 else ["repaired", "reported"]


class Planter:
    def __init__(self, region, random):
        self.region, self.random = region, random
        self.layers = copy.deepcopy(region.layers)
        self.spoilt = {}
        self.extras = []
        self.places, self.taken = [], set()
        self.truth = {"looseTowns": [], "slivers": [], "openEnds": [], "faults": [], "decoys": []}

    def plant(self):
        self.plant_files()
        self.plant_seams()
        self.plant_ends()
        if "points" in self.layers:
            self.plant_point_twins()
            self.extras = extras.plant(self)
        if "buildings" in self.layers:
            self.plant_area_twins()
        self.plant_records()

    def deliveries(self):
        planted = copy.copy(self.region)
        planted.layers = self.layers
        found = planted.deliveries()
        for delivery in found:
            for name, value in self.spoilt.get(delivery.source, {}).items():
                setattr(delivery, name, value)
        return found + self.extras

    # What all kinds need

    def source(self, town, layer):
        return f"{self.region.towns[town].slug}-{layer}"

    def sound(self, layer):
        return [town for town in range(len(self.region.towns))
                if self.layers[layer][town] and self.source(town, layer) not in self.spoilt]

    def claim(self, place, town, layer, index):
        if (town, layer, index) in self.taken or any(math.dist(place, other) < APART for other in self.places):
            return False
        self.taken.add((town, layer, index))
        self.places.append(place)
        return True

    def add(self, kind, town, layer, accepts, *, other=None, records=(), outline=(), multiple=None, note="", missed=(), decoy=False):
        fault = {"kind": kind, "sources": [self.source(town, layer)], "records": list(records),
                 "outline": [list(place) for place in outline], "accepts": accepts, "note": note,
                 "missed": [list(place) for place in missed]}
        if other is not None:
            fault["sources"].append(self.source(other, layer))
        if multiple is not None:
            fault["multiple"] = multiple
        self.truth["decoys" if decoy else "faults"].append(fault)

    def shuffled(self, things):
        things = list(things)
        self.random.shuffle(things)
        return things

    # Whole files

    def plant_files(self):
        largest = sorted(range(len(self.region.towns)), key=lambda town: -len(self.layers.get("points", self.layers["roads"])[town]))
        kinds = []
        if "points" in self.layers:
            kinds = [("gcj02", "points", {"form": "degrees", "turn": gcj02}), ("bd09", "points", {"form": "degrees", "turn": bd09}),
                     ("swapped-axes", "points", {"form": "degrees", "turn": swapped}),
                     ("compound", "points", {"form": "shapefile", "turn": gcj02, "finish": says("GBK"), "confused": True}),
                     ("lying-encoding", "points", {"form": "shapefile", "finish": says("GBK")}),
                     ("column-encoding", "points", {"form": "shapefile", "finish": extras.recode("address", "GBK")}),
                     ("cut-file", "points", {"form": "plane", "finish": cut})]
        # The towns' real extents: what is in few places tells nothing of its plane.
        towns = self.shuffled(largest[:24]) if kinds else []
        for kind, layer, spoil in kinds:
            for _ in range(REPETITIONS):
                self.spoil(kind, towns.pop(), layer, spoil)
        roads = self.shuffled(town for town in range(len(self.region.towns)) if len(self.layers["roads"][town]) >= 4)
        for town in roads[:REPETITIONS]:
            self.spoil("lacking-plane", town, "roads", {"form": "shapefile", "finish": silent})

    def spoil(self, kind, town, layer, spoil):
        self.spoilt[self.source(town, layer)] = spoil
        ends = [place for feature in self.layers[layer][town] if feature.kind == "LineString"
                for place in (feature.coordinates[0], feature.coordinates[-1])]
        # The ground may decide for the plane that it is in.
        is_silent = kind == "lacking-plane"
        self.add(kind, town, layer, ["reported", "repaired"] if is_silent else ["reported"], missed=ends,
                 note=self.region.crs if is_silent else "")

    # Where two towns meet

    def plant_seams(self):
        edges = {}
        for town in self.sound("towns"):
            ring = self.layers["towns"][town][0].coordinates[0]
            for index, (a, b) in enumerate(zip(ring, ring[1:])):
                edges[tuple(a), tuple(b)] = town
        shared = self.shuffled(sorted((a, b, town, edges[b, a]) for (a, b), town in edges.items()
                                      if (b, a) in edges and edges[b, a] != town and math.dist(a, b) >= 24))
        for kind, side in [("seam-gap", 1), ("seam-overlap", -1)]:
            for multiple in MULTIPLES:
                for _ in range(REPETITIONS):
                    while shared and not self.plant_seam(kind, side, multiple, *shared.pop()):
                        pass

    def plant_seam(self, kind, side, multiple, a, b, town, other):
        feature = self.layers["towns"][town][0]
        ring = feature.coordinates[0]
        turns = 1 if sum(p[0] * q[1] - q[0] * p[1] for p, q in zip(ring, ring[1:])) > 0 else -1
        length = math.dist(a, b)
        along = ((b[0] - a[0]) / length, (b[1] - a[1]) / length)
        # Inward is to the left of a ring that turns left.
        step = multiple * SEAM * side * turns
        at = lambda share, off: [round(a[0] + along[0] * length * share - along[1] * off, 3),
                                 round(a[1] + along[1] * length * share + along[0] * off, 3)]
        dent = [at(0.3, 0), at(0.3, step), at(0.7, step), at(0.7, 0)]
        ground = self.layers["towns"][town if side > 0 else other][0].wkt
        moved = geos.Geometry.from_wkt(f"POLYGON ({ring_text(dent + dent[:1])})")
        if moved.intersection(geos.Geometry.from_wkt(ground)).area < moved.area * 0.99:
            return False
        changed = ring.index(list(a)) + 1
        dented = ring[:changed] + dent + ring[changed:]
        if not geos.Geometry.from_wkt(f"POLYGON ({ring_text(dented)})").is_valid or not self.claim(at(0.5, 0), town, "towns", changed):
            return False
        feature.coordinates[0] = dented
        self.add(kind, town, "towns", outcomes(multiple), other=other, records=[1], outline=dent + dent[:1], multiple=multiple)
        return True

    def plant_ends(self):
        ends = {}
        for town in self.sound("roads"):
            for index, feature in enumerate(self.layers["roads"][town]):
                line = feature.coordinates
                for first, place in [(True, line[0]), (False, line[-1])]:
                    ends.setdefault((round(place[0]), round(place[1])), []).append((town, index, first, tuple(place)))
        meetings = []
        for (x, y), pair in sorted(ends.items()):
            near = [end for dx in range(-10, 11) for dy in range(-10, 11) for end in ends.get((x + dx, y + dy), [])]
            if len(pair) == 2 and len(near) == 2 and pair[0][0] != pair[1][0] and math.dist(pair[0][3], pair[1][3]) < 0.002:
                meetings.append(pair)
        meetings = self.shuffled(meetings)
        for multiple in MULTIPLES:
            for _ in range(REPETITIONS):
                while meetings and not self.cut_back(*meetings.pop(), multiple):
                    pass

    def cut_back(self, end, other, multiple):
        town, index, first, place = end
        line = self.layers["roads"][town][index].coordinates
        at, before = (0, 1) if first else (len(line) - 1, len(line) - 2)
        length, distance = math.dist(line[at], line[before]), multiple * END
        if length <= distance + 5 or not self.claim(place, town, "roads", index):
            return False
        share = distance / length
        line[at] = [round(place[0] + (line[before][0] - place[0]) * share, 3), round(place[1] + (line[before][1] - place[1]) * share, 3)]
        self.add("line-end", town, "roads", outcomes(multiple), other=other[0], records=[index + 1, other[1] + 1],
                 outline=[line[at], place], multiple=multiple)
        return True

    # Twins

    def at_border(self, layer, middle):
        found, boxes = [], [box(town.ring) for town in self.region.towns]
        sound = self.sound(layer)
        for town in sound:
            for index, feature in enumerate(self.layers[layer][town]):
                place = middle(feature)
                for other in sound:
                    low = boxes[other]
                    if other != town and inside((low[0] - 48, low[1] - 48, low[2] + 48, low[3] + 48), place) \
                            and self.region.towns[other].to_border(place) < 48:
                        found.append((town, index, other, place))
                        break
        return self.shuffled(found)

    def plant_point_twins(self):
        all_places = [(f.coordinates, f.values[0]) for features in self.layers["points"] for f in features]
        near = self.at_border("points", lambda feature: feature.coordinates)
        for multiple in MULTIPLES:
            for _ in range(REPETITIONS):
                while near and not self.point_twin(*near.pop(), multiple, all_places):
                    pass

    def point_twin(self, town, index, other, place, multiple, all_places):
        feature = self.layers["points"][town][index]
        close = [name for at, name in all_places if math.dist(at, place) < 30]
        if len(close) > 1 or not self.claim(place, town, "points", index):
            return False
        angle, distance = self.random.uniform(0, 2 * math.pi), multiple * TWIN
        moved = [place[0] + math.cos(angle) * distance, place[1] + math.sin(angle) * distance]
        self.layers["points"][other].append(Feature("Point", moved, list(feature.values)))
        accepts = ["repaired"] if multiple < 1 else ["silent"] if multiple > 1 else ["repaired", "silent"]
        self.add("point-twin", other, "points", accepts, other=town, records=[len(self.layers["points"][other]), index + 1],
                 outline=[place, moved], multiple=multiple, decoy=multiple > 1, note="two places of one name")
        return True

    def plant_area_twins(self):
        def middle(feature):
            low = box(feature.coordinates[0])
            return [(low[0] + low[2]) / 2, (low[1] + low[3]) / 2]
        near = self.at_border("buildings", middle)
        boxes = [(town, index, box(f.coordinates[0])) for town, features in enumerate(self.layers["buildings"])
                 for index, f in enumerate(features)]
        for share, accepts in SHARES:
            for _ in range(REPETITIONS):
                while near and not self.area_twin(*near.pop(), share, accepts, boxes):
                    pass

    def area_twin(self, town, index, other, place, share, accepts, boxes):
        feature = self.layers["buildings"][town][index]
        if len(feature.coordinates) > 1 or not geos.Geometry.from_wkt(feature.wkt).is_valid:
            return False
        original = geos.Geometry.from_wkt(feature.wkt)
        low, high = 0.0, box(feature.coordinates[0])[2] - box(feature.coordinates[0])[0]
        wide = box(feature.coordinates[0])
        if any(b[0] <= wide[2] + high + 1 and b[2] >= wide[0] - 1 and b[1] <= wide[3] + 1 and b[3] >= wide[1] - 1
               and (t, i) != (town, index) for t, i, b in boxes):
            return False
        moved = lambda by: Feature("Polygon", [[[x + by, y] for x, y in feature.coordinates[0]]], list(feature.values))
        for _ in range(40):
            half = (low + high) / 2
            common = original.intersection(geos.Geometry.from_wkt(moved(half).wkt)).area
            low, high = (half, high) if common / (2 * original.area - common) > share else (low, half)
        if not self.claim(place, town, "buildings", index):
            return False
        self.layers["buildings"][other].append(moved(low))
        self.add("area-twin", other, "buildings", accepts, other=town, records=[len(self.layers["buildings"][other]), index + 1],
                 outline=feature.coordinates[0], multiple=share / 0.6)
        return True

    # Single records

    def plant_records(self):
        layer = "buildings" if "buildings" in self.layers else "points"
        words = ["拆迁中", "军事设施", "临时"]
        kinds = ["null-geometry", "far-away", "unknown-word"] + (["self-intersection"] if layer == "buildings" else [])
        for kind in kinds:
            for number in range(REPETITIONS):
                self.plant_record(kind, layer, words[number])

    def plant_record(self, kind, layer, word):
        for _ in range(200):
            town = self.random.choice(self.sound(layer))
            index = self.random.randrange(len(self.layers[layer][town]))
            feature = self.layers[layer][town][index]
            if feature.coordinates is None:
                continue
            place = feature.coordinates if layer == "points" else feature.coordinates[0][0]
            if kind == "self-intersection" and not is_plain(feature) or not self.claim(place, town, layer, index):
                continue
            accepts, note, outline = ["reported"], "", []
            if kind == "null-geometry":
                feature.coordinates = None
            elif kind == "far-away":
                feature.coordinates = each(feature.coordinates, lambda x, y: (x - 3_200_000, y))
            elif kind == "unknown-word":
                feature.values[1], note = word, word
            else:
                ring = feature.coordinates[0]
                ring[1], ring[2] = ring[2], ring[1]
                accepts, outline = ["repaired"], list(ring)
            self.add(kind, town, layer, accepts, records=[index + 1], outline=outline, note=note)
            return


def is_plain(feature):
    """Whether a ring crosses itself when two of its corners change places."""
    if feature.kind != "Polygon" or len(feature.coordinates) > 1 or len(feature.coordinates[0]) < 5:
        return False
    ring = feature.coordinates[0]
    turned = ring[:1] + [ring[2], ring[1]] + ring[3:]
    valid = lambda places: geos.Geometry.from_wkt(f"POLYGON ({ring_text(places)})").is_valid
    return valid(ring) and not valid(turned)


# What is done to whole files


def swapped(longitude, latitude):
    return latitude, longitude


def gcj02(longitude, latitude):
    """The published approximation."""
    x, y = longitude - 105, latitude - 35
    sine = lambda factor, value: math.sin(value * factor * math.pi)
    common = (20 * sine(6, x) + 20 * sine(2, x)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + common \
        + (20 * sine(1, y) + 40 * sine(1 / 3, y)) * 2 / 3 + (160 * sine(1 / 12, y) + 320 * sine(1 / 30, y)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + common \
        + (20 * sine(1, x) + 40 * sine(1 / 3, x)) * 2 / 3 + (150 * sine(1 / 12, x) + 300 * sine(1 / 30, x)) * 2 / 3
    axis, flat, turn = 6378245.0, 0.00669342162296594323, math.radians(latitude)
    magic = 1 - flat * math.sin(turn) ** 2
    north = north * 180 / (axis * (1 - flat) / (magic * math.sqrt(magic)) * math.pi)
    east = east * 180 / (axis / math.sqrt(magic) * math.cos(turn) * math.pi)
    return longitude + east, latitude + north


def bd09(longitude, latitude):
    x, y = gcj02(longitude, latitude)
    radius = math.hypot(x, y) + 0.00002 * math.sin(y * math.pi * 3000 / 180)
    angle = math.atan2(y, x) + 0.000003 * math.cos(x * math.pi * 3000 / 180)
    return radius * math.cos(angle) + 0.0065, radius * math.sin(angle) + 0.006


def says(encoding):
    return lambda file: file.with_suffix(".cpg").write_text(encoding)


def silent(file):
    file.with_suffix(".prj").unlink()


def cut(file):
    content = file.read_bytes()
    file.write_bytes(content[:int(len(content) * 0.55)])


DEGREES |= {gcj02, bd09, swapped}
