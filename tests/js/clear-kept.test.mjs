/** What is said to be deleted beside the collections is. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { clearKept } from "../../site/js/app/clear-kept.js";

const EMPTY = { answers: 0, bytes: 0, lasting: true };

/** Deletes all of it where each part does what a test says, and gives what is left. */
async function left({ searches = async () => {}, answers = async () => EMPTY } = {}) {
  let cleared = false;
  const still = await clearKept({ clear: () => void (cleared = true) }, { clear: searches }, { forget: answers });
  assert.ok(cleared);
  return still;
}

const fails = () => Promise.reject(new DOMException("so it was told", "UnknownError"));

test("where all of it is deleted, nothing is left", async () => assert.deepEqual(await left(), []));

test("what could not be deleted is named, and keeps nothing else", async () => {
  assert.deepEqual(await left({ searches: fails }), ["the searches that a reload brings back"]);
  assert.deepEqual(await left({ answers: fails }), ["the saved answers of photo services"]);
  assert.equal((await left({ searches: fails, answers: fails })).length, 2);
});

test("answers that are deleted at the next start are still there", async () =>
  assert.deepEqual(await left({ answers: async () => null }), ["the saved answers of photo services"]));
