/** What an engine has to itself is given back, whenever it ends. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Stage } from "./stage.mjs";

const { Lending } = await import("../../site/js/client/lending.js");

const RIGHTS = { read: new Set(), work: new Set(["c"]), make: new Set() };

/** Locks that are granted when a test says so. */
class Locks {
  /** @type {(() => void)[]} */
  #asked = [];
  held = new Set();

  async request(name, _options, work) {
    await new Promise((granted) => this.#asked.push(granted));
    if (this.held.has(name)) return work(null);
    this.held.add(name);
    await work({ name });
    this.held.delete(name);
  }

  async grant() {
    for (const granted of this.#asked.splice(0)) granted();
    await new Promise(setImmediate);
  }
}

let locks;
let lending;
let engine;

beforeEach(() => {
  new Stage();
  locks = new Locks();
  Object.defineProperty(globalThis, "navigator", { value: { locks }, configurable: true });
  const { port1, port2 } = new MessageChannel();
  engine = port2;
  lending = new Lending(port1, "http://site.test/", () => RIGHTS);
});

function ask(what) {
  engine.postMessage({ id: 1, what, given: ["c"] });
  engine.other.deliver();
}

test("what an engine has is given back when it ends", async () => {
  ask("turn");
  await locks.grant();
  assert.equal(engine.queue.at(-1).value, true);
  assert.equal(locks.held.size, 1);
  lending.close();
  await locks.grant();
  assert.equal(locks.held.size, 0);
});

test("and so is what it is granted after its end", async () => {
  ask("turn");
  lending.close();
  await locks.grant();
  await locks.grant();
  assert.equal(locks.held.size, 0);
});
