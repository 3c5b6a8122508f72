/** What comes on show when the page is opened, reloaded, or led to a step whose search is not here any more. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Returning } from "../../site/js/app/returning.js";

/** What a reload brings back: a search that has no words in the address. */
const KEPT = { search: { name: "kept", words: "" }, model: "m", scorer: "" };

let page;
let did;

beforeEach(() => {
  // The words of the address; what is on show; whether that is the workspace; whether something else was chosen.
  page = { words: "", search: null, visible: true, taken: false, returning: true, back: async () => KEPT };
  did = [];
  globalThis.history = { state: null };
});

function returning() {
  const shown = () => (page.visible ? page.search : null);
  return new Returning({
    keeper: { returning: page.returning, back: () => page.back() },
    intake: {
      turn: () => () => !page.taken,
      isAddressOf: ({ words }) => words === page.words,
      get addressed() {
        return page.words && page.words !== shown()?.words ? { name: page.words, words: page.words } : null;
      },
      keepAddress: () => did.push("address kept"),
    },
    travel: { settle: () => did.push("settled") },
    searches: {
      get shown() {
        return page.search;
      },
    },
    shown,
    onReturned: (kept) => did.push(["returned", kept]),
    onAddressed: ({ name }) => did.push(["addressed", name]),
  });
}

/** Lets what was begun go on. */
const soon = () => new Promise((resolve) => setImmediate(resolve));

test("a reload brings back what was on show", async () => {
  returning().start();
  await soon();
  assert.deepEqual(did, [["returned", KEPT]]);
});

test("a reload on the first screen stays there", async () => {
  history.state = { home: true };
  returning().start();
  await soon();
  assert.deepEqual(did, ["settled"]);
});

test("a first visit begins what its address names, at once", () => {
  page.returning = false;
  page.words = "sea";
  returning().start();
  assert.deepEqual(did, [["addressed", "sea"]]);
});

test("an address of other words goes before what was on show", async () => {
  page.words = "sea";
  returning().start();
  await soon();
  assert.deepEqual(did, [["addressed", "sea"]]);
});

test("where nothing was kept, the address says what begins", async () => {
  page.words = "sea";
  page.back = async () => null;
  returning().start();
  await soon();
  assert.deepEqual(did, [["addressed", "sea"]]);
});

for (const [what, change] of [
  ["has begun", { search: { name: "new", words: "" } }],
  ["is being opened", { taken: true }],
])
  test(`what was kept takes no place of what ${what} meanwhile`, async () => {
    let give;
    page.back = () => new Promise((resolve) => (give = resolve));
    returning().start();
    Object.assign(page, change);
    give(KEPT);
    await soon();
    assert.deepEqual(did, []);
  });

test("a step of before the reload brings back what was on show, where nothing has been since", async () => {
  returning().find();
  await soon();
  assert.deepEqual(did, [["returned", KEPT]]);
});

test("where nothing was reloaded, a step that is gone brings nothing back", async () => {
  page.returning = false;
  returning().find();
  await soon();
  assert.deepEqual(did, ["settled"]);
});

test("a step that is gone changes nothing on show, and history and address tell of that", async () => {
  page.search = { name: "new", words: "" };
  returning().find();
  await soon();
  assert.deepEqual(did, ["settled", "address kept"]);
});

test("a step that is gone has its words searched for again", () => {
  page.search = { name: "new", words: "" };
  page.words = "sea";
  returning().find();
  assert.deepEqual(did, [["addressed", "sea"]]);
});

test("on the first screen an address stays as it is, whatever search is behind", () => {
  Object.assign(page, { search: { name: "behind", words: "" }, visible: false });
  returning().find();
  assert.deepEqual(did, ["settled"]);
});
