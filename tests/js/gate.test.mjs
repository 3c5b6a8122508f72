import assert from "node:assert/strict";
import { test } from "node:test";

import { Gate } from "../../site/js/courier/gate.js";

const SERVICE = {
  name: "museum",
  title: "Museum",
  url: "https://museum.test/search",
  per_minute: null,
  most_words: 200,
  per_day: null,
  search: { q: { kind: "words", after: "" } },
  rewritten: [],
  built: [],
  links: [],
};

/** A gate that one call has gone through, and what it told. */
function asked() {
  const told = [];
  const gate = new Gate([SERVICE], (message) => told.push(message));
  gate.grant(["museum"], 5, {});
  const call = gate.pass("https://museum.test/search?q=cat");
  told.length = 0;
  return { gate, told, call };
}

/** What has been settled by now. */
async function isSettled(promise) {
  const later = Symbol("later");
  await new Promise((resolve) => setImmediate(resolve));
  return (await Promise.race([promise, Promise.resolve(later)])) !== later;
}

const answer = (...addresses) => new TextEncoder().encode(JSON.stringify({ addresses }));

test("the engine has an answer when the page knows its addresses, and not before", async () => {
  const { gate, told, call } = asked();
  const answered = call.answered(answer("https://museum.test/1.jpg"));
  const [{ type, id, addresses }] = told;
  assert.deepEqual([type, addresses], ["found", ["https://museum.test/1.jpg"]]);
  assert.equal(await isSettled(answered), false);
  gate.learnt(id + 1); // of another message
  assert.equal(await isSettled(answered), false);
  gate.learnt(id);
  assert.equal(await isSettled(answered), true);
});

test("an answer that names nothing new is not waited for", async () => {
  const { gate, told, call } = asked();
  const first = call.answered(answer("https://museum.test/1.jpg"));
  gate.learnt(told[0].id);
  await first;
  assert.equal(await isSettled(call.answered(answer("https://museum.test/1.jpg"))), true);
  assert.equal(await isSettled(call.answered(new Uint8Array([1, 2, 3]))), true);
  assert.equal(told.length, 1);
});

test("calls of one moment are told with times of their own", (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: 1_800_000_000_000 });
  const told = [];
  const gate = new Gate([SERVICE], (message) => told.push(message));
  gate.grant(["museum"], 5, { museum: [1_800_000_000] });
  for (const word of ["cat", "dog", "owl"]) gate.pass(`https://museum.test/search?q=${word}`);
  const times = new Set([1_800_000_000, ...told.map(({ at }) => at)]);
  assert.equal(times.size, 4);
  assert.ok([...times].every((at) => at >= 1_800_000_000 && at < 1_800_000_001));
});

test("a picture that was kept is let through by its address alone, and told", () => {
  const { gate, told } = asked();
  assert.equal(gate.picture("museum", "https://museum.test/1.jpg"), "https://museum.test/1.jpg");
  assert.deepEqual([told[0].type, told[0].kind, told[0].words], ["asked", "picture", "https://museum.test/1.jpg"]);
  for (const address of ["", "javascript:1", "data:,x", "https://museum.test/search?q=cat"])
    assert.throws(() => gate.picture("museum", address), { name: "Refusal" });
  assert.throws(() => gate.picture("other", "https://museum.test/1.jpg"), { name: "Refusal" });
  assert.equal(told.length, 1);
});
