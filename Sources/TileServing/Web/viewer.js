// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

// The map viewer: opens the district's style, keeps live layers fresh, and
// wires the panel, the details and the address bar to the map.
import { renderAlerts } from "./alerts.js";
import { renderClock, tilesAt } from "./clock.js";
import { Completeness, marks, watched } from "./completeness.js";
import { distinct, mostSpecificFirst, renderDetails } from "./details.js";
import { pluginStates, renderLayerList } from "./layers.js";
import { holeFiller } from "./tiles.js";
import { startLanguage, switchLanguage, titleOf, translatePage, word } from "./words.js";

const liveRefreshSeconds = 15;
const catalogRefreshSeconds = 5;
const incompleteRefreshSeconds = 3;
const byID = (id) => document.getElementById(id);

let catalog = null;
let style = null;
let map = null;
let holes = null;
let hidden = new Set(new URLSearchParams(location.hash.slice(1)).get("off")?.split(",").filter(Boolean) ?? []);
let found = [];
let alerts = [];
let moment = null;
let isLost = false;
let completeness = null;
let missing = new Map();

startLanguage();
showWords();
start();

async function start() {
  if (!globalThis.maplibregl) return showMessage("noLibrary", "", false);
  showMessage("loading", "", true);
  completeness ??= new Completeness(maplibregl, showCompleteness);
  try {
    catalog = await document_("catalog");
    style = prepared(await document_(`styles/district.json`));
    open();
  } catch (error) {
    if (error.status === 503) {
      showMessage("preparing", "", true);
      setTimeout(start, 1000);
    } else if (error.status) {
      showMessage("broken", error.message, false);
    } else {
      showMessage("unreachable", "", false);
    }
  }
}

/** A JSON document of the server; its problem document becomes the error's message. */
async function document_(path) {
  const response = await fetch(path, { headers: { Accept: "application/json" } });
  if (response.ok) return response.json();
  const problem = await response.json().catch(() => ({}));
  throw Object.assign(new Error(problem.detail ?? response.statusText), { status: response.status });
}

/** A district without a ground of its own lies on paper; live tiles that lack something are marked. */
function prepared(style) {
  const paper = { id: "paper", type: "background", paint: { "background-color": "#eeece5" } };
  const hasGround = style.layers.some((layer) => layer.type === "background");
  const { live } = style.sources;
  const sources = { ...style.sources, ...(live ? { live: { ...live, tiles: live.tiles.map(watched) } } : {}), ...marks.sources };
  return { ...style, sources, layers: [...(hasGround ? [] : [paper]), ...style.layers, ...marks.layers] };
}

function open() {
  const view = catalog.bounds
    ? { bounds: catalog.bounds, fitBoundsOptions: { padding: openingPadding() } }
    : { center: [121.4, 31.1], zoom: 9 };
  try {
    map = new maplibregl.Map({
      container: "map", style, ...view, hash: "map", attributionControl: false, maxPitch: 0, dragRotate: false,
      pitchWithRotate: false, touchPitch: false, maxZoom: 21, fadeDuration: 0,
    });
  } catch {
    return showMessage("noWebGL", "", false);
  }
  holes = holeFiller(map);
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "bottom-right");
  map.addControl(new maplibregl.ScaleControl({ maxWidth: 120 }), "bottom-left");
  for (const id of hidden) setVisibility(id);

  map.on("load", () => setState("ready"));
  map.on("idle", () => { document.body.dataset.map = "idle"; });
  map.on("moveend", showCompleteness);
  map.on("movestart", () => { delete document.body.dataset.map; });
  map.on("click", (event) => inspect(event.point));
  map.on("mousemove", (event) => showPosition(event.lngLat));
  map.on("move", () => { if (!matchMedia("(hover: hover)").matches) showPosition(map.getCenter()); });
  map.on("mousemove", (event) => {
    map.getCanvas().style.cursor = featuresAt(event.point, 2).length > 0 ? "pointer" : "";
  });
  map.getCanvas().addEventListener("keydown", (event) => {
    if (event.key === "Enter" && inspect(map.project(map.getCenter()))) byID("found").querySelector("summary").focus();
  });
  showPosition(map.getCenter());
  nameControls();
  showPanel();
  refreshAlerts();
  setInterval(refreshLive, liveRefreshSeconds * 1000);
  setInterval(refreshAlerts, liveRefreshSeconds * 1000);
  setInterval(refreshCatalog, catalogRefreshSeconds * 1000);
  setInterval(() => { if (missing.size > 0) refreshLive(); }, incompleteRefreshSeconds * 1000);
}

