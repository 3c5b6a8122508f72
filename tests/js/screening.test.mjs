/** Which pictures the page has judged, in which order, and what it draws of them. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { Results } from "../../site/js/search/results.js";
import { prepared } from "../../site/js/safety/prepared.js";
import { SafetyClient } from "../../site/js/safety/safety-client.js";
import { Screening, treatmentOf } from "../../site/js/safety/screening.js";

/** A classifier whose verdicts a test gives. */
class Classifier {
  started = 0;
  loaded = 0;
  asked = [];

  start() {
    this.started++;
  }

  load() {
    this.loaded++;
  }

  judge(bytes, judged) {
    this.asked.push({ number: bytes[0], judged });
  }

  /** Give the next verdict. */
  say(unsafe) {
    this.asked.shift().judged(unsafe);
  }

  get numbers() {
    return this.asked.map(({ number }) => number);
  }
}

function search({ sources = ["openverse"], safe = true, photos = 0, source = "openverse" } = {}) {
  const results = new Results();
  for (let i = 0; i < photos; i++) {
    const photo = { id: `${source}:${i}`, source, title: "", owner: "" };
    results.add({ photo, score: -i, tag: "", twin: null, thumbnail: new Uint8Array([i]) });
  }
  return { results, settings: { sources, filters: { safe } }, active: true, unsafe: null };
}

function screening(classifier, { treatment = "hide", kept = false } = {}) {
  const heard = { judged: [], problems: [], treatment };
  const screening = new Screening(classifier, {
    treatment: () => heard.treatment,
    kept: async () => kept,
    judged: (of, result) => {
      heard.judged.push(result.thumbnail[0]);
      screening.look(of, () => of.results.listed.slice(0, 3));
    },
    problem: (problem) => heard.problems.push(problem),
  });
  return { screening, heard };
}

/** What the grid does for each drawing, with three results on a page. */
function look(screening, of) {
  of.results.screen = screening.screenOf(of);
  screening.look(of, () => of.results.listed.slice(0, 3));
}

test("those on show are judged first, the others when the search is over", () => {
  const classifier = new Classifier();
  const { screening: it, heard } = screening(classifier);
  const of = search({ photos: 6 });
  look(it, of);
  assert.deepEqual(classifier.numbers, [0, 1]);
  // 0 is left out, so that 3 comes on show.
  classifier.say(true);
  classifier.say(false);
  classifier.say(false);
  classifier.say(false);
  assert.deepEqual(heard.judged, [0, 1, 2, 3]);
  assert.deepEqual(classifier.numbers, []);
  of.active = false;
  look(it, of);
  assert.deepEqual(classifier.numbers, [4, 5]);
});

test("before an export all pictures are judged, even while the search runs; another search ends the wait", async () => {
  const classifier = new Classifier();
  const { screening: it } = screening(classifier);
  const of = search({ photos: 5 });
  look(it, of);
  let done = false;
  const judged = it.judgeAll(of).then(() => (done = true));
  for (let i = 0; i < 4; i++) classifier.say(false);
  await null;
  assert.equal(done, false);
  classifier.say(false);
  await judged;
  await it.judgeAll(of);
  const next = search({ photos: 5 });
  look(it, next);
  const given = it.judgeAll(next);
  look(it, search());
  await given;
});

test("a picture is drawn when it is found safe, and not before; an unsafe one is left out or veiled", () => {
  const classifier = new Classifier();
  const { screening: it, heard } = screening(classifier);
  const of = search({ photos: 2 });
  look(it, of);
  const [first, second] = of.results.all;
  assert.deepEqual([of.results.shows(first), of.results.shows(second)], [false, false]);
  classifier.say(true);
  classifier.say(false);
  assert.deepEqual(of.results.listed, [second]);
  assert.equal(of.results.admittedOf(""), 1);
  assert.equal(of.results.unsafeOf("openverse"), 1);
  assert.deepEqual([of.results.shows(first), of.results.shows(second)], [false, true]);
  of.unsafe = "veil";
  look(it, of);
  assert.deepEqual(of.results.listed, [first, second]);
  assert.equal(of.results.shows(first), false);
  first.unveiled = true;
  assert.equal(of.results.shows(first), true);
  heard.treatment = "show";
  look(it, of);
  assert.equal(of.results.screen, "off");
});

test("an unsafe near-duplicate gives its place to the next of its set", () => {
  const classifier = new Classifier();
  const { screening: it } = screening(classifier);
  const of = search({ photos: 1 });
  const photo = { id: "openverse:twin", source: "openverse", title: "", owner: "" };
  of.results.add({ photo, score: -1, tag: "", twin: "openverse:0", thumbnail: new Uint8Array([9]) });
  look(it, of);
  classifier.say(true);
  assert.deepEqual(
    of.results.listed.map(({ photo }) => photo.id),
    ["openverse:twin"],
  );
});

