import assert from "node:assert/strict";
import { test } from "node:test";

import { gripAt, moved } from "../../site/js/query/crop-moves.js";

const REACH = { x: 0.03, y: 0.03 };
const PART = [0.2, 0.3, 0.4, 0.5];
const point = (x, y) => ({ x, y });
const near = (found, wanted) => found.forEach((value, i) => assert.ok(Math.abs(value - wanted[i]) < 1e-9, `${found}`));

test("a pointer takes hold of what is near", () => {
  const at = (x, y, crop = PART) => gripAt(crop, point(x, y), REACH);
  assert.deepEqual(at(0.21, 0.31), { kind: "pull", x: -1, y: -1 });
  assert.deepEqual(at(0.6, 0.8), { kind: "pull", x: 1, y: 1 });
  assert.deepEqual(at(0.4, 0.29), { kind: "pull", x: 0, y: -1 });
  assert.deepEqual(at(0.58, 0.5), { kind: "pull", x: 1, y: 0 });
  assert.deepEqual(at(0.4, 0.5), { kind: "move" });
  assert.deepEqual(at(0.9, 0.5), { kind: "draw" });
  assert.deepEqual(at(0.2, 0.9), { kind: "draw" });
  assert.deepEqual(at(0, 0.5, null), { kind: "pull", x: -1, y: 0 });
  assert.deepEqual(at(0.4, 0.5, null), { kind: "draw" });
});

test("an edge is pulled, and passes neither the one across from it nor the photo's", () => {
  const pull = (x, y, to) => moved(PART, { kind: "pull", x, y }, point(0.5, 0.5), to);
  near(pull(-1, 0, point(0.6, 0.9)), [0.3, 0.3, 0.3, 0.5]);
  near(pull(1, 1, point(0.4, 0.4)), [0.2, 0.3, 0.3, 0.4]);
  near(pull(-1, -1, point(0, 0)), [0, 0, 0.6, 0.8]);
  near(pull(1, 0, point(0, 0.5)), [0.2, 0.3, 0.05, 0.5]);
});

test("a part is moved and keeps its size", () => {
  const move = (to) => moved(PART, { kind: "move" }, point(0.5, 0.5), to);
  near(move(point(0.6, 0.4)), [0.3, 0.2, 0.4, 0.5]);
  near(move(point(1, 1)), [0.6, 0.5, 0.4, 0.5]);
  near(move(point(0, 0)), [0, 0, 0.4, 0.5]);
});

test("a new part is drawn in any direction; a slip of the hand draws none", () => {
  const draw = (from, to) => moved(null, { kind: "draw" }, from, to);
  near(draw(point(0.8, 0.9), point(0.2, 0.5)), [0.2, 0.5, 0.6, 0.4]);
  assert.equal(draw(point(0.5, 0.5), point(0.52, 0.9)), undefined);
});

test("what is pulled out to all edges is the whole photo", () => {
  assert.equal(moved([0, 0, 1, 0.5], { kind: "pull", x: 0, y: 1 }, point(0.5, 0.5), point(0.5, 1)), null);
});
