/** Which collections can be searched, as the network in charge changes; and which are there at all. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Stage } from "./stage.mjs";

const { Broken } = await import("../../site/js/shelf/records.js");
const { Library } = await import("../../site/js/collections/library.js");

const collection = (name, model) => ({
  id: name,
  collection: { id: name, name, created: 1, expires: null, model, measure: "", count: 2, bytes: 10, pending: 0 },
});
const [FIRST, SECOND] = ["first", "second"].map((name) => ({ name, hash: `${name}-hash` }));

/** @type {Stage} */
let stage;
let client;
let library;
/** How the files that describe networks are answered: at once, unless a test does that. */
let described;

beforeEach(async () => {
  stage = new Stage();
  const config = await (await fetch("config.json")).json();
  const models = ["first", "second"].map((name) => ({ name, title: `${name.toUpperCase()}, a network` }));
  described = (name) => ({ name, sha256: `${name}-hash`, title: "" });
  globalThis.fetch = async (url) => {
    const name = /models\/(\w+)\.json$/.exec(url)?.[1];
    if (name) return new Response(JSON.stringify(await described(name)));
    assert.match(String(url), /config\.json$/);
    return new Response(JSON.stringify({ ...config, model: "first", models }));
  };
  client = await stage.open();
  library = new Library(client, () => {});
  library.listed = [collection("Old", FIRST), collection("New", SECOND)];
});

const offered = () => library.offered.map(({ title }) => title);

test("those of the network in charge can be searched, also when another one than the site’s own is chosen", async () => {
  await library.follow();
  assert.deepEqual(offered(), ["Old"]);
  client.setModel("second");
  await client.start();
  stage.engine.ready();
  await library.follow();
  assert.deepEqual(offered(), ["New"]);
  assert.deepEqual(
    library.listed.map(({ collection }) => library.titleOf(collection)),
    ["FIRST", "SECOND"],
  );
});

test("a collection is deleted in the minute in which its time has come, and till then nothing is read", async (t) => {
  t.mock.timers.enable({ apis: ["setInterval", "Date"], now: 1_800_000_000_000 });
  const asked = [];
  library = new Library(client, () => {});
  await new Promise((resolve) => setImmediate(resolve)); // what has expired before is looked for at once
  const listed = collection("Old", FIRST);
  listed.collection.expires = 1_800_000_000 + 150;
  library.listed = [collection("New", SECOND), listed, { id: "damaged", collection: null }];
  library.shelf = {
    list: async () => library.listed,
    expire: async (now) => {
      asked.push(now);
      library.listed = library.listed.filter((each) => each !== listed);
      return ["Old"];
    },
  };
  t.mock.timers.tick(120_000);
  assert.deepEqual(asked, []);
  t.mock.timers.tick(60_000);
  assert.deepEqual(asked, [1_800_000_180]);
  t.mock.timers.tick(3_600_000);
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(library.expired, ["Old"]);
});

test("an answer about a network that is no longer in charge changes nothing", async () => {
  /** @type {(value: unknown) => void} */
  let answer = () => {};
  described = () => new Promise((resolve) => (answer = resolve));
  const late = library.follow();
  client.setModel("second");
  await client.start();
  described = (name) => ({ name, sha256: `${name}-hash` });
  await library.follow();
  answer({ name: "first", sha256: "first-hash" });
  await late;
  assert.deepEqual(library.model, SECOND);
});

test("nothing is asked twice; what could not be had is asked again when an engine is ready", async () => {
  let asked = 0;
  described = () => {
    asked += 1;
    return Promise.reject(new TypeError("no network"));
  };
  await library.follow();
  await library.follow();
  assert.equal(asked, 1);
  assert.equal(library.model, null);
  described = (name) => ({ name, sha256: `${name}-hash` });
  await library.renew();
  assert.deepEqual(library.model, FIRST);
});

/** What an engine tells of some work. */
const told = (id, state, problem = null) => ({
  ...{ type: "collecting", id, state, done: 0, total: 0, added: 0, unchanged: 0, renamed: 0, rate: 0, left: null },
  ...{ failures: [], notes: [], others: 0, file: null, problem },
});
const GONE = { code: "collection-gone", message: "It is gone.", advice: "", line: null };

for (const action of ["create", "open"])
  test(`what failed to become a collection (${action}) is deleted like one`, async () => {
    library.shelf = { list: async () => [], delete: async () => {} };
    const job = library.create("New", null, [], action);
    library.receive(told(job.id, "failed", { ...GONE, code: "bad-collection-file" }));
    await library.refresh();
    assert.deepEqual(
      library.all.map(({ id }) => id),
      [job.collection],
    );
    assert.equal(await library.delete(job.collection), null);
    assert.deepEqual(library.all, []);
  });

test("a collection that is deleted while photos are added does not come back as one that is gone", async () => {
  let there = [];
  library.shelf = { list: async () => there, delete: async () => void (there = []), change: async () => {} };
  const job = library.create("New", null, []);
  there = [collection("New", FIRST)].map((each) => ({ ...each, id: job.collection }));
  library.receive({ ...told(job.id, "running"), total: 9, done: 2 });
  await library.refresh();
  assert.equal(await library.delete(job.collection), null);
  assert.equal(job.wished, "stop");
  // Its engine had photos to store.
  library.receive(told(job.id, "failed", GONE));
  await library.refresh();
  assert.deepEqual(library.all, []);
});

test("what could not be deleted is still there, with what is done for it", async () => {
  const full = Object.assign(new Error("no"), { name: "QuotaExceededError" });
  const there = collection("Old", FIRST);
  library.shelf = { list: async () => [there], delete: () => Promise.reject(full) };
  const job = library.work("Old", "export");
  assert.equal((await library.delete("Old")).code, "store-QuotaExceededError");
  assert.equal(library.job("Old"), job);
  assert.deepEqual(library.all, [there]);
});

test("a collection that is being opened is not said to be deleted in an hour", () => {
  library.shelf = { list: async () => [] };
  for (const wanted of [null, 9_000_000]) {
    const job = library.create("Opened", wanted, [], "open");
    const record = { ...collection("Opened", FIRST).collection, id: job.collection, expires: 3600 };
    assert.equal(library.expiryOf(record), wanted);
    library.receive(told(job.id, "done"));
    assert.equal(library.expiryOf({ ...record, expires: wanted }), wanted);
    // By now somebody has chosen another time.
    assert.equal(library.expiryOf(record), 3600);
  }
  const adding = library.work("Old", "add");
  assert.equal(library.expiryOf({ ...collection("Old", FIRST).collection, expires: 3600 }), 3600);
  assert.ok(adding.active);
});

test("a collection is damaged where something else is there than was written, and not where nothing is given", () => {
  for (const name of ["InvalidStateError", "UnknownError", "VersionError"])
    library.unread("Old", Object.assign(new Error("closed"), { name }));
  assert.equal(library.damaged.size, 0);
  library.unread("Old", new Broken("a photo’s record is damaged"));
  assert.match(library.damaged.get("Old").message, /damaged/);
});
