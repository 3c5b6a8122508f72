/** A network that goes only as far as the layers that are asked for. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { Sessions } from "../../site/js/vision/sessions.js";
import { shortened } from "../../site/js/vision/shortened.js";

/** A field of bytes, or of other fields one after another, or of text. */
function field(number, ...parts) {
  const content = parts.flatMap((part) => (typeof part === "string" ? [...new TextEncoder().encode(part)] : part));
  const head = [number * 8 + 2];
  let { length } = content;
  for (; length > 127; length >>= 7) head.push((length & 127) | 128);
  return [...head, length, ...content];
}

const node = (inputs, output) => field(1, ...inputs.map((name) => field(1, name)), field(2, output), field(4, "Conv"));
const weights = (name, size) => field(5, [8 + 0, 1], field(8, name), field(9, Array(size).fill(7)));
const output = (name) => field(12, field(1, name));
const VERSION = [8, 200, 1];

/** image → a → b → c, of which b and c are outputs; a file with other kinds of numbers in it. */
function model(parts = ["a", "b", "c"]) {
  const nodes = { a: node(["image", "wa"], "a"), b: node(["a", "wb"], "b"), c: node(["b", "wc"], "c") };
  const graph = [
    ...parts.flatMap((name) => nodes[name]),
    ...field(2, "name"),
    ...parts.flatMap((name) => weights(`w${name}`, 300)),
    ...field(11, field(1, "image")),
    ...parts.filter((name) => name !== "a").flatMap(output),
  ];
  return Uint8Array.from([...VERSION, ...field(7, graph), 0x75, 1, 2, 3, 4, 0x79, 1, 2, 3, 4, 5, 6, 7, 8]);
}

test("what only other layers need is left out, and all else stays as it is", () => {
  assert.deepEqual(shortened(model(), ["b"]), model(["a", "b"]));
  assert.deepEqual(shortened(model(), ["c", "b"]), model());
});

test("a file that is cut off is refused", () => {
  assert.throws(() => shortened(Uint8Array.from([58, 200]), ["b"]), /ends too soon/);
  assert.throws(() => shortened(Uint8Array.from([59]), ["b"]), /kind 3/);
});

/** Sessions, and the files that they were made from. */
function made(create = () => ({})) {
  const files = [];
  const released = [];
  const whole = { outputNames: ["b", "c"] };
  const sessions = new Sessions(model(), whole, async (file) => {
    files.push(file);
    return { ...create(), file, release: async () => void released.push(file) };
  });
  const ask = async (layers, times) => {
    let session;
    for (let time = 0; time < times; time++) session = await sessions.of(layers);
    return session;
  };
  return { whole, files, released, ask };
}

test("layers that are asked for often get a session of their own, as long as no others are", async () => {
  const { whole, files, released, ask } = made();
  assert.equal(await ask(["b"], 19), whole);
  const short = await ask(["b"], 1);
  assert.deepEqual(short.file, model(["a", "b"]));
  assert.equal(await ask(["b"], 100), short);
  assert.equal(files.length, 1);
  assert.equal(await ask(["c"], 1), whole);
  assert.deepEqual(released, files);
});

test("where all is asked for, or no session can be made, the whole one runs", async () => {
  const all = made();
  assert.equal(await all.ask(["c", "b"], 100), all.whole);
  assert.equal(all.files.length, 0);
  const none = made(() => {
    throw new Error("no memory");
  });
  assert.equal(await none.ask(["b"], 100), none.whole);
  assert.equal(none.files.length, 1);
});
