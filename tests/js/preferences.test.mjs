import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { checkedSettings, NUMBERS, Preferences, THOROUGH } from "../../site/js/settings/preferences.js";

beforeEach(() => {
  const stored = new Map();
  globalThis.localStorage = {
    getItem: (name) => stored.get(name) ?? null,
    setItem: (name, value) => stored.set(name, value),
    removeItem: (name) => stored.delete(name),
  };
});

test("a first visit looks at up to 440 photos for 30 calls, which is the middle choice", () => {
  const first = checkedSettings({});
  assert.deepEqual([first.photos, first.calls], [440, 30]);
  const normal = THOROUGH.find(({ name }) => name === "normal");
  assert.deepEqual([normal?.photos, normal?.calls], [first.photos, first.calls]);
  for (const { name, initial } of NUMBERS) assert.equal(first[name], initial);
});

test("what somebody has kept stays, whatever a first visit has by now", () => {
  const { photos, calls } = checkedSettings({ photos: 40, calls: 110 });
  assert.deepEqual([photos, calls], [40, 110]);
});

test("a choice says how many photos it looks at, and is within what numbers may be", () => {
  for (const choice of THOROUGH) {
    assert.ok(choice.description.includes(`${choice.photos.toLocaleString("en")} photos`));
    for (const name of /** @type {const} */ (["photos", "calls"])) {
      const rule = NUMBERS.find((each) => each.name === name);
      assert.ok(rule && choice[name] >= rule.lowest && choice[name] <= rule.highest);
    }
  }
});

test("settings that are reset, or kept as they are, leave what another tab has chosen", () => {
  const [one, other] = [new Preferences(), new Preferences()];
  other.keep({ sources: ["commons"], filters: { ...other.settings.filters, orientation: "square" }, photos: 40 });
  one.keep({});
  const next = new Preferences().settings;
  assert.deepEqual([next.sources, next.filters.orientation, next.photos], [["commons"], "square", 40]);
  one.reset();
  const last = new Preferences().settings;
  assert.deepEqual([last.sources, last.filters.orientation, last.photos], [["commons"], "square", 440]);
});

test("where to search is kept with the first key, so that the next visit does not take another for chosen", () => {
  const first = new Preferences();
  first.key = "0123456789abcdef0123456789abcdef";
  first.keep({});
  assert.deepEqual(new Preferences().settings.sources, ["openverse"]);
});
