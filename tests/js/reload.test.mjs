import assert from "node:assert/strict";
import { test } from "node:test";

import { PhotoFile } from "../../site/js/search/photo-file.js";
import { Search } from "../../site/js/search/search.js";
import { rowOf, searchOf, queryPhotosOf, stateOf } from "../../site/js/reload/state.js";
import { checkedSettings } from "../../site/js/settings/preferences.js";
import { FORMS } from "./stage.mjs";

const AROUND = { at: 1_800_000_000, scorer: "", model: "m" };
const OWN = "collection:ab";

function photo(number, source = "openverse") {
  const id = source === OWN ? `${OWN}:${number}.jpg` : `openverse:${number}`;
  return {
    id,
    title: `Photo ${number}`,
    tags: ["cat"],
    thumb_url: "https://p.test/1.jpg",
    page_url: `https://p.test/${number}`,
    owner: "Ann",
    owner_id: "1",
    license: "CC BY 4.0",
    width: 3,
    height: 2,
    uploaded: null,
    source,
    license_url: "",
    large_url: "",
    attribution: "",
    full_width: 0,
    full_height: 0,
    sensitive: false,
  };
}

/** A search that has found four photos, of which the last is like the first, and one is the person's own. */
function found({ ended = true } = {}) {
  const search = new Search(
    [{ file: new PhotoFile(new Uint8Array([1, 2]), "cat.png", "image/png"), weight: -0.5, crop: [0, 0.25, 1, 0.5] }],
    new Map([["dog", "ban"]]),
    "a cat",
  );
  search.settings = checkedSettings({ photos: 9, sources: ["openverse", OWN], filters: { license: "reuse" } });
  const id = (search.id = 3);
  search.apply({ type: "started", id, seed: 7, guesses: [{ tag: "cat", probability: 0.5 }] });
  search.apply({ type: "queried", id, tag: "cat", found: 9, new: 9, dropped: 0, source: "openverse" });
  const twins = [null, null, null, "openverse:0"];
  [0.5, 0.9, 0.7, 0.4].forEach((score, i) =>
    search.apply({
      type: "scored",
      id,
      photo: photo(i, i === 2 ? OWN : undefined),
      score,
      tag: "cat",
      twin: twins[i],
      thumbnail: new Uint8Array([9, i]),
      itself: 2,
      before: i === 3,
    }),
  );
  search.apply({
    type: "skipped",
    id,
    photo: photo(8),
    problem: { code: "x", message: "No.", advice: "", line: null },
  });
  search.apply({
    type: "progress",
    id,
    calls: 2,
    photos: 4,
    seconds: 1.5,
    asking: ["cat"],
    estimates: [],
    unseen: [],
    services: [],
    filtered: [],
  });
  search.marks.set("openverse:1", "liked");
  search.results.find("openverse:0").verdict = "unsafe";
  if (ended) search.apply({ type: "finished", id, reason: "budget", calls: 2, photos: 4, seconds: 2, problem: null });
  return search;
}

function kept(search) {
  return structuredClone({
    state: stateOf(search, AROUND),
    sources: queryPhotosOf(search),
    photos: search.results.all.map(rowOf),
  });
}

const own = async () => new Uint8Array([5]);
const back = (stored, from = own) => searchOf(stored, FORMS, from);
const ids = ({ results }) => results.all.map((each) => each.photo.id);

test("a search for others like a photo leaves that photo out after a reload, too", async () => {
  const before = Search.like(found().results.find("openverse:0"));
  before.settings = found().settings;
  for (const [number, twin] of [
    [0, null],
    [9, "openverse:0"],
    [1, null],
  ]) {
    before.apply({
      type: "scored",
      id: 1,
      photo: photo(number),
      score: 1,
      tag: "cat",
      twin,
      thumbnail: new Uint8Array([9]),
      itself: 1,
      before: false,
    });
  }
  const search = await back(kept(before));
  for (const each of [before, search])
    assert.deepEqual(
      each.results.listed.map(({ photo }) => photo.id),
      ["openverse:1"],
    );
  assert.equal(search.queryPhotos[0].file.of, "openverse:0");
});

