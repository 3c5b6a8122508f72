/** What the page's side of the engine makes of engines that hang, break down, and are replaced. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { finished, scored, SETTINGS, Stage } from "./stage.mjs";

/** @type {Stage} */
let stage;
let client;

beforeEach(async () => {
  stage = new Stage();
  client = await stage.open();
});

const WORK = { action: "add", collection: "c", name: "", expires: null, uploads: [] };
const SCORING = { problem: null, features: "kept", optional: [] };

/** Have the engine in charge hang, and be replaced by another that is ready. */
function replaced(milliseconds = 21_000) {
  const before = stage.engine;
  before.hangs = true;
  stage.pass(milliseconds);
  assert.notEqual(stage.engine, before);
  stage.engine.ready();
}

/** Have a score function, "good", in charge, with which nothing is wrong for a while. */
function takeCharge() {
  const id = client.tryScorer("good", "good", false, true);
  stage.engine.meet();
  stage.engine.say({ type: "scorer-tried", id, ...SCORING });
  stage.engine.meet();
  stage.pass(6000);
}

test("a search that an engine has begun ends where that hangs", () => {
  const id = stage.search();
  replaced();
  assert.deepEqual(
    stage.of("finished").map(({ id, reason, problem }) => [id, reason, problem.code]),
    [[id, "failed", "stuck"]],
  );
  assert.deepEqual(stage.engine.types(), []);
});

test("a search asked for while another one hangs is given to the next engine, once, and soon", () => {
  stage.search();
  stage.engine.hangs = true;
  stage.pass(1000);
  const id = stage.search();
  replaced(4000);
  assert.deepEqual(stage.of("finished"), []);
  assert.deepEqual(
    stage.engine.got.map(({ type, id }) => [type, id]),
    [["search", id]],
  );
  stage.engine.say(finished(id));
  stage.engine.meet();
  assert.deepEqual(
    stage.of("finished").map(({ id, reason }) => [id, reason]),
    [[id, "budget"]],
  );
});

test("a search asked for while another one is being cancelled waits for its end, or for the next engine", () => {
  for (const hangs of [false, true]) {
    const first = stage.search();
    stage.engine.hangs = hangs;
    client.cancel();
    const id = stage.search();
    if (hangs) replaced(4000);
    else {
      assert.deepEqual(stage.engine.types().slice(-2), ["search", "cancel"]);
      stage.engine.say(finished(first, "cancelled"));
      stage.engine.meet();
    }
    assert.equal(stage.engine.got.at(-1).id, id);
    assert.equal(stage.engine.got.filter((message) => message.type === "search" && message.id === id).length, 1);
    assert.deepEqual(stage.of("finished"), []);
    stage.engine.say(finished(id));
    stage.engine.meet();
    stage.told.length = 0;
  }
});

test("an idle engine that hangs unseen does not take the next search with it", () => {
  stage.engine.hangs = true;
  const id = stage.search();
  replaced();
  assert.deepEqual(stage.of("finished"), []);
  assert.deepEqual(
    stage.engine.got.map(({ type, id }) => [type, id]),
    [["search", id]],
  );
});

test("one that is cancelled before it reached an engine is over", () => {
  stage.engine.hangs = true;
  const id = stage.search();
  client.cancel();
  replaced(2000);
  assert.deepEqual(
    stage.of("finished").map(({ id, reason }) => [id, reason]),
    [[id, "cancelled"]],
  );
  assert.deepEqual(stage.engine.types(), []);
});

test("an engine that answers pings but never ends a search is replaced", () => {
  const first = stage.search();
  const id = stage.search();
  stage.pass(19_000);
  assert.equal(stage.engines.length, 1);
  stage.pass(2000);
  assert.equal(stage.engines.length, 2);
  stage.engine.ready();
  assert.deepEqual(
    stage.engine.got.map(({ id }) => id),
    [id],
  );
  assert.ok(first < id);
});

