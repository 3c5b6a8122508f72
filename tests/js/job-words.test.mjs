/** How work on a collection is told. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { jobWords } from "../../site/js/collections/job-words.js";

const job = (told) => ({ action: "add", state: "done", added: 0, unchanged: 0, renamed: 0, others: 0, ...told });
const broken = [{ path: "a.jpg", reason: "It is broken." }];

test("there was nothing to add only where all was there already, or no photo", () => {
  for (const [told, words] of [
    [{ failures: [] }, "Done: nothing to add."],
    [{ failures: [], unchanged: 9 }, "Done: nothing to add (9 in already)."],
    [{ failures: broken }, "Done: no photo added."],
    [{ failures: broken, unchanged: 9 }, "Done: no photo added (9 in already)."],
    [{ failures: [], state: "stopped" }, "Stopped: no photo added."],
    [{ failures: broken, added: 2 }, "Done: 2 photos added."],
  ])
    assert.equal(jobWords(job(told)), words);
});
