// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

// Live tiles that came without a layer: which ones, and why. They are told by
// the header `Miaopu-Tile`, which MapLibre does not show; so its requests for
// live tiles pass through here.

const scheme = "live";
const maxTiles = 1000;

/** What marks incomplete tiles on the map; the source is filled by `Completeness`. */
export const marks = {
  sources: { incomplete: { type: "geojson", data: collection([]) } },
  layers: [
    { id: "incomplete-area", type: "fill", source: "incomplete", paint: { "fill-color": "#8a3b12", "fill-opacity": 0.07 } },
    { id: "incomplete-line", type: "line", source: "incomplete",
      paint: { "line-color": "#8a3b12", "line-opacity": 0.55, "line-width": 1.5, "line-dasharray": [3, 3] } },
  ],
};

/** A tile address that is asked for through here. */
export function watched(url) { return `${scheme}://${url}`; }

/** The layers that a `Miaopu-Tile` header says are missing. */
export function failedLayers(header) {
  const list = /(?:^|, )failed=\(([^)]*)\)/.exec(header ?? "")?.[1] ?? "";
  return [...list.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((match) => match[1].replace(/\\(.)/g, "$1"));
}

export class Completeness {
  #tiles = new Map();
  #reasons = new Map();
  #isAsking = false;
  #onChange;

  /** `onChange` is called when another set of tiles or reasons is known. */
  constructor(maplibre, onChange) {
    this.#onChange = onChange;
    maplibre.addProtocol(scheme, (request, abort) => this.#ask(request.url.slice(scheme.length + 3), abort.signal));
  }

  async #ask(url, signal) {
    const response = await fetch(url, { signal });
    if (!response.ok) throw Object.assign(new Error(response.statusText), { status: response.status });
    this.#note(url, failedLayers(response.headers.get("Miaopu-Tile")));
    return { data: await response.arrayBuffer(), cacheControl: response.headers.get("Cache-Control") };
  }

  #note(url, layers) {
    const place = /\/(\d+)\/(\d+)\/(\d+)\.mvt/.exec(url);
    if (!place) return;
    const [key, z, x, y] = [place[0], ...place.slice(1).map(Number)];
    const before = this.#tiles.get(key)?.layers ?? [];
    this.#tiles.delete(key);
    if (layers.length > 0) this.#tiles.set(key, { z, x, y, layers });
    if (this.#tiles.size > maxTiles) this.#tiles.delete(this.#tiles.keys().next().value);
    if (layers.length > 0) this.#askWhy(url);
    if (before.join() !== layers.join()) this.#onChange();
  }

  /** The sentences stand in the tile's record. One question at a time says it for all tiles. */
  async #askWhy(url) {
    if (this.#isAsking) return;
    this.#isAsking = true;
    try {
      const record = await (await fetch(url.replace(".mvt", ".json"))).json();
      for (const { layer, reason: sentence } of record.failed) {
        // When it is tried again changes with every tile, and why does not.
        const reason = sentence.replace(/^.*? The last one: /s, "");
        if (this.#reasons.get(layer) === reason) continue;
        this.#reasons.set(layer, reason);
        this.#onChange();
      }
    } catch {
      // It is told without the reason until the next tile.
    } finally {
      this.#isAsking = false;
    }
  }

  /** The incomplete tiles on the screen, and the layers that they lack, each with a reason or "". */
  of(map) {
    const source = map.getSource("live");
    if (!source) return { tiles: collection([]), layers: new Map() };
    const zoom = Math.max(source.minzoom, Math.min(source.maxzoom, Math.floor(map.getZoom())));
    const view = map.getBounds();
    const features = [];
    const layers = new Map();
    for (const { z, x, y, layers: missing } of this.#tiles.values()) {
      const [west, east] = [longitude(x, z), longitude(x + 1, z)];
      const [north, south] = [latitude(y, z), latitude(y + 1, z)];
      if (z !== zoom || west > view.getEast() || east < view.getWest()) continue;
      if (south > view.getNorth() || north < view.getSouth()) continue;
      const ring = [[west, south], [east, south], [east, north], [west, north], [west, south]];
      features.push({ type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [ring] } });
      for (const layer of missing) layers.set(layer, this.#reasons.get(layer) ?? "");
    }
    return { tiles: collection(features), layers };
  }
}

function collection(features) { return { type: "FeatureCollection", features }; }

function longitude(x, z) { return x / 2 ** z * 360 - 180; }

function latitude(y, z) { return Math.atan(Math.sinh(Math.PI * (1 - 2 * y / 2 ** z))) * 180 / Math.PI; }
