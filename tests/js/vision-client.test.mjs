/** Which vision workers the page starts and ends: a test is the workers. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { VisionClient } from "../../site/js/client/vision-client.js";
import { Stage } from "./stage.mjs";

/** @type {FakeWorker[]} */
let workers = [];
let told = [];

class FakeWorker {
  ended = false;
  constructor() {
    workers.push(this);
  }
  addEventListener() {}
  postMessage({ page }) {
    this.page = page;
  }
  terminate() {
    this.ended = true;
  }
  say(message) {
    this.onmessage?.({ data: message });
  }
  /** Whom it was told to serve last; null for nobody. */
  get engine() {
    return this.page.queue.at(-1)?.engine;
  }
}

/** A count that is what the test says. */
const count = (wanted) => ({
  most: 3,
  wanted,
  tried: null,
  report() {},
  fail() {
    this.wanted -= 1;
    this.tried = null;
  },
});
const load = { type: "load", load: 1, photos: 1 };

beforeEach(() => {
  new Stage();
  globalThis.Worker = FakeWorker;
  workers = [];
  told = [];
});

function started(wanted) {
  const wants = count(wanted);
  const client = new VisionClient("http://site.test/", "m", false, (message) => told.push(message), assert.fail, wants);
  const channels = client.channels();
  client.connect(channels);
  return { client, wants, channels };
}

test("the first starts at once, the others when Python is there, and one more when it is wanted", () => {
  const { client, wants, channels } = started(2);
  workers[0].say(load);
  assert.equal(workers.length, 1);
  client.startOthers();
  assert.equal(workers.length, 2);
  wants.wanted = 3;
  workers[0].say(load);
  workers[0].say(load);
  assert.equal(workers.length, 3);
  assert.deepEqual(
    workers.map(({ engine }) => channels.findIndex(({ port1 }) => port1 === engine)),
    [0, 1, 2],
  );
});

test("one too many is told to leave, and is ended when it has told the engine", () => {
  const { client, wants } = started(3);
  client.startOthers();
  wants.wanted = 2;
  workers[0].say(load);
  assert.equal(workers[2].engine, null);
  assert.equal(workers[2].ended, false);
  workers[2].say({ type: "left" });
  assert.deepEqual(
    workers.map(({ ended }) => ended),
    [false, false, true],
  );
  const next = client.channels();
  client.connect(next);
  assert.equal(workers.length, 3);
  assert.equal(workers[1].engine, next[1].port1);
});

test("one that was only tried and does not start is left out; any other is told", () => {
  const { client, wants } = started(2);
  client.startOthers();
  wants.wanted = 3;
  wants.tried = 2;
  workers[0].say(load);
  workers[2].say({ type: "failed" });
  assert.equal(workers[2].ended, true);
  assert.deepEqual(told, []);
  workers[1].say({ type: "failed" });
  assert.deepEqual(told, [{ type: "failed" }]);
});
