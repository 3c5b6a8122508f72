/** What is said where own photos cannot be kept, or read, or are kept no longer. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { expiredWords, interruptedWords } from "../../site/js/collections/amounts.js";
import { problemOf, wantsDeletion } from "../../site/js/collections/store-problem.js";

const failure = (name) => Object.assign(new Error("so it was told"), { name });

test("to delete what is kept is offered where it may be damaged as a whole, and nowhere else", () => {
  for (const name of ["UnknownError", "AbortError", "DataError"])
    assert.equal(wantsDeletion(problemOf(failure(name))), true, name);
  assert.equal(wantsDeletion(problemOf("no error at all")), true);
  for (const name of ["VersionError", "InvalidStateError", "SecurityError", "QuotaExceededError", "Gone", "Broken"])
    assert.equal(wantsDeletion(problemOf(failure(name))), false, name);
  // Of a tab with an older version, and of one collection that the engine could not read.
  for (const code of ["store-blocked", "store-broken"])
    assert.equal(wantsDeletion({ code, message: "", advice: "Close it, and this one goes on.", line: null }), false);
});

test("an error without words of its own is told with what the browser said of it", () => {
  const { message, advice } = problemOf(failure("UnknownError"));
  assert.match(message, /so it was told/);
  assert.match(advice, /Reload the page/);
});

test("collections that have expired are named, one or several", () => {
  assert.equal(expiredWords(["Trip"]), "“Trip” expired and was deleted.");
  assert.equal(expiredWords(["Trip", "Cats"]), "“Trip” and “Cats” expired and were deleted.");
});

test("of adding that was interrupted, no number is said that nobody knows", () => {
  const again = "Add the same again: only what is missing is processed.";
  assert.equal(
    interruptedWords({ count: 30, pending: 100 }),
    `Adding 100 photos was interrupted; the collection has 30 photos now. ${again}`,
  );
  // A few photos that were added to many: those that were in before are none of them.
  assert.equal(
    interruptedWords({ count: 1020, pending: 50 }),
    `Adding 50 photos was interrupted; the collection has 1,020 photos now. ${again}`,
  );
  assert.equal(
    interruptedWords({ count: 0, pending: 1 }),
    `Adding 1 photo was interrupted before any was in. ${again}`,
  );
});
