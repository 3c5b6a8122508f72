/** @import {FromLending} from "../protocol.js" */
/** @import {LentMethod} from "../shelf/lent.js" */
/** @import {Shelf} from "../shelf/shelf.js" */
import { LENT } from "../shelf/lent.js";

/**
 * What the page does for the engine, which has no storage of its own: see js/client/lending.js. It looks like a `Shelf`
 * to Python, with fewer collections: those alone that a search or some work may use.
 */
export class Borrowed {
  /** Told which collection somebody else has changed; "" for all. @type {(collection: string) => void} */
  changed = () => {};
  #port;
  #next = 0;
  /** @type {Map<number, {resolve: (value: any) => void, reject: (error: Error) => void}>} */
  #waiting = new Map();

  /** @param {MessagePort} port */
  constructor(port) {
    this.#port = port;
    port.onmessage = (event) => this.#receive(event.data);
  }

  /**
   * The shelf, as far as the page lends it.
   * @returns {Pick<Shelf, LentMethod>}
   */
  get shelf() {
    const methods = Object.keys(LENT).map((what) => [
      what,
      (/** @type {unknown[]} */ ...given) => this.#ask(what, given),
    ]);
    return Object.fromEntries(methods);
  }

  /**
   * Have a collection to oneself among all tabs of this browser.
   * @param {string} collection
   * @returns {Promise<(() => void) | null>}  How to give it back; null where another tab has it.
   */
  async turn(collection) {
    const held = await this.#ask("turn", [collection]);
    return held ? () => void this.#ask("giveBack", [collection]) : null;
  }

  /** The table of word vectors. @returns {Promise<Uint8Array>} */
  async words() {
    return new Uint8Array(await this.#ask("words", []));
  }

  /**
   * Have a picture opened that Python cannot; see js/pictures/pictures.js.
   * @param {Uint8Array} bytes
   * @param {string} kind
   * @returns {Promise<import("../pictures/pictures.js").Opened | null>}
   */
  reopen(bytes, kind) {
    return this.#ask("reopen", [bytes, kind]);
  }

  /**
   * @param {string} what
   * @param {unknown[]} given
   * @returns {Promise<any>}
   */
  #ask(what, given) {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#port.postMessage({ type: "lend", id, what, given });
    });
  }

  /** @param {FromLending} message */
  #receive(message) {
    if (message.type === "changed") return this.changed(message.collection);
    const asked = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (!message.error) asked?.resolve(message.value);
    else asked?.reject(Object.assign(new Error(message.error.message), { name: message.error.name }));
  }
}
