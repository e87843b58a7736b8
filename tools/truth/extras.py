# SPDX-License-Identifier: Apache-2.0
# Part of Miaopu.
"""Faults of what real towns would hand in besides: shifted border lines, addresses
with one key, columns in another encoding, drawings of new buildings, and lists of
firms that have addresses alone."""

import math

from places import box

# Metres that `close_m` is when it is left out.
CLOSING = 0.05
# By how much sheets of Beijing 54 are off here, in metres.
BEIJING54 = (-65.108, 38.974)
LAYER, MISTYPED, LABELS = "JMD", "JDM", "ZJ"
# Metres that what is drawn keeps from the border and from other faults.
CLEAR = 60.0


class Extra:
    """A delivery that is none of the region's layers."""

    def __init__(self, town, name, layer, file, text, settings):
        self.town, self.layer, self.file, self.text, self.settings = town, layer, file, text, settings
        self.source = f"{town.slug}-{name}"

    def write(self, folder, crs, run):
        place = folder / self.town.slug
        place.mkdir(parents=True, exist_ok=True)
        (place / self.file).write_text(self.text, newline="")
        return f"{self.town.slug}/{self.file}"


def plant(planter):
    """All of them; the deliveries that come with them."""
    towns = planter.region.towns
    shift_borders(planter)
    share_keys(planter)
    # What was planted in whole files leaves these alone.
    free = planter.shuffled(t for t in range(len(towns)) if len(doors(planter, t)) > 8)
    extras = [address_table(planter, town) for town in free[:3]]
    wide = [t for t in range(len(towns)) if inner(planter, t, 1)]
    return extras + [drawing(planter, town) for town in planter.shuffled(wide)[:3]]


def shift_borders(planter):
    towns = planter.shuffled(range(len(planter.region.towns)))
    for multiple in (0.5, 1, 3):
        for _ in range(3):
            town = towns.pop()
            planter.spoilt[planter.source(town, "boundaries")] = {
                "form": "shapefile", "step": tuple(part * multiple for part in BEIJING54)}
            planter.add("constant-shift", town, "boundaries", ["reported"], multiple=multiple)


def share_keys(planter):
    """Two doors with one road and number."""
    towns = planter.shuffled(t for t, f in enumerate(planter.layers["addresses"]) if len(f) > 20)
    for town in towns[:3]:
        features = planter.layers["addresses"][town]
        one, two = planter.random.sample(range(len(features)), 2)
        planter.taken |= {(town, "addresses", one), (town, "addresses", two)}
        features[one].values = list(features[two].values)
        planter.add("shared-key", town, "addresses", ["reported"], records=[one + 1, two + 1])


def doors(planter, town):
    """Those that no other town has and nothing was planted in."""
    counts = {}
    for features in planter.layers["addresses"]:
        for feature in features:
            key = tuple(feature.values)
            counts[key] = counts.get(key, 0) + 1
    return [tuple(f.values) for i, f in enumerate(planter.layers["addresses"][town])
            if counts[tuple(f.values)] == 1 and (town, "addresses", i) not in planter.taken]


def address_table(planter, town):
    slug = planter.region.towns[town].slug
    known = planter.shuffled(doors(planter, town))
    roads = {}
    for road, number in known:
        roads.setdefault(road, []).append(number)
    road = min(name for name, numbers in roads.items() if len(numbers) > 1)
    lines = ["名称,地址"]

    def row(address):
        lines.append(f"{slug}第{len(lines)}合作社,{address}")
        return [len(lines) - 1]

    def told(kind, accepts, address, note, decoy=False):
        planter.add(kind, town, "firms", accepts, records=row(address), note=note, decoy=decoy)

    for name, number in known[:3]:
        row(f"上海市{name}{number}")
    wide = "".join(chr(ord(digit) + 0xFEE0) if digit.isdigit() else digit for digit in known[3][1])
    told("misspelt-road", ["silent"], f"上海市{known[3][0]}{wide}", "digits as wide as characters", decoy=True)
    told("misspelt-road", ["silent"], f"{known[4][0]} {known[4][1]}", "an address with spaces", decoy=True)
    told("misspelt-road", ["reported"], f"锌{known[5][0][1:]}{known[5][1]}", "a misspelt road")
    pair = roads[road][:2]
    told("ambiguous-number", ["reported"], f"{road}{pair[0].rstrip('号')}、{pair[1]}", "two doors")
    told("missing-address", ["reported"], "", "no address")
    return Extra(planter.region.towns[town], "firms", "points", "firms.csv", "\n".join(lines) + "\n", [
        "    encoding: UTF-8", "    from: { address: 地址 }", "    fields: { name: 名称, address: 地址 }"])


