/** When an engine counts as one that hangs, by a clock that is played here. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { AwakeClock } from "../../site/js/awake.js";
import { PING_EVERY, Watchdog } from "../../site/js/client/watchdog.js";

const SEARCH = { cancelling: false, leaving: false, trying: false };
const CANCEL = { ...SEARCH, cancelling: true };
const TRIAL = { ...SEARCH, trying: true };

/** An engine under watch. */
class Watched {
  now = 0;

  constructor() {
    this.watchdog = new Watchdog(new AwakeClock(PING_EVERY + 100, () => this.now));
  }

  /** How long it may be silent from now on, in milliseconds; what it says before that does not count. */
  patience(work) {
    this.watchdog.alive();
    for (let silent = 0; silent < 60_000; silent += PING_EVERY) {
      if (this.watchdog.hangs(work)) return silent - PING_EVERY;
      this.now += PING_EVERY;
    }
    return Infinity;
  }

  /** Start it in so many milliseconds. */
  start(took, waited = true) {
    this.watchdog.start(waited);
    for (let passed = 0; passed < took; passed += PING_EVERY) {
      this.now += PING_EVERY;
      this.watchdog.rest();
    }
    this.watchdog.started();
    return this;
  }
}

test("it may be silent for as long as what it does can take", () => {
  const engine = new Watched().start(2000);
  assert.deepEqual(
    [CANCEL, { ...SEARCH, leaving: true }, TRIAL, SEARCH].map((work) => engine.patience(work)),
    [1000, 3000, 3000, 20_000],
  );
});

test("with a scorer, a slow machine has more time, and not without end", () => {
  assert.equal(new Watched().start(10_000).patience(TRIAL), 5000);
  assert.equal(new Watched().start(60_000).patience(TRIAL), 12_000);
});

test("an engine that was started beside another does not make the machine look fast or slow", () => {
  assert.equal(new Watched().start(10_000).start(0, false).patience(TRIAL), 5000);
});

test("a sign of life, and rest, begin the time again; sleep does not count", () => {
  const engine = new Watched().start(1000);
  engine.watchdog.hangs(CANCEL);
  engine.now += 900;
  engine.watchdog.alive();
  assert.equal(engine.watchdog.hangs(CANCEL), false);
  engine.now += 900;
  engine.watchdog.rest();
  assert.equal(engine.watchdog.hangs(CANCEL), false);
  engine.now += 3_600_000;
  assert.equal(engine.watchdog.hangs(CANCEL), false);
});

test("one that answers, and never ends a search that was cancelled, hangs as well", () => {
  const engine = new Watched().start(1000);
  engine.watchdog.cancel();
  let alive = 0;
  while (!engine.watchdog.hangs(SEARCH)) {
    engine.now += PING_EVERY;
    engine.watchdog.alive();
    alive += PING_EVERY;
  }
  assert.equal(alive, 20_500);
  engine.watchdog.ended();
  assert.equal(engine.watchdog.hangs(SEARCH), false);
});
