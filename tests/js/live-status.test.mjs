import assert from "node:assert/strict";
import { test } from "node:test";

import { LiveStatus } from "../../site/js/ui/live-status.js";

/** A line that is shown, as far as the status needs one. */
class Line {
  textContent = "";
  ariaLive = "";
  removeAttribute() {
    this.ariaLive = "";
  }
}

/** @param {import("node:test").TestContext} t */
function stage(t) {
  const line = new Line();
  let now = 0;
  Object.assign(globalThis, { HTMLElement: Line, document: { getElementById: () => line } });
  t.mock.timers.enable({ apis: ["setTimeout"] });
  t.mock.method(performance, "now", () => now);
  const wait = (/** @type {number} */ ms) => {
    now += ms;
    t.mock.timers.tick(ms);
  };
  return { line, status: new LiveStatus("status"), wait };
}

test("what is new is told at once, however soon it follows", (t) => {
  const { line, status, wait } = stage(t);
  status.show("Getting ready…");
  wait(100);
  status.show("Ready for your photo, or your words.");
  assert.equal(line.textContent, "Ready for your photo, or your words.");
  assert.equal(line.ariaLive, "");
});

test("new numbers alone wait for two seconds, and are not spoken", (t) => {
  const { line, status, wait } = stage(t);
  status.show("Looking: 1 photo compared");
  wait(100);
  status.show("Looking: 2 photos compared");
  status.show("Looking: 3 photos compared");
  assert.equal(line.textContent, "Looking: 1 photo compared");
  wait(1900);
  assert.equal(line.textContent, "Looking: 3 photos compared");
  assert.equal(line.ariaLive, "off");
});
