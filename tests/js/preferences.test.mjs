import assert from "node:assert/strict";
import { test } from "node:test";

import { checkedSettings, NUMBERS, THOROUGH } from "../../site/js/settings/preferences.js";

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
