/** A search that goes on from what is marked. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { PhotoFile } from "../../site/js/search/photo-file.js";
import { MOST, Search } from "../../site/js/search/search.js";

/** A search from one photo, with the first results liked and the last one disliked. */
function marked(likes) {
  const search = Search.of(new PhotoFile(new Uint8Array([1]), "cat.jpg"));
  for (let i = 0; i <= likes; i++) {
    const photo = { id: `openverse:${i}`, source: "openverse", title: `Photo ${i}`, tags: [] };
    search.results.add({ photo, score: -i, tag: "cat", twin: null, thumbnail: new Uint8Array([i]), before: false });
    search.marks.set(photo.id, i < likes ? "liked" : "disliked");
  }
  return search;
}

test("what is liked is searched for, too, and what is disliked leads away", () => {
  const further = Search.further(marked(MOST - 2));
  assert.deepEqual(
    further.queryPhotos.map(({ weight }) => weight),
    [1, ...Array(MOST - 2).fill(1), -0.5],
  );
  assert.deepEqual(further.notes, []);
});

test("more than a search starts from are left out, which is said", () => {
  const [one, several] = [MOST - 1, MOST + 3].map((likes) => Search.further(marked(likes)));
  assert.equal(one.queryPhotos.length, MOST);
  assert.deepEqual(
    one.notes.map(({ message }) => message),
    ["A search starts from at most 8 photos: 1 of those that you marked was left out."],
  );
  assert.equal(several.queryPhotos.length, MOST);
  assert.match(several.notes[0].message, /: 5 of those that you marked were left out\.$/);
});
