/** Where a search can look, by what is chosen, keys and the connection. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { Reachable } from "../../site/js/app/reachable.js";

/** A page on which these are ticked. */
function page({ ticked, keyed = false, online = true }) {
  return new Reachable({
    settings: () => ({ photos: 440, sources: ["whatever was kept"] }),
    tools: {
      chosen: ticked,
      chosenBy: ({ only }) => (only ? [only] : ticked),
      open: (withKey, chosen = ticked) => chosen.filter((name) => withKey || name !== "flickr"),
    },
    connection: {
      reachable: (sources) => (online ? sources : sources.filter((name) => name.startsWith("collection:"))),
    },
    keyed: () => keyed,
  });
}

const WAITS = { active: true, id: null, only: "" };

test("a service without its key is left out, and others go on", () => {
  const one = page({ ticked: ["openverse", "flickr"] });
  assert.deepEqual(one.settingsOf(WAITS), { photos: 440, sources: ["openverse"] });
  assert.equal(one.lackOf(WAITS), "");
});

test("where all lack a key, that is what a search waits for; with one it does not", () => {
  assert.equal(page({ ticked: ["flickr"] }).lackOf(WAITS), "Waiting for a key to Flickr.");
  assert.equal(page({ ticked: ["flickr"], keyed: true }).lackOf(WAITS), "");
  assert.equal(page({ ticked: ["flickr"] }).lackOf(null), "");
});

test("a search that has begun, or has ended, waits for no key, whatever is ticked by now", () => {
  const keyless = page({ ticked: ["flickr"] });
  assert.equal(keyless.lackOf({ ...WAITS, id: 3 }), "");
  assert.equal(keyless.lackOf({ ...WAITS, active: false, id: 3 }), "");
  assert.equal(keyless.lackOf({ ...WAITS, only: "collection:a" }), "");
});

test("without a connection own photos are searched, and nothing else", () => {
  const offline = page({ ticked: ["openverse", "collection:a"], online: false });
  assert.deepEqual(offline.settingsOf(WAITS).sources, ["collection:a"]);
  const services = page({ ticked: ["openverse"], online: false });
  assert.equal(services.lackOf(WAITS), "Waiting for the network.");
  assert.equal(services.lackOf({ ...WAITS, id: 3 }), "");
  assert.equal(services.lackOf({ ...WAITS, active: false }), "");
});

test("a search that is confined to one collection looks there alone", () => {
  const all = page({ ticked: ["openverse"] });
  assert.deepEqual(all.settingsOf({ ...WAITS, only: "collection:a" }).sources, ["collection:a"]);
  assert.deepEqual(all.settingsOf(null).sources, ["openverse"]);
});
