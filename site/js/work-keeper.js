/** @import {CollectingMessage, CollectMessage, FromEngine} from "./protocol.js" */

/** So often is work given to an engine: what breaks three of them is not worth a fourth. */
const TRIES = 3;

const LOST = {
  code: "work-lost",
  message: "The engine broke down three times over these photos.",
  advice: "What is in stays. Add them again in smaller parts, to find the one that does it.",
  line: null,
};

/**
 * The work on collections that has been asked for and has not ended: so that a new engine can be given it. What an
 * earlier one has kept is passed over.
 */
export class WorkKeeper {
  #lastId = 0;
  /** @type {Map<number, {message: CollectMessage, tries: number}>} */
  #works = new Map();

  /** Whether there is any. */
  get any() {
    return this.#works.size > 0;
  }

  /**
   * @param {Omit<CollectMessage, "type" | "id">} work
   * @param {boolean} sent  Whether there is an engine that it goes to at once.
   * @returns {CollectMessage}
   */
  take(work, sent) {
    /** @type {CollectMessage} */
    const message = { type: "collect", id: ++this.#lastId, ...work };
    this.#works.set(message.id, { message, tries: Number(sent) });
    return message;
  }

  /** @param {FromEngine} message */
  hear(message) {
    if (message.type === "collecting" && ["done", "stopped", "failed"].includes(message.state)) this.#works.delete(message.id);
  }

  /**
   * A new engine is there.
   * @returns {{again: CollectMessage[], lost: CollectingMessage[]}}  What it is given, and what is given up.
   */
  renew() {
    const works = [...this.#works.values()];
    const lost = works.filter(({ tries }) => tries >= TRIES).map(({ message }) => message.id);
    for (const id of lost) this.#works.delete(id);
    const again = [...this.#works.values()];
    for (const work of again) work.tries += 1;
    return { again: again.map(({ message }) => message), lost: lost.map(givenUp) };
  }
}

/**
 * @param {number} id
 * @returns {CollectingMessage}
 */
function givenUp(id) {
  return { type: "collecting", id, state: "failed", done: 0, total: 0, added: 0, unchanged: 0, renamed: 0, rate: 0, left: null, failures: [], file: null, problem: LOST };
}
