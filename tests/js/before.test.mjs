/** What people have kept, and links that they have, from before scorers were called so: ../before/kept.json. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const { link, storage, collection } = JSON.parse(readFileSync(new URL("../before/kept.json", import.meta.url), "utf8"));
globalThis.addEventListener = () => {};
globalThis.localStorage = {
  getItem: (key) => storage[key] ?? null,
  setItem: (key, value) => (storage[key] = String(value)),
  removeItem: (key) => delete storage[key],
};
const { Preferences } = await import("../../site/js/settings/preferences.js");
const { SavedScorers } = await import("../../site/js/scorer/saved-scorers.js");
const { readFragment } = await import("../../site/js/share/shared-scorer.js");
const { isCollection } = await import("../../site/js/shelf/records.js");

test("a link from before opens as it was", async () => {
  const { name, code, settings } = await readFragment(link);
  assert.equal(name, "Mine");
  assert.ok(code.includes("def embs2score(source, candidate):"));
  assert.deepEqual(
    [settings.photos, settings.calls, settings.policy, settings.model, settings.sources, settings.filters?.license],
    [330, 40, "greedy", "mobilenet_v2", ["openverse", "flickr"], "commercial"],
  );
});

test("saved score functions, settings and the key are still there", () => {
  const saved = new SavedScorers();
  assert.deepEqual(saved.names, ["Mine", "Theirs"]);
  assert.equal(saved.code("Mine"), "# mine\n");
  const { settings, key, model, size } = new Preferences();
  assert.deepEqual([key, model, size], ["0123456789abcdef0123456789abcdef", "efficientnet_lite0", 4]);
  assert.deepEqual(
    [settings.photos, settings.policy, settings.sources, settings.filters.orientation],
    [330, "greedy", ["openverse", "flickr"], "landscape"],
  );
});

test("a collection's record is one still", () => {
  assert.ok(isCollection(collection));
});
