import { fetchFile } from "./start-up.js";
import { isBatch, isChange, isNewCollection } from "../shelf/records.js";
import { LENT } from "../shelf/lent.js";
import { Shelf } from "../shelf/shelf.js";
import { turn } from "../shelf/turn.js";
import { PicturesClient } from "../pictures/pictures-client.js";

/** @import {FromLending, LendMessage} from "../protocol.js" */
/** @import {LentMethod} from "../shelf/lent.js" */

/**
 * What an engine may use now: the collections that its search reads, those that it works on, and those which such
 * work makes.
 * @typedef {{read: Set<string>, work: Set<string>, make: Set<string>}} Rights
 */

/** What an engine asks for and may not have. */
class Refusal extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = "Refusal";
  }
}

/**
 * What the page does for one engine, which has no storage, no locks and no network: it reads and writes the collections
 * that this engine has been given to search or to work on, and no others, fetches the table of word
 * vectors, and has pictures opened that Python cannot.
 */
export class Lending {
  /** How to give back what this engine has to itself. @type {Map<string, () => void>} */
  #held = new Map();
  #closed = false;
  #pictures;
  #shelf = new Shelf({ changed: (id) => this.#changed(id) });
  #port;
  #base;
  #rights;

  /**
   * @param {MessagePort} port  To the engine.
   * @param {string} base  Where the site lies, ending in a slash.
   * @param {() => Rights} rights
   */
  constructor(port, base, rights) {
    this.#port = port;
    this.#base = base;
    this.#pictures = new PicturesClient(base);
    this.#rights = rights;
    port.onmessage = (event) => this.#receive(event.data);
  }

  /** The engine is gone. */
  close() {
    this.#closed = true;
    this.#port.close();
    this.#shelf.close();
    this.#pictures.close();
    for (const collection of [...this.#held.keys()]) this.#giveBack(collection);
  }

  /** @param {unknown} message  A LendMessage, or anything: score.py can send, too. */
  async #receive(message) {
    const { id, what, given } = /** @type {LendMessage} */ (Object(message));
    if (typeof id !== "number" || typeof what !== "string" || !Array.isArray(given)) return;
    try {
      this.#post({ type: "lent", id, value: await this.#do(what, given), error: null });
    } catch (error) {
      const { name, message: text } = error instanceof Error ? error : new Error(String(error));
      this.#post({ type: "lent", id, value: null, error: { name, message: text } });
    }
  }

  /**
   * @param {string} what
   * @param {unknown[]} given
   */
  #do(what, given) {
    if (what === "words") return fetchFile(`${this.#base}models/words.npz`).then((response) => response.arrayBuffer());
    if (what === "reopen") return this.#reopen(given);
    if (what === "list") return this.#list();
    const [first] = given;
    const collection = what === "create" ? Object(first).id : first;
    if (typeof collection !== "string") throw new Refusal("a collection is named by its id");
    if (what === "turn") return this.#turn(collection);
    if (what === "giveBack") return this.#giveBack(collection);
    if (!Object.hasOwn(LENT, what)) throw new Refusal(`there is no ${what}`);
    const method = /** @type {LentMethod} */ (what);
    if (!this.#rights()[LENT[method]].has(collection))
      throw new Refusal("this collection is not part of what the engine was asked for");
    if (!isSound(method, given)) throw new Refusal(`${what} was given something else than it takes`);
    // Its arguments have been looked at, and those that matter least are IndexedDB's to refuse.
    return /** @type {any} */ (this.#shelf)[method](...given);
  }

  /** @param {unknown[]} given */
  #reopen([bytes, kind]) {
    if (!(bytes instanceof Uint8Array) || typeof kind !== "string")
      throw new Refusal("a picture is bytes, and its kind a text");
    return this.#pictures.reopen(new Uint8Array(bytes), kind);
  }

  async #list() {
    const { read } = this.#rights();
    return (await this.#shelf.list()).filter(({ id }) => read.has(id));
  }

  /** @param {string} collection */
  async #turn(collection) {
    if (!this.#rights().work.has(collection)) throw new Refusal("the engine does not work on this collection");
    if (this.#held.has(collection)) return false;
    const back = await turn(collection);
    if (back) this.#held.set(collection, back);
    // It was granted to an engine that is gone by now.
    if (this.#closed) this.#giveBack(collection);
    return back !== null;
  }

  /** @param {string} collection */
  #giveBack(collection) {
    this.#held.get(collection)?.();
    this.#held.delete(collection);
    return true;
  }

  /** @param {string} id  "" for all. */
  #changed(id) {
    if (!id || this.#rights().read.has(id)) this.#post({ type: "changed", collection: id });
  }

  /** @param {FromLending} message */
  #post(message) {
    this.#port.postMessage(message);
  }
}

/**
 * Whether records that are to be kept are what they should be.
 * @param {LentMethod} method
 * @param {unknown[]} given
 */
function isSound(method, given) {
  const texts = (/** @type {unknown} */ value) =>
    Array.isArray(value) && value.every((text) => typeof text === "string");
  if (method === "create") return isNewCollection(given[0]);
  if (method === "change") return isChange(given[1]);
  if (method === "add" || method === "update") return isBatch(given[1], method === "add");
  if (method === "addVectors")
    return texts([given[1], given[4] ?? ""]) && texts(given[2]) && given[3] instanceof Uint8Array;
  if (method === "addLines")
    return texts([given[1], given[2]]) && texts(given[3]) && given[4] instanceof Uint8Array && texts(given[5]);
  if (method === "rows") return texts(given[1]) && texts(given[2]);
  if (method === "remove" || method === "thumbnails" || method === "picked") return texts(given[1]);
  return given
    .slice(1)
    .every((value) => value === undefined || value === null || typeof value === "string" || typeof value === "number");
}
