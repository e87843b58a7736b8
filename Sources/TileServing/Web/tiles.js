// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

// Tiles that did not come are asked for again: MapLibre leaves a hole where a
// connection was lost, until the person moves away and back.

/** Seconds before each attempt; after the last one the holes stay until `refill`. */
const pauses = [1, 2, 4, 8, 16, 30];

/** Keeps a map without holes. `refill()` begins anew: what made them has passed. */
export function holeFiller(map) {
  let attempts = 0;
  let timer = null;

  function fill() {
    timer = null;
    for (const cache of Object.values(map.style.sourceCaches)) {
      for (const [key, tile] of Object.entries(cache._tiles)) {
        // `reload()` leaves out those that failed, and reads what is there once more;
        // one that has expired is asked for.
        if (tile.state === "errored") cache._reloadTile(key, "expired");
      }
    }
  }

  function schedule() {
    if (timer === null && attempts < pauses.length) timer = setTimeout(fill, pauses[attempts++] * 1000);
  }

  map.on("error", ({ tile, error }) => {
    // MapLibre is silent about errors that somebody listens to.
    if (!tile) return console.error(error);
    // A refusal is an answer, and would be the same again. A lost connection has the status 0.
    if (!(error?.status >= 400 && error.status < 500)) schedule();
  });
  // Nothing is missing any more: the next hole is a new one.
  map.on("idle", () => {
    if (timer === null && map.areTilesLoaded() && !hasHoles(map)) attempts = 0;
  });

  return {
    refill() {
      clearTimeout(timer);
      attempts = 0;
      fill();
    },
  };
}

function hasHoles(map) {
  return Object.values(map.style.sourceCaches)
    .some((cache) => Object.values(cache._tiles).some((tile) => tile.state === "errored"));
}
