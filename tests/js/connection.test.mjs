/** What becomes of a search while the network goes and comes back. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Connection } from "../../site/js/offline/connection.js";

let online;
let back;
let shown;
let did;
let said;
let connection;

Object.defineProperty(globalThis, "navigator", { value: { onLine: true }, configurable: true });
Object.defineProperty(navigator, "onLine", { get: () => online });

beforeEach(() => {
  online = false;
  did = [];
  said = [];
  globalThis.addEventListener = (type, act) => {
    if (type !== "online") return;
    back = () => {
      online = true;
      act();
    };
  };
  const problems = { show: ({ advice }) => said.push(advice), clear: () => {} };
  connection = new Connection(problems, {
    titleOf: (source) => source,
    shown: () => shown,
    onProceed: () => did.push("proceed"),
    onRenew: (search) => did.push(search === shown ? "renew" : "another"),
  });
});

/** A search of own photos and of a service, of which it has begun what it could. */
function begun(sources = ["openverse", "collection:a"]) {
  shown = { id: null, active: true, end: null, settings: null, progress: null };
  connection.begin(shown, sources);
  const reachable = connection.reachable(sources);
  if (reachable.length) Object.assign(shown, { id: 1, settings: { sources: reachable } });
  return shown;
}

function end(search, reason) {
  Object.assign(search, { active: false, end: { reason } });
  return connection.ended(search);
}

test("what waits for the network begins when that is back", () => {
  begun(["openverse"]);
  back();
  assert.deepEqual(did, ["proceed"]);
});

test("a service joins when the network is back, after own photos were searched", () => {
  const search = begun();
  assert.deepEqual(said, ["Your own photos are searched now; openverse as soon as the network is back."]);
  assert.equal(end(search, "complete"), false);
  assert.deepEqual(did, []);
  back();
  assert.deepEqual(did, ["renew"]);
  back();
  assert.deepEqual(did, ["renew"]);
});

test("where the network is back while own photos are searched, the service joins after them", () => {
  const search = begun();
  back();
  assert.deepEqual(did, []);
  assert.equal(end(search, "complete"), true);
  assert.deepEqual(did, ["renew"]);
});

for (const [when, order] of [
  ["before", ["back", "end"]],
  ["after", ["end", "back"]],
])
  test(`what was cancelled is not made again, where the network was back ${when} that`, () => {
    const search = begun();
    for (const what of order) {
      if (what === "back") back();
      else end(search, "cancelled");
    }
    assert.deepEqual(did, []);
  });

test("a search that lost the network is made again when that is back", () => {
  online = true;
  const search = begun(["openverse"]);
  online = false;
  end(search, "failed");
  back();
  assert.deepEqual(did, ["renew"]);
});
