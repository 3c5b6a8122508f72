/** The service worker's own decisions, without a browser: `node --test tests/js/*.mjs`. */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";

import { Amount } from "../../site/js/offline/amount.js";
import { KeptFiles, OtherFile } from "../../site/js/offline/kept-files.js";
import { SharedPhotos } from "../../site/js/offline/shared-photos.js";
import { keptNames, keyOf, nameOf, wanted } from "../../site/js/offline/version.js";

const SCOPE = "https://host.example/some/where/";

/** A version of these files. */
function versionOf(contents, shell = Object.keys(contents), start = []) {
  const files = Object.fromEntries(
    Object.entries(contents).map(([name, text]) => [
      name,
      { size: Buffer.byteLength(text), sha256: createHash("sha256").update(text).digest("hex") },
    ]),
  );
  return { name: "v", files, shell, start };
}

/** Caches of a browser, in memory. */
function memory() {
  const entries = new Map();
  const urlOf = (key) => (typeof key === "string" ? key : key.url);
  const cache = {
    keys: async () => [...entries.keys()].map((url) => ({ url })),
    match: async (key) => entries.get(urlOf(key))?.clone(),
    put: async (key, response) => void entries.set(urlOf(key), response),
    delete: async (key) => entries.delete(urlOf(key)),
  };
  return { entries, open: async () => cache };
}

/** Kept files of a version, on a host that answers with `given(name)`: text, a Response, or an error. */
function kept(version, given, caches = memory()) {
  const asked = [];
  const told = { bytes: 0, other: 0 };
  const fetch = async (url, { cache }) => {
    const name = url.slice(SCOPE.length);
    asked.push(`${name} ${cache}`);
    const answer = given(name, cache);
    if (answer instanceof Error) throw answer;
    return answer instanceof Response ? answer : new Response(answer);
  };
  const files = new KeptFiles(version, SCOPE, {
    caches,
    fetch,
    received: (_, bytes) => (told.bytes += bytes),
    other: () => told.other++,
  });
  return { files, asked, told, caches };
}

test("files are named by their place in the site, whatever is behind it", () => {
  assert.equal(nameOf(SCOPE, SCOPE), "index.html");
  assert.equal(nameOf(`${SCOPE}?q=cats#x`, SCOPE), "index.html");
  assert.equal(nameOf(`${SCOPE}js/main.js?x`, SCOPE), "js/main.js");
  assert.equal(nameOf(`${SCOPE}a%20b`, SCOPE), "a b");
  for (const other of ["https://host.example/some/", "https://other.example/some/where/", `${SCOPE}%E0%A4`])
    assert.equal(nameOf(other, SCOPE), null);
});

test("a kept file's address tells its name", () => {
  const keys = [keyOf("js/a b.js", "12", SCOPE), keyOf("c", "34", SCOPE), "https://host.example/other/kept/56/d"];
  assert.deepEqual(keptNames(keys, SCOPE), new Set(["js/a b.js", "c"]));
});

test("a first visit is to keep the page alone, an update all that was kept, under its new names", () => {
  const version = versionOf(
    { page: "", editor: "", "pyodide/new.whl": "", "models/a.onnx": "", map: "" },
    ["page"],
    ["pyodide/new.whl", "models/a.onnx"],
  );
  assert.deepEqual(wanted(version, new Set()), ["page"]);
  assert.deepEqual(wanted(version, new Set(["page", "editor", "gone"])), ["page", "editor"]);
  version.files["pyodide/core"] = version.files["map"];
  version.start.push("pyodide/core");
  assert.deepEqual(wanted(version, new Set(["pyodide/core", "pyodide/old.whl"])), [
    "page",
    "pyodide/core",
    "pyodide/new.whl",
  ]);
});

test("what the browser has is kept without asking the host again; another file is fetched again", async () => {
  const version = versionOf({ a: "new" });
  const { files, asked } = kept(version, (_, cache) => (cache === "reload" ? "new" : "old"));
  await files.keepAll(["a"]);
  await files.keepAll(["a"]);
  assert.deepEqual(asked, ["a force-cache", "a reload"]);
  assert.equal(await (await files.answer("a")).text(), "new");
});

