/** Back and Forward lead through the searches of a visit, and nothing keeps those that are gone. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Travel } from "../../site/js/app/travel.js";
import { Tab } from "./tab.mjs";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc");

let tab;
let kept;
let shown;
let visited;
let travel;

beforeEach(() => {
  tab = new Tab();
  kept = [];
  shown = null;
  visited = [];
  travel = new Travel({
    kept: (search) => kept.includes(search),
    shown: () => shown,
    onHome: () => visited.push("home"),
    onRevisit: (search) => visited.push((shown = search).name),
    onLost: () => visited.push("lost"),
  });
});

/** A search begins; of the last ones so many are kept. */
function begin(name, most = 8) {
  const search = { name };
  kept = [...kept, search].slice(-most);
  travel.add(search);
  shown = search;
  return search;
}

function go(way) {
  history[way]();
  tab.move();
}

test("Back and Forward lead through searches, and to the first screen", () => {
  begin("first");
  begin("second");
  travel.leave();
  shown = null;
  for (const way of ["back", "back", "forward", "forward"]) go(way);
  assert.deepEqual(visited, ["second", "first", "second", "home"]);
});

test("from a search that was chosen among the earlier ones, Back leads to where one was", () => {
  const first = begin("first");
  begin("second");
  begin("third");
  travel.revisit(first);
  shown = first;
  begin("fourth");
  for (let i = 0; i < 4; i++) go("back");
  assert.deepEqual(visited, ["first", "third", "second", "first"]);
});

test("a step whose search is gone is told of, and those behind it are as they were", () => {
  for (const name of ["first", "second", "third"]) begin(name, 2);
  go("back");
  go("back");
  assert.deepEqual([visited, shown.name, tab.place], [["second", "lost"], "second", 0]);
  go("forward");
  go("forward");
  assert.deepEqual(visited, ["second", "lost", "third"]);
});

test("a search may begin at the step of one that is gone, and is found there again", () => {
  for (const name of ["first", "second", "third"]) begin(name, 2);
  go("back");
  go("back");
  const again = { name: "first, again" };
  kept = [...kept, again];
  travel.add(again, true);
  shown = again;
  for (const way of ["forward", "forward", "back", "back"]) go(way);
  assert.deepEqual(visited.slice(2), ["second", "third", "second", "first, again"]);
});

test("steps of before a reload are no searches of this visit, but for the first screen", () => {
  tab.steps = [{ search: 1, visit: -1 }, { home: true, visit: -1 }, null];
  tab.place = 2;
  begin("now");
  go("back");
  go("back");
  assert.deepEqual(visited, ["home", "lost"]);
});

test("a step that an address has made is one of what is on show", () => {
  begin("first");
  history.pushState(null);
  travel.settle();
  begin("second");
  for (const way of ["back", "back"]) go(way);
  assert.deepEqual(visited, ["first"]);
});

test("steps keep their numbers apart after searches are gone", () => {
  for (const name of ["a", "b", "c", "d"]) begin(name, 2);
  assert.deepEqual(
    tab.steps.map(({ search }) => search),
    [1, 2, 3, 4],
  );
  go("back");
  assert.deepEqual(visited, ["c"]);
});

test("what is no longer kept is not held", async () => {
  const held = Array.from({ length: 10 }, (_, i) => new WeakRef(begin(`search ${i}`, 8)));
  // A weak reference that was made in this turn holds what it names until the next one.
  await new Promise((resolve) => setImmediate(resolve));
  collectGarbage();
  assert.deepEqual(
    held.map((each) => each.deref() !== undefined),
    [false, false, ...Array(8).fill(true)],
  );
});
