import assert from "node:assert/strict";
import { test } from "node:test";

import { Gate } from "../../site/js/courier/gate.js";
import { KeptAnswers, Memory } from "../../site/js/courier/kept.js";
import { Recalling } from "../../site/js/courier/recalling.js";
import { kept as amount } from "../../site/js/ui/format.js";

const HOUR = 3600;
const BASE = "https://museum.test/search";

/** A disk that outlives the courier, and fails when told to. */
class Disk extends Memory {
  lasting = true;
  full = false;

  async put(row, body) {
    if (this.full) throw new DOMException("no room", "QuotaExceededError");
    await super.put(row, body);
  }
}

const refused = () => Promise.reject(new DOMException("not here", "SecurityError"));

/** A clock that a test moves, and a way to answers that are kept by it. */
function desk(disk = new Disk()) {
  const clock = { now: 1_800_000_000 };
  const open = () =>
    new KeptAnswers(
      async () => disk,
      new Memory(),
      () => clock.now,
    );
  return { clock, disk, open, kept: open() };
}

function answer(name, { photos = [`https://museum.test/${name}.jpg`], length = 0 } = {}) {
  const body = new TextEncoder().encode(JSON.stringify({ photos, filling: "x".repeat(length) }));
  return { source: "museum", url: `${BASE}?q=${name}`, words: name, body };
}

const words = async (kept) => (await kept.rows()).map((row) => row.words);

test("what is kept comes back in the next visit as it came, the newest first", async () => {
  const { clock, kept, open } = desk();
  await kept.add(answer("cat"));
  clock.now += 1;
  await kept.add(answer("dog"));
  const next = open();
  assert.deepEqual(await words(next), ["dog", "cat"]);
  const [, row] = await next.rows();
  assert.deepEqual(await next.get(row), { ...answer("cat"), at: clock.now - 1 });
  const { body } = answer("cat");
  const { body: other } = answer("dog");
  assert.deepEqual(await next.tally(), { answers: 2, bytes: body.length + other.length, lasting: true });
});

test("an answer that comes again is kept once, as it is now", async () => {
  const { clock, kept } = desk();
  await kept.add(answer("cat"));
  clock.now += HOUR;
  await kept.add(answer("cat", { photos: [] }));
  const rows = await kept.rows();
  assert.deepEqual(
    rows.map(({ at }) => at),
    [clock.now],
  );
  assert.deepEqual((await kept.get(rows[0])).body, answer("cat", { photos: [] }).body);
});

test("after a day it is given out no more, and is deleted", async () => {
  const { clock, kept, disk } = desk();
  await kept.add(answer("cat"));
  clock.now += HOUR;
  await kept.add(answer("dog"));
  const [, old] = await kept.rows();
  clock.now += 23 * HOUR - 1;
  assert.deepEqual(await words(kept), ["dog", "cat"]);
  clock.now += 1;
  // Of one that has grown too old since it was listed.
  assert.equal(await kept.get(old), null);
  await kept.tidy();
  assert.deepEqual(
    (await disk.rows()).map((row) => row.words),
    ["dog"],
  );
  assert.equal(await disk.body(old.url), undefined);
});

test("the next visit deletes what has grown too old meanwhile", async () => {
  const { clock, kept, disk, open } = desk();
  await kept.add(answer("cat"));
  clock.now += 25 * HOUR;
  assert.equal((await open().tally()).answers, 0);
  assert.deepEqual(await disk.rows(), []);
});

test("what a wrong clock has kept is deleted: nobody knows how old it is", async () => {
  const { clock, kept } = desk();
  await kept.add(answer("cat"));
  clock.now -= 1;
  assert.deepEqual(await words(kept), []);
});

test("so many answers are kept, and the oldest go", async () => {
  const { clock, kept, disk } = desk();
  for (let i = 0; i < 305; i++) {
    clock.now += 1;
    await kept.add(answer(`n${i}`));
  }
  const rows = await words(kept);
  assert.deepEqual([rows.length, rows[0], rows.at(-1)], [300, "n304", "n5"]);
  assert.equal((await disk.rows()).length, 300);
});

test("and so many bytes, however many tabs write", async () => {
  const { clock, kept, open } = desk();
  const other = open();
  for (let i = 0; i < 20; i++) {
    clock.now += 1;
    await (i % 2 ? kept : other).add(answer(`n${i}`, { length: 900_000 }));
  }
  const { answers, bytes } = await kept.tally();
  assert.deepEqual([answers, bytes <= 12_000_000], [13, true]);
  assert.equal((await words(other))[0], "n19");
});

test("one very large answer pushes out nothing, and what is no JSON is no answer", async () => {
  const { kept } = desk();
  await kept.add(answer("cat"));
  await kept.add(answer("dog", { length: 1_000_000 }));
  await kept.add({ ...answer("owl"), body: new TextEncoder().encode("<html>busy</html>") });
  assert.deepEqual(await words(kept), ["cat"]);
});

