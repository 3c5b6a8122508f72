/** Which results are on show, while somebody is at them and while nobody is. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { OrderOnShow } from "../../site/js/results/order-on-show.js";

/** @type {OrderOnShow} */
let order;

beforeEach(() => {
  order = new OrderOnShow();
  order.renew(["a", "b"], ["a", "b"], false);
});

test("where nobody is at the photos, today's order is on show", () => {
  order.renew(["c", "a"], ["c", "a", "b"], false);
  assert.deepEqual(order.results, ["c", "a"]);
  assert.equal(order.differs, false);
});

test("what is on show rests, and what is new comes behind it, as far as there is room", () => {
  order.renew(["c", "b", "d", "a"], ["c", "b", "d", "a"], true);
  assert.deepEqual(order.results, ["a", "b", "c", "d"]);
  assert.equal(order.differs, true);
  order.renew(["e", "c", "b", "d"], ["e", "c", "b", "d", "a"], true);
  assert.deepEqual(order.results, ["a", "b", "c", "d"]);
});

test("an order that only adds to what is on show is today's", () => {
  order.renew(["a", "b", "c"], ["a", "b", "c"], true);
  assert.deepEqual(order.results, ["a", "b", "c"]);
  assert.equal(order.differs, false);
});

test("what may be on show no longer goes, though the others rest", () => {
  order.renew(["c", "b"], ["c", "b"], true);
  assert.deepEqual(order.results, ["b", "c"]);
});

test("what was forgotten does not rest", () => {
  order.forget();
  order.renew(["b", "a"], ["b", "a"], true);
  assert.deepEqual(order.results, ["b", "a"]);
});
