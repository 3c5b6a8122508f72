import assert from "node:assert/strict";
import { test } from "node:test";

import { Search } from "../../site/js/search/search.js";
import { PendingSearch } from "../../site/js/client/pending-search.js";
import { foundBy, going } from "../../site/js/ui/format.js";
import { scored } from "./stage.mjs";

test("why it was found tells the search that did", () => {
  assert.equal(foundBy({ tag: "cat", before: false }), "By asking for “cat”.");
  assert.equal(foundBy({ tag: "cat", before: true }), "By asking for “cat” in an earlier search of this visit.");
  assert.equal(foundBy({ tag: "", before: true }), "By an earlier search of this visit.");
  assert.equal(foundBy({ tag: "", before: false }), "");
});

test("photos seen before are on show, and none of those that this search has compared", () => {
  const search = new Search([]);
  search.id = 1;
  search.apply({
    type: "progress",
    id: 1,
    calls: 0,
    photos: 0,
    seconds: 0,
    asking: [],
    estimates: [],
    unseen: [],
    services: [],
    filtered: [],
  });
  for (const [photo, before] of [
    ["a", true],
    ["b", true],
    ["c", false],
  ])
    search.apply({ ...scored(1, photo), before });
  assert.deepEqual(
    search.results.all.map((result) => result.before),
    [true, true, false],
  );
  assert.equal(going(search), "Looking: 1 photo compared, 2 seen before");
});

test("nor do they count where an engine is lost", () => {
  const keeper = new PendingSearch();
  const id = keeper.begin({ queries: [], settings: null, made: {}, text: "" });
  keeper.hand();
  for (const [photo, before] of [
    ["a", true],
    ["b", false],
  ])
    keeper.receive({ ...scored(id, photo), before });
  assert.equal(keeper.end("failed", null).photos, 1);
});
