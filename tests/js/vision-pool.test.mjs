/** The engine's side of the vision workers: a test is the workers. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { VisionPool } from "../../site/js/engine/vision-pool.js";

test("what a worker that leaves has not answered is told as silence, and another is asked next", async () => {
  const ports = [0, 1].map(() => ({ sent: [] }));
  for (const port of ports) port.postMessage = (message) => port.sent.push(message);
  const pool = new VisionPool(ports);
  const say = (index, message) => ports[index].onmessage({ data: message });
  for (const index of [0, 1]) say(index, { type: "loaded" });
  const runs = ["a", "b"].map((layer) => pool.run(new Float32Array(3), [1, 3], [layer]));
  assert.deepEqual(
    ports.map(({ sent }) => sent.length),
    [1, 1],
  );
  say(1, { type: "left" });
  await assert.rejects(runs[1], { name: "Silence" });
  const again = pool.run(new Float32Array(3), [1, 3], ["b"]);
  assert.deepEqual(
    ports[0].sent.map(({ layers }) => layers[0]),
    ["a", "b"],
  );
  for (const { id } of ports[0].sent) say(0, { type: "outputs", id, outputs: { id } });
  assert.deepEqual(await Promise.all([runs[0], again]), [{ id: 0 }, { id: 1 }]);
  const last = pool.run(new Float32Array(3), [1, 3], ["c"]);
  assert.equal(ports[1].sent.length, 1);
  // All is answered: a run that is waited for keeps a timer.
  say(0, { type: "outputs", id: 2, outputs: {} });
  await last;
});

test("the memory of a photo that was described is filled again, where it is as long", async () => {
  const port = { postMessage() {} };
  const pool = new VisionPool([port]);
  const first = pool.room(3);
  assert.equal(first.length, 3);
  const describe = async (id) => {
    const run = pool.run(first, [1, 3], ["a"]);
    port.onmessage({ data: { type: "outputs", id, outputs: { a: 1 }, spent: first } });
    assert.deepEqual(await run, { a: 1 });
  };
  await describe(0);
  assert.equal(pool.room(3), first);
  assert.notEqual(pool.room(3), first);
  await describe(1);
  assert.equal(pool.room(4).length, 4);
});

test("of two workers that come and leave, the one that is there is asked", async () => {
  const ports = [0, 1].map(() => ({ sent: [] }));
  for (const port of ports) port.postMessage = (message) => port.sent.push(message);
  const pool = new VisionPool(ports);
  const say = (index, message) => ports[index].onmessage({ data: message });
  for (const index of [0, 1]) say(index, { type: "loaded" });
  say(0, { type: "left" });
  const run = pool.run(new Float32Array(3), [1, 3], ["a"]);
  assert.deepEqual(
    ports.map(({ sent }) => sent.length),
    [0, 1],
  );
  say(1, { type: "outputs", id: 0, outputs: {} });
  await run;
  say(0, { type: "loaded" });
  const next = pool.run(new Float32Array(3), [1, 3], ["a"]);
  assert.equal(ports[0].sent.length, 1);
  say(0, { type: "outputs", id: 0, outputs: {} });
  await next;
});
