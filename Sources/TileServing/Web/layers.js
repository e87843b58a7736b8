// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

// The list of layers: groups, switches, and a legend read from the style.
import { titleOf, word } from "./words.js";

/** An element with a class and text or children; text is never markup. */
export function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/** The style layers of each map layer, by its id. */
export function styleLayersByLayer(style) {
  const byLayer = new Map();
  for (const layer of style.layers) {
    const id = layer.metadata?.["miaopu:layer"];
    if (!id) continue;
    if (!byLayer.has(id)) byLayer.set(id, []);
    byLayer.get(id).push(layer);
  }
  return byLayer;
}

const outlineProperty = { fill: "fill-outline-color", circle: "circle-stroke-color" };
const colorProperty = { fill: "fill-color", line: "line-color", circle: "circle-color", background: "background-color" };

/**
 * What a legend shows of a colour expression: the field it looks at and pairs
 * of values and colours. A plain colour is one pair without a value.
 */
export function legendOf(expression) {
  if (typeof expression === "string") return { field: null, entries: [{ color: expression }] };
  if (!Array.isArray(expression)) return { field: null, entries: [] };
  const [operator, input, ...rest] = expression;
  const field = Array.isArray(input) ? fieldIn(input) : null;
  if (operator === "match") {
    const entries = [];
    for (let i = 0; i + 1 < rest.length; i += 2) {
      const color = firstColor(rest[i + 1]);
      if (color) entries.push({ values: [rest[i]].flat(), color });
    }
    const other = rest.length % 2 === 1 ? firstColor(rest[rest.length - 1]) : null;
    if (other) entries.push({ values: null, color: other });
    return { field, entries };
  }
  if (operator === "step") {
    const entries = [{ below: rest[1], color: firstColor(rest[0]) }];
    for (let i = 1; i + 1 < rest.length; i += 2) {
      entries.push({ from: rest[i], to: rest[i + 2], color: firstColor(rest[i + 1]) });
    }
    return { field, entries: field ? entries : entries.slice(-1) };
  }
  if (operator === "interpolate") {
    const over = fieldIn(rest[0]);
    const stops = rest.slice(1);
    const entries = [];
    for (let i = 0; i + 1 < stops.length; i += 2) entries.push({ from: stops[i], color: firstColor(stops[i + 1]) });
    if (over) return { field: over, entries };
    return legendOf(stops[stops.length - 1]);
  }
  if (operator === "case" || operator === "coalesce") {
    const fallback = expression[expression.length - 1];
    return { field: null, entries: [{ color: firstColor(fallback) ?? firstColor(expression) }] };
  }
  return { field: null, entries: [{ color: firstColor(expression) }] };
}

function fieldIn(expression) {
  if (!Array.isArray(expression)) return null;
  if (expression[0] === "get" && typeof expression[1] === "string") return expression[1];
  for (const part of expression) {
    const found = fieldIn(part);
    if (found) return found;
  }
  return null;
}

function firstColor(expression) {
  if (typeof expression === "string") return CSS.supports("color", expression) ? expression : null;
  if (!Array.isArray(expression)) return null;
  for (let i = expression.length - 1; i > 0; i--) {
    const found = firstColor(expression[i]);
    if (found) return found;
  }
  return null;
}

/** A small picture of how a layer is drawn. */
function swatch(kind, color, outline) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 22 16");
  svg.setAttribute("class", "swatch");
  svg.setAttribute("aria-hidden", "true");
  const shape = { fill: "rect", line: "path", circle: "circle" }[kind] ?? "rect";
  const drawn = document.createElementNS("http://www.w3.org/2000/svg", shape);
  const attributes = {
    rect: { x: 2, y: 2, width: 18, height: 12, rx: 2.5, fill: color, stroke: outline ?? "rgba(60,60,50,.28)" },
    path: { d: "M2 12C7 12 7 4 12 4s4 5 8 4", fill: "none", stroke: color, "stroke-width": 3, "stroke-linecap": "round" },
    circle: { cx: 11, cy: 8, r: 5, fill: color, stroke: outline ?? "#fff", "stroke-width": 1.5 },
  }[shape];
  for (const [name, value] of Object.entries(attributes)) drawn.setAttribute(name, value);
  svg.append(drawn);
  return svg;
}

/** The style layer that stands for a map layer in the legend. */
function representative(styleLayers) {
  const order = ["circle", "fill", "line"];
  const many = (layer) => layer.metadata["miaopu:legend"]?.length
    ?? legendOf(layer.paint?.[colorProperty[layer.type]]).entries.length;
  const candidates = styleLayers.filter((layer) => order.includes(layer.type) && layer.paint?.[colorProperty[layer.type]]);
  return candidates.toSorted((a, b) => many(b) - many(a) || order.indexOf(a.type) - order.indexOf(b.type))[0];
}

function entryTitle(entry, field) {
  if (entry.titles) return titleOf(entry.titles, "");
  if (entry.values === null) return word("other");
  if (entry.values) return entry.values.map((value) => titleOf(field?.codes?.[value], String(value))).join("、");
  const unit = field?.unit ? " " + field.unit : "";
  if (entry.to !== undefined) return `${entry.from}–${entry.to}${unit}`;
  if (entry.from !== undefined) return `≥ ${entry.from}${unit}`;
  // Styles give features without a value a number below all that occur.
  if (entry.below !== undefined) return entry.below <= 0 ? word("noData") : `< ${entry.below}${unit}`;
  return "";
}

/**
 * Fills the panel. `isShown(id)` tells a switch's state, `onToggle(ids, shown)`
 * is called when a person flips one. `missing` has the layers that tiles on the
 * screen lack, with the reason.
 */