for (const [how, given] of Object.entries({
  "another file": () => "nwe",
  "a longer one": () => "new!",
  "half of it": () => "ne",
  "a page of the host": () => new Response("<!doctype html>", { status: 404 }),
  "an error": () => new Error("no network"),
})) {
  test(`a version of which ${how} comes is not kept`, async () => {
    const { files, caches } = kept(versionOf({ a: "new" }), given);
    await assert.rejects(files.keepAll(["a"]));
    assert.equal(caches.entries.size, 0);
  });

  test(`${how} is not given out as the file, and not kept`, async () => {
    const { files, caches, told } = kept(versionOf({ a: "new" }), given);
    const read = async () => {
      const response = await files.answer("a");
      if (!response.ok) throw new OtherFile("a");
      return response.text();
    };
    await assert.rejects(read());
    assert.equal(caches.entries.size, 0);
    // Once more: nothing that failed stands in the way.
    await assert.rejects(read());
    assert.equal(told.other, how.endsWith("host") || how === "an error" ? 0 : 2);
  });
}

test("a large file is passed on while it comes, and refused at its end if it is another", async () => {
  const right = "x".repeat(1_500_000);
  const { files, told } = kept(versionOf({ a: right }), () => `${right.slice(1)}y`);
  const response = await files.answer("a");
  assert.equal(response.ok, true);
  await assert.rejects(response.text());
  assert.equal(told.other, 1);
  const good = kept(versionOf({ a: right }), () => right);
  assert.equal(await (await good.files.answer("a")).text(), right);
  assert.equal(good.told.bytes, right.length);
  assert.equal(good.caches.entries.size, 1);
});

test("who asks at once for the same file shares its download", async () => {
  const right = "x".repeat(1_500_000);
  const { files, asked } = kept(versionOf({ a: right }), () => right);
  const texts = await Promise.all([1, 2, 3].map(async () => (await files.answer("a")).text()));
  assert.deepEqual(new Set(texts), new Set([right]));
  assert.deepEqual(asked, ["a no-cache"]);
});

test("where the first of them goes away, the next downloads it", async () => {
  const right = "x".repeat(1_500_000);
  const { files, asked } = kept(versionOf({ a: right }), () => right);
  const first = await files.answer("a");
  const second = files.answer("a");
  await first.body.cancel();
  assert.equal(await (await second).text(), right);
  assert.equal(asked.length, 2);
});

test("what others have written over a kept file is thrown away", async () => {
  const version = versionOf({ a: "new" });
  const { files, caches, asked } = kept(version, () => "new");
  await files.keepAll(["a"]);
  caches.entries.set(keyOf("a", version.files.a.sha256, SCOPE), new Response("bad"));
  assert.equal(await (await files.answer("a")).text(), "new");
  assert.equal(asked.length, 2);
});

test("the files of the version before are forgotten, those in both are not", async () => {
  const caches = memory();
  const before = kept(versionOf({ a: "old", b: "same" }), (name) => (name === "a" ? "old" : "same"), caches);
  await before.files.keepAll(["a", "b"]);
  const after = kept(versionOf({ a: "new", b: "same" }), () => "new", caches);
  await after.files.keepAll(["a", "b"]);
  assert.deepEqual(after.asked, ["a force-cache"]);
  assert.equal(caches.entries.size, 3);
  await after.files.clean();
  assert.equal(caches.entries.size, 2);
});

test("the media type is the file's, whatever the host says", async () => {
  const { files } = kept(
    versionOf({ "a.wasm": "w", "b.mjs": "m" }),
    (name) => new Response(name[0] === "a" ? "w" : "m", { headers: { "content-type": "text/plain" } }),
  );
  await files.keepAll(["a.wasm"]);
  assert.equal((await files.answer("a.wasm")).headers.get("content-type"), "application/wasm");
  assert.match((await files.answer("b.mjs")).headers.get("content-type"), /^text\/javascript/);
});

test("how much has come is told of all that is expected", () => {
  const amount = new Amount();
  amount.expect("a", 10);
  amount.expect("b", 5);
  amount.add("a", 4);
  amount.expect("a", 10);
  assert.deepEqual(amount.told, { came: 4, total: 15 });
  amount.add("a", 8);
  amount.add("c", 1);
  assert.deepEqual(amount.told, { came: 13, total: 18 });
});

test("a shared photo is given away once, and nothing else that was sent with it", async () => {
  const shared = new SharedPhotos();
  const form = new FormData();
  form.set("photo", new File(["x"], "cat.jpg"));
  form.append("photo", "no file");
  form.set("title", "A cat");
  const over = shared.put(form);
  assert.deepEqual(
    shared.take().map(({ name }) => name),
    ["cat.jpg"],
  );
  await over;
  assert.deepEqual(shared.take(), []);
});
