// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

// What a click shows: the features at a place with their attributes, the town
// and the file that they came from.
import { element } from "./layers.js";
import { provenance } from "./provenance.js";
import { currentLanguage, titleOf, word } from "./words.js";

// Attributes that say where a feature came from; they stand apart.
const townField = "miaopu_town";
const sourceField = "miaopu_source";

/** Features once each, topmost first, that layers of ours drew. */
export function distinct(features, catalog) {
  const seen = new Set();
  return features.filter((feature) => {
    const layer = catalog.layers.find((candidate) => candidate.id === feature.sourceLayer);
    const key = `${feature.sourceLayer}/${feature.id ?? JSON.stringify(feature.properties)}`;
    if (!layer || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** Points before lines before areas, and small areas before large ones: what a click meant comes first. */
export function mostSpecificFirst(features) {
  const rank = (feature) => {
    const type = feature.geometry.type;
    if (type.endsWith("Point")) return -2;
    if (type.endsWith("LineString")) return -1;
    const flat = feature.geometry.coordinates.flat(Infinity);
    let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let i = 0; i + 1 < flat.length; i += 2) {
      west = Math.min(west, flat[i]);
      east = Math.max(east, flat[i]);
      south = Math.min(south, flat[i + 1]);
      north = Math.max(north, flat[i + 1]);
    }
    return (east - west) * (north - south);
  };
  return features.map((feature) => ({ feature, rank: rank(feature) })).sort((a, b) => a.rank - b.rank)
    .map(({ feature }) => feature);
}

/** Fills the list of found features; `onSelect` gets the one that is opened. */
export function renderDetails(container, features, catalog, onSelect) {
  container.replaceChildren();
  const items = features.slice(0, 20).map((feature, index) => {
    const layer = catalog.layers.find((candidate) => candidate.id === feature.sourceLayer);
    const summary = element(
      "summary", "", element("span", "layer", titleOf(layer.titles, layer.id)),
      element("strong", "", headline(feature, layer)));
    const item = element("details", "feature", summary, attributes(feature, layer), origin(feature, layer));
    if (feature.id !== undefined && feature.properties[sourceField]) item.append(provenance(feature, layer));
    item.open = index === 0;
    item.addEventListener("toggle", () => {
      if (!item.open) return;
      for (const other of items) if (other !== item) other.open = false;
      onSelect(feature);
    });
    return item;
  });
  container.append(...items);
  if (features.length > items.length) {
    container.append(element("p", "more", word("more", features.length - items.length)));
  }
}

/** The attribute that a feature is called by: its name, else its code or number. */
function headlineField(feature, layer) {
  const isFilled = ({ name }) => !["", null, undefined].includes(feature.properties[name]);
  const filled = layer.fields.filter(isFilled);
  for (const name of [/^name$/, /^title$/, /^code$/, /(^|_)(no|number)$/]) {
    const field = filled.find((candidate) => name.test(candidate.name));
    if (field) return field.name;
  }
  return null;
}

function headline(feature, layer) {
  const field = headlineField(feature, layer);
  return field ? String(feature.properties[field]) : titleOf(layer.titles, layer.id);
}

function attributes(feature, layer) {
  const table = element("dl");
  const elsewhere = [townField, sourceField, headlineField(feature, layer)];
  for (const field of layer.fields) {
    if (elsewhere.includes(field.name)) continue;
    const value = feature.properties[field.name];
    if (value === undefined || value === null || value === "") continue;
    table.append(element("dt", "", titleOf(field.titles, field.name)), element("dd", "", valueText(value, field)));
  }
  return table;
}

/** Town and source file of a merged feature, the plugin of a live one. */
function origin(feature, layer) {
  const foot = element("dl", "origin");
  const add = (key, value) => {
    if (value !== undefined && value !== null && value !== "") {
      foot.append(element("dt", "", word(key)), element("dd", "", String(value)));
    }
  };
  add("town", feature.properties[townField]);
  add("source", feature.properties[sourceField]);
  add("plugin", layer.plugin);
  add("id", feature.id);
  return foot;
}

function valueText(value, field) {
  const coded = field.codes?.[value];
  if (coded) return titleOf(coded, String(value));
  if (value === true || value === false) return word(value ? "yes" : "no");
  if (typeof value === "number") {
    const number = new Intl.NumberFormat(currentLanguage(), { maximumFractionDigits: 3, useGrouping: "min2" }).format(value);
    return field.unit ? `${number} ${field.unit}` : number;
  }
  if (field.type === "date-time" || field.type === "dateTime" || /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value)) {
    const time = new Date(value);
    if (!Number.isNaN(time.valueOf())) {
      return new Intl.DateTimeFormat(currentLanguage(), { dateStyle: "medium", timeStyle: "short" }).format(time);
    }
  }
  return field.unit ? `${value} ${field.unit}` : String(value);
}
