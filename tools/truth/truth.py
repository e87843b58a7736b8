#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Part of Miaopu.
"""Merges a demo district with planted faults and holds what the merge says
against what was planted.

  tools/dev truth [--seed N] [--scale N] [--keep DIR] [--first] [--json]
  tools/dev truth --osm DIR [--seed N] [--keep DIR] [--json]

The merge runs on a copy without truth.json. For each kind of fault the table
says how many were planted at what multiple of the threshold, how many were
found with an outcome that is right, how many things were spoken of that nobody
planted, and how far from the planted place the farthest finding lies. Recall is
that of what reaches its threshold. Exit code 1 when recall or precision is below 1,
a fault below its threshold that must be repaired is not, when a place is
off by more than a metre, or when a decoy is spoken of.

Then what repairs left is held against what was there before the faults
(shapes.py), and the second, corrected delivery of three towns is merged: what was
put right must be gone, all else as it was, and the store equal to that of a fresh
merge (second.py). --first leaves the second delivery out.

--osm plants the same faults into real towns, out of the data beside the
repository (osm.py).
"""

import argparse
import collections
import contextlib
import json
import math
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile

import osm
import places
import second
import shapes

PLACE_LIMIT = 1.0
# Within so many metres a finding can be about a fault.
REACH = 20.0
# Seams of towns whose plane is known to some decimetres are nobody's fault up to
# this width.
LOOSE_LIMIT = 1.0
# Narrower seams are the rounding of reference systems.
ROUNDING = 0.05

SEAM_KINDS = {
    "gap": "seam-gap", "slit": "seam-gap", "overlap": "seam-overlap", "duplicate": "seam-overlap",
    "enclave": "seam-overlap", "line-end": "line-end", "dangling-end": "line-end",
}
TWIN_KINDS = {"buildings": "area-twin", "points": "point-twin"}
ISSUE_KINDS = [
    ("made-valid-self-intersection", "self-intersection"), ("made-valid-ring-self-intersection", "self-intersection"),
    ("null-geometry", "null-geometry"), ("duplicate-key", "shared-key"), ("outside-grid-area", "far-away"),
    ("outside-area-of-use", "far-away"), ("open-outline", "open-outline"), ("outline-closed", "open-outline"),
    ("address-unmatched", "misspelt-road"), ("address-ambiguous", "ambiguous-number"),
    ("address-missing", "missing-address"), ("address-without-number", "missing-address"),
]
# Issues that say that something was put right, although the record is as it was.
PUT_RIGHT = {"outline-closed"}
# What a sentence about a whole source is about; the first that fits.
SENTENCES = [
    ("lacking-plane", ["Neither district.yaml nor the file says", "Nobody says which reference system"]),
    ("swapped-axes", ["north first"]),
    ("gcj02", ["looks like GCJ-02"]),
    ("bd09", ["looks like BD-09"]),
    ("constant-shift", ["a constant shift"]),
    ("text-outside", ["stood in no area"]),
    ("wrong-layer", ["Layers of the drawing that this source leaves out"]),
    ("column-encoding", ["Column “"]),
    ("lying-encoding", ["is said to be", "said to be", "encoding", "do not fit district.yaml"]),
    ("cut-file", ["the text ends here", "The header of", "truncated", "cut"]),
]


class Finding:
    def __init__(self, kind, sources, rows=(), place=None, width=0.0, outcome="reported", text=""):
        self.kind, self.sources, self.rows, self.place = kind, set(sources), set(rows), place
        self.width, self.outcome, self.text = width, outcome, text
        self.fault = None


def main():
    parser = argparse.ArgumentParser(description="Measures what a merge finds of planted faults.")
    parser.add_argument("--miaopu", required=True, help="the program")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scale", type=int, default=1)
    parser.add_argument("--keep", help="a folder in which the district is kept")
    parser.add_argument("--first", action="store_true", help="without the second delivery")
    parser.add_argument("--osm", metavar="DIR", help="the folder of real data, as ../shared/data")
    parser.add_argument("--json", action="store_true", help="print the table as JSON")
    options = parser.parse_args()

    with tempfile.TemporaryDirectory(prefix="miaopu-truth-") as scratch:
        folder = pathlib.Path(options.keep or scratch)
        failed = osm.main(options, folder, TOOLS) if options.osm else measure(options, folder)
    sys.exit(1 if failed else 0)


