/** Each message goes to the part that it is for, and is drawn in its time. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Incoming } from "../../site/js/app/incoming.js";
import { FORMS } from "./stage.mjs";

/** The parts that take messages, by the types of these. */
const TAKERS = {
  left: ["asked"],
  engine: ["ready", "failed", "phase", "received"],
  intake: ["opened"],
  scoring: ["scorer-tried", "console", "recomputing", "rescored", "ranked", "joined", "noted"],
  calls: ["calls"],
  own: ["collecting"],
  "serviceAlerts searches": ["started", "drawn", "queried", "scored", "skipped", "troubled", "finished"],
  "serviceAlerts own searches": ["progress"],
  "": ["pong"],
};

let shown;
let taken;
let drawn;
let done;
let incoming;

beforeEach(() => {
  shown = null;
  taken = [];
  drawn = 0;
  done = 0;
  const part = (name) => ({ receive: () => taken.push(name) });
  incoming = new Incoming(
    {
      left: { add: () => taken.push("left") },
      own: { ...part("own"), receiveSearch: () => taken.push("own") },
      ...Object.fromEntries(
        ["engine", "intake", "scoring", "calls", "serviceAlerts"].map((name) => [name, part(name)]),
      ),
      searches: {
        ...part("searches"),
        get shown() {
          return shown;
        },
      },
    },
    { onChanged: () => drawn++, onJobDone: () => done++ },
  );
});

/** A clock that stands still but for what a test lets pass. */
function clock(t) {
  let now = 1000;
  t.mock.timers.enable({ apis: ["setTimeout"] });
  t.mock.method(performance, "now", () => now);
  return (milliseconds) => {
    now += milliseconds;
    t.mock.timers.tick(milliseconds);
  };
}

for (const [parts, types] of Object.entries(TAKERS))
  for (const type of types)
    test(`"${type}" is for ${parts || "nobody"}`, () => {
      incoming.receive({ type });
      assert.equal(taken.join(" "), parts);
    });

test("every message that the engine may send is one of these", () => {
  const known = new Set(Object.values(TAKERS).flat());
  assert.deepEqual(
    Object.keys(FORMS.messages).filter((type) => !known.has(type)),
    [],
  );
});

test("a job is done when it says so, and not before", () => {
  for (const state of ["waiting", "running", "paused", "stopped", "failed"])
    incoming.receive({ type: "collecting", state });
  assert.equal(done, 0);
  incoming.receive({ type: "collecting", state: "done" });
  assert.equal(done, 1);
});

test("what comes many times a second is drawn ten times a second at most", (t) => {
  const pass = clock(t);
  shown = { results: { size: 20 } };
  for (const type of ["scored", "progress", "asked", "scored"]) incoming.receive({ type });
  assert.equal(drawn, 1);
  pass(99);
  assert.equal(drawn, 1);
  pass(1);
  assert.equal(drawn, 2);
  pass(1000);
  assert.equal(drawn, 2);
});

test("the first result does not wait, nor does an end", (t) => {
  clock(t);
  shown = { results: { size: 0 } };
  incoming.receive({ type: "progress" });
  incoming.receive({ type: "progress" });
  assert.equal(drawn, 1);
  shown.results.size = 1;
  incoming.receive({ type: "scored" });
  assert.equal(drawn, 2);
  shown.results.size = 2;
  incoming.receive({ type: "scored" });
  assert.equal(drawn, 2);
  incoming.receive({ type: "finished" });
  assert.equal(drawn, 3);
});
