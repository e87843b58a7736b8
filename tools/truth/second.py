# SPDX-License-Identifier: Apache-2.0
# Part of Miaopu.
"""The second, corrected delivery of some towns: what it must put right, and what
it must leave alone.

New deliveries replace the files of the first ones, and the records that the towns
correct on their slips are put into the slips that `miaopu slip` wrote. The merge
of that over the first one is held against the truth, against the first merge,
and against a merge of the same files into an empty store.
"""

import json
import re
import shutil
import sqlite3
import subprocess

import geos

# Metres from a corrected town's features within which a seam may reach others.
SEAM_REACH = 5.0
# How many there are is for all towns to say.
ADDRESSES = re.compile(r"the \d+ addresses")
# Columns that depend on what came before; see CanonicalDump.swift.
HISTORY = {
    "miaopu_district": {"id"}, "miaopu_sources": {"id"}, "miaopu_issues": {"id", "number"}, "miaopu_originals": {"id"},
    "miaopu_suppressed": {"id", "kept", "valid_from"}, "miaopu_seams": {"id", "seam", "features"},
    "miaopu_movements": {"id", "features"},
}


def deliver(miaopu, district, planted, run):
    """Puts the second delivery into a merged district, slips first: they can only
    be written while the files of the first delivery are there."""
    second = planted / "deliveries-2"
    entries = (second / "district.yaml").read_text()
    handed_back = []
    for town in sorted((second / "slips").iterdir()):
        for file in sorted(file for file in town.iterdir() if file.suffix in (".geojson", ".shp")):
            source = source_of(entries, f"maps/{town.name}/{file.name}")
            folder = district.parent / f"slip-{source}"
            run(miaopu, "slip", code_of(entries, source), "--output", str(folder), "--district", str(district), accepted=(0, 1))
            slip = next(path for path in (folder / source).iterdir() if path.suffix == file.suffix)
            target = district / "maps" / town.name / f"slip-{file.name}"
            handed_back.append((source, correct(slip, file, target, run)))
            entries = entries.replace(
                f"  - id: {source}\n", f"  - id: {source}\n    corrections: [maps/{town.name}/{target.name}]\n", 1)
    shutil.copytree(second / "maps", district / "maps", dirs_exist_ok=True)
    (district / "district.yaml").write_text(entries)
    return handed_back


def source_of(entries, path):
    source = None
    for line in entries.splitlines():
        if line.startswith("  - id: "):
            source = line[8:].strip()
        if line.strip() == f"path: {path}":
            return source
    raise ValueError(f"no source of district.yaml has the path {path}")


def code_of(entries, source):
    lines = entries.splitlines()
    start = lines.index(f"  - id: {source}")
    return next(line for line in lines[start:] if line.strip().startswith("town: ")).split('"')[1]


def correct(slip, right, target, run):
    """A slip with its records as they are in the right file, by BSM.

    Returns how many records it has.
    """
    read = lambda path: json.loads(subprocess.run(
        ["ogr2ogr", "-f", "GeoJSON", "-lco", "COORDINATE_PRECISION=15", "/vsistdout/", str(path)],
        check=True, capture_output=True).stdout)
    is_text = slip.suffix == ".geojson"
    load = (lambda path: json.loads(path.read_text())) if is_text else read
    marked, known = load(slip), {f["properties"]["BSM"]: f for f in load(right)["features"]}
    for feature in marked["features"]:
        truth = known.get(feature["properties"]["BSM"])
        if truth:
            feature["geometry"] = truth["geometry"]
            feature["properties"].update(truth["properties"])
    if is_text:
        target.write_text(json.dumps(marked, ensure_ascii=False))
        return len(marked["features"])
    text = target.with_suffix(".json")
    text.write_text(json.dumps(marked, ensure_ascii=False))
    encoding = slip.with_suffix(".cpg").read_text().strip()
    run("ogr2ogr", "-f", "ESRI Shapefile", "-lco", f"ENCODING={encoding}", "-nlt", "POLYGON", str(target), str(text))
    text.unlink()
    # The town's own, which GeoJSON does not know.
    for suffix in (".prj", ".cpg"):
        shutil.copy(slip.with_suffix(suffix), target.with_suffix(suffix))
    return len(marked["features"])


# Against the first merge


def difference(before, after, fresh, towns, gone, first, second):
    """Sentences on what is not as it should be.

    before, after and fresh are stores; towns the slugs that delivered again; gone
    whether a place is one of those that were put right; first and second the
    outcomes by fault that stayed.
    """
    wrong = []
    stays = lambda source: source.rsplit("-", 1)[0] not in towns
    for fault, outcomes in first:
        now = next((o for f, o in second if f is fault), set())
        # What two towns make of one place together may change when one of them
        # delivers again, and must still be right.
        is_touched = any(not stays(source) for source in fault["sources"])
        if now != outcomes and not (is_touched and now & set(fault["accepts"])):
            wrong.append(f"{fault['kind']} in {fault['sources']} was {sorted(outcomes)} and is {sorted(now)}")
    wrong += compare("issues of other towns", issues(before, stays), issues(after, stays))
    wrong += compare("defects between other towns", seams(before, stays, gone), seams(after, stays, gone))
    wrong += compare("the store and that of a fresh merge", canonical(after), canonical(fresh))
    wrong += local(before, after, towns)
    return wrong


