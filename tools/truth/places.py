# SPDX-License-Identifier: Apache-2.0
# Part of Miaopu.
"""Real towns as deliveries: borders, roads, buildings, waters and places, on the
plane of a district, cut at the towns' borders."""

import csv
import json
import math
import pathlib
import re
import subprocess

from geos import Geometry

FIELDS = {"towns": ["code", "name"], "roads": ["name", "class"], "points": ["name", "class", "address"],
          "buildings": ["name", "use"], "water": ["name", "class"], "boundaries": ["name", "class"],
          "addresses": ["road", "number"]}
# In the middle of Shanghai, where the borders of the mosaic meet.
MIDDLE = (121.395, 31.125, 121.50, 31.25)
# A road and a door, as most addresses begin.
DOOR = re.compile(r"((?:(?!街道)[^\d\s()（）、;,，市区县镇乡]){2,8}?(?:路|街|大道))(\d+号)")
# Words of OpenStreetMap that stand for themselves.
ROADS = {"motorway", "trunk", "primary", "secondary", "tertiary", "residential", "service"}
USES = {"residential", "commercial", "industrial", "public", "education", "medical", "office", "apartments", "house",
        "detached", "retail", "hotel", "school", "hospital", "garage", "garages"}


# What is done to coordinates in degrees, faults.py says.
DEGREES = set()


class Town:
    def __init__(self, code, slug, name, ring):
        self.code, self.slug, self.name, self.ring = code, slug, name, ring

    def holds(self, place):
        x, y = place
        odd = False
        for (ax, ay), (bx, by) in zip(self.ring, self.ring[1:]):
            if (ay > y) != (by > y) and ax + (y - ay) / (by - ay) * (bx - ax) > x:
                odd = not odd
        return odd

    def to_border(self, place):
        """Metres."""
        return min(to_segment(place, a, b) for a, b in zip(self.ring, self.ring[1:]))


class Feature:
    """coordinates: of GeoJSON, on the plane, in whole millimetres; None for no
    geometry."""

    def __init__(self, kind, coordinates, values):
        self.kind, self.coordinates, self.values = kind, rounded(coordinates), values

    def json(self, fields):
        geometry = None if self.coordinates is None else {"type": self.kind, "coordinates": self.coordinates}
        return {"type": "Feature", "properties": dict(zip(fields, self.values)), "geometry": geometry}

    @property
    def wkt(self):
        if self.kind == "Point":
            return f"POINT ({self.coordinates[0]} {self.coordinates[1]})"
        if self.kind == "LineString":
            return "LINESTRING " + ring_text(self.coordinates)
        return "POLYGON (" + ", ".join(map(ring_text, self.coordinates)) + ")"


class Delivery:
    """A layer of a town. spoil: what is done to the finished GeoJSON, and to the
    files."""

    def __init__(self, town, layer, features, form):
        self.town, self.layer, self.features, self.form = town, layer, features, form
        self.source = f"{town.slug}-{layer}"
        self.fields = FIELDS[layer]
        self.turn = None
        # By how much all of it is moved on the plane, in metres.
        self.step = (0, 0)
        self.encoding = "UTF-8"
        self.finish = None
        # Whether district.yaml has the fields the wrong way round.
        self.confused = False

    @property
    def settings(self):
        """Lines of district.yaml."""
        names = self.fields[1::-1] + self.fields[2:] if self.confused else self.fields
        fields = ", ".join(f"{field}: {name}" for field, name in zip(self.fields, names))
        return [f"    fields: {{ {fields} }}"] + (["    key: [road, number]"] if self.layer == "addresses" else [])

    def write(self, folder, crs, run):
        """Writes the files; returns the path from the folder."""
        place = folder / self.town.slug
        place.mkdir(parents=True, exist_ok=True)
        plain = place / f"{self.layer}.geojson"
        collection = {"type": "FeatureCollection",
                      "crs": {"type": "name", "properties": {"name": f"urn:ogc:def:crs:{crs.replace(':', '::')}"}},
                      "features": [feature.json(self.fields) for feature in self.features]}
        for feature in collection["features"] if any(self.step) else []:
            feature["geometry"]["coordinates"] = each(
                feature["geometry"]["coordinates"], lambda x, y: (round(x + self.step[0], 3), round(y + self.step[1], 3)))
        plain.write_text(json.dumps(collection, ensure_ascii=False))
        if self.form == "degrees" or self.turn in DEGREES:
            degrees = place / f"{self.layer}.degrees"
            run("ogr2ogr", "-f", "GeoJSON", "-t_srs", "EPSG:4326", "-lco", "COORDINATE_PRECISION=10", str(degrees), str(plain))
            degrees.replace(plain)
        if self.turn:
            collection = json.loads(plain.read_text())
            for feature in collection["features"]:
                if feature["geometry"]:
                    feature["geometry"]["coordinates"] = each(feature["geometry"]["coordinates"], self.turn)
            plain.write_text(json.dumps(collection, ensure_ascii=False))
        if self.form == "shapefile":
            final = place / f"{self.layer}.shp"
            run("ogr2ogr", "-lco", f"ENCODING={self.encoding}", str(final), str(plain))
            plain.unlink()
        elif self.form == "geopackage":
            final = place / f"{self.layer}.gpkg"
            run("ogr2ogr", str(final), str(plain))
            plain.unlink()
        else:
            final = plain
        if self.finish:
            self.finish(final)
        return f"{self.town.slug}/{final.name}"


