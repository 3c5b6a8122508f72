import { AwakeClock } from "../awake.js";

/** Milliseconds between two looks at the engine. */
export const PING_EVERY = 500;

/**
 * Milliseconds awake that an engine may stay silent: after a cancel, with a new scorer, when another search is
 * wanted, and during a search.
 */
const SILENCE = { cancel: 1000, scorer: 3000, leaving: 3000, search: 20_000 };

/**
 * The part of its start that an engine may be silent with a scorer, where the machine is slow; and the most, in
 * milliseconds.
 */
const SLOW = { part: 1 / 2, most: 12_000 };

/**
 * @typedef {object} Work  What the engine has to do.
 * @property {boolean} cancelling  To end a search.
 * @property {boolean} leaving  To leave one search for another.
 * @property {boolean} trying  To try a scorer that has never worked, or to describe photos by it.
 */

/** Tells an engine that hangs from one that is slow. */
export class Watchdog {
  #clock;
  /** When, by the clock, the engine was first asked for a sign of life that it has not given since.
   * @type {number | null} */
  #asked = null;
  /** When it was told to end a search that it has not ended since. @type {number | null} */
  #ending = null;
  /** When the last engine was started that was waited for. @type {number | null} */
  #startedAt = null;
  /** How long its start took, in milliseconds. */
  #took = 0;

  constructor(clock = new AwakeClock(PING_EVERY + 100)) {
    this.#clock = clock;
  }

  /**
   * Another engine takes over.
   * @param {boolean} waited  Whether its start is waited for: one that was started beside another tells nothing of how
   *   fast the machine is.
   */
  start(waited) {
    this.#asked = this.#ending = null;
    this.#startedAt = waited ? this.#clock.read() : null;
  }

  /** The engine is ready. */
  started() {
    if (this.#startedAt !== null) this.#took = this.#clock.read() - this.#startedAt;
    this.#startedAt = null;
  }

  /** The engine was told to end a search. */
  cancel() {
    this.#asked = this.#ending = this.#clock.read();
  }

  /** A search has ended. */
  ended() {
    this.#ending = null;
  }

  /** The engine has given a sign of life. */
  alive() {
    this.#asked = null;
  }

  /** It has nothing to do: what was asked and not answered before is of no matter now. */
  rest() {
    this.#clock.read();
    this.#asked = null;
  }

  /**
   * Whether it hangs; if not, it is to be asked for a sign of life. A hidden tab's timers are slow: only what is asked
   * and not answered counts as silence.
   * @param {Work} work
   */
  hangs(work) {
    const now = this.#clock.read();
    this.#asked ??= now;
    const never = this.#ending !== null && now - this.#ending > SILENCE.search;
    return never || now - this.#asked > this.#patience(work);
  }

  /** @param {Work} work */
  #patience({ cancelling, leaving, trying }) {
    if (cancelling) return SILENCE.cancel;
    if (leaving) return SILENCE.leaving;
    if (!trying) return SILENCE.search;
    return Math.max(SILENCE.scorer, Math.min(SLOW.most, this.#took * SLOW.part));
  }
}
