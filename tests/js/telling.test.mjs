import assert from "node:assert/strict";
import { test } from "node:test";

class Line {
  textContent = "";
  ariaLive = null;
  removeAttribute() {
    this.ariaLive = null;
  }
}

globalThis.HTMLElement = Line;
const line = new Line();
globalThis.document = { getElementById: () => line };

const { callsOf } = await import("../../site/js/progress/strip.js");
const { LiveStatus } = await import("../../site/js/ui/live-status.js");

test("a status is spoken when it says something else, and not for each new number", () => {
  const status = new LiveStatus("status");
  const spoken = [
    "Looking at your photo…",
    "Looking: 1 photo compared",
    "Looking: 20 photos compared",
    "Looking: 1,020 photos compared",
    "Done: 1,020 photos compared in 2 min 5 s.",
  ].filter((words) => {
    status.announce(words);
    assert.equal(line.textContent, words);
    return line.ariaLive !== "off";
  });
  assert.deepEqual(spoken, [
    "Looking at your photo…",
    "Looking: 1 photo compared",
    "Done: 1,020 photos compared in 2 min 5 s.",
  ]);
});

test("calls are promised only as far as the services go", () => {
  const service = (name, rest) => ({
    name,
    title: name,
    calls: 3,
    photos: 9,
    minute_left: null,
    day_left: null,
    ended: false,
    problem: null,
    ...rest,
  });
  const settings = { calls: 110, sources: ["openverse", "commons", "collection:ab"] };
  assert.equal(callsOf({ progress: null }, settings), 220);
  const services = [service("openverse", { minute_left: 17, day_left: 150 }), service("commons")];
  assert.equal(callsOf({ progress: { services } }, settings), 20 + 110);
  services[0] = service("openverse", { minute_left: 17, day_left: 2 });
  services[1] = service("commons", { ended: true });
  assert.equal(callsOf({ progress: { services } }, settings), 5 + 3);
});