class Region:
    def __init__(self, name, crs, towns, layers):
        """layers: by name, a list of features for each town."""
        self.name, self.crs, self.towns, self.layers = name, crs, towns, layers

    @property
    def count(self):
        return sum(len(features) for towns in self.layers.values() for features in towns)

    def deliveries(self):
        # All of them keep the order of the records.
        forms = ["plane", "shapefile", "geopackage", "degrees"]
        return [Delivery(town, layer, features[index], forms[index % 4])
                for layer, features in self.layers.items() for index, town in enumerate(self.towns) if features[index]]


def regions(data):
    data = pathlib.Path(data)
    if not data.is_dir():
        raise SystemExit(f"there is no folder {data}; real data lie beside the repository, as in ../shared/data")
    return [shanghai(data), krems(data)]


def shanghai(data):
    crs = "EPSG:4549"
    mosaic = read(data / "boundaries/shanghai_towns_osm_127.geojson", crs)
    towns = []
    for feature in mosaic["features"]:
        x, y = feature["properties"]["labelPoint"]
        if MIDDLE[0] < x < MIDDLE[2] and MIDDLE[1] < y < MIDDLE[3] and feature["geometry"]["type"] == "Polygon":
            name = feature["properties"]["name"]
            slug = feature["properties"]["id"].replace("sector_", "").replace("_", "")
            ring = [tuple(place[:2]) for place in rounded(feature["geometry"]["coordinates"][0])]
            towns.append(Town(f"310112{len(towns) + 1:03}", slug, name, ring))
    network = json.loads((data / "transport/shanghai_transport_network_wgs84.json").read_text())
    elevated = {"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"name": road["name"], "highway": "trunk"},
         "geometry": {"type": "LineString", "coordinates": path}}
        for road in network["elevatedRoads"] for path in road["paths"]]}
    lines = read_text(json.dumps(elevated), crs)["features"]
    lines += read(data / "osm/shanghai_peoples_square.osm", crs, "lines")["features"]
    rows = []
    for file in ["shanghai_food.csv", "shanghai_school.csv"]:
        with open(data / "poi" / file, encoding="utf-8") as text:
            for row in csv.DictReader(text):
                rows.append({"type": "Feature", "properties": {"name": row["name"], "class": "school" if "school" in file else "food",
                                            "address": row["address"]},
                             "geometry": {"type": "Point", "coordinates": [float(row["lon"]), float(row["lat"])]}})
    points = read_text(json.dumps({"type": "FeatureCollection", "features": rows}), crs)["features"]
    layers = {
        "towns": [[Feature("Polygon", [town.ring], [town.code, town.name])] for town in towns],
        "roads": split_lines(lines, towns), "points": split_points(points, towns)}
    layers["addresses"] = doors(layers["points"])
    layers["boundaries"] = [[Feature("LineString", list(town.ring), [f"{town.name}界", "town"])] for town in towns]
    return Region("shanghai", crs, towns, layers)


def krems(data):
    crs, file = "EPSG:32633", "/vsigzip/" + str((data / "osm/krems.osm.gz").resolve())
    lines = read(file, crs, "lines")["features"]
    areas = read(file, crs, "multipolygons")["features"]
    places = [place for f in areas for place in corners(f)]
    # Nine parts with as many corners each way, so that there is border enough.
    xs, ys = sorted(p[0] for p in places), sorted(p[1] for p in places)
    def cuts(values):
        third = len(values) // 3
        return [values[0] - 100, round(values[third]), round(values[2 * third]), values[-1] + 100]
    east, north = cuts(xs), cuts(ys)
    towns = [
        Town(f"3010100{row}{column}", f"krems{row}{column}", f"克雷姆斯{row}{column}镇",
             frame(east[column], north[row], east[column + 1], north[row + 1]))
        for row in range(3) for column in range(3)]
    layers = {"towns": [[Feature("Polygon", [town.ring], [town.code, town.name])] for town in towns],
              "roads": split_lines(lines, towns), "buildings": [[] for _ in towns], "water": [[] for _ in towns]}
    for f in areas:
        properties = f["properties"]
        layer = "buildings" if properties.get("building") else "water" if properties.get("natural") == "water" else None
        for rings in polygons(f) if layer else []:
            owner = next((i for i, town in enumerate(towns) if all(town.holds(p) for p in rings[0])), None)
            if owner is None:
                continue
            word = properties["building"] if properties.get("building") in USES else "other" if layer == "buildings" else "lake"
            layers[layer][owner].append(Feature("Polygon", rings, [properties.get("name"), word]))
    return Region("krems", crs, towns, layers)