test("own photos are never judged, nor anything where safe only is off or the person has turned it off", () => {
  for (const [options, treatment] of [
    [{ photos: 2, source: "collection:1", sources: ["collection:1"] }, "hide"],
    [{ photos: 2, safe: false }, "hide"],
    [{ photos: 2 }, "show"],
  ]) {
    const classifier = new Classifier();
    const { screening: it } = screening(classifier, { treatment });
    const of = search(options);
    look(it, of);
    of.active = false;
    look(it, of);
    assert.deepEqual([classifier.started, classifier.loaded, classifier.numbers], [0, 0, []]);
    assert.ok(of.results.all.every((result) => of.results.shows(result)));
  }
});

test("the network is loaded before the first results only where it is kept", async () => {
  for (const kept of [false, true]) {
    const classifier = new Classifier();
    const { screening: it } = screening(classifier, { kept });
    const of = search();
    look(it, of);
    look(it, of);
    await null;
    await null;
    assert.deepEqual([classifier.started, classifier.loaded], [1, kept ? 1 : 0]);
  }
});

test("where it fails, everything is shown and it is said once; the next search tries again", () => {
  const classifier = new Classifier();
  const { screening: it, heard } = screening(classifier);
  const of = search({ photos: 2 });
  look(it, of);
  it.fail("The file nsfw.onnx is missing (HTTP 404).");
  look(it, of);
  assert.ok(of.results.all.every((result) => of.results.shows(result)));
  assert.match(heard.problems[0].message, /nsfw\.onnx is missing/);
  const next = search({ photos: 2 });
  look(it, next);
  assert.equal(classifier.started, 2);
  assert.deepEqual(classifier.numbers, [0, 1, 0, 1]);
  it.fail("Again.");
  assert.equal(heard.problems.length, 1);
});

test("what a person chose is read from what is kept, and hiding is the default", () => {
  assert.deepEqual(["", "veil", "show", "x"].map(treatmentOf), ["hide", "veil", "show", "hide"]);
});

test("the client gives a worker's verdicts, and ends a worker that is broken", async () => {
  let given;
  let ended = 0;
  globalThis.Worker = class {
    addEventListener() {}
    postMessage(options) {
      given = options;
    }
    terminate() {
      ended++;
    }
  };
  const why = [];
  const client = new SafetyClient("http://site.test/", (message) => why.push(message));
  const bytes = new Uint8Array([7]);
  const verdict = new Promise((resolve) => client.judge(bytes, resolve));
  given.page.onmessage = ({ data }) =>
    given.page.postMessage({ type: "judged", id: data.id, unsafe: data.bytes[0] === 7 });
  assert.equal(await verdict, true);
  // What is on show keeps its bytes.
  assert.equal(bytes.length, 1);
  given.page.onmessage = () => given.page.postMessage({ type: "broken", message: "It broke." });
  client.judge(bytes, () => why.push("never"));
  while (!why.length) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual([why, ended], [["It broke."], 1]);
});

test("a picture is scaled between its corners, which stay where they are", () => {
  const data = new Uint8ClampedArray([0, 30, 0, 255, 90, 30, 0, 255, 60, 30, 0, 255, 150, 30, 0, 255]);
  const values = prepared({ data, width: 2, height: 2 }, { size: 4, mean: [0, 10, 0], std: [30, 10, 1] });
  const red = Array.from(values.slice(0, 16), (value) => Number(value.toFixed(4)));
  assert.deepEqual(red, [0, 1, 2, 3, 0.6667, 1.6667, 2.6667, 3.6667, 1.3333, 2.3333, 3.3333, 4.3333, 2, 3, 4, 5]);
  assert.ok(values.slice(16, 32).every((value) => value === 2));
  assert.equal(
    prepared({ data: data.slice(0, 4), width: 1, height: 1 }, { size: 4, mean: [0, 0, 0], std: [1, 1, 1] })[20],
    30,
  );
});

test("a picture that an earlier search has shown is not judged again, but another one by its name is", () => {
  const classifier = new Classifier();
  const { screening: screen, heard } = screening(classifier);
  const one = search({ photos: 3 });
  screen.look(one, () => one.results.listed);
  for (const unsafe of [false, true, false]) classifier.say(unsafe);
  const other = search({ photos: 3 });
  other.results.find("openverse:2").thumbnail = new Uint8Array([7]);
  heard.judged.length = 0;
  screen.look(other, () => other.results.listed);
  assert.deepEqual(heard.judged, [0, 1]);
  assert.deepEqual(
    other.results.all.map(({ verdict }) => verdict),
    ["safe", "unsafe", "none"],
  );
  assert.deepEqual(classifier.numbers, [7]);
});
