/** Words as they are typed, pasted, or come by an address. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { tidy } from "../../site/js/query/address.js";

for (const [what, typed, words] of [
  ["spaces and lines", "  misty\n\tharbour\u2028at\u00a0night \u3000", "misty harbour at night"],
  ["characters that are none", "a\u0000b\u007fc\ud800d", "a b c d"],
  ["spaces of no width", "one\u200btwo", "one two"],
  ["hyphens that are not seen", "Sonnen\u00adunter\u00adgang", "Sonnenuntergang"],
  ["directions", "\u202eabc\u202c \u200fשלום\u200e", "abc שלום"],
  ["a mark at the begin of a file", "\ufeffsea", "sea"],
  ["what joins letters", "می\u200cخواهم", "می\u200cخواهم"],
  ["what joins emoji", "👩\u200d🚀 👨‍👩‍👧", "👩\u200d🚀 👨‍👩‍👧"],
  ["flags of parts of countries", "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}"],
  ["letters that a browser does not know yet", "a\u{1faea}b \ue000"],
  ["nothing but joiners", " \u200c\u200d ", ""],
])
  test(`${what} are as the engine reads them`, () => {
    assert.equal(tidy(typed), words ?? typed);
    assert.equal(tidy(tidy(typed)), words ?? typed);
  });

test("words are cut at 200 characters, and no character in two", () => {
  assert.equal([...tidy("👍".repeat(300))].length, 200);
  assert.equal(tidy(`${"a".repeat(199)} b`), "a".repeat(199));
});
