# SPDX-License-Identifier: Apache-2.0
# Part of Miaopu.
"""The faults of the demo district, planted into real towns.

Two districts are made of the real data that lies beside the repository (never in
it): towns in the middle of Shanghai with their borders, roads and places, and
Krems in nine parts with its buildings, roads and waters. Each is merged as it is
and with faults. What the clean merge says is a matter of the real data and
nobody's fault here; all else that the second one says is held against what was
planted.
"""

import collections
import json
import random
import shutil

import places
import second
from faults import Planter

# Towns that deliver again.
AGAIN = 3


def main(options, folder, tools):
    """Whether the measures of real towns fail; prints them."""
    failed, results = False, {}
    for region in places.regions(options.osm):
        folder_of_region = folder / region.name
        found = {}
        planter = Planter(region, random.Random(f"{options.seed} {region.name}"))
        planter.plant()
        for state, deliveries in [("clean", region.deliveries()), ("planted", planter.deliveries())]:
            district = folder_of_region / state
            write(region, deliveries, district, tools.run)
            tools.run(options.miaopu, "merge", "--json", "--district", str(district), accepted=(0, 1))
            truth = planter.truth if state == "planted" else dict(planter.truth, faults=[], decoys=[])
            found[state] = tools.findings(district, truth)
        rows, region_failed, outcomes = tools.judge(planter.truth, besides(found["planted"], found["clean"]))
        title = (f"{region.name}, seed {options.seed}: {region.count} features of {len(region.towns)} towns, "
                 f"{len(found['clean'])} findings before anything was planted")
        results[region.name] = {"kinds": rows}
        if not options.json:
            tools.print_table(title, rows)
        if not options.first:
            again = deliver_again(options, folder_of_region, region, planter, found["clean"], outcomes, tools)
            region_failed = region_failed or bool(again["wrong"] or again["rows_failed"])
            results[region.name]["second"] = again
            if not options.json:
                print(f"second delivery of {', '.join(again['towns'])}: {again['corrected']} faults put right, {again['stayed']} stay")
                for sentence in again["wrong"]:
                    print(f"    wrong: {sentence}")
                if again["rows_failed"]:
                    tools.print_table("after it", again["rows"])
        failed = failed or region_failed
    if options.json:
        print(json.dumps({"seed": options.seed, "regions": results}, ensure_ascii=False, indent=1))
    return failed


def deliver_again(options, folder, region, planter, known, outcomes, tools):
    """What three towns make of the merged district that hand in what is right, over
    what they delivered."""
    town_of = lambda fault: fault["sources"][0].rsplit("-", 1)[0]
    counts = collections.Counter(town_of(fault) for fault in planter.truth["faults"])
    for extra in planter.extras:
        counts.pop(extra.town.slug, None)
    towns = sorted(sorted(counts, key=lambda slug: (-counts[slug], slug))[:AGAIN])
    first, district, fresh = folder / "first", folder / "planted", folder / "fresh"
    first.mkdir(exist_ok=True)
    shutil.copy(district / "district.gpkg", first / "district.gpkg")
    right = {delivery.source: delivery for delivery in region.deliveries()}
    mixed = [right[delivery.source] if delivery.town.slug in towns else delivery for delivery in planter.deliveries()]
    write(region, mixed, fresh, tools.run, later=towns)
    shutil.copytree(fresh / "maps", district / "maps", dirs_exist_ok=True)
    shutil.copy(fresh / "district.yaml", district / "district.yaml")
    for path in (district, fresh):
        tools.run(options.miaopu, "merge", "--json", "--district", str(path), accepted=(0, 1))

    stays = lambda thing: town_of(thing) not in towns
    left = dict(planter.truth, faults=list(filter(stays, planter.truth["faults"])),
                decoys=list(filter(stays, planter.truth["decoys"])))
    rows, failed, now = tools.judge(left, besides(tools.findings(district, left), known))
    before = [(fault, outcome) for fault, outcome in outcomes if stays(fault)]
    redrawn = [fault for fault in planter.truth["faults"] if not stays(fault)]
    gone = [fault["outline"] for fault in redrawn if fault["outline"]] + [[place] for fault in redrawn for place in fault["missed"]]
    stores = [second.open_store(path) for path in (first, district, fresh)]
    wrong = second.difference(
        *stores, towns, lambda place: any(tools.to_outline(place, outline) <= tools.reach for outline in gone), before, now)
    for store in stores:
        store.close()
    return {"towns": towns, "corrected": len(outcomes) - len(before), "stayed": len(before), "rows": rows,
            "rows_failed": failed, "wrong": wrong}


def besides(found, known):
    """What is not a matter of the real data."""
    return [finding for finding in found if not any(is_same(finding, other) for other in known)]


def is_same(finding, known):
    """Whether a finding is one that the real data have of their own: of its kind, at
    its place."""
    if finding.kind != known.kind or finding.sources != known.sources:
        return False
    if finding.place and known.place:
        return abs(finding.place[0] - known.place[0]) <= 1 and abs(finding.place[1] - known.place[1]) <= 1
    return finding.rows == known.rows and (finding.text == known.text or finding.kind != "unknown-word")


def write(region, deliveries, district, run, later=()):
    """The files of a district, and its district.yaml. later: towns that deliver a
    second time."""
    shutil.rmtree(district, ignore_errors=True)
    lines = [f"name: {region.name}", f'grid: {{ crs: "{region.crs}", precision: 0.001 }}', "towns:"]
    lines += [f'  - {{ code: "{town.code}", name: "{town.name}" }}' for town in region.towns]
    lines.append("sources:")
    for delivery in deliveries:
        path = delivery.write(district / "maps", region.crs, run)
        as_of = "2026-10-31" if delivery.town.slug in later else "2026-07-28"
        lines += [f"  - id: {delivery.source}", f'    town: "{delivery.town.code}"', f"    layer: {delivery.layer}",
                  f"    path: maps/{path}", f"    as_of: {as_of}"] + delivery.settings
    lines.append("plugins: {}")
    (district / "district.yaml").write_text("\n".join(lines) + "\n")