def inner(planter, town, count):
    """Places within a town where nothing else is, or fewer when there is no room."""
    ground = planter.region.towns[town]
    west, south, east, north = box(ground.ring)
    found = []
    for _ in range(400):
        place = (round(planter.random.uniform(west, east), 3), round(planter.random.uniform(south, north), 3))
        if len(found) < count and ground.holds(place) and ground.to_border(place) > CLEAR \
                and all(math.dist(place, other) > 2 * CLEAR for other in planter.places + found):
            found.append(place)
    return found


def drawing(planter, town):
    """New buildings, with the mistakes that drawings have."""
    places = inner(planter, town, 6)
    planter.places += places
    entities = []

    def corners(place):
        return [(place[0] + x, place[1] + y) for x, y in [(-6, -4.5), (6, -4.5), (6, 4.5), (-6, 4.5)]]

    def polyline(points, layer, closed):
        entities.append([0, "LWPOLYLINE", 8, layer, 90, len(points), 70, int(closed)]
                        + [item for x, y in points for item in (10, f"{x:.4f}", 20, f"{y:.4f}")])

    def text(words, place):
        entities.append([0, "TEXT", 8, LABELS, 10, f"{place[0]:.4f}", 20, f"{place[1]:.4f}", 40, 1, 1, words])

    def told(kind, place, accepts, **more):
        planter.add(kind, town, "plan", accepts, records=[len(entities)], outline=[place], **more)

    polyline(corners(places[0]), LAYER, True)
    text("A-1", places[0])
    for place, multiple in zip(places[1:4], (0.5, 1, 3)):
        ring = corners(place)
        polyline(ring + [(ring[0][0], ring[0][1] + multiple * CLOSING)], LAYER, False)
        accepts = ["repaired"] if multiple < 1 else ["reported"] if multiple > 1 else ["repaired", "reported"]
        told("open-outline", place, accepts, multiple=multiple)
    polyline(corners(places[4]), LAYER, True)
    # 2 m beside its building.
    beside = (places[4][0] + 8, places[4][1])
    text("A-2", beside)
    told("text-outside", beside, ["reported"])
    polyline(corners(places[5]), MISTYPED, True)
    told("wrong-layer", places[5], ["reported"], note=MISTYPED)

    head = [0, "SECTION", 2, "HEADER", 9, "$ACADVER", 1, "AC1015", 9, "$INSUNITS", 70, 6, 0, "ENDSEC",
            0, "SECTION", 2, "ENTITIES"]
    body = []
    for number, entity in enumerate(entities):
        body += entity[:2] + [5, f"{0x100 + number:X}"] + entity[2:]
    text_of_file = "\r\n".join(map(str, head + body + [0, "ENDSEC", 0, "EOF"])) + "\r\n"
    return Extra(planter.region.towns[town], "plan", "buildings", "plan.dxf", text_of_file, [
        f'    crs: "{planter.region.crs}"', f"    drawing: {{ from: [{LAYER}], labels: {{ name: [{LABELS}] }} }}",
        "    fields: { name: name }"])


def recode(column, encoding):
    """What a program does that fills one column of an older table: its values are
    in another encoding than the others'."""
    def finish(file):
        table = file.with_suffix(".dbf")
        content = bytearray(table.read_bytes())
        count, start, width = (int.from_bytes(content[at:at + size], "little") for at, size in [(4, 4), (8, 2), (10, 2)])
        offset = 1
        for place in range(32, start - 31, 32):
            size = content[place + 16]
            if content[place:place + 11].rstrip(b"\0") == column.encode():
                break
            offset += size
        for record in range(count):
            at = start + record * width + offset
            words = bytes(content[at:at + size]).decode("utf-8", "ignore").rstrip()
            while len(words.encode(encoding, "ignore")) > size:
                words = words[:-1]
            content[at:at + size] = words.encode(encoding, "ignore").ljust(size)
        table.write_bytes(content)
    return finish
