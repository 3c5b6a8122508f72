/** @import {CollectingMessage, CollectMessage, ConductMessage, FromEngine, ToEngine, Wish} from "../protocol.js" */

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
export class JobKeeper {
  #lastId = 0;
  /** @type {Map<number, {message: CollectMessage, tries: number, wish: Wish | null}>} */
  #works = new Map();

  /** Whether there is any. */
  get any() {
    return this.#works.size > 0;
  }

  /** The collections that are worked on. */
  get working() {
    return new Set([...this.#works.values()].map(({ message }) => message.collection));
  }

  /** Those of them that are made by it. */
  get making() {
    const made = [...this.#works.values()].filter(
      ({ message }) => message.action === "create" || message.action === "open",
    );
    return new Set(made.map(({ message }) => message.collection));
  }

  /**
   * @param {Omit<CollectMessage, "type" | "id">} work
   * @param {boolean} sent  Whether there is an engine that it goes to at once.
   * @returns {CollectMessage}
   */
  take(work, sent) {
    /** @type {CollectMessage} */
    const message = { type: "collect", id: ++this.#lastId, ...work };
    this.#works.set(message.id, { message, tries: Number(sent), wish: null });
    return message;
  }

  /**
   * Whether a message ends the making of a file.
   * @param {CollectingMessage} message
   */
  exports({ id, state }) {
    return state === "done" && this.#works.get(id)?.message.action === "export";
  }

  /**
   * What the person wants of it holds for each engine that it is given to.
   * @param {number} id
   * @param {Wish} wish
   * @returns {ConductMessage}
   */
  conduct(id, wish) {
    const work = this.#works.get(id);
    if (work) work.wish = wish;
    return { type: "conduct", id, wish };
  }

  /**
   * An engine is gone.
   * @param {ToEngine[]} untaken  What never reached it, and so has not broken it.
   */
  lose(untaken) {
    for (const message of untaken) {
      const work = message.type === "collect" && this.#works.get(message.id);
      if (work) work.tries -= 1;
    }
  }

  /** @param {FromEngine} message */
  receive(message) {
    if (message.type === "collecting" && ["done", "stopped", "failed"].includes(message.state))
      this.#works.delete(message.id);
  }

  /**
   * A new engine is there.
   * @returns {{again: (CollectMessage | ConductMessage)[], lost: CollectingMessage[]}}  What it is given, and what is
   *   given up.
   */
  renew() {
    const works = [...this.#works.values()];
    const lost = works.filter(({ tries }) => tries >= TRIES).map(({ message }) => message.id);
    for (const id of lost) this.#works.delete(id);
    const left = [...this.#works.values()];
    for (const work of left) work.tries += 1;
    const again = left.flatMap(({ message, wish }) =>
      wish && wish !== "resume" ? [message, this.conduct(message.id, wish)] : [message],
    );
    return { again, lost: lost.map(givenUp) };
  }
}

/**
 * @param {number} id
 * @returns {CollectingMessage}
 */
function givenUp(id) {
  return {
    type: "collecting",
    id,
    state: "failed",
    done: 0,
    total: 0,
    added: 0,
    unchanged: 0,
    renamed: 0,
    rate: 0,
    left: null,
    failures: [],
    file: null,
    problem: LOST,
    notes: [],
    others: 0,
  };
}
