import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { checkedPhoto, MOST_KEPT } from "../../site/js/shortlist/record.js";
import { Shortlist } from "../../site/js/shortlist/shortlist.js";

const PHOTO = {
  id: "openverse:1",
  title: "A cat",
  tags: ["cat"],
  thumb_url: "https://pictures.test/1.jpg",
  page_url: "https://pages.test/1",
  owner: "Ann",
  owner_id: "7",
  license: "CC BY 4.0",
  width: 150,
  height: 100,
  uploaded: 1_600_000_000,
  source: "openverse",
  license_url: "https://creativecommons.org/licenses/by/4.0/",
  large_url: "https://pictures.test/1_large.jpg",
  attribution: "",
  full_width: 4000,
  full_height: 3000,
  sensitive: false,
};

let stored;
let heard;
let full;

beforeEach(() => {
  stored = new Map();
  heard = [];
  full = false;
  globalThis.localStorage = {
    getItem: (name) => stored.get(name) ?? null,
    setItem: (name, value) => {
      if (full) throw new DOMException("", "QuotaExceededError");
      stored.set(name, value);
    },
    removeItem: (name) => stored.delete(name),
  };
  globalThis.addEventListener = (_type, listener) => heard.push(listener);
});

const result = (number, changes = {}) => ({
  photo: { ...PHOTO, id: `openverse:${number}`, ...changes },
  tag: "cat",
  thumbnail: new Uint8Array([1]),
});
const ids = (shortlist) => shortlist.all.map(({ photo }) => photo.id);

test("a photo comes back as it was kept", () => {
  assert.deepEqual(checkedPhoto(PHOTO), PHOTO);
  assert.deepEqual(checkedPhoto(JSON.parse(JSON.stringify(PHOTO))), PHOTO);
});

test("what is no photo is none, and what does not belong to one is left out", () => {
  for (const value of [
    null,
    1,
    "x",
    [],
    {},
    { ...PHOTO, id: "" },
    { ...PHOTO, id: 1 },
    { ...PHOTO, source: "<b>" },
    { ...PHOTO, id: "x".repeat(2000) },
  ]) {
    assert.equal(checkedPhoto(value), null);
  }
  const forged = {
    ...PHOTO,
    page_url: "javascript:alert(1)",
    thumb_url: "data:,x",
    license_url: "https://a:b@c.test/",
    large_url: "file:///x",
    owner: {},
    tags: "cat",
    width: -1,
    uploaded: Number.NaN,
    sensitive: 1,
    more: 1,
  };
  const { page_url, thumb_url, license_url, large_url, owner, tags, width, uploaded, sensitive, ...others } =
    checkedPhoto(forged);
  assert.deepEqual(
    [page_url, thumb_url, license_url, large_url, owner, tags, width, uploaded, sensitive],
    ["", "", "", "", "", [], 0, null, false],
  );
  assert.ok(!("more" in others));
  assert.equal(checkedPhoto({ ...PHOTO, title: `a\u202eb\n${"c".repeat(9000)}` }).title.length, 498);
});

test("the list is the same in the next visit, newest first, without pictures", (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: 1_800_000_000_000 });
  const first = new Shortlist(() => {});
  for (const number of [1, 2, 3]) {
    first.toggle(result(number));
    t.mock.timers.tick(1000);
  }
  first.toggle(result(2));
  const next = new Shortlist(() => {});
  assert.deepEqual(ids(next), ["openverse:3", "openverse:1"]);
  assert.ok(first.all.every((kept) => kept.pictured));
  assert.ok(next.all.every((kept) => !kept.pictured));
  next.clear();
  assert.equal(stored.size, 0);
});

test("what another tab keeps is kept beside, and seen", () => {
  const here = new Shortlist(() => {});
  const there = new Shortlist(() => {});
  here.toggle(result(1));
  there.toggle(result(2));
  assert.deepEqual(new Set(ids(there)), new Set(["openverse:1", "openverse:2"]));
  heard[0]({ key: "lookalike.shortlist" });
  assert.deepEqual(new Set(ids(here)), new Set(ids(there)));
});

test("where nothing can be stored it lasts for the visit, and no longer than that", () => {
  let changes = 0;
  full = true;
  const shortlist = new Shortlist(() => (changes += 1));
  shortlist.toggle(result(1));
  shortlist.toggle(result(2));
  assert.equal(shortlist.size, 2);
  assert.equal(shortlist.lasting, false);
  assert.equal(changes, 2);
  assert.equal(new Shortlist(() => {}).size, 0);
});

test("so many are kept, and the oldest go", () => {
  stored.set(
    "lookalike.shortlist",
    JSON.stringify(Array.from({ length: MOST_KEPT }, (_, at) => ({ ...result(at), at }))),
  );
  const shortlist = new Shortlist(() => {});
  assert.equal(shortlist.size, MOST_KEPT);
  shortlist.toggle(result("new"));
  assert.equal(shortlist.size, MOST_KEPT);
  assert.equal(ids(shortlist)[0], "openverse:new");
  assert.ok(!ids(shortlist).includes("openverse:0"));
});

test("own photos go with their collection", () => {
  const shortlist = new Shortlist(() => {});
  shortlist.toggle(result(1));
  shortlist.toggle(result(2, { id: "collection:ab:x.jpg", source: "collection:ab" }));
  shortlist.forgetOthers(new Set(["ab"]));
  assert.equal(shortlist.size, 2);
  shortlist.forgetOthers(new Set());
  assert.deepEqual(ids(shortlist), ["openverse:1"]);
});
