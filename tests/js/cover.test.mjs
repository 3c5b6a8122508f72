/** The pictures on a collection's card. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Cover } from "../../site/js/collections/cover.js";

/** The photos of the collection, by their names. @type {string[]} */
let photos;
let place;
let cover;
/** What a reading of the shelf waits for. */
let reading;

beforeEach(() => {
  globalThis.document = { createElement: () => ({}) };
  // A picture's address says what it is of.
  URL.createObjectURL = (blob) => blob;
  URL.revokeObjectURL = () => {};
  place = { shown: [], replaceChildren: (...images) => (place.shown = images.map(({ src }) => src)) };
  reading = Promise.resolve();
  const shelf = {
    async entries(_id, _after, count) {
      const some = photos.slice(0, count).map((id) => ({ id }));
      await reading;
      return some;
    },
    thumbnails: async (_id, ids) => ids.map((id) => new TextEncoder().encode(id)),
  };
  cover = new Cover(place, shelf);
});

const draw = async () => cover.draw("c", photos.length);
const onShow = async () => Promise.all(place.shown.map((blob) => blob.text()));

test("a photo that was removed does not stay on the cover", async () => {
  photos = ["a", "b", "c", "d", "e", "f"];
  await draw();
  assert.deepEqual(await onShow(), ["a", "b", "c", "d"]);
  photos = ["b", "c", "d", "e", "f"];
  await draw();
  assert.deepEqual(await onShow(), ["b", "c", "d", "e"]);
});

test("it stays while photos are added, once it is full", async () => {
  photos = ["b", "c"];
  await draw();
  assert.deepEqual(await onShow(), ["b", "c"]);
  photos = ["a", "b", "c", "d"];
  await draw();
  assert.deepEqual(await onShow(), ["a", "b", "c", "d"]);
  photos = ["0", ...photos];
  await draw();
  assert.deepEqual(await onShow(), ["a", "b", "c", "d"]);
});

test("what was read before a removal does not come after it", async () => {
  photos = ["a", "b", "c", "d"];
  let go = () => {};
  reading = new Promise((resolve) => (go = resolve));
  const late = draw();
  photos = ["b", "c", "d"];
  reading = Promise.resolve();
  await draw();
  go();
  await late;
  assert.deepEqual(await onShow(), ["b", "c", "d"]);
});
