import assert from "node:assert/strict";
import { test } from "node:test";

import { marked, ranOf, without } from "../../py/lookalike_build/wasm_functions.mjs";

// (import "m" "f" (func))
// 1: exported "a", calls 2 where it is given more than 0      2: calls the import
// 3: exported "b", calls 4 by the table                       4, 5: in the table; 5 is never called
const FILE = Uint8Array.from([
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...[1, 8, 2, 0x60, 0, 0, 0x60, 1, 0x7f, 0],
  ...[2, 7, 1, 1, 0x6d, 1, 0x66, 0, 0],
  ...[3, 6, 5, 1, 0, 1, 0, 0],
  ...[4, 4, 1, 0x70, 0, 2],
  ...[6, 6, 1, 0x7f, 1, 0x41, 7, 0x0b],
  ...[7, 9, 2, 1, 0x61, 0, 1, 1, 0x62, 0, 3],
  ...[9, 8, 1, 0, 0x41, 0, 0x0b, 2, 4, 5],
  ...[10, 39, 5],
  ...[11, 1, 1, 0x7f, 0x20, 0, 0x04, 0x40, 0x10, 2, 0x0b, 0x0b],
  ...[4, 0, 0x10, 0, 0x0b],
  ...[7, 0, 0x20, 0, 0x11, 0, 0, 0x0b],
  ...[4, 0, 0x10, 0, 0x0b],
  ...[5, 0, 0x10, 0, 0x01, 0x0b],
]);

async function started(file) {
  let calls = 0;
  const { instance } = await WebAssembly.instantiate(file, { m: { f: () => calls++ } });
  return { exports: instance.exports, calls: () => calls };
}

test("the functions that run are told, and no others", async () => {
  const { exports, calls } = await started(marked(FILE));
  assert.deepEqual(ranOf(exports), []);
  exports.a(0);
  assert.deepEqual(ranOf(exports), [0]);
  exports.b(0);
  assert.deepEqual(ranOf(exports), [0, 2, 3]);
  assert.equal(calls(), 1);
});

test("what ran stays, with what it names; anything else is a trap", async () => {
  const file = without(FILE, [0, 2, 3]);
  assert.ok(file.length < FILE.length);
  const { exports, calls } = await started(file);
  exports.a(1); // the function that it calls has not run before
  exports.b(0);
  assert.equal(calls(), 2);
  assert.throws(() => exports.b(1), WebAssembly.RuntimeError);
});

test("an instruction that is not known is an error, and so is a file without functions", () => {
  const file = FILE.slice();
  file[file.length - 2] = 0xff;
  assert.throws(() => without(file, [4]), /ff is not known/);
  assert.throws(() => marked(FILE.subarray(0, 8)), /no section/);
});
