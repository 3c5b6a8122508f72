/** The sheet of pictures that is saved as one file. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { contactSheet } from "../../site/js/export/contact-sheet.js";

const RECORD = {
  url: "",
  page: "https://photos.test/1",
  title: "",
  owner: "",
  licence: "CC BY 4.0",
  licence_url: "",
  credit: "",
  source: "Openverse",
  score: null,
  tags: [],
  query: "",
  policy: "",
  scorer: "",
  mark: "",
  date: "2026-01-01T00:00:00Z",
};

for (const [title, tags, name] of [
  ["A <boat>", ["sea"], "A &#60;boat&#62;"],
  [" ", ["sea", "boat"], "sea, boat"],
  ["", [], "Untitled"],
])
  test(`a photo without a picture here has its link, as ${name}`, () => {
    const sheet = contactSheet([null], [{ ...RECORD, title, tags }]);
    assert.ok(sheet.includes(`<li><p><a href="https://photos.test/1">${name}</a></p>`), sheet);
  });
