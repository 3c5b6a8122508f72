/** The engine's side of the vision workers: a test is the workers. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { VisionPool } from "../../site/js/engine/vision-pool.js";

test("what a worker that leaves has not answered, another is asked", async () => {
  const ports = [0, 1].map(() => ({ sent: [] }));
  for (const port of ports) port.postMessage = (message) => port.sent.push(message);
  const pool = new VisionPool(ports);
  const say = (index, message) => ports[index].onmessage({ data: message });
  for (const index of [0, 1]) say(index, { type: "loaded" });
  const runs = ["a", "b"].map((layer) => pool.run(() => new Float32Array(3), [1, 3], [layer]));
  assert.deepEqual(
    ports.map(({ sent }) => sent.length),
    [1, 1],
  );
  say(1, { type: "left" });
  await new Promise(setImmediate);
  assert.deepEqual(
    ports[0].sent.map(({ layers }) => layers[0]),
    ["a", "b"],
  );
  for (const { id } of ports[0].sent) say(0, { type: "outputs", id, outputs: { id } });
  assert.deepEqual(await Promise.all(runs), [{ id: 0 }, { id: 1 }]);
  const last = pool.run(() => new Float32Array(3), [1, 3], ["c"]);
  assert.equal(ports[1].sent.length, 1);
  // All is answered: a run that is waited for keeps a timer.
  say(0, { type: "outputs", id: 2, outputs: {} });
  await last;
});
