/** @import {KeptAnswer} from "../protocol.js" */
/** @import {Gate} from "./gate.js" */
/** @import {KeptAnswers, Row} from "./kept.js" */

/** So many answers are given at a time. */
const FEW = 8;

/**
 * Gives one engine the answers that were kept before it came, newest first, each once. Their addresses are known then,
 * here and on the page, as if they had come now; and nothing was asked.
 */
export class Recalling {
  #kept;
  #gate;
  /** What it has not been given yet. @type {Promise<Row[]>} */
  #rows;
  /** @type {Promise<unknown>} */
  #last = Promise.resolve();

  /**
   * @param {KeptAnswers} kept
   * @param {Gate} gate
   */
  constructor(kept, gate) {
    this.#kept = kept;
    this.#gate = gate;
    this.#rows = kept.rows();
  }

  /** @returns {Promise<KeptAnswer[]>}  The next few; none when there are no more. */
  next() {
    const given = this.#last.then(() => this.#few());
    this.#last = given.catch(() => {});
    return given;
  }

  async #few() {
    const rows = await this.#rows;
    /** @type {KeptAnswer[]} */
    const few = [];
    while (few.length < FEW && rows.length) {
      const answer = await this.#kept.get(/** @type {Row} */ (rows.shift()));
      // A service that this site does not have is of another version of it.
      if (answer && (await this.#gate.recall(answer.source, answer.body))) few.push(answer);
    }
    return few;
  }
}