test("a search that was done comes back with all that was known of it", async () => {
  const before = found();
  const search = await back(kept(before));
  assert.deepEqual(ids(search), ["openverse:1", `${OWN}:2.jpg`, "openverse:0", "openverse:3"]);
  assert.deepEqual(ids(search), ids(before));
  const [{ file, weight, crop }] = search.queryPhotos;
  assert.deepEqual(
    [[...file.bytes], file.name, file.type, weight, crop],
    [[1, 2], "cat.png", "image/png", -0.5, [0, 0.25, 1, 0.5]],
  );
  for (const part of [
    "text",
    "settings",
    "stances",
    "marks",
    "asked",
    "known",
    "seed",
    "guesses",
    "progress",
    "skipped",
    "end",
  ])
    assert.deepEqual(search[part], before[part], part);
  assert.deepEqual(
    search.results.listed.map((each) => each.photo.id),
    before.results.listed.map((each) => each.photo.id),
  );
  assert.deepEqual([search.results.itself, before.results.itself], [2, 2]);
  const first = search.results.find("openverse:0");
  assert.deepEqual(
    first.alike.map((each) => each.photo.id),
    ["openverse:0", "openverse:3"],
  );
  assert.equal(first.verdict, "unsafe");
  assert.deepEqual(
    search.results.all.map((each) => each.before),
    [false, false, false, true],
  );
  assert.deepEqual([...search.results.find(`${OWN}:2.jpg`).thumbnail], [5]);
  assert.equal(search.interrupted, false);
  // Its number is none that a search of this visit gets.
  assert.equal(search.id, 0);
});

test("one that ran ends where it was, once more after another reload", async () => {
  const search = await back(kept(found({ ended: false })));
  const again = await back(kept(search));
  for (const each of [search, again]) {
    assert.equal(each.interrupted, true);
    assert.deepEqual([each.end.reason, each.end.photos, each.end.seconds], ["cancelled", 4, 1.5]);
  }
});

test("one that had found nothing, or had not begun, begins again", async () => {
  const waiting = new Search([], undefined, "owl");
  const begun = new Search([], undefined, "owl");
  begun.settings = checkedSettings({});
  begun.id = 4;
  const problem = { code: "words", message: "Nobody knows “owl”.", advice: "", line: null };
  begun.apply({ type: "noted", id: 4, problem });
  begun.apply({ type: "started", id: 4, seed: 7, guesses: [] });
  begun.apply({ type: "queried", id: 4, tag: "owl", found: 9, new: 9, dropped: 0, source: "openverse" });
  begun.apply({ type: "skipped", id: 4, photo: photo(8), problem });
  for (const search of [waiting, begun]) {
    const same = await back(kept(search));
    assert.deepEqual([same.text, same.id, same.settings, same.end], ["owl", null, null, null]);
    // It is told again, once.
    assert.deepEqual([same.notes, same.known, same.asked.size, same.calls, same.skipped], [[], 0, 0, [], []]);
  }
});

test("a score function's own order stays", async () => {
  const search = found();
  search.apply({ type: "ranked", id: 3, order: ["openverse:3", "openverse:0"] });
  assert.deepEqual(ids(await back(kept(search))).slice(0, 2), ["openverse:3", "openverse:0"]);
});

test("own photos come from their collection, or not at all", async () => {
  const stored = kept(found());
  assert.ok(stored.photos.every((row) => row.thumbnail.length === (row.photo.source === OWN ? 0 : 2)));
  const search = await back(stored, async () => null);
  assert.deepEqual(ids(search), ["openverse:1", "openverse:0", "openverse:3"]);
});

test("what starts from very large photos is not kept", () => {
  assert.equal(queryPhotosOf(Search.of(new PhotoFile(new Uint8Array(33e6), "large.tif"))), null);
});

test("what is stored may be anything", async () => {
  const stored = kept(found());
  for (const broken of [
    { ...stored, state: undefined },
    { ...stored, sources: undefined },
    { ...stored, sources: [{ bytes: "x", weight: 1 }] },
    { ...stored, state: { ...stored.state, messages: [{ type: "nothing" }] } },
    { ...stored, state: { ...stored.state, messages: [{ type: "progress", calls: "many" }] } },
    { ...stored, state: { ...stored.state, standings: [{ id: "openverse:1", score: "high" }] } },
    { ...stored, state: { ...stored.state, marks: 1 } },
  ]) {
    await assert.rejects(back(broken));
  }
  const [row] = stored.photos;
  row.photo.page_url = "javascript:alert(1)";
  stored.photos[1].photo = null;
  stored.sources[0].type = "text/html";
  const search = await back(stored);
  assert.equal(search.results.find(row.photo.id).photo.page_url, "");
  assert.equal(search.results.size, 3);
  assert.equal(search.queryPhotos[0].file.type, "");
});

test("a search in one collection alone comes back as that, and not in what is none", async () => {
  const before = found();
  for (const [only, after] of [
    [null, ""],
    [OWN, OWN],
    ["flickr", ""],
    ["collection:\n", ""],
    [7, ""],
  ]) {
    before.only = only;
    assert.equal((await back(kept(before))).only, after);
  }
});