export function renderLayerList(container, catalog, style, { missing, isShown, onToggle }) {
  const styles = styleLayersByLayer(style);
  container.replaceChildren();
  for (const group of groupsOf(catalog)) {
    const { layers } = group;
    const heading = element("h2", "", group.title);
    heading.title = group.summary ?? "";
    const all = element("button", "quiet all");
    all.type = "button";
    all.hidden = layers.length === 0;
    const section = element("section", "group", element("div", "group-head", heading, all));
    const list = element("ul");
    section.append(list);
    const setAllLabel = () => {
      all.textContent = layers.some((layer) => isShown(layer.id)) ? word("hideAll") : word("showAll");
    };
    all.addEventListener("click", () => {
      const shown = !layers.some((layer) => isShown(layer.id));
      onToggle(layers.map((layer) => layer.id), shown);
      for (const box of list.querySelectorAll("input")) box.checked = shown;
      setAllLabel();
    });
    for (const layer of layers) {
      const failure = layer.failure ?? missing.get(layer.id);
      list.append(layerRow(layer, failure, styles.get(layer.id) ?? [], isShown, (ids, shown) => {
        onToggle(ids, shown);
        setAllLabel();
      }));
    }
    setAllLabel();
    const trouble = group.trouble ?? interruption(layers, missing);
    if (trouble) section.append(element("p", "trouble", trouble));
    if (group.links.length > 0) section.append(element("p", "links", ...group.links));
    container.append(section);
  }
}

/** A section for each plugin, then one for the district's own layers. */
function groupsOf(catalog) {
  // The topmost layer stands first, as on the map.
  const layers = catalog.layers.toReversed();
  const ofPlugin = (plugin) => layers.filter((layer) => layer.plugin === plugin.id);
  const plugins = (catalog.plugins ?? []).map((plugin) => ({
    title: titleOf(plugin.titles, plugin.id), summary: titleOf(plugin.summaries, ""), layers: ofPlugin(plugin),
    trouble: troubleOf(plugin),
    links: [
      ...plugin.pages.map((page) => link(page.url, titleOf(page.titles, page.url), "page")),
      ...plugin.exports.map((file) => link(file.url, titleOf(file.titles, file.fileName), "export", file.fileName)),
    ],
  }));
  const own = { title: word("base"), layers: layers.filter((layer) => layer.group === "base"), links: [] };
  return [...plugins, own].filter((group) => group.layers.length + group.links.length > 0 || group.trouble);
}

/** Why a plugin is out of service; nothing for one that runs, and for one that is not wanted. */
function troubleOf(plugin) {
  if (["waiting", "refused", "quarantined"].includes(plugin.state)) return `${word(plugin.state)} ${plugin.reason}`;
  return null;
}

/** Why the tiles on the screen lack layers of a plugin that runs; the same reason once. */
function interruption(layers, missing) {
  const reasons = new Set(layers.map((layer) => missing.get(layer.id)).filter(Boolean));
  return reasons.size > 0 ? `${word("interrupted")} ${[...reasons].join(" ")}` : null;
}

/** Changes with what the list shows of plugins. */
export function pluginStates(catalog) {
  return (catalog.plugins ?? []).map((plugin) => `${plugin.id} ${plugin.state} ${plugin.reason}`).join("\n");
}

function link(url, text, kind, fileName) {
  const made = element("a", kind, text);
  made.href = url;
  if (fileName) made.download = fileName; else made.target = "_blank";
  made.rel = "noopener";
  return made;
}

function layerRow(layer, failure, styleLayers, isShown, onToggle) {
  const main = representative(styleLayers);
  const written = main?.metadata?.["miaopu:legend"];
  const legend = written ? { field: null, entries: written.filter((entry) => entry.color) }
    : main ? legendOf(main.paint[colorProperty[main.type]]) : { entries: [] };
  const colors = legend.entries.map((entry) => entry.color).filter(Boolean);
  const outline = main ? firstColor(main.paint[outlineProperty[main.type]]) : null;

  const box = element("input");
  box.type = "checkbox";
  box.checked = isShown(layer.id);
  box.addEventListener("change", () => onToggle([layer.id], box.checked));
  const name = element("span", "title", titleOf(layer.titles, layer.id));
  const hasFailed = failure !== undefined;
  const note = element("small", "", hasFailed ? word("failed")
    : layer.featureCount !== undefined ? word("count", layer.featureCount) : "");
  if (layer.featureCount !== undefined) note.title = word("features", layer.featureCount);
  const isOpen = !layer.sensitivity || layer.sensitivity === "open";
  const mark = isOpen ? null : element("span", `sensitivity ${layer.sensitivity}`, word(layer.sensitivity));
  if (mark) mark.title = word("sensitivity");
  const label = element(
    "label", "", main ? swatch(main.type, colors[0] ?? "#ccc", outline) : element("span", "swatch"),
    element("span", "words", name, mark, note), box, element("span", "switch"));
  const row = element("li", hasFailed ? "failed" : "", label);
  row.dataset.layer = layer.id;
  name.title = failure || name.textContent;
  if (legend.entries.length > 1) {
    const field = layer.fields.find((candidate) => candidate.name === legend.field);
    const entries = legend.entries.filter((entry) => entry.color);
    const summary = element("summary", "", titleOf(field?.titles, word("legend")));
    const strip = element("span", "strip");
    for (const color of colors.slice(0, 7)) {
      const dot = element("i");
      dot.style.backgroundColor = color;
      strip.append(dot);
    }
    summary.append(strip);
    const list = element("ul", "legend");
    for (const entry of entries) {
      list.append(element("li", "", swatch(main.type, entry.color, outline), entryTitle(entry, field)));
    }
    row.append(element("details", "", summary, list));
  }
  return row;
}
