import assert from "node:assert/strict";
import { test } from "node:test";

import { Spending } from "../../site/js/courier/spending.js";
import { Calls } from "../../site/js/sources/calls.js";

const NOW = 1_800_000_000;
const DAY = 24 * 60 * 60;
const SERVICE = { title: "Museum", per_minute: 20, per_day: 200 };

globalThis.addEventListener = () => {};

/** A browser that has kept calls to a museum, in which it is now so many seconds later. */
function browser(t, made) {
  const kept = new Map(made ? [["lookalike.calls.museum", JSON.stringify(made)]] : []);
  globalThis.localStorage = {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => kept.set(key, value),
  };
  t.mock.timers.enable({ apis: ["Date"], now: NOW * 1000 });
  return { at: (seconds) => t.mock.timers.setTime((NOW + seconds) * 1000) };
}

const ahead = (count) => Array.from({ length: count }, (_, i) => NOW + 40 * DAY + i);

/** Whether the courier makes a call now. */
function calls(spending, made) {
  spending.grant(5, made);
  try {
    spending.call(Date.now() / 1000);
  } catch {
    return false;
  }
  return true;
}

test("calls that were made while the clock was ahead count as made now, each", (t) => {
  browser(t, ahead(30));
  const made = new Calls(() => {}).of("museum");
  assert.equal(new Set(made).size, 30);
  assert.ok(made.every((time) => time <= NOW && time > NOW - 1));
  // A moment later, and in another tab, they are the same.
  t.mock.timers.setTime((NOW + 5) * 1000);
  assert.deepEqual(new Calls(() => {}).of("museum"), made);
});

test("they bar the way for a day at most, though no other call is made meanwhile", (t) => {
  const { at } = browser(t, ahead(200));
  const tab = new Calls(() => {});
  assert.equal(calls(new Spending(SERVICE), tab.of("museum")), false);
  at(DAY - 10);
  assert.equal(calls(new Spending(SERVICE), tab.of("museum")), false);
  at(DAY + 10);
  assert.equal(calls(new Spending(SERVICE), tab.of("museum")), true);
});

test("a clock that is put right while the page is open bars the way for a minute at most", (t) => {
  const { at } = browser(t);
  const spending = new Spending({ ...SERVICE, per_minute: 2 });
  at(40 * DAY);
  assert.deepEqual([calls(spending, []), calls(spending, []), calls(spending, [])], [true, true, false]);
  at(0);
  assert.equal(calls(spending, []), false);
  at(70);
  assert.equal(calls(spending, []), true);
});

test("a time a moment ahead stays as it is: calls of one moment are told apart by it", (t) => {
  browser(t, [NOW, NOW + 0.001]);
  assert.deepEqual(new Calls(() => {}).of("museum"), [NOW, NOW + 0.001]);
});