/** Room for the panel beside the opening view. */
function openingPadding() {
  return innerWidth > 720 ? { top: 40, bottom: 40, left: 350, right: 60 } : { top: 24, bottom: 120, left: 16, right: 16 };
}

// ---- Layers

function styleIDsOf(layer) {
  return map.getStyle().layers.filter((candidate) => candidate.metadata?.["miaopu:layer"] === layer).map(({ id }) => id);
}

function setVisibility(layer) {
  for (const id of map.isStyleLoaded() || map.style._loaded ? styleIDsOf(layer) : []) {
    map.setLayoutProperty(id, "visibility", hidden.has(layer) ? "none" : "visible");
  }
  if (!map.style._loaded) map.once("styledata", () => setVisibility(layer));
}

function toggle(ids, shown) {
  for (const id of ids) {
    if (shown) hidden.delete(id); else hidden.add(id);
    setVisibility(id);
  }
  const parameters = location.hash.slice(1).split("&").filter((part) => part && !part.startsWith("off="));
  if (hidden.size > 0) parameters.push("off=" + [...hidden].join(","));
  history.replaceState(null, "", "#" + parameters.join("&"));
}

function showPanel() {
  byID("title").textContent = catalog.title;
  document.title = `${catalog.title} · Miaopu`;
  renderClock(byID("clock"), catalog, moment, showMoment);
  renderAlerts(byID("alerts"), alerts, showAlert);
  renderLayerList(byID("groups"), catalog, style, { missing, isShown: (id) => !hidden.has(id), onToggle: toggle });
}

/** Marks the tiles on the screen that lack a layer, and says which one and why. */
function showCompleteness() {
  if (!map?.getSource("incomplete")) return;
  const { tiles, layers } = completeness.of(map);
  map.getSource("incomplete").setData(tiles);
  document.body.dataset.incomplete = String(tiles.features.length);
  const areSame = layers.size === missing.size && [...layers].every(([id, reason]) => missing.get(id) === reason);
  missing = layers;
  if (areSame) return;
  showPanel();
  showNotice();
}

/** Shows the live layers as they were; without a time, as they are. */
function showMoment(time) {
  moment = time;
  const source = map.getSource("live");
  source?.setTiles(tilesAt(source.tiles, time));
  renderClock(byID("clock"), catalog, moment, showMoment);
}

async function refreshAlerts() {
  if (document.hidden) return;
  try {
    ({ alerts } = await document_("alerts"));
  } catch {
    // The next look comes soon; what was said stands until then.
    return;
  }
  renderAlerts(byID("alerts"), alerts, showAlert);
}

function showAlert(alert) {
  const [west, south, east, north] = alert.bounds;
  map.fitBounds([[west, south], [east, north]], { padding: openingPadding(), maxZoom: 16 });
}

/** Asks for the live tiles on the screen again; the old ones stay until the new ones are there. */
function refreshLive() {
  if (document.hidden || !map.getSource("live")) return;
  map.style.sourceCaches?.live?.reload();
}

/** Takes over a new version of the district when there is one. */
async function refreshCatalog() {
  if (document.hidden) return;
  try {
    const fresh = await document_("catalog");
    if (isLost) restore();
    if (fresh.version === catalog.version) {
      const areSame = pluginStates(fresh) === pluginStates(catalog);
      catalog = fresh;
      if (!areSame) showPanel();
      return;
    }
    const freshStyle = prepared(await document_("styles/district.json"));
    catalog = fresh;
    style = freshStyle;
    closeDetails();
    map.setStyle(style, { diff: true });
    map.once("styledata", () => {
      for (const id of hidden) setVisibility(id);
      if (moment) showMoment(moment);
      showCompleteness();
    });
    showPanel();
  } catch (error) {
    // The next look comes soon. An answer of any kind is no lost connection.
    if (error.status === undefined) setLost(true);
  }
}

function setLost(lost) {
  isLost = lost;
  showNotice();
}

function showNotice() {
  const titles = [...missing.keys()].map((id) => titleOf(catalog.layers.find((layer) => layer.id === id)?.titles, id));
  const incomplete = titles.length > 0 ? word("incomplete", titles) : "";
  byID("notice").textContent = isLost ? word("lost") : incomplete;
}

/** Fills the gaps of a time without server. */
function restore() {
  setLost(false);
  holes.refill();
  for (const source of Object.keys(style.sources)) map.style.sourceCaches?.[source]?.reload();
}

