import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { SpareTime } from "../../site/js/ui/spare-time.js";

afterEach(() => delete globalThis.requestIdleCallback);

/** A browser whose frames have time left for so many looks at the clock. */
function idle(looks) {
  const asked = [];
  globalThis.requestIdleCallback = (work) => asked.push(work);
  return () => {
    let left = looks;
    asked.shift()?.({ timeRemaining: () => (left-- > 0 ? 10 : 0) });
    return asked.length;
  };
}

test("work is done piece by piece, as long as there is time", () => {
  const frame = idle(1);
  const done = [];
  new SpareTime().use([1, 2, 3].map((piece) => () => done.push(piece)));
  assert.deepEqual(done, []);
  assert.equal(frame(), 1);
  assert.deepEqual(done, [1, 2]);
  assert.equal(frame(), 0);
  assert.deepEqual(done, [1, 2, 3]);
});

test("new work takes the place of what is left", () => {
  const frame = idle(0);
  const done = [];
  const spare = new SpareTime();
  spare.use([() => done.push("old"), () => done.push("late")]);
  frame();
  spare.use([() => done.push("new")]);
  assert.equal(frame(), 0);
  assert.deepEqual(done, ["old", "new"]);
});

test("where there are no idle callbacks, each piece is a task of its own", async () => {
  const done = [];
  await new Promise((settle) => new SpareTime().use([() => done.push(1), () => done.push(2), settle]));
  assert.deepEqual(done, [1, 2]);
});