test("nothing of an engine that was replaced is heard, were it sent before", () => {
  const id = stage.search();
  const old = stage.engine;
  old.hangs = true;
  for (const message of [
    { type: "failed", problem: { code: "start", message: "", advice: "", line: null } },
    scored(id, "late"),
    { type: "collecting", id: 1, state: "done" },
    { type: "ready", versions: {}, policies: [], services: [] },
    finished(id + 1),
  ]) {
    old.page.other.queue.length = 0;
    old.say(message);
  }
  client.replaceEngine({ code: "stuck", message: "", advice: "", line: null });
  const later = stage.search();
  const told = stage.told.length;
  old.page.other.deliver();
  old.frame.callbacks.onBroken("");
  assert.equal(stage.told.length, told);
  assert.equal(stage.engines.length, 2);
  stage.engine.ready();
  assert.deepEqual(
    stage.engine.got.map(({ type, id }) => [type, id]),
    [["search", later]],
  );
});

test("what is asked for while `ready` is told reaches the engine once", () => {
  const act = () => {
    client.tryScorer("code", "mine", false, true);
    client.collect(WORK);
    client.search([], SETTINGS, {}, "", new Map());
  };
  stage.onEmitted = ({ type }) => type === "ready" && act();
  client.replaceEngine({ code: "crashed", message: "", advice: "", line: null });
  stage.engine.ready();
  assert.deepEqual(stage.engine.types().sort(), ["collect", "search", "try-scorer"]);
});

test("what is asked for while an engine starts reaches it once, when it is ready", () => {
  client.replaceEngine({ code: "crashed", message: "", advice: "", line: null });
  client.tryScorer("code", "mine", false, true);
  client.collect(WORK);
  client.search([], SETTINGS, {}, "", new Map());
  client.mark(1, "1", "liked");
  client.steer(1, "cat", "pin");
  stage.engine.meet();
  assert.deepEqual(stage.engine.got, []);
  stage.engine.ready();
  assert.deepEqual(stage.engine.types().sort(), ["collect", "search", "try-scorer"]);
});

test("tags are steered in the search that the engine has, whether it runs or has ended, and in no other", () => {
  const id = stage.search();
  client.steer(id, "cat", "pin");
  stage.engine.say(finished(id));
  stage.engine.meet();
  client.steer(id, "dog", "ban");
  client.steer(id - 1, "owl", "ban");
  stage.engine.meet();
  const steered = () => stage.engine.got.filter(({ type }) => type === "steer").map(({ id, tag }) => [id, tag]);
  assert.deepEqual(steered(), [
    [id, "cat"],
    [id, "dog"],
  ]);
  client.replaceEngine({ code: "crashed", message: "", advice: "", line: null });
  stage.engine.ready();
  client.steer(id, "owl", "ban");
  stage.engine.meet();
  assert.deepEqual(steered(), []);
});

test("a search begins with the tags that are steered by then, however long it waits for an engine", () => {
  const stances = new Map([
    ["cat", "pin"],
    ["dog", "ban"],
    ["owl", "ban"],
  ]);
  const first = stage.search();
  client.cancel();
  const id = stage.search(stances);
  stances.delete("dog");
  stances.set("fox", "ban");
  stage.engine.say(finished(first, "cancelled"));
  stage.engine.meet();
  const search = stage.engine.got.at(-1);
  assert.deepEqual([search.type, search.id, search.pinned, search.banned], ["search", id, ["cat"], ["owl", "fox"]]);
  assert.equal(search.stances, undefined);
});

test("a score function that hangs is told, and not tried again", () => {
  const id = client.tryScorer("while True: pass", "bad", false, true);
  stage.engine.meet();
  replaced(4000);
  assert.deepEqual(
    stage.of("scorer-tried").map(({ id, problem }) => [id, problem.code]),
    [[id, "scoring-lost"]],
  );
  assert.deepEqual(stage.engine.types(), []);
});

test("where the machine is slow, as an engine's start tells, a score function may take longer", () => {
  client.replaceEngine({ code: "crashed", message: "", advice: "", line: null });
  stage.pass(30_000);
  stage.engine.ready();
  client.tryScorer("while True: pass", "bad", false, true);
  stage.engine.meet();
  stage.engine.hangs = true;
  stage.pass(9000);
  assert.deepEqual(stage.of("scorer-tried"), []);
  stage.pass(4000);
  assert.equal(stage.of("scorer-tried").length, 1);
});

