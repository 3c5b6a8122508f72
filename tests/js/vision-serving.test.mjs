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
const run = (id) => ({ type: "run", id, shape: [1, 3, 8, 8] });
const turn = () => new Promise(setImmediate);

test("runs go one after another, and those of an engine that was replaced are left", async () => {
  const page = port();
  const [first, second] = [port(), port()];
  const begun = [];
  const ends = [];
  const told = [];
  serve(
    page,
    (engine, message) => {
      begun.push([engine === first ? "first" : "second", message.id]);
      return new Promise((end) => ends.push(end));
    },
    Promise.resolve(),
    (message) => told.push(message),
  );
  page.onmessage({ data: { engine: first } });
  for (const id of [1, 2, 3]) first.onmessage({ data: run(id) });
  await turn();
  assert.deepEqual(begun, [["first", 1]]);
  assert.deepEqual(first.sent, [{ type: "loaded" }]);
  page.onmessage({ data: { engine: second } });
  assert.equal(first.closed, true);
  second.onmessage({ data: run(1) });
  await turn();
  // A session that is at work is not run a second time beside.
  assert.deepEqual(begun, [["first", 1]]);
  ends[0]();
  await turn();
  assert.deepEqual(begun, [
    ["first", 1],
    ["second", 1],
  ]);
  ends[1]();
  await turn();
  // What the first engine has not been given counts as no photo.
  assert.deepEqual(
    told.map(({ load, photos }) => [load, photos]),
    [
      [1, 0],
      [2, 0],
      [3, 0],
      [4, 0],
      [3, 1],
      [2, 0],
      [1, 0],
      [0, 1],
    ],
  );
});

test("a batch counts by its photos, and what is no number of photos counts nothing", async () => {
  const [page, engine, told] = [port(), port(), []];
  serve(
    page,
    async () => {},
    Promise.resolve(),
    ({ photos }) => told.push(photos),
  );
  page.onmessage({ data: { engine } });
  for (const shape of [[4, 3, 8, 8], [1e9], ["x"], null, [-1]]) {
    engine.onmessage({ data: { type: "run", id: 1, shape } });
    await turn();
  }
  engine.onmessage({ data: { type: "encode", id: 1, tokens: [] } });
  await turn();
  assert.deepEqual(
    told.filter((_, index) => index % 2 === 1),
    [4, 0, 0, 0, 0, 0],
  );
});

test("one that is to leave tells the engine and the page, and answers nothing more", async () => {
  const [page, engine] = [port(), port()];
  const [told, begun] = [[], []];
  serve(
    page,
    async (_, { id }) => void begun.push(id),
    Promise.resolve(),
    (message) => told.push(message),
  );
  page.onmessage({ data: { engine } });
  await turn();
  engine.onmessage({ data: run(1) });
  page.onmessage({ data: { engine: null } });
  await turn();
  assert.deepEqual(begun, []);
  assert.equal(engine.closed, true);
  assert.deepEqual(engine.sent, [{ type: "loaded" }, { type: "left" }]);
  assert.deepEqual(told[1], { type: "left" });
});
