// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

// What plugins want people to look at, above the list of layers.
import { element } from "./layers.js";
import { currentLanguage, titleOf, word } from "./words.js";

const order = ["red", "orange", "yellow", "blue", "info"];

/**
 * Fills the list; it is hidden when nothing stands. `onChoose(alert)` is called
 * when a person picks one that has a place.
 */
export function renderAlerts(container, alerts, onChoose) {
  const sorted = alerts.toSorted((a, b) => order.indexOf(a.level) - order.indexOf(b.level));
  container.hidden = sorted.length === 0;
  if (sorted.length === 0) return container.replaceChildren();
  const list = element("ul");
  for (const alert of sorted) list.append(row(alert, onChoose));
  const count = element("small", "", String(sorted.length));
  const box = element("details", "", element("summary", "", element("h2", "", word("alerts")), strip(sorted), count), list);
  // What is urgent is read at once; the rest waits for a look.
  box.open = container.querySelector("details")?.open ?? ["red", "orange"].includes(sorted[0].level);
  container.replaceChildren(box);
}

function strip(alerts) {
  const dots = element("span", "strip");
  for (const alert of alerts.slice(0, 12)) dots.append(element("i", `level ${alert.level}`));
  return dots;
}

function row(alert, onChoose) {
  const time = new Date(alert.time).toLocaleString(currentLanguage(), {
    month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" });
  const text = titleOf(alert.texts, "");
  const words = element(
    "span", "words", element("strong", "", titleOf(alert.titles, alert.id)), text ? element("span", "text", text) : null,
    element("small", "", `${word(alert.level)} · ${alert.plugin} · ${time}`));
  const line = element(alert.bounds ? "button" : "div", "alert", element("i", `level ${alert.level}`), words);
  if (alert.bounds) {
    line.type = "button";
    line.addEventListener("click", () => onChoose(alert));
  }
  return element("li", "", line);
}