def measure(options, folder):
    """Whether the demo district's measures fail; prints them."""
    district = make(options, folder)
    truth = json.loads((folder / "truth.json").read_text())
    rows, failed, outcomes = judge(truth, findings(district, truth))
    with contextlib.closing(second.open_store(district)) as store:
        left = shapes.measure(store, outcomes)
    failed = failed or any(row["beyond"] for row in left.values())
    again = None if options.first else deliver_again(options, folder, district, truth, outcomes)
    failed = failed or bool(again and (again["wrong"] or again["rows_failed"]))
    if options.json:
        print(json.dumps({"seed": options.seed, "scale": options.scale, "kinds": rows, "shapes": left, "second": again},
                         ensure_ascii=False, indent=1))
        return failed
    print_table(f"seed {options.seed}, scale {options.scale}", rows)
    shapes.print_shapes(left)
    if again:
        print(f"second delivery of {', '.join(again['towns'])}: {again['corrected']} faults put right "
              f"({again['slips']} records on slips), {again['stayed']} stay")
        print_table("after it", again["rows"])
        for sentence in again["wrong"]:
            print(f"    wrong: {sentence}")
    return failed


def deliver_again(options, folder, district, truth, outcomes):
    """What the second delivery makes of the merged district."""
    towns = sorted({f["sources"][0].rsplit("-", 1)[0] for f in truth["faults"] if f.get("corrected")})
    first = folder / "first"
    first.mkdir(exist_ok=True)
    shutil.copy(district / "district.gpkg", first / "district.gpkg")
    slips = second.deliver(options.miaopu, district, folder / "planted", run)
    fresh = folder / "fresh"
    fresh.mkdir(exist_ok=True)
    shutil.copytree(district / "maps", fresh / "maps")
    shutil.copy(district / "district.yaml", fresh / "district.yaml")
    run(options.miaopu, "merge", "--json", "--district", str(district), accepted=(0, 1))
    run(options.miaopu, "merge", "--json", "--district", str(fresh), accepted=(0, 1))

    left = dict(truth, faults=[f for f in truth["faults"] if not f.get("corrected")])
    rows, failed, now = judge(left, findings(district, left))
    before = [(f, o) for f, o in outcomes if not f.get("corrected")]
    stores = [second.open_store(path) for path in (first, district, fresh)]
    right = [f for f in truth["faults"] if f.get("corrected") and f["outline"]]
    wrong = second.difference(
        *stores, towns, lambda place: any(to_outline(place, f["outline"]) <= REACH for f in right), before, now)
    for store in stores:
        store.close()
    return {"towns": towns, "corrected": len(truth["faults"]) - len(before), "stayed": len(before),
            "slips": sum(count for _, count in slips), "rows": rows, "rows_failed": failed, "wrong": wrong}


def make(options, folder):
    """The merged district; its truth.json lies beside it, where no merge looks."""
    planted = folder / "planted"
    run(options.miaopu, "demo", "--faults", "--seed", str(options.seed), "--scale", str(options.scale), str(planted))
    district = folder / "district"
    shutil.copytree(planted, district)
    (district / "truth.json").unlink()
    shutil.copy(planted / "truth.json", folder / "truth.json")
    run(options.miaopu, "merge", "--json", "--district", str(district), accepted=(0, 1))
    return district


def run(*command, accepted=(0,)):
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if done.returncode not in accepted:
        sys.exit(f"{' '.join(command[:3])} ended with {done.returncode}: {done.stderr.strip()[-500:]}")


# What the merge says


def findings(district, truth):
    report = json.loads((district / ".miaopu/reports/merge.json").read_text())
    store = sqlite3.connect(f"file:{district / 'district.gpkg'}?mode=ro", uri=True)
    loose = set(truth["looseTowns"])
    # Ground of nobody, and ends at which nothing goes on or a file that is set aside did.
    explained = [{"outline": ring} for ring in truth["slivers"]]
    explained += [{"outline": [place]} for fault in truth["faults"] for place in fault["missed"]]
    open_ends = [{"outline": [place]} for place in truth["openEnds"]]
    found = list(of_seams(store, loose, explained, open_ends)) + list(of_issues(store))
    store.close()
    return found + list(of_sources(report)) + list(of_words(report))


