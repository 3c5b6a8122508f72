import assert from "node:assert/strict";
import { test } from "node:test";

import { growthInWords, growthOf, heightsOf } from "../../site/js/progress/growth.js";
import { lineOf } from "../../site/js/progress/growth-plot.js";
import { Search } from "../../site/js/search/search.js";
import { scored } from "./stage.mjs";

/** A search that has found these scores, in this order; the first ones were seen before. */
function found(scores, { before = 0, twins = [], calls = [] } = {}) {
  const search = new Search([]);
  search.id = 1;
  scores.forEach((score, i) => {
    if (calls.includes(i))
      search.apply({ type: "queried", id: 1, tag: "cat", found: 9, new: 9, dropped: 0, source: "openverse" });
    search.apply({ ...scored(1, String(i)), score, before: i < before, twin: twins[i] ?? null });
  });
  return search;
}

const growth = (search) => growthOf(search.results.arrived, search.calls);
const rising = (count, step = 0.01) => Array.from({ length: count }, (_, i) => step * (i + 1));

test("the mean of the ten best grows with what comes, and a call is where it was answered", () => {
  const { steps, photos, mean, calls } = growth(found([...Array(10).fill(0.2), 0.1, 0.7, 0.1], { calls: [0, 4, 12] }));
  assert.deepEqual(
    steps.map((step) => step.photos),
    [10, 12],
  );
  assert.deepEqual(
    steps.map((step) => step.mean.toFixed(3)),
    ["0.200", "0.250"],
  );
  assert.deepEqual([photos, mean.toFixed(3), calls], [13, "0.250", [0, 4, 12]]);
});

test("photos seen before cost no look: the line begins with them at 0", () => {
  const search = found([...Array(12).fill(0.5), 0.9], { before: 12, calls: [12] });
  const { steps, photos, before, calls } = growth(search);
  assert.deepEqual([steps.map((step) => step.photos), photos, before, calls], [[0, 1], 1, 12, [0]]);
  assert.equal(
    growthInWords(growth(search)),
    "Mean score of the ten best: 0.540, after 1 photo and 1 answered call. It was 0.500 with 12 seen before, and rose last at photo 1.",
  );
  assert.equal(
    growthInWords(growth(found(Array(12).fill(0.5), { before: 12 }))),
    "Mean score of the ten best: 0.500, all of them seen before.",
  );
});

test("of near-duplicates the best one counts", () => {
  const { counted, steps } = growth(found([0.1, 0.9, 0.8, 0.7], { twins: [null, "0", "0", null] }));
  assert.deepEqual([counted, steps], [2, []]);
});

test("another score function draws it again, from its scores", () => {
  const search = found(rising(30));
  search.apply({
    type: "rescored",
    id: 1,
    scores: search.results.arrived.map(({ photo, score }) => ({ id: photo.id, score: -score })),
    order: null,
    itself: -1,
  });
  const { steps } = growth(search);
  assert.equal(steps.length, 1);
  assert.equal(steps[0].mean.toFixed(3), "-0.055");
  assert.match(
    growthInWords(growth(search)),
    /^Mean score of the ten best: -0\.055, after 30 photos\. It was -0\.055 after 10 photos, and has not risen since\.$/,
  );
});

test("it says how few there are, and nothing of none", () => {
  assert.equal(growthInWords(growth(found([]))), "");
  assert.equal(growthInWords(growth(found([0.5]))), "Mean score of the one photo so far: 0.500, after 1 photo.");
  assert.equal(
    growthInWords(growth(found([0.5, 0.7], { calls: [0] }))),
    "Mean score of the 2 best so far: 0.600, after 2 photos and 1 answered call.",
  );
});

test("scores of any range make a line within the plot", () => {
  const ranges = [
    rising(40),
    rising(40, 2.1e15),
    rising(40, -3),
    Array(40).fill(0.25),
    rising(40).map((x) => Math.exp(4000 * x)),
    [-1.7e308, ...Array(39).fill(1.7e308)],
    [NaN, ...rising(20)],
  ];
  for (const scores of ranges) {
    const line = lineOf(growth(found(scores)));
    assert.match(line, /^M[\d.]+ [\d.]+(H[\d.]+V[\d.]+)*H300$/);
    for (const [, y] of line.matchAll(/V([\d.]+)/g)) assert.ok(y >= 0 && y <= 80, line);
  }
  assert.equal(heightsOf([{ photos: 10, mean: 3 }])(3), 0.5);
});
