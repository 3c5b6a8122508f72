/** Larger pictures of photos that are opened. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Larger } from "../../site/js/results/larger.js";

let online;
let asked;
let larger;
let loaded;

beforeEach(() => {
  online = true;
  asked = [];
  globalThis.Image = class {
    async decode() {
      this.naturalWidth = this.naturalHeight = this.src.startsWith("blob:") ? 800 : 200;
    }
  };
  larger = new Larger({
    fetch: async ({ id }) => {
      asked.push(id);
      return online ? new Uint8Array([1]) : null;
    },
    onLoaded: () => loaded(),
  });
});

const photo = (id) => ({ photo: { id, large_url: "https://pictures.test/1" }, url: "small" });
const settled = () => new Promise((resolve) => setImmediate(resolve));

test("a larger picture that could not be had is asked for when a photo is opened again, and not before", async () => {
  const result = photo("a");
  online = false;
  assert.equal(larger.url(result), "");
  await settled();
  online = true;
  for (let draws = 0; draws < 3; draws++) assert.equal(larger.url(result), "");
  await settled();
  assert.deepEqual(asked, ["a"]);
  larger.again();
  const come = new Promise((resolve) => (loaded = resolve));
  assert.equal(larger.url(result), "");
  await come;
  assert.match(larger.url(result), /^blob:/);
  larger.again();
  assert.match(larger.url(result), /^blob:/);
  assert.deepEqual(asked, ["a", "a"]);
});
