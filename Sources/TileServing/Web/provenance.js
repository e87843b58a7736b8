// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

// Where the attributes of a merged feature came from. It is asked of the server
// when it is unfolded, and not before.
import { element } from "./layers.js";
import { titleOf, word } from "./words.js";

const originWords = {
  declared: "declared", file: "fromFile", fit: "fit", inferred: "inferred", "address match": "byAddress",
};

/** A folded list; `feature` has an id and `layer` is the catalogue's. */
export function provenance(feature, layer) {
  const body = element("div");
  const item = element("details", "provenance", element("summary", "", word("provenance")), body);
  let isAsked = false;
  item.addEventListener("toggle", async () => {
    if (!item.open || isAsked) return;
    isAsked = true;
    try {
      const address = `/layers/${encodeURIComponent(layer.id)}/features/${feature.id}/provenance`;
      const answer = await fetch(address, { signal: AbortSignal.timeout(10_000) });
      if (!answer.ok) throw new Error(String(answer.status));
      body.replaceChildren(...sections(await answer.json(), layer));
    } catch {
      isAsked = false;
      body.replaceChildren(element("p", "", word("noProvenance")));
    }
  });
  return item;
}

function sections(found, layer) {
  const several = found.sources.length > 1;
  const table = element("dl");
  for (const attribute of found.attributes) {
    const field = layer.fields.find((candidate) => candidate.name === attribute.field);
    add(table, titleOf(field?.titles, attribute.field), attributeText(attribute, several));
  }
  return [table, ownFacts(found), ...found.sources.map(sourceList)];
}

/** What is said of the feature itself, whichever source a value is from. */
function ownFacts(found) {
  const list = element("dl");
  add(list, word("repaired"), found.repair);
  add(list, word("validFrom"), found.validFrom);
  for (const twin of found.standsFor) {
    add(list, word(twin.kind === "cut" ? "cut" : "twin"), `${twin.source} · ${word("record", twin.row)}`);
  }
  const more = found.standsForCount - found.standsFor.length;
  if (more > 0) add(list, word("twin"), word("moreRecords", more));
  return list;
}

function attributeText(attribute, several) {
  if (attribute.isAssigned) {
    return attribute.assignedIn === undefined ? word("assigned") : word("assignedIn", attribute.assignedIn);
  }
  if (attribute.isFromAuthority) return word("fromAuthority", attribute.source);
  const said = [attribute.from ? word("field", attribute.from) : word("unknownField")];
  if (attribute.fromUnit) said.push(word("turned", attribute.fromUnit, attribute.unit));
  if (attribute.isCoded) said.push(word("coded"));
  if (several && attribute.source) said.push(attribute.source);
  return said.join(" · ");
}

function sourceList(source) {
  const list = element("dl");
  add(list, word("town"), source.town ?? word("whole"));
  add(list, word("file"), `${source.file} · ${word("record", source.row)}`);
  add(list, word("hash"), element("code", "", source.sha256));
  add(list, word("asOfDay"), source.asOf);
  add(list, word("encodedIn"), source.encoding);
  const accuracy = source.accuracyInMeters === undefined ? [] : [word("accuracy", source.accuracyInMeters)];
  add(list, word("crs"), [source.crs, originText(source.crsOrigin), ...accuracy].join(" · "));
  const section = element("section", "", element("h3", "", source.id), list);
  if (source.steps.length) {
    const steps = element("ol", "", ...source.steps.map((step) => element("li", "", step)));
    steps.lang = "en";
    section.append(element("h3", "", word("steps")), steps);
  }
  return section;
}

function originText(origin) {
  const key = originWords[origin];
  return key ? word(key) : origin;
}

function add(list, key, value) {
  if (value === undefined || value === null || value === "") return;
  list.append(element("dt", "", key), element("dd", "", value));
}