test("one that has worked before may take long in a new engine, as on a busy machine, and is not blamed at once", () => {
  takeCharge();
  client.replaceEngine({ code: "crashed", message: "", advice: "", line: null });
  stage.told.length = 0;
  stage.engine.ready();
  const id = stage.search();
  stage.engine.hangs = true;
  stage.pass(13_000);
  assert.equal(stage.engines.length, 2);
  stage.engine.hangs = false;
  stage.engine.say({ type: "scorer-tried", id: stage.engine.got[0].id, ...SCORING });
  stage.engine.meet();
  assert.equal(client.inCharge.code, "good");
  stage.engine.hangs = true;
  stage.pass(13_000);
  stage.engine.hangs = false;
  stage.engine.say(finished(id));
  stage.engine.meet();
  assert.deepEqual(
    stage.of("finished").map(({ reason }) => reason),
    ["budget"],
  );
  assert.equal(stage.engines.length, 2);
});

test("one that has worked before and never returns in a new engine is stopped in the end, and not tried again", () => {
  takeCharge();
  client.replaceEngine({ code: "crashed", message: "", advice: "", line: null });
  stage.engine.ready();
  stage.engine.meet();
  replaced();
  assert.deepEqual(stage.engine.types(), []);
  assert.equal(client.inCharge, null);
});

test("a score function that never reached an engine which hangs is not blamed, and tried by the next", () => {
  client.tryScorer("while True: pass", "bad", false, true);
  stage.engine.meet();
  stage.engine.hangs = true;
  stage.pass(1000);
  const id = client.tryScorer("good", "good", false, true);
  replaced(4000);
  assert.deepEqual(stage.of("scorer-tried"), []);
  assert.deepEqual(
    stage.engine.got.map(({ type, id }) => [type, id]),
    [["try-scorer", id]],
  );
});

test("the last good score function is in charge in a new engine before another one is tried", () => {
  takeCharge();
  client.replaceEngine({ code: "crashed", message: "", advice: "", line: null });
  stage.told.length = 0;
  const id = client.tryScorer("1 / 0", "other", false, true);
  stage.engine.ready();
  assert.deepEqual(
    stage.engine.got.map(({ code }) => code),
    ["good"],
  );
  stage.engine.say({ type: "scorer-tried", id: stage.engine.got[0].id, ...SCORING });
  stage.engine.meet();
  assert.deepEqual(
    stage.engine.got.map(({ code }) => code),
    ["good", "1 / 0"],
  );
  stage.engine.say({
    type: "scorer-tried",
    id,
    ...SCORING,
    problem: { code: "score", message: "", advice: "", line: 1 },
  });
  stage.engine.meet();
  assert.equal(client.inCharge.code, "good");
});

test("work that was paused or stopped is so in the next engine, too", () => {
  const ids = [client.collect(WORK), client.collect(WORK), client.collect(WORK)];
  stage.engine.meet();
  stage.engine.hangs = true;
  client.conduct(ids[0], "pause");
  client.conduct(ids[1], "stop");
  client.conduct(ids[2], "pause");
  client.conduct(ids[2], "resume");
  replaced();
  const given = stage.engine.got.map(({ type, id, wish }) => [type, id, wish]);
  assert.deepEqual(given, [
    ["collect", 1, undefined],
    ["conduct", 1, "pause"],
    ["collect", 2, undefined],
    ["conduct", 2, "stop"],
    ["collect", 3, undefined],
  ]);
});

test("work is not blamed for engines that it never reached", () => {
  client.collect(WORK);
  stage.engine.hangs = true;
  for (let time = 0; time < 4; time++) {
    client.replaceEngine({ code: "crashed", message: "", advice: "", line: null });
    // It is sent to each, and reaches none.
    stage.engine.page.postMessage({ type: "ready", versions: {}, policies: [], services: [] });
    stage.engine.hangs = true;
    stage.engine.meet();
  }
  assert.deepEqual(stage.of("collecting"), []);
});

test("each engine has ports of its own to the courier and the vision workers", () => {
  client.replaceEngine({ code: "crashed", message: "", advice: "", line: null });
  const [first, second] = stage.engines;
  assert.equal(first.frame.terminated, true);
  assert.equal(second.vision.length, first.vision.length);
  assert.ok([second.courier, ...second.vision].every((port) => ![first.courier, ...first.vision].includes(port)));
});

test("photos that were told count, though progress was not", () => {
  const id = stage.search();
  for (const photo of ["a", "b"]) stage.engine.say(scored(id, photo));
  stage.engine.meet();
  replaced();
  assert.equal(stage.of("finished")[0].photos, 2);
});