def of_seams(store, loose, explained, open_ends):
    rows = store.execute("SELECT layer, kind, repaired, x, y, width_m, sources, reason FROM miaopu_seams")
    for layer, kind, repaired, x, y, width, sources, reason in rows:
        sources = json.loads(sources)
        towns = {source.rsplit("-", 1)[0] for source in sources}
        is_loose = width < ROUNDING or (towns & loose and width < LOOSE_LIMIT)
        if kind in SEAM_KINDS and kind != "dangling-end" and is_loose:
            continue
        name = TWIN_KINDS.get(layer, kind) if kind == "twin" else SEAM_KINDS.get(kind, kind)
        finding = Finding(name, sources, place=(x, y), width=width,
                          outcome="repaired" if repaired else "reported", text=f"{layer} {kind} {reason}")
        # Nothing goes on there, which may be said; to join it is wrong.
        silent = explained + (open_ends if kind == "dangling-end" and not repaired else [])
        if not any(distance(finding, thing) <= PLACE_LIMIT for thing in silent):
            yield finding


def of_issues(store):
    names = dict(ISSUE_KINDS)
    for source, kind, row, name, message in store.execute("SELECT source, kind, row, name, message FROM miaopu_issues"):
        if name in names:
            outcome = "repaired" if kind == "repaired" or name in PUT_RIGHT else "reported"
            yield Finding(names[name], [source], [row] if row else [], outcome=outcome, text=message)


def of_sources(report):
    for source in report["sources"]:
        said = source["needs"] + [note for note in source["notes"] if is_doubt(note)]
        for sentence in said:
            kind = next((kind for kind, words in SENTENCES if any(word in sentence for word in words)), None)
            if kind:
                outcome = "repaired" if "the ground decides for" in sentence else "reported"
                yield Finding(kind, [source["id"]], outcome=outcome, text=sentence)


def is_doubt(note):
    """Whether a note says that something is wrong, not just what was done."""
    return any(word in note for word in
               ("looks like", "constant shift", "is said to be", "The header of", "north first", "truncated",
                "stood in no area", "leaves out", "Column “", "Nobody says which"))


def of_words(report):
    for layer in report["schema"]:
        for field in layer["fields"]:
            for source in field["sources"]:
                for word in source["coverage"]["unmapped"]:
                    yield Finding("unknown-word", [source["source"]], text=word["word"])


# Against what was planted


def judge(truth, found):
    faults = truth["faults"]
    by_source = collections.defaultdict(list)
    for fault in faults:
        for source in fault["sources"]:
            by_source[source].append(fault)
    matches = collections.defaultdict(list)
    for finding in found:
        candidates = {id(f): f for source in finding.sources for f in by_source[source]}.values()
        fitting = [f for f in candidates if fits(finding, f)]
        if fitting:
            finding.fault = min(fitting, key=lambda f: (f["kind"] != finding.kind, distance(finding, f)))
            matches[id(finding.fault)].append(finding)
            # A word is told once, in however many records it stands.
            for fault in fitting if finding.kind == "unknown-word" else []:
                if fault is not finding.fault and fault["kind"] == "unknown-word":
                    matches[id(fault)].append(finding)

    rows = []
    said = []
    failed = False
    kinds = sorted({f["kind"] for f in faults} | {f.kind for f in found if f.fault is None})
    for kind in kinds:
        planted = [f for f in faults if f["kind"] == kind]
        strangers = [f for f in found if f.kind == kind and f.fault is None]
        levels = {}
        off = 0.0
        for fault in planted:
            level = levels.setdefault(str(fault.get("multiple", "")), {"planted": 0, "found": 0, "right": 0})
            level["planted"] += 1
            mine = matches[id(fault)]
            outcomes = {f.outcome for f in mine} or {"silent"}
            said.append((fault, outcomes))
            level["found"] += bool(mine)
            is_right = bool(outcomes & set(fault["accepts"]))
            level["right"] += is_right
            off = max([off] + [distance(f, fault) for f in mine if f.place and fault["outline"]])
            # Below a threshold too, where nothing but a repair is right.
            if not is_right and (fault.get("multiple", 1) >= 1 or "reported" not in fault["accepts"]):
                failed = True
        failed = failed or bool(strangers) or off > PLACE_LIMIT
        # What is too small need not be found, nor what may be silent on its threshold.
        due = [f for f in planted if f.get("multiple", 1) >= 1 and (matches[id(f)] or "silent" not in f["accepts"])]
        planted_count = len(due)
        found_count = sum(bool(matches[id(f)]) for f in due)
        rows.append({
            "kind": kind, "planted": len(planted), "levels": levels,
            "recall": found_count / planted_count if planted_count else None,
            "precision": found_count / (found_count + len(strangers)) if found_count or strangers else None,
            "farthest_m": round(off, 3), "missed": [describe(f) for f in planted if not matches[id(f)]],
            "strangers": [f"{sorted(f.sources)} {f.text}"[:160] for f in strangers],
        })
    spoken = []
    for decoy in truth["decoys"]:
        for finding in found:
            if finding.fault is None and finding.sources & set(decoy["sources"]) and is_about(finding, decoy):
                spoken.append(f"{describe(decoy)}: {finding.text}"[:200])
    failed = failed or bool(spoken)
    rows.append({"kind": "decoys", "planted": len(truth["decoys"]), "levels": {}, "recall": None,
                 "precision": None, "farthest_m": 0, "missed": [], "strangers": spoken})
    return rows, failed, said


