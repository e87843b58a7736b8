// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

// The time that live layers are shown at: the present, or one that a person
// chose.
import { element } from "./layers.js";
import { word } from "./words.js";

/** A row with a time to choose; hidden when no layer depends on it. */
export function renderClock(container, catalog, chosen, onChoose) {
  container.hidden = !catalog.layers.some((layer) => layer.dependsOnTime);
  const input = element("input");
  input.type = "datetime-local";
  input.max = local(new Date());
  if (chosen) input.value = local(chosen);
  input.setAttribute("aria-label", word("asOf"));
  input.addEventListener("change", () => onChoose(input.value ? new Date(input.value) : null));
  const now = element("button", "quiet", word("now"));
  now.type = "button";
  now.hidden = !chosen;
  now.addEventListener("click", () => onChoose(null));
  container.classList.toggle("past", Boolean(chosen));
  container.replaceChildren(element("span", "", word("asOf")), input, now);
}

/** The tile addresses of the live layers at a time; without one, the present. */
export function tilesAt(tiles, time) {
  return tiles.map((url) => {
    const plain = url.replace(/[?&]time=[^&]*/, "");
    if (!time) return plain;
    const text = time.toISOString().replace(/\.\d+Z$/, "Z");
    return `${plain}${plain.includes("?") ? "&" : "?"}time=${encodeURIComponent(text)}`;
  });
}

/** As the input wants it: minutes, in the browser's own zone. */
function local(date) {
  return new Date(date.getTime() - date.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
}