def frame(west, south, east, north):
    """A ring with a vertex every 50 m or so, as borders have: between vertices far
    from each other a line that is straight in degrees is not straight on a plane."""
    ring = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    places = []
    for a, b in zip(ring, ring[1:]):
        # From the same end for both towns of a border.
        first, last = min(a, b), max(a, b)
        steps = max(1, int(math.dist(a, b) // 50))
        shares = [step / steps for step in range(steps + 1)]
        line = [(first[0] + (last[0] - first[0]) * share, first[1] + (last[1] - first[1]) * share) for share in shares]
        places += (line if a == first else line[::-1])[:-1]
    return rounded(places + places[:1])


# Reading


def read(path, crs, layer=None):
    command = ["ogr2ogr", "-f", "GeoJSON", "-t_srs", crs, "-lco", "RFC7946=NO", "/vsistdout/", str(path)]
    done = subprocess.run(command + ([layer] if layer else []), check=True, capture_output=True)
    return json.loads(done.stdout)


def read_text(text, crs):
    done = subprocess.run(["ogr2ogr", "-f", "GeoJSON", "-t_srs", crs, "/vsistdout/", "/vsistdin/"],
                          check=True, capture_output=True, input=text.encode())
    return json.loads(done.stdout)


def rounded(coordinates):
    if coordinates is None:
        return None
    if isinstance(coordinates[0], (int, float)):
        return [round(number, 3) for number in coordinates[:2]]
    return [rounded(part) for part in coordinates]


def each(coordinates, turn):
    if isinstance(coordinates[0], (int, float)):
        return list(turn(*coordinates[:2]))
    return [each(part, turn) for part in coordinates]


def polygons(feature):
    geometry = feature["geometry"]
    return [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]


def corners(feature):
    return [place for rings in polygons(feature) for place in rings[0]]


# Cutting at borders


def split_points(features, towns):
    split = [[] for _ in towns]
    boxes = [box(town.ring) for town in towns]
    for feature in features:
        place = feature["geometry"]["coordinates"]
        for index, town in enumerate(towns):
            if inside(boxes[index], place) and town.holds(place):
                split[index].append(
                    Feature("Point", place, [feature["properties"][name] for name in FIELDS["points"]]))
    return split


def doors(points):
    """The first place of each road and number in each town's points."""
    split = []
    for features in points:
        found = {}
        for feature in features:
            door = DOOR.match(feature.values[2] or "")
            if door:
                found.setdefault(door.groups(), Feature("Point", feature.coordinates, list(door.groups())))
        split.append(list(found.values()))
    return split


def split_lines(features, towns):
    split = [[] for _ in towns]
    grounds = [Geometry.from_wkt("POLYGON (" + ring_text(town.ring) + ")") for town in towns]
    boxes = [box(town.ring) for town in towns]
    for feature in features:
        word = (feature["properties"].get("highway") or "").replace("_link", "")
        if feature["geometry"]["type"] != "LineString" or word not in ROADS | {"unclassified", "living_street"}:
            continue
        line = feature["geometry"]["coordinates"]
        values = [feature["properties"].get("name"), word if word in ROADS else "residential"]
        extent = box(line)
        for index, ground in enumerate(grounds):
            if boxes[index][0] > extent[2] or boxes[index][2] < extent[0] or boxes[index][1] > extent[3] or boxes[index][3] < extent[1]:
                continue
            for part in lines_of(Geometry.from_wkt("LINESTRING " + ring_text(line)).intersection(ground).wkt):
                split[index].append(Feature("LineString", part, values))
    return split


def lines_of(wkt):
    """The lines of a WKT, whatever it is of."""
    found = []
    if "LINESTRING" not in wkt or "EMPTY" in wkt:
        return found
    body = wkt[wkt.index("LINESTRING") + len("LINESTRING"):]
    for part in body.replace("LINESTRING", "").split("("):
        places = [tuple(map(float, place.split()[:2])) for place in part.split(")")[0].split(",") if len(place.split()) >= 2]
        if len(places) >= 2 and sum(math.dist(a, b) for a, b in zip(places, places[1:])) > 1:
            found.append(places)
    return found


def ring_text(places):
    return "(" + ", ".join(f"{place[0]} {place[1]}" for place in places) + ")"


def box(places):
    xs, ys = [p[0] for p in places], [p[1] for p in places]
    return (min(xs), min(ys), max(xs), max(ys))


def inside(extent, place):
    return extent[0] <= place[0] <= extent[2] and extent[1] <= place[1] <= extent[3]


def to_segment(p, a, b):
    dx, dy = b[0] - a[0], b[1] - a[1]
    square = dx * dx + dy * dy
    t = 0 if square == 0 else min(max(((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / square, 0), 1)
    return math.dist(p, (a[0] + t * dx, a[1] + t * dy))