def compare(name, one, other):
    return [f"{name}: {len(one - other)} rows went and {len(other - one)} came, as {str(sorted(one ^ other)[0])[:240]}"] if one != other else []


def issues(store, stays):
    query = 'SELECT miaopu_source, kind, outcome, record, message, hex(geom) FROM "merge-issues" WHERE miaopu_town IS NOT NULL'
    rows = (tuple(ADDRESSES.sub("the addresses", str(cell)) for cell in row) for row in store.execute(query))
    return {row for row in rows if stays(row[0])}


def seams(store, stays, gone):
    """Those in which no town has a part that delivered again; an end that found no
    partner is one of theirs when the partner was to come from them."""
    query = "SELECT sources, layer, kind, repaired, reason, x, y, hex(geometry) FROM miaopu_seams"
    return {tuple(str(cell) for cell in row) for row in store.execute(query)
            if all(stays(source) for source in json.loads(row[0])) and not gone(row[5:7])}


def canonical(store):
    """Every row of features and provenance, without what depends on history."""
    layers = [name for name, in store.execute("SELECT table_name FROM gpkg_geometry_columns") if is_layer(name)]
    rows = set()
    for table, without in list(HISTORY.items()) + [(layer, {"fid", "miaopu_valid_from"}) for layer in layers]:
        cursor = store.execute(f'SELECT * FROM "{table}"')
        keep = [index for index, column in enumerate(cursor.description) if column[0] not in without]
        counts = {}
        for row in cursor:
            key = (table,) + tuple(repr(row[index]) for index in keep)
            counts[key] = counts.get(key, 0) + 1
        rows |= {key + (str(count),) for key, count in counts.items()}
    return rows


def is_layer(name):
    return not name.startswith("miaopu_") and name != "merge-issues"


def local(before, after, towns):
    """Whether only features of these towns changed, others at their seams, and
    whether the areas whose tiles are dropped hold something of that."""
    wrong = []
    ground = {}
    foreign = 0
    layers = [name for name, in after.execute("SELECT table_name FROM gpkg_geometry_columns") if is_layer(name)]
    for layer in layers:
        old, new = features(before, layer), features(after, layer)
        boxes = [geos.envelope(row[1]) for rows in (old, new) for row in rows.values() if row[0].rsplit("-", 1)[0] in towns]
        ground[layer] = Boxes(boxes)
        for fid in old.keys() | new.keys():
            if old.get(fid) == new.get(fid):
                continue
            row = new.get(fid) or old[fid]
            if row[0].rsplit("-", 1)[0] in towns or row[0].endswith("-firms"):
                continue
            foreign += 1
            if not ground[layer].meets(geos.envelope(row[1]), SEAM_REACH):
                wrong.append(f"{layer}: feature {fid} of {row[0]} changed, far from what was delivered")
    last = after.execute("SELECT max(changeset) FROM miaopu_changes").fetchone()[0]
    query = "SELECT layer, min_x, min_y, max_x, max_y FROM miaopu_changes WHERE changeset = ? AND min_x IS NOT NULL"
    for layer, *box in after.execute(query, [last]):
        if layer in ground and not ground[layer].meets(box, SEAM_REACH):
            wrong.append(f"{layer}: tiles of {box} are dropped, where nothing was delivered")
    return wrong


def features(store, layer):
    cursor = store.execute(f'SELECT * FROM "{layer}"')
    columns = [column[0] for column in cursor.description]
    source = columns.index("miaopu_source")
    without = {columns.index("miaopu_valid_from"), columns.index("miaopu_row")}
    return {row[0]: (row[source], row[1]) + tuple(cell for index, cell in enumerate(row) if index not in without)
            for row in cursor}


class Boxes:
    """Envelopes, by cells of 200 m."""

    CELL = 200.0

    def __init__(self, boxes):
        self.cells = {}
        for box in boxes:
            if box:
                for cell in self.over(box):
                    self.cells.setdefault(cell, []).append(box)

    def over(self, box):
        low = [int(value // self.CELL) for value in box[:2]]
        high = [int(value // self.CELL) for value in box[2:]]
        return ((x, y) for x in range(low[0], high[0] + 1) for y in range(low[1], high[1] + 1))

    def meets(self, box, reach):
        if not box:
            return True
        wide = (box[0] - reach, box[1] - reach, box[2] + reach, box[3] + reach)
        return any(a[0] <= wide[2] and a[2] >= wide[0] and a[1] <= wide[3] and a[3] >= wide[1]
                   for cell in self.over(wide) for a in self.cells.get(cell, []))


def open_store(district):
    return sqlite3.connect(f"file:{district / 'district.gpkg'}?mode=ro", uri=True)
