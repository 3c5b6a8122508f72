/** How alike photos are, on whatever scale a scorer has. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { Likeness } from "../../site/js/search/likeness.js";
import { Results } from "../../site/js/search/results.js";

const ONE = { photos: 1, marked: false };

/** What is said of each score. */
function said(scores, itself, query = ONE) {
  const likeness = new Likeness(scores, itself);
  return scores.map((score) => likeness.words(score, query));
}

test("a cosine is a part of what the photo scores with itself", () => {
  const scores = [0.734, 0.5, 0.004, -0.1];
  assert.deepEqual(
    said(scores, 1),
    ["73", "50", "0", "0"].map((percent) => `${percent} % of what your photo scores with itself`),
  );
  const likeness = new Likeness(scores, 1);
  assert.deepEqual(
    [0.734, 0, -0.1].map((score) => likeness.part(score)),
    [0.734, 0, 0],
  );
});

test("what is as alike as itself has 100 %, whatever is lost in rounding", () => {
  assert.deepEqual(said([1.0001], 1), ["100 % of what your photo scores with itself"]);
});

test("no photo has more than 100 %", () => {
  assert.deepEqual(said([173, 50], 100), [
    "It scores higher than your photo does with itself",
    "50 % of what your photo scores with itself",
  ]);
  assert.equal(new Likeness([173, 50], 100).part(173), 1);
});

test("scores that span many powers of ten are compared by their logarithms", () => {
  const exp = [15, 6, 5, 4].map(Math.exp);
  assert.match(said(exp, Math.exp(20))[0], /^75 % of what your photo scores with itself, by logarithms/);
  assert.match(said(exp, Math.exp(10))[0], /^It scores higher than your photo/);
  // A Gaussian has 1 for the same, and falls towards 0.
  const gaussian = [-5, -15, -18, -20].map(Math.exp);
  assert.match(said(gaussian, 1)[0], /^75 % of what your photo scores with itself, by logarithms/);
  assert.match(said(gaussian, 1)[3], /^0 %/);
  // A cosine near 0 makes no power of ten of it.
  assert.match(said([0.5, 0.3, 0.2, 0.0001], 1)[0], /^50 % of what your photo scores with itself$/);
});

for (const itself of [null, 0, -3, NaN, Infinity, -Infinity]) {
  test(`there is nothing to be a part of: ${itself}`, () => {
    const all = [
      "100 %, where the most alike photo found has 100 %",
      "0 %, where the most alike photo found has 100 %",
    ];
    assert.deepEqual(said([-1, -5], itself), all);
  });
}

test("several photos and marks make one thing that all are compared with", () => {
  const [several] = said([0.5], 1, { photos: 3, marked: false });
  assert.equal(several, "50 % of what the best of your photos itself scores");
  assert.equal(said([0.5], 1, { photos: 1, marked: true })[0], "50 % of what your photo itself scores");
  assert.equal(said([2], 1, { photos: 1, marked: true })[0], "It scores higher than your photo itself");
});

test("nothing was found", () => {
  assert.equal(new Likeness([], 1).part(0.5), 0.5);
  assert.equal(new Likeness([], null).part(0.5), 0);
});

test("results know the scale of the score function whose scores they have", () => {
  const results = new Results();
  const photo = { id: "1", source: "openverse" };
  results.add({ photo, score: 0.5, tag: "", twin: null, thumbnail: new Uint8Array(), itself: 1, before: false });
  assert.equal(results.likeness.part(0.5), 0.5);
  results.add({ photo: { ...photo, id: "2" }, score: 0.5, tag: "", twin: null, thumbnail: new Uint8Array() });
  assert.equal(results.likeness.part(0.5), 0.5);
  results.rescore({ scores: [{ id: "1", score: 3 }], order: null, itself: 4 });
  assert.equal(results.likeness.part(3), 0.75);
});

test("a search for others like a photo leaves out the photo, and what repeats it", () => {
  const results = new Results(["a:1", ""]);
  const add = (id, score, twin = null) =>
    results.add({ photo: { id, source: id[0] }, score, tag: "", twin, thumbnail: new Uint8Array() });
  add("a:1", 1, "a:1");
  add("b:1", 0.99, "a:1");
  add("a:2", 0.5);
  add("b:2", 0.4, "a:2");
  assert.deepEqual(
    results.listed.map(({ photo }) => photo.id),
    ["a:2"],
  );
  assert.deepEqual(
    results.admitted.map(({ photo }) => photo.id),
    ["a:2", "b:2"],
  );
  assert.deepEqual([results.admittedOf(""), results.admittedOf("b"), results.size], [2, 1, 4]);
  // Where no scorer says what the photo scores, the best of the others has the whole bar.
  assert.equal(results.likeness.part(0.5), 1);
});
