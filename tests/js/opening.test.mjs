/** A search begins when its photos can be opened; where one is none, what is on show stays. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { Opening } from "../../site/js/query/opening.js";
import { mayBePicture } from "../../site/js/query/picture-kinds.js";

const PROBLEM = { code: "bad-photo", message: "The JPEG file is broken.", advice: "", line: null };
const JPEG = [0xff, 0xd8, 0xff];
const bytes = (text) => new Uint8Array([...text].map((letter) => letter.charCodeAt(0)));

/** A page whose engine a test plays. */
class Page {
  state = "ready";
  shown = null;
  begun = [];
  problems = [];
  asked = [];
  opening = new Opening({
    onOpen: (id, image) => this.asked.push({ id, image }),
    engine: () => this.state,
    shown: () => this.shown,
    onBegin: (search) => this.begun.push(search),
    onProblem: (problem) => this.problems.push(problem),
    onChanged: () => {},
  });

  answer(problem = null) {
    this.opening.receive({ type: "opened", id: this.asked.shift().id, problem });
  }
}

/** A photo; `held` says whether it holds on to its file by a URL, which drawing makes. */
function query(content = JPEG, { drawable = false, name = "a.jpg" } = {}) {
  return {
    bytes: new Uint8Array(content),
    name,
    reopens: false,
    opened: false,
    held: false,
    async drawable() {
      this.held = true;
      return drawable;
    },
    dispose() {
      this.held = false;
    },
  };
}

const search = (...queries) => ({ queryPhotos: queries.map((each) => ({ file: each, weight: 1, crop: null })) });