test("a score function from elsewhere leaves with its engine, and what is tried next is tried alone", () => {
  const theirs = client.tryScorer("theirs", "theirs", false, false);
  stage.engine.meet();
  stage.engine.say({ type: "scorer-tried", id: theirs, ...SCORING });
  stage.engine.meet();
  const before = stage.engine;
  stage.pass(8000); // in which another engine is started beside
  assert.equal(stage.engines.length, 2);
  stage.engine.ready();
  const id = client.tryScorer("mine", "mine", false, true);
  stage.engine.meet();
  assert.equal(before.frame.terminated, true);
  assert.equal(stage.engines.length, 2);
  assert.deepEqual(
    stage.engine.got.map(({ code }) => code),
    ["mine"],
  );
  // It fails: the one before is in charge again, in the new engine.
  stage.engine.say({
    type: "scorer-tried",
    id,
    ...SCORING,
    problem: { code: "score", message: "", advice: "", line: null },
  });
  stage.engine.meet();
  assert.deepEqual(
    stage.engine.got.map(({ code }) => code),
    ["mine", "theirs"],
  );
});

test("one that failed is not in charge, and leaves though the one before came back into its engine", () => {
  const theirs = client.tryScorer("theirs", "theirs", false, false);
  stage.engine.meet();
  stage.engine.say({ type: "scorer-tried", id: theirs, ...SCORING });
  stage.engine.meet();
  const bad = client.tryScorer("bad", "bad", false, false);
  stage.engine.ready();
  stage.engine.say({
    type: "scorer-tried",
    id: bad,
    ...SCORING,
    problem: { code: "score", message: "", advice: "", line: null },
  });
  stage.engine.meet();
  assert.deepEqual(
    stage.engine.got.map(({ code }) => code),
    ["bad", "theirs"],
  );
  stage.engine.say({ type: "scorer-tried", id: stage.engine.got[1].id, ...SCORING });
  stage.engine.meet();
  const tainted = stage.engine;
  stage.pass(8000); // in which another engine is started beside
  stage.engine.ready();
  stage.pass(1000);
  assert.equal(tainted.frame.terminated, true);
  assert.deepEqual(
    stage.engine.got.map(({ code }) => code),
    ["theirs"],
  );
});

test("a new engine knows what was on show before a new score function, and that before a search", () => {
  const again = { id: 1, queries: [], text: "", settings: { sources: [] }, results: [] };
  stage.onEmitted = ({ type }) => {
    if (type !== "ready") return;
    client.restore(again);
    client.search([], SETTINGS, {}, "", new Map());
  };
  client.replaceEngine({ code: "crashed", message: "", advice: "", line: null });
  const id = client.tryScorer("mine", "mine", false, true);
  stage.engine.ready();
  assert.deepEqual(stage.engine.types(), ["restore", "try-scorer", "search"]);
  stage.engine.say({ type: "scorer-tried", id, ...SCORING });
  stage.engine.say({ type: "rescored", id: 1, scores: [], order: null, itself: null });
  stage.engine.meet();
  client.replaceEngine({ code: "crashed", message: "", advice: "", line: null });
  stage.engine.ready();
  // By the scorer in charge what was on show is ranked already.
  assert.deepEqual(stage.engine.types(), ["try-scorer", "restore", "search"]);
});

test("a score function from elsewhere that failed leaves before own files are read", () => {
  const theirs = client.tryScorer("theirs", "theirs", false, false);
  stage.engine.meet();
  stage.engine.say({
    type: "scorer-tried",
    id: theirs,
    ...SCORING,
    problem: { code: "score", message: "", advice: "", line: null },
  });
  stage.engine.meet();
  const before = stage.engine;
  client.collect(WORK);
  assert.equal(before.frame.terminated, true);
  stage.engine.ready();
  assert.deepEqual(before.types(), ["try-scorer"]);
  assert.deepEqual(stage.engine.types(), ["collect"]);
});

test("what the person wrote here stays in one engine", () => {
  for (const code of ["one", "two", "three"]) {
    const id = client.tryScorer(code, code, false, true);
    stage.engine.meet();
    stage.engine.say({ type: "scorer-tried", id, ...SCORING });
    stage.engine.meet();
  }
  stage.pass(8000);
  assert.equal(stage.engines.length, 1);
});

