/** What is said where a search has found nothing. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { nothingFound } from "../../site/js/app/nothing-found.js";
import { Results } from "../../site/js/search/results.js";

const said = (told) =>
  nothingFound(
    {
      end: { reason: "exhausted" },
      skipped: [],
      filtered: [],
      queryPhotos: [{ weight: 1 }],
      text: "",
      results: new Results(),
      ...told,
    },
    "",
  );

test("photos that all count 0 or less leave nothing to look for, unless there are words", () => {
  const away = [{ weight: -1 }, { weight: 0 }];
  assert.match(said({ queryPhotos: away }), /^None of your photos counts more than 0/);
  for (const told of [
    { queryPhotos: away, text: "sea" },
    { queryPhotos: [...away, { weight: 1 }] },
    { queryPhotos: [] },
  ])
    assert.match(said(told), /^No photo came for these words\./);
});

test("the photo that was searched for is not found, and where there is no other, that is said", () => {
  const results = new Results(["commons:1"]);
  const scored = (id) => ({
    photo: { id, source: "commons" },
    score: 1,
    tag: "",
    twin: null,
    before: false,
    thumbnail: new Uint8Array(),
  });
  results.add(scored("commons:1"));
  assert.deepEqual([results.size, results.found], [1, 0]);
  assert.match(said({ results }), /^Nothing but the photo itself was found\./);
  results.add(scored("commons:2"));
  assert.equal(results.found, 1);
});
