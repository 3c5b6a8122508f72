/** @import {FinishedMessage, FromEngine, Problem, QueryPhoto, Reason, Settings, Stance} from "../protocol.js" */

/**
 * @typedef {object} Request
 * @property {number} id
 * @property {QueryPhoto[]} queries
 * @property {string} text
 * @property {Settings} settings
 * @property {Record<string, number[]>} made
 * @property {ReadonlyMap<string, Stance>} stances  As they are when an engine is given it.
 */

const NOTHING_SPENT = { calls: 0, photos: 0, seconds: 0 };

/**
 * The search that has been asked for and has not ended, so that it ends whatever becomes of the engine. An engine has
 * one at a time: the next is kept until the engine has ended the one before, or was replaced.
 */
export class PendingSearch {
  #lastId = 0;
  /** Its number; null where there is none. @type {number | null} */
  #id = null;
  /** @type {Request | null} */
  #request = null;
  /** Whether the engine has been given it. */
  #given = false;
  /** Whether the engine was told to end it. */
  #cancelling = false;
  /** The search before, while the engine has not ended it; else null. @type {number | null} */
  #leaving = null;
  /** The search that the engine would go on with; null where there is none. @type {number | null} */
  #goes = null;
  #spent = NOTHING_SPENT;

  /** Its number; null where there is none. */
  get id() {
    return this.#id;
  }

  /** The number of the search that the engine has, running or ended; null where it has none. */
  get held() {
    return this.#goes;
  }

  /** The number of the last one, where it has ended and the engine could go on with it; else null. */
  get resumable() {
    const free = this.#id === null && this.#leaving === null;
    return free && this.#goes === this.#lastId ? this.#goes : null;
  }

  /** Whether the engine is at it. */
  get running() {
    return this.#id !== null && this.#given;
  }

  /** Whether the engine was told to end it. */
  get cancelling() {
    return this.#cancelling;
  }

  /** Whether the engine has not ended the search before. */
  get leaving() {
    return this.#leaving !== null;
  }

  /**
   * A search is asked for; one that runs is given up without another word.
   * @param {Omit<Request, "id">} search
   * @returns {number}  Its number.
   */
  begin(search) {
    if (this.running) this.#leaving = this.#id;
    this.#id = ++this.#lastId;
    this.#request = { id: this.#id, ...search };
    this.#given = false;
    this.#spent = NOTHING_SPENT;
    this.#cancelling = false;
    return this.#id;
  }

  /** The last one goes on, in the engine that has it. */
  goOn() {
    this.#id = this.#lastId;
    this.#given = true;
  }

  /** Give what waits for an engine, now that there is one; null where nothing does, or the engine is not free. */
  hand() {
    if (!this.#request || this.#given || this.#leaving !== null) return null;
    this.#given = true;
    this.#goes = this.#request.id;
    return this.#request;
  }

  /** The engine is told to end it. */
  cancel() {
    this.#cancelling = true;
  }

  /** The engine has been given another search's photos, and goes on with none. */
  displace() {
    this.#goes = null;
  }

  /** The engine is gone, with the search that it had not ended yet and the one that it could have gone on with. */
  lose() {
    this.#leaving = this.#goes = null;
  }

  /** It never reached the engine, and so waits for the next one. */
  takeBack() {
    this.#given = false;
  }

  /**
   * @param {FromEngine & {id: number}} message  Of a search.
   * @returns {boolean}  Whether it is of this one.
   */
  receive(message) {
    if (message.type === "finished" && message.id === this.#leaving) this.#leaving = null;
    if (message.id !== this.#id) return false;
    if (message.type === "progress") this.#spent = { ...message, photos: Math.max(message.photos, this.#spent.photos) };
    if (message.type === "scored" && !message.before) this.#spent = { ...this.#spent, photos: this.#spent.photos + 1 };
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
    this.#id = this.#request = null;
    this.#given = this.#cancelling = false;
  }
}
