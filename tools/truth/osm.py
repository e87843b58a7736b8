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

import json
import random
import shutil

import places
from faults import Planter



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
        new = [f for f in found["planted"] if not any(is_same(f, known) for known in found["clean"])]
        rows, region_failed, _ = tools.judge(planter.truth, new)
        failed = failed or region_failed
        title = (f"{region.name}, seed {options.seed}: {region.count} features of {len(region.towns)} towns, "
                 f"{len(found['clean'])} findings before anything was planted")
        results[region.name] = rows
        if not options.json:
            tools.print_table(title, rows)
    if options.json:
        print(json.dumps({"seed": options.seed, "regions": results}, ensure_ascii=False, indent=1))
    return failed


def is_same(finding, known):
    """Whether a finding is one that the real data have of their own: of its kind, at
    its place."""
    if finding.kind != known.kind or finding.sources != known.sources:
        return False
    if finding.place and known.place:
        return abs(finding.place[0] - known.place[0]) <= 1 and abs(finding.place[1] - known.place[1]) <= 1
    return finding.rows == known.rows and (finding.text == known.text or finding.kind != "unknown-word")


def write(region, deliveries, district, run):
    """The files of a district, and its district.yaml."""
    shutil.rmtree(district, ignore_errors=True)
    lines = [f"name: {region.name}", f'grid: {{ crs: "{region.crs}", precision: 0.001 }}', "towns:"]
    lines += [f'  - {{ code: "{town.code}", name: "{town.name}" }}' for town in region.towns]
    lines.append("sources:")
    for delivery in deliveries:
        names = delivery.fields[::-1] if delivery.confused else delivery.fields
        path = delivery.write(district / "maps", region.crs, run)
        lines += [f"  - id: {delivery.source}", f'    town: "{delivery.town.code}"', f"    layer: {delivery.layer}",
                  f"    path: maps/{path}", "    as_of: 2026-07-28",
                  "    fields: { " + ", ".join(f"{field}: {name}" for field, name in zip(delivery.fields, names)) + " }"]
    lines.append("plugins: {}")
    (district / "district.yaml").write_text("\n".join(lines) + "\n")
