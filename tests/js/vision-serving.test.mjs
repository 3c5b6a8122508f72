/** A vision worker and the engines that come and go. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { serve } from "../../site/js/vision/serving.js";

const port = () => ({
  onmessage: null,
  closed: false,
  sent: [],
  close() {
    this.closed = true;
  },
  postMessage(message) {
    this.sent.push(message);
  },
});
const turn = () => new Promise(setImmediate);

test("runs go one after another, and those of an engine that was replaced are left", async () => {
  const page = port();
  const [first, second] = [port(), port()];
  const begun = [];
  const ends = [];
  serve(
    page,
    (engine, message) => {
      begun.push([engine === first ? "first" : "second", message.id]);
      return new Promise((end) => ends.push(end));
    },
    Promise.resolve(),
  );
  page.onmessage({ data: { engine: first } });
  for (const id of [1, 2, 3]) first.onmessage({ data: { id } });
  await turn();
  assert.deepEqual(begun, [["first", 1]]);
  assert.deepEqual(first.sent, [{ type: "loaded" }]);
  page.onmessage({ data: { engine: second } });
  assert.equal(first.closed, true);
  second.onmessage({ data: { id: 1 } });
  await turn();
  // A session that is at work is not run a second time beside.
  assert.deepEqual(begun, [["first", 1]]);
  ends[0]();
  await turn();
  assert.deepEqual(begun, [
    ["first", 1],
    ["second", 1],
  ]);
});
