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

test("a step whose search is gone changes nothing, and those behind it are as they were", () => {
  for (const name of ["first", "second", "third"]) begin(name, 2);
  go("back");
  go("back");
  assert.deepEqual([visited, shown.name, tab.place], [["second"], "second", 0]);
  go("forward");
  go("forward");
  assert.deepEqual(visited, ["second", "third"]);
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
