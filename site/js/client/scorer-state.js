/** @import {FromEngine, ScoringEvent, Problem} from "../protocol.js" */

/**
 * @typedef {{code: string, name: string, own: boolean}} Scorer  `own`: the person wrote it here, or it is the site's.
 */
/** @typedef {Scorer & {id: number, accepted: boolean, again: boolean, published: boolean}} Trial */

/** Milliseconds after a sign of the scorer at work in which it is watched closely. */
const WATCHED = 5000;

/**
 * Which scorer is in charge, and which one is being tried: so that a new engine can be given the
 * last good one, and one that never returns is not sent twice.
 */
export class ScorerState {
  #lastId = 0;
  /** The one that has worked; null for the published one. @type {Scorer | null} */
  #good = null;
  /** @type {Trial | null} */
  #trial = null;
  /** What is tried as soon as a new engine has the last good one again. @type {Trial | null} */
  #next = null;
  /** Whether the engine has not been given the last good one. */
  #missing = false;
  #until = 0;

  /** The scorer that the scores on show are by; null for the published one. */
  get inCharge() {
    return this.#trial?.accepted && !this.#trial.published ? this.#trial : this.#good;
  }

  /** What is being tried, or has been and counts from now on. */
  get trial() {
    return this.#trial;
  }

  /** Whether there is something to try, now or next. */
  get trying() {
    return this.#next !== null || (this.#trial !== null && !this.#trial.accepted);
  }

  /** Whether what is tried has worked in an engine before: then a silence tells of a slow machine. */
  get proven() {
    return this.#trial?.again === true && !this.#trial.accepted;
  }

  /** Whether the scorer may be at work, so that a short silence tells that it never returns. */
  get watching() {
    return this.trying || performance.now() < this.#until;
  }

  /**
   * @param {Scorer} scorer
   * @param {boolean} published  Whether it is the site's own.
   * @returns {Trial}  It is for an engine now where it is `trial`; else `receive` gives it in time.
   */
  try({ code, name, own }, published) {
    this.#settle();
    const trial = { id: ++this.#lastId, code, name, own, published, accepted: false, again: false };
    // Where it fails, the last good one is to be in charge in the engine, too.
    if (this.#trial?.again) this.#next = trial;
    else this.#trial = trial;
    return trial;
  }

  /** The scorer is asked for something. */
  touch() {
    this.#until = performance.now() + WATCHED;
  }

  /**
   * @param {FromEngine} message
   * @returns {Trial | null}  What is to be sent now.
   */
  receive(message) {
    const trial = this.#trial;
    // A search by a photo and words is ranked again all the time, with nothing new at work.
    if (message.type === "recomputing" || (message.type === "rescored" && this.watching)) this.touch();
    if (message.type === "rescored") this.#settle();
    if (message.type !== "scorer-tried" || message.id !== trial?.id) return null;
    if (message.problem && trial.again) this.#good = null;
    if (message.problem) this.#trial = null;
    else trial.accepted = true;
    // What ranked these photos before, in another engine, returns.
    if (!trial.again || message.problem) this.touch();
    if (!message.problem || !this.#missing) return this.#proceed();
    this.#missing = false;
    this.#recall();
    return this.#trial;
  }

  /** Nothing has been wrong for a while. */
  rest() {
    if (!this.watching) this.#settle();
  }

  /**
   * The engine was lost: finds the trial to blame, and goes back to the last good scorer.
   * @param {(id: number) => boolean} untaken  Whether a trial never reached it: then it is not to blame, and for the
   *   next one.
   * @returns {{id: number, fallback: string} | null}  What was tried, and what is in charge now.
   */
  blame(untaken) {
    this.#until = 0;
    if (this.#trial && untaken(this.#trial.id)) return null;
    const blamed = this.#trial;
    if (blamed?.again) this.#good = null;
    this.#trial = null;
    this.#proceed();
    return blamed && { id: blamed.id, fallback: this.#good ? `“${this.#good.name}”` : "py/score.py as published" };
  }

  /**
   * A new engine starts: it knows the published scorer alone.
   * @param {boolean} [alone]  What is tried comes first: then the last good one is given only if it fails.
   */
  renew(alone = false) {
    if (this.#trial?.accepted) this.#settle();
    this.#missing = alone && this.#trial !== null && this.#good !== null;
    if (!this.#good || this.#trial?.again || this.#missing) return;
    this.#next = this.#trial;
    this.#recall();
  }

  /** Have the last good one tried again. */
  #recall() {
    if (this.#good) this.#trial = { ...this.#good, id: ++this.#lastId, published: false, accepted: false, again: true };
  }

  #proceed() {
    if (!this.#next) return null;
    this.#settle();
    this.#trial = this.#next;
    this.#next = null;
    return this.#trial;
  }

  #settle() {
    if (!this.#trial?.accepted) return;
    const { code, name, own, published } = this.#trial;
    this.#good = published ? null : { code, name, own };
    this.#missing = false;
    this.#trial = null;
  }
}

/**
 * Whether a message tells of scorers and what they find, which a search's end does not end.
 * @param {FromEngine} message
 * @returns {message is ScoringEvent}
 */
export function isOfScoring(message) {
  return ["scorer-tried", "console", "recomputing", "rescored", "ranked", "joined", "noted"].includes(message.type);
}

/**
 * What the person reads of a scorer that took the engine with it.
 * @param {{id: number, fallback: string}} blamed
 * @param {boolean} stuck  Whether it hung, or broke it.
 * @returns {Problem}
 */
export function scorerLost({ fallback }, stuck) {
  const what = stuck ? "did not return in time" : "broke the engine down";
  return {
    code: "scoring-lost",
    message: `The score function ${what}, so the engine was restarted.`,
    advice: `The last good one is in charge again: ${fallback}. What was found stays.`,
    line: null,
  };
}
