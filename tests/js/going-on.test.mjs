/** What the page makes of a search that goes on after it has ended. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { Search } from "../../site/js/search/search.js";
import { Searches } from "../../site/js/search/searches.js";
import { brief, endOf, going, outOfCalls } from "../../site/js/ui/format.js";

const SETTINGS = { photos: 110, calls: 20, seconds: 60, sources: ["openverse"] };

/** @param {Partial<typeof SETTINGS>} [wanted] */
function page(wanted) {
  const sent = [];
  const steered = [];
  const client = {
    resumable: null,
    search: () => 1,
    goOn: (...given) => sent.push(given),
    cancel() {},
    restore() {},
    steer: (...given) => steered.push(given),
  };
  const settings = { ...SETTINGS, ...wanted };
  const searches = new Searches(client, {
    open: () => true,
    settings: () => settings,
    made: () => ({}),
    onChanged() {},
    onEnded() {},
  });
  const search = new Search([], undefined, "cat");
  searches.show(search);
  searches.proceed();
  const end = (reason, photos, calls = 8) => {
    searches.receive({ type: "finished", id: 1, reason, calls, photos, seconds: 7, problem: null });
    client.resumable = 1;
  };
  return { sent, steered, client, settings, searches, search, end };
}

test("a search goes on with as much as the settings allow by then, on top of what it has spent", () => {
  const { sent, settings, searches, search, end } = page();
  end("budget", 110);
  settings.photos = 440;
  assert.ok(searches.resumable);
  searches.goOn();
  assert.deepEqual(sent, [[{ photos: 440, calls: 20, seconds: 60 }, {}]]);
  assert.ok(search.active);
  assert.ok(!searches.resumable);
  assert.deepEqual(search.allowed, { photos: 550, calls: 28, seconds: 67 });
  assert.equal(search.settings?.photos, 440);
  end("settled", 212);
  assert.equal(endOf(search), "Settled after 212 photos in 7 s: nothing better is likely.");
  searches.goOn();
  assert.equal(search.allowed?.photos, 652);
});

test("tags that are steered when it has ended are steered when it goes on", () => {
  const { steered, searches, search, end } = page();
  searches.steer("dog", "ban");
  end("budget", 110);
  searches.steer("cat", "pin");
  searches.steer("dog", "free");
  assert.deepEqual(steered, [
    [1, "dog", "ban"],
    [1, "cat", "pin"],
    [1, "dog", "free"],
  ]);
  assert.deepEqual([...search.stances], [["cat", "pin"]]);
});

test("how it ended is told by what it might spend in all", () => {
  const { searches, search, end } = page();
  end("budget", 110);
  searches.goOn();
  end("budget", 150, 28);
  assert.match(endOf(search), /The calls that Settings allow are made/);
  searches.goOn();
  end("budget", 180, 30);
  assert.match(endOf(search), /as many calls as the services give one search/);
  searches.goOn();
  end("budget", 290);
  assert.match(endOf(search), /as many as Settings allow/);
});

/** A progress message: what each of these services has looked at, after so many calls to each. */
function progress(services, calls = 8) {
  const each = Object.entries(services).map(([name, photos]) => ({ name, photos, calls, problem: null }));
  const photos = each.reduce((sum, service) => sum + service.photos, 0);
  return { type: "progress", id: 1, calls: 8, photos, seconds: 7, asking: [], services: each };
}

test("calls are told as those of each service, which Settings limit, and not of all together", () => {
  const { searches, search, end } = page({ sources: ["openverse", "commons"] });
  const most = search.allowed?.calls ?? 0;
  searches.receive(progress({ openverse: 30, commons: 30 }, most - 1));
  end("budget", 60, 2 * (most - 1));
  assert.match(endOf(search), /as many calls as the services give one search/);
  assert.equal(outOfCalls(search), true);
  searches.goOn();
  assert.equal(search.allowed?.calls, 2 * most - 1);
  searches.receive(progress({ openverse: 60, commons: 30 }, 2 * most - 1));
  end("budget", 90, 4 * most - 2);
  assert.match(endOf(search), /The calls that Settings allow are made/);
  assert.equal(outOfCalls(search), false);
});

test("own photos are no part of what Settings allow", () => {
  const { searches, search, end } = page({ sources: ["openverse", "collection:1"] });
  searches.receive(progress({ openverse: 30, "collection:1": 5000 }));
  end("budget", 5030, 8);
  assert.match(endOf(search), /^Done: 5,030 photos compared in 7 s. .* as many calls as the services give one search/);
  searches.goOn();
  assert.equal(search.allowed?.photos, 140);
  searches.receive(progress({ openverse: 140, "collection:1": 5000 }));
  end("budget", 5140, 8);
  assert.match(endOf(search), /as many as Settings allow/);
});

test("a search of own photos ends by having compared them all", () => {
  const { searches, search, end } = page({ sources: ["collection:1"] });
  const services = progress({ "collection:1": 5000 });
  searches.receive(services);
  end("complete", 5000, 0);
  assert.equal(endOf(search), "Done: 5,000 photos compared in 7 s. Your photos were all compared.");
  services.services.push({ name: "collection:2", photos: 0, problem: { code: "collection-gone" } });
  assert.equal(endOf(search), "Done: 5,000 photos compared in 7 s.");
  const empty = page({ sources: ["collection:1"] });
  empty.end("complete", 0, 0);
  assert.equal(endOf(empty.search), "Done: 0 photos compared in 7 s.");
});

test("one that took hardly any time says so, and not that it took none", () => {
  const { searches, search } = page({ sources: ["collection:1"] });
  searches.receive({ type: "finished", id: 1, reason: "complete", calls: 0, photos: 40, seconds: 0.3, problem: null });
  assert.match(endOf(search), /^Done: 40 photos compared in less than a second\. /);
});

test("it goes on only where there may be more, and its engine knows it", () => {
  for (const [reason, may] of [
    ["budget", true],
    ["settled", true],
    ["cancelled", true],
    ["exhausted", false],
    ["complete", false],
    ["failed", false],
  ]) {
    const { client, searches, end } = page();
    end(reason, 9);
    assert.equal(searches.resumable, may);
    client.resumable = null;
    assert.ok(!searches.resumable);
  }
  const own = page({ sources: ["collection:1"] });
  own.end("complete", 9);
  assert.ok(!own.searches.resumable);
});

test("one that goes on is heard, and others are not", () => {
  const { searches, search, end } = page();
  end("budget", 110);
  searches.goOn();
  searches.receive({ type: "finished", id: 2, reason: "budget", calls: 0, photos: 0, seconds: 0, problem: null });
  assert.ok(search.active);
  searches.cancel();
  end("cancelled", 120);
  assert.equal(search.end?.photos, 120);
});

test("where there is little room the status is short, and says nothing else", () => {
  const search = new Search([]);
  assert.equal(brief(search), going(search));
  search.apply({
    type: "progress",
    id: 1,
    calls: 1,
    photos: 12,
    seconds: 1,
    asking: [],
    estimates: [],
    unseen: [],
    services: [],
    filtered: [],
  });
  assert.equal(brief(search), "Looking: 12 photos");
  for (const [reason, word] of [
    ["settled", "Settled"],
    ["budget", "Done"],
    ["exhausted", "Done"],
    ["complete", "Done"],
    ["cancelled", "Cancelled"],
    ["failed", "Stopped"],
  ]) {
    search.finish({ type: "finished", id: 1, reason, photos: 1, calls: 1, seconds: 1, problem: null });
    assert.equal(brief(search), `${word}: 1 photo`);
    assert.ok(endOf(search).startsWith(word));
  }
});