test("forgetting deletes all of it, for the next visit, too", async () => {
  const { kept, open, disk } = desk();
  await kept.add(answer("cat"));
  const [row] = await kept.rows();
  assert.deepEqual(await kept.clear(), { answers: 0, bytes: 0, lasting: true });
  assert.equal(await kept.get(row), null);
  assert.deepEqual([await words(open()), await disk.rows()], [[], []]);
});

test("where nothing can be stored, it is kept for the visit", async () => {
  const kept = new KeptAnswers(refused, new Memory(), () => 5);
  await kept.add(answer("cat"));
  const [row] = await kept.rows();
  // Each engine is given its own.
  for (let i = 0; i < 2; i++)
    structuredClone((await kept.get(row)).body, { transfer: [(await kept.get(row)).body.buffer] });
  assert.deepEqual((await kept.get(row)).body, answer("cat").body);
  const tally = await kept.tally();
  assert.deepEqual([tally.answers, tally.lasting], [1, false]);
  assert.equal((await kept.clear()).answers, 0);
});

test("where the disk is full, what comes from then on is kept for the visit", async () => {
  const { kept, disk } = desk();
  await kept.add(answer("cat"));
  disk.full = true;
  await kept.add(answer("dog"));
  assert.deepEqual(await words(kept), ["dog"]);
  assert.equal((await kept.tally()).lasting, false);
  // And what was there is forgotten with it.
  await kept.clear();
  assert.deepEqual(await disk.rows(), []);
});

test("a disk that deletes nothing is not told as emptied", async () => {
  const { kept, disk } = desk();
  await kept.add(answer("cat"));
  disk.clear = refused;
  await assert.rejects(kept.clear());
  // Nor when it is asked once more, while answers are kept for the visit.
  await assert.rejects(kept.clear());
  assert.equal((await disk.rows()).length, 1);
});

test("what is kept is told in numbers", () => {
  assert.equal(amount({ answers: 412, bytes: 3_140_000, lasting: true }), "412 answers of the last day, 3.1 MB");
  assert.equal(amount({ answers: 1, bytes: 4200, lasting: false }), "1 answer of this visit, 4 kB");
  assert.equal(amount({ answers: 0, bytes: 0, lasting: true }), "0 answers of the last day");
});

// -- Given to an engine ---------------------------------------------------------------------------

const SERVICE = {
  name: "museum",
  title: "Museum",
  url: BASE,
  per_minute: null,
  most_words: 200,
  per_day: null,
  search: { q: { kind: "words", after: "" } },
  rewritten: [],
  built: [],
  links: [],
};

/** A gate whose page learns at once, and what it told. */
function gated() {
  const told = [];
  const gate = new Gate([SERVICE], (message) => {
    told.push(message);
    if (message.type === "found") queueMicrotask(() => gate.learnt(message.id));
  });
  return { gate, told };
}

test("an engine is given each answer once, a few at a time, and their addresses are known", async () => {
  const { clock, kept } = desk();
  for (let i = 0; i < 10; i++) {
    clock.now += 1;
    await kept.add(answer(`n${i}`));
  }
  const { gate, told } = gated();
  const recalling = new Recalling(kept, gate);
  const given = [await recalling.next(), await recalling.next(), await recalling.next()];
  assert.deepEqual(
    given.map((few) => few.map((each) => each.words).join(" ")),
    ["n9 n8 n7 n6 n5 n4 n3 n2", "n1 n0", ""],
  );
  // The page shows their links, and is told of no call.
  assert.deepEqual([...new Set(told.map(({ type }) => type))], ["found"]);
  assert.deepEqual(
    told.flatMap(({ addresses }) => addresses),
    given.flat().map((each) => `https://museum.test/${each.words}.jpg`),
  );
  gate.grant(["museum"], 5, {});
  assert.equal(gate.pass("https://museum.test/n3.jpg").address, "https://museum.test/n3.jpg");
  // What comes after it was there it has asked for itself.
  await kept.add(answer("later"));
  assert.deepEqual(await recalling.next(), []);
  assert.equal((await new Recalling(kept, gate).next()).length, 8);
});

test("what is forgotten meanwhile is given to nobody, nor what a service said that is gone", async () => {
  const { kept } = desk();
  await kept.add({ ...answer("cat"), source: "elsewhere" });
  await kept.add(answer("dog"));
  const { gate } = gated();
  assert.deepEqual(
    (await new Recalling(kept, gate).next()).map((each) => each.words),
    ["dog"],
  );
  const late = new Recalling(kept, gate);
  await kept.clear();
  assert.deepEqual(await late.next(), []);
});
