# SPDX-License-Identifier: Apache-2.0
# Part of Miaopu.
"""The benchmark city as a district: the layers and the style of the peers'
benchmark, so that we draw the same picture from the same data.

The city is made by `../shared/bench/gen_city.py`, the style by its `style.py`;
both are read from the folder that is given and are no part of this project.
"""
import importlib.util
import json
import pathlib
import shutil
import subprocess

LAYERS = {
    "landuse": "MultiPolygon", "river_polys": "MultiPolygon", "river_lines": "MultiLineString",
    "buildings": "MultiPolygon", "roads": "MultiLineString", "pois": "Point",
}


def load(bench, name):
    spec = importlib.util.spec_from_file_location(name, pathlib.Path(bench) / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def by_zoom(widths):
    """Widths at z11 … z17 of 256-pixel tiles; a style counts one zoom less."""
    steps = ["step", ["zoom"], widths[0]]
    for zoom, width in enumerate(widths[1:], start=11):
        steps += [zoom, width]
    return steps


def layer(identifier, kind, source, paint, layout=None, minzoom=None, filter=None):
    result = {"id": identifier, "type": kind, "source": "district", "source-layer": source, "paint": paint}
    if layout:
        result["layout"] = layout
    if minzoom is not None:
        result["minzoom"] = minzoom
    if filter:
        result["filter"] = filter
    return result


def styles(style):
    """The peers' style as MapLibre style layers, by layer."""
    round_ends = {"line-cap": "round", "line-join": "round"}
    classes = [part for name, color in style.LU.items() for part in (name, color)]
    result = {
        "landuse": [layer("landuse-fill", "fill", "landuse",
                          {"fill-color": ["match", ["get", "class"], *classes, "rgba(0,0,0,0)"]})],
        "river_polys": [layer("river_polys-fill", "fill", "river_polys", {"fill-color": style.RIVER})],
        "river_lines": [layer("river_lines-line", "line", "river_lines",
                              {"line-color": style.RIVER, "line-width": by_zoom(style.RIVW)}, round_ends)],
        "buildings": [
            layer("buildings-fill", "fill", "buildings", {"fill-color": style.BFILL}, minzoom=style.ZB - 1),
            layer("buildings-line", "line", "buildings", {"line-color": style.BLINE, "line-width": 0.6},
                  minzoom=style.ZB - 1),
        ],
        "roads": [],
        "pois": [layer("pois-circle", "circle", "pois",
                       {"circle-color": style.POI, "circle-radius": 3, "circle-stroke-color": "#ffffff",
                        "circle-stroke-width": 0.5}, minzoom=style.ZP - 1)],
    }
    for part in ("casing", "fill"):
        for name, fill, casing, minzoom, widths in style.ROADS:
            casings = part == "casing"
            result["roads"].append(layer(
                f"roads-{part}-{name}", "line", "roads",
                {"line-color": casing if casings else fill,
                 "line-width": by_zoom([width + 1.4 for width in widths] if casings else widths)},
                {"line-join": "round", "line-cap": "butt" if casings else "round"}, minzoom - 1,
                ["==", ["get", "class"], name]))
    return result


def make_district(miaopu, city, bench, folder):
    """Writes and merges the district; returns its folder."""
    folder, city = pathlib.Path(folder), pathlib.Path(city)
    style = load(bench, "style")
    sources = []
    for order, (name, geometry) in enumerate(LAYERS.items()):
        own = folder / "layers" / name.replace("_", "-")
        identifier = own.name
        own.mkdir(parents=True)
        (own / "layer.yaml").write_text(
            f"id: {identifier}\ntitles: {{ zh: {identifier}, en: {identifier} }}\ngeometry: {geometry}\n"
            f"order: {order}\nfields:\n  - {{ name: class, type: text }}\n  - {{ name: name, type: text }}\n")
        text = json.dumps(styles(style)[name]).replace(f'"source-layer": "{name}"', f'"source-layer": "{identifier}"')
        (own / "style.json").write_text(text.replace(f'"id": "{name}', f'"id": "{identifier}'))
        (folder / "maps").mkdir(exist_ok=True)
        for part in (city / "shp4326").glob(f"{name}.*"):
            shutil.copy(part, folder / "maps")
        sources.append(f"  - {{ id: {identifier}, layer: {identifier}, path: maps/{name}.shp }}\n")
    (folder / "district.yaml").write_text(
        'name: bench\ngrid: { crs: "EPSG:4549", precision: 0.001 }\ntowns: []\nsources:\n' + "".join(sources))
    subprocess.run([str(miaopu), "merge", "--district", str(folder)], check=False, stdout=subprocess.DEVNULL)
    return folder
