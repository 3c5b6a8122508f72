/** That what is kept of services' answers is deleted when the person has asked for it, whatever becomes of the courier. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Stage } from "./stage.mjs";

const NOTHING = { answers: 0, bytes: 0, lasting: true };

/** @type {Stage} */
let stage;
let client;

beforeEach(async () => {
  stage = new Stage();
  client = await stage.open();
});

/** What the courier in charge has been sent, and not answered yet. */
const sent = () => stage.courier.queue;
const kinds = () => sent().map(({ type }) => type);

/** Have the courier in charge answer what it was asked last. */
function answer(tally) {
  stage.courier.postMessage({ type: "tallied", id: sent().at(-1).id, tally });
  stage.courier.other.deliver();
}

test("what was asked of the courier is answered by what is left", async () => {
  const forgotten = client.forget();
  answer(NOTHING);
  assert.deepEqual(await forgotten, NOTHING);
  stage.engine.meet();
  assert.deepEqual(stage.engine.types(), ["forget"]);
});

test("a courier that is stopped keeps nobody waiting, and the next one forgets before any engine may ask", async () => {
  const [forgotten, counted] = [client.forget(), client.tally()];
  await client.start();
  assert.deepEqual(await Promise.all([forgotten, counted]), [null, null]);
  assert.ok(kinds().includes("connect"));
  assert.ok(kinds().indexOf("forget-answers") < kinds().indexOf("connect"));
  assert.ok(kinds().includes("forget-answers"));
});

test("after a start that failed nothing is forgotten yet: the next courier does it, once", async () => {
  const { fetch } = globalThis;
  globalThis.fetch = async () => new Response("", { status: 404 });
  await client.start();
  assert.equal(stage.of("failed").length, 1);
  globalThis.fetch = fetch;
  assert.equal(await client.forget(), null);
  await client.start();
  assert.equal(kinds().filter((type) => type === "forget-answers").length, 1);
  stage.courier.postMessage({
    type: "tallied",
    id: sent().find(({ type }) => type === "forget-answers").id,
    tally: NOTHING,
  });
  stage.courier.other.deliver();
  await new Promise(setImmediate);
  await client.start();
  assert.ok(!kinds().includes("forget-answers"));
});

test("a courier that cannot delete anything says so", async () => {
  const forgotten = client.forget();
  answer(null);
  await assert.rejects(forgotten, /could not be deleted/);
  const counted = client.tally();
  answer(null);
  assert.equal(await counted, null);
});
