/** @import {Result} from "../search/result.js" */

/** Which results are on show, and in which order: today's, or while that has to rest, what is new behind what was. */
export class OrderOnShow {
  /** @type {Result[]} */
  #results = [];
  #differs = false;

  /** What is on show, in its order. */
  get results() {
    return this.#results;
  }

  /** Whether that is not today's order. */
  get differs() {
    return this.#differs;
  }

  /** Nothing of it rests any more. */
  forget() {
    this.#results = [];
  }

  /**
   * Another order is there.
   * @param {Result[]} wanted  What would be on show in today's order.
   * @param {Result[]} listed  All that may be on show.
   * @param {boolean} rests  Whether what is on show stays where it is.
   */
  renew(wanted, listed, rests) {
    this.#results = rests ? this.#kept(wanted, new Set(listed)) : wanted;
    this.#differs = this.#results.some((result, i) => result !== wanted[i]);
  }

  /**
   * @param {Result[]} wanted
   * @param {Set<Result>} listed
   */
  #kept(wanted, listed) {
    // What is left out as likely unsafe goes, whoever is there.
    const kept = this.#results.filter((result) => listed.has(result));
    const fresh = wanted.filter((result) => !kept.includes(result));
    return [...kept, ...fresh.slice(0, Math.max(0, wanted.length - kept.length))];
  }
}