// ---- Details

function featuresAt(point, margin) {
  const box = [[point.x - margin, point.y - margin], [point.x + margin, point.y + margin]];
  const layers = map.getStyle().layers.filter((layer) => layer.metadata?.["miaopu:layer"]).map(({ id }) => id);
  return distinct(map.queryRenderedFeatures(box, { layers }), catalog);
}

function inspect(point) {
  const exact = featuresAt(point, 0);
  found = mostSpecificFirst(exact.length > 0 ? exact : featuresAt(point, 5));
  if (found.length === 0) {
    closeDetails();
    return false;
  }
  byID("details-title").textContent = found.length === 1 ? word("details") : word("several", found.length);
  renderDetails(byID("found"), found, catalog, highlight);
  byID("details").hidden = false;
  highlight(found[0]);
  return true;
}

function closeDetails() {
  // The keyboard goes back to the map that it came from.
  if (byID("details").contains(document.activeElement)) map.getCanvas().focus();
  byID("details").hidden = true;
  found = [];
  for (const id of ["selection-area", "selection-line", "selection-point"]) {
    if (map.getLayer(id)) map.removeLayer(id);
  }
}

/** Draws a line around the feature that is being read. */
function highlight(feature) {
  for (const id of ["selection-area", "selection-line", "selection-point"]) {
    if (map.getLayer(id)) map.removeLayer(id);
  }
  if (feature.id === undefined) return;
  const common = { source: feature.source, "source-layer": feature.sourceLayer, filter: ["==", ["id"], feature.id] };
  if (feature.geometry.type.endsWith("Point")) {
    map.addLayer({ id: "selection-point", type: "circle", ...common, paint: {
      "circle-radius": 11, "circle-color": "rgba(0,0,0,0)", "circle-stroke-color": "#c2410c", "circle-stroke-width": 3 } });
    return;
  }
  if (feature.geometry.type.endsWith("Polygon")) {
    map.addLayer({ id: "selection-area", type: "fill", ...common,
      paint: { "fill-color": "#c2410c", "fill-opacity": 0.12 } });
  }
  map.addLayer({ id: "selection-line", type: "line", ...common,
    layout: { "line-join": "round", "line-cap": "round" }, paint: { "line-color": "#c2410c", "line-width": 3 } });
}

// ---- Words, states

function showPosition(place) {
  const { lng, lat } = place.wrap();
  const degrees = (value, positive, negative) => `${Math.abs(value).toFixed(5)}°${value < 0 ? negative : positive}`;
  byID("position").textContent = `${degrees(lng, "E", "W")}  ${degrees(lat, "N", "S")}`;
}

function showWords() {
  translatePage();
  byID("language").textContent = word("otherLanguage");
  byID("fold").setAttribute("aria-label", word("fold"));
  byID("subtitle").textContent = word("subtitle");
  setLost(isLost);
  nameControls();
}

/** The controls of the map library speak the page's language. */
function nameControls() {
  for (const [selector, key] of [
    [".maplibregl-ctrl-zoom-in", "zoomIn"], [".maplibregl-ctrl-zoom-out", "zoomOut"], [".maplibregl-canvas", "map"],
  ]) {
    const control = document.querySelector(selector);
    control?.setAttribute("aria-label", word(key));
    if (control?.matches("button")) control.title = word(key);
  }
}

function setState(state) { document.body.dataset.state = state; }

function showMessage(key, detail, isBusy) {
  setState(isBusy ? "loading" : "error");
  byID("message-text").textContent = word(key) + detail;
  byID("retry").hidden = isBusy;
}

byID("language").addEventListener("click", () => {
  switchLanguage();
  showWords();
  if (!map) return;
  showPanel();
  if (found.length > 0) {
    byID("details-title").textContent = found.length === 1 ? word("details") : word("several", found.length);
    renderDetails(byID("found"), found, catalog, highlight);
  }
});
byID("fold").addEventListener("click", () => {
  const isFolded = byID("panel").classList.toggle("folded");
  byID("fold").setAttribute("aria-expanded", String(!isFolded));
});
byID("close").addEventListener("click", closeDetails);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && found.length > 0) closeDetails();
});
document.querySelector(".skip").addEventListener("click", (event) => {
  // The address's fragment is the map's; following the link would change it.
  event.preventDefault();
  map?.getCanvas().focus();
});
byID("retry").addEventListener("click", () => location.reload());
if (innerWidth <= 720) byID("fold").click();