def fits(finding, fault):
    """Whether a finding can be about a fault."""
    kind = fault["kind"]
    if kind == "compound":
        return finding.kind in ("lying-encoding", "gcj02", "unknown-word")
    if kind == "lying-encoding" and finding.kind == "unknown-word":
        return True
    if kind == "lying-encoding" and finding.kind == "column-encoding":
        return True
    if finding.kind != kind:
        return False
    if kind == "lacking-plane" and finding.outcome == "repaired":
        # The note is the plane that it is in.
        return fault["note"] in finding.text
    if kind == "unknown-word":
        return finding.text == fault["note"]
    if finding.rows and fault["records"]:
        return bool(finding.rows & set(fault["records"]))
    if finding.place and fault["outline"]:
        return distance(finding, fault) <= REACH
    return True


def is_about(finding, decoy):
    if decoy["note"].startswith("a file that lies"):
        return finding.kind in ("gcj02", "bd09", "constant-shift", "swapped-axes", "lacking-plane")
    if finding.place and decoy["outline"]:
        return distance(finding, decoy) <= PLACE_LIMIT
    return finding.kind == decoy["kind"] and bool(finding.rows & set(decoy["records"]))


def distance(finding, fault):
    """Metres from a finding's place to what was planted; 0 inside of it."""
    if not finding.place or not fault["outline"]:
        return 0.0
    return to_outline(finding.place, fault["outline"])


def to_outline(place, outline):
    if len(outline) > 3 and inside(place, outline):
        return 0.0
    if len(outline) == 1:
        return math.dist(place, outline[0])
    return min(places.to_segment(place, a, b) for a, b in zip(outline, outline[1:]))


def inside(place, ring):
    x, y = place
    odd = False
    for (ax, ay), (bx, by) in zip(ring, ring[1:]):
        if (ay > y) != (by > y) and ax + (y - ay) / (by - ay) * (bx - ax) > x:
            odd = not odd
    return odd


def describe(fault):
    multiple = f" ×{fault['multiple']:.2f}" if fault.get("multiple") else ""
    records = f" record {fault['records'][0]}" if fault["records"] else ""
    return f"{fault['kind']}{multiple} in {fault['sources'][0]}{records} {fault['note']}".strip()


def print_table(title, rows):
    print(title)
    print(f"{'kind':18} {'planted':>7} {'right':>6} {'recall':>7} {'precision':>9} {'place':>8}   by multiple of the threshold")
    for row in rows:
        right = sum(level["right"] for level in row["levels"].values())
        levels = ", ".join(f"{float(name):.2g}: {level['right']}/{level['planted']}"
                           for name, level in row["levels"].items() if name)
        cells = [row["kind"].ljust(18), f"{row['planted']:7}", f"{right:6}",
                 "      –" if row["recall"] is None else f"{row['recall']:7.3f}",
                 "        –" if row["precision"] is None else f"{row['precision']:9.3f}",
                 f"{row['farthest_m']:6.2f} m"]
        print(" ".join(cells) + "   " + levels)
        for sentence in row["missed"]:
            print(f"    missed: {sentence}")
        for sentence in row["strangers"][:20]:
            print(f"    nobody planted: {sentence}")


# What the real towns are measured with, too.
TOOLS = argparse.Namespace(
    run=run, findings=findings, judge=judge, print_table=print_table, to_outline=to_outline, reach=REACH)

if __name__ == "__main__":
    main()