/** What waits for nothing but promises has happened. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test("a file that is no picture is refused at once, whatever becomes of the engine", async () => {
  for (const state of ["ready", "starting", "failed"]) {
    const page = new Page();
    page.state = state;
    await page.opening.take(search(query(bytes("%PDF-1.7"), { name: "a.pdf" })));
    await page.opening.take(search(query(bytes("The quick brown fox"), { name: "a.txt" })));
    assert.deepEqual(
      page.problems.map(({ message }) => message),
      ["a.pdf is a PDF file, not a photo.", "a.txt is not an image that can be opened here."],
    );
    assert.deepEqual([page.begun, page.asked, page.opening.name], [[], [], ""]);
  }
});

test("a search begins when the engine has opened its photo, and stays away where it cannot", async () => {
  const page = new Page();
  const good = search(query());
  const began = page.opening.take(good);
  await settled();
  assert.deepEqual([page.begun, page.opening.name], [[], "a.jpg"]);
  page.answer();
  await began;
  assert.deepEqual(page.begun, [good]);
  const bad = page.opening.take(search(query(), query(JPEG, { name: "b.jpg" })));
  await settled();
  page.answer();
  await settled();
  page.answer(PROBLEM);
  await bad;
  assert.deepEqual(
    [page.begun.length, page.problems.map(({ message }) => message)],
    [1, ["b.jpg: The JPEG file is broken."]],
  );
});

test("what is known to be a picture is not asked for again", async () => {
  const page = new Page();
  const known = query();
  known.opened = true;
  await page.opening.take(search(known));
  assert.deepEqual([page.begun.length, page.asked], [1, []]);
});

test("without an engine the browser's word is enough, and what it cannot draw waits for the next one", async () => {
  const page = new Page();
  page.state = "starting";
  await page.opening.take(search(query(JPEG, { drawable: true })));
  assert.equal(page.begun.length, 1);
  const waiting = page.opening.take(search(query()));
  await settled();
  assert.deepEqual(page.asked, []);
  page.state = "ready";
  page.opening.renew();
  // And once more, where that one is replaced.
  page.opening.renew();
  assert.equal(page.asked.length, 2);
  page.answer();
  await waiting;
  assert.equal(page.begun.length, 2);
});

test("where the engine has failed, a search begins and says so", async () => {
  const page = new Page();
  const waiting = page.opening.take(search(query()));
  await settled();
  page.state = "failed";
  page.opening.renew();
  await waiting;
  assert.equal(page.begun.length, 1);
});

test("an engine that stands still keeps no photo back that the browser can draw", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const page = new Page();
  const waiting = page.opening.take(search(query(JPEG, { drawable: true })));
  await settled();
  context.mock.timers.tick(1499);
  await settled();
  assert.equal(page.begun.length, 0);
  context.mock.timers.tick(1);
  await waiting;
  assert.equal(page.begun.length, 1);
  const unknown = page.opening.take(search(query()));
  await settled();
  context.mock.timers.tick(19_999);
  await settled();
  assert.equal(page.begun.length, 1);
  context.mock.timers.tick(1);
  await unknown;
  assert.equal(page.begun.length, 2);
});

test("a later photo takes the place of one that is being opened", async () => {
  const page = new Page();
  const [first, second] = [search(query()), search(query())];
  page.opening.take(first);
  await settled();
  const began = page.opening.take(second);
  await settled();
  page.answer();
  await settled();
  assert.deepEqual(page.begun, []);
  page.answer();
  await began;
  assert.deepEqual(page.begun, [second]);
});

test("a file that is refused gives back what it holds", async () => {
  const page = new Page();
  const text = query(bytes("The quick brown fox"));
  assert.equal(await page.opening.take(search(text)), false);
  assert.deepEqual([page.problems.length, text.held], [1, false]);
  const broken = [query(JPEG, { drawable: true }), query(JPEG, { name: "b.jpg" })];
  for (const each of broken) each.held = true;
  const refused = page.opening.take(search(...broken));
  await settled();
  page.answer();
  await settled();
  page.answer(PROBLEM);
  await refused;
  assert.deepEqual(
    broken.map(({ held }) => held),
    [false, false],
  );
});

test("a file that another one replaces gives back what it holds, whatever is still asked of it", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const page = new Page();
  const [first, second] = [query(), query(JPEG, { drawable: true })];
  first.held = true;
  page.opening.take(search(first));
  await settled();
  const began = page.opening.take(search(second));
  assert.equal(first.held, false);
  await settled();
  context.mock.timers.tick(1500);
  await began;
  assert.deepEqual([page.begun.length, first.held, second.held], [1, false, true]);
  // It is being drawn when it is given up.
  const drawn = query(bytes("The quick brown fox"));
  const given = page.opening.take(search(drawn));
  page.opening.drop();
  assert.equal(await given, false);
  assert.deepEqual([page.problems, drawn.held], [[], false]);
});

test("photos of the search on show stay, also where one beside them is refused", async () => {
  const page = new Page();
  // As after a reload, when nobody has asked whether it can be opened.
  const kept = query();
  kept.held = true;
  page.shown = search(kept);
  const refused = page.opening.take(search(kept, query(bytes("%PDF-1.7"))));
  await settled();
  page.answer();
  await refused;
  assert.deepEqual([page.problems.length, kept.held], [1, true]);
});

test("what is wanted is wanted until something else is", async () => {
  const page = new Page();
  const sample = page.opening.drop();
  assert.ok(sample());
  const file = page.opening.drop();
  assert.deepEqual([sample(), file()], [false, true]);
  const known = query();
  known.opened = true;
  assert.equal(await page.opening.take(search(known)), true);
  assert.equal(file(), false);
});

test("pictures are told from other files by how they begin", () => {
  const heic = "\0\0\0\x18ftypheic\0\0\0\0mif1heic";
  const pictures = [
    "RIFF1234WEBPVP8 ",
    heic,
    "\0\0\0\x18ftypcrx ",
    "\0\0\0\x18ftypavif",
    "II*\0",
    "MM\0*",
    "BM",
    "GIF89a",
    '<?xml version="1.0"?><svg xmlns=""/>',
  ];
  const others = [
    "",
    "PK\x03\x04",
    "RIFF1234WAVEfmt ",
    "\0\0\0\x18ftypisom",
    "\0\0\0\x18ftypqt  ",
    "<html>",
    "8BPS",
    "%PDF-1.4",
  ];
  assert.deepEqual(
    pictures.filter((start) => !mayBePicture(bytes(start))),
    [],
  );
  assert.deepEqual(
    others.filter((start) => mayBePicture(bytes(start))),
    [],
  );
});
