/** @import {FinishedMessage, FromEngine, Problem, QueryPhoto, Reason, Settings} from "./protocol.js" */

/** @typedef {{id: number, queries: QueryPhoto[], text: string, settings: Settings, made: Record<string, number[]>}} Request */

const NOTHING_SPENT = { calls: 0, photos: 0, seconds: 0 };

/** The search that has been asked for and has not ended, so that it ends whatever becomes of the engine. */
export class SearchKeeper {
  /** Whether the engine was told to end it. */
  cancelling = false;
  #lastId = 0;
  /** Its number; null where there is none. @type {number | null} */
  #id = null;
  /** What the engine has not been given yet. @type {Request | null} */
  #waiting = null;
  #spent = NOTHING_SPENT;

  /** Its number; null where there is none. */
  get id() {
    return this.#id;
  }

  /** Its number, or that of the last one. */
  get lastId() {
    return this.#lastId;
  }

  /** Whether the engine is at it. */
  get running() {
    return this.#id !== null && !this.#waiting;
  }

  /**
   * A search is asked for; one that runs is given up without another word.
   * @param {Omit<Request, "id">} search
   * @returns {number}  Its number.
   */
  begin(search) {
    this.#id = ++this.#lastId;
    this.#waiting = { id: this.#id, ...search };
    this.#spent = NOTHING_SPENT;
    this.cancelling = false;
    return this.#id;
  }

  /** Give what waits for an engine, now that there is one. */
  hand() {
    const waiting = this.#waiting;
    this.#waiting = null;
    return waiting;
  }

  /**
   * @param {FromEngine & {id: number}} message  Of a search.
   * @returns {boolean}  Whether it is of this one.
   */
  hear(message) {
    if (message.id !== this.#id) return false;
    if (message.type === "progress") this.#spent = message;
    if (message.type === "finished") this.drop();
    return true;
  }

  /**
   * End it, as the engine does not.
   * @param {Reason} reason
   * @param {Problem | null} problem
   * @returns {FinishedMessage}
   */
  end(reason, problem) {
    const { calls, photos, seconds } = this.#spent;
    this.drop();
    return { type: "finished", id: this.#lastId, reason, calls, photos, seconds, problem };
  }

  /** Forget it. */
  drop() {
    this.#id = this.#waiting = null;
    this.cancelling = false;
  }
}