test("a file is taken for an export that was asked for, once", () => {
  const told = {
    type: "collecting",
    state: "done",
    done: 0,
    total: 0,
    added: 0,
    unchanged: 0,
    renamed: 0,
    rate: 0,
    left: null,
    failures: [],
    problem: null,
    notes: [],
    others: 0,
  };
  const file = new Blob(["x"]);
  const added = client.collect(WORK);
  const exported = client.collect({ ...WORK, action: "export" });
  for (const id of [added, exported, exported, 99]) stage.engine.say({ ...told, id, file });
  stage.engine.meet();
  assert.deepEqual(
    stage.of("collecting").map((message) => message.file && message.id),
    [null, exported, null, null],
  );
});

test("only the answer to a ping is a sign of life", () => {
  stage.search();
  const before = stage.engine;
  before.hangs = true;
  for (let second = 0; second < 25; second++) {
    before.say({ type: "pong", id: 1 });
    before.say({ type: "console", text: "I am here" });
    stage.pass(1000);
  }
  assert.notEqual(stage.engine, before);
});

test("what is of no known form is passed over", () => {
  const id = stage.search();
  for (const message of [
    null,
    5,
    { type: "finished", id },
    { type: "finished", id: "1" },
    { ...finished(id), reason: "x" },
  ])
    stage.engine.say(message);
  stage.engine.meet();
  assert.deepEqual(stage.of("finished"), []);
});

const BUDGET = { photos: 110, calls: 20, seconds: 60 };

/** Have a search begin and end. */
function searched(reason = "budget") {
  const id = stage.search();
  stage.engine.say(finished(id, reason));
  stage.engine.meet();
  return id;
}

test("a search that has ended goes on in its engine, as often as one likes, and ends again", () => {
  const id = searched();
  for (const photos of [110, 440]) {
    assert.equal(client.resumable, id);
    client.goOn({ ...BUDGET, photos }, { flickr: [1] });
    assert.equal(client.resumable, null);
    stage.engine.meet();
    assert.deepEqual(stage.engine.got.at(-1), { type: "continue", id, ...BUDGET, photos, made: { flickr: [1] } });
    stage.engine.say(finished(id, "settled"));
    stage.engine.meet();
  }
  assert.deepEqual(
    stage.of("finished").map(({ id, reason }) => [id, reason]),
    [
      [id, "budget"],
      [id, "settled"],
      [id, "settled"],
    ],
  );
});

test("one that goes on is cancelled, and ends with an engine that hangs", () => {
  const id = searched();
  client.goOn(BUDGET, {});
  client.cancel();
  stage.engine.meet();
  assert.deepEqual(stage.engine.types().slice(-2), ["continue", "cancel"]);
  stage.engine.say(finished(id, "cancelled"));
  stage.engine.meet();
  client.goOn(BUDGET, {});
  stage.engine.meet();
  replaced();
  assert.deepEqual(
    stage.of("finished").map(({ reason }) => reason),
    ["budget", "cancelled", "failed"],
  );
  assert.equal(client.resumable, null);
  client.goOn(BUDGET, {});
  assert.deepEqual(stage.engine.types(), []);
});

test("what never reached the engine that hung is not waited for", () => {
  searched();
  stage.engine.hangs = true;
  client.goOn(BUDGET, {});
  replaced();
  assert.deepEqual(
    stage.of("finished").map(({ reason }) => reason),
    ["budget", "failed"],
  );
});

test("a search cannot go on while it runs, in another engine, or when the engine was given another one", () => {
  const id = stage.search();
  assert.equal(client.resumable, null);
  stage.engine.say(finished(id));
  stage.engine.meet();
  client.restore({ id: id + 1, queries: [], text: "", settings: SETTINGS, results: [] });
  assert.equal(client.resumable, null);
  searched();
  client.replaceEngine({ code: "crashed", message: "", advice: "", line: null });
  assert.equal(client.resumable, null);
  stage.engine.ready();
  assert.equal(client.resumable, null);
});

test("a search does not go on beside what a stranger's score function may have left", () => {
  client.tryScorer("stranger", "theirs", false, false);
  stage.engine.meet();
  stage.engine.say({ type: "scorer-tried", id: stage.engine.got.at(-1).id, ...SCORING });
  stage.engine.meet();
  const id = searched();
  assert.equal(client.resumable, id);
  client.tryScorer("mine", "mine", false, true);
  assert.equal(client.resumable, null);
});
