import { openDB } from "idb";

/** @import {DBSchema, IDBPDatabase} from "idb" */
/** @import {Place, Row} from "./kept.js" */

const DATABASE = "lookalike-answers";

/**
 * Bodies are apart from the rows, which are read often.
 * @typedef {object} Stores
 * @property {{key: string, value: Row}} rows  By address.
 * @property {{key: string, value: Uint8Array<ArrayBuffer>}} bodies  By address.
 */
/** @typedef {DBSchema & Stores} Schema */

/** @type {("rows" | "bodies")[]} */
const BOTH = ["rows", "bodies"];

/**
 * Answers that are kept in IndexedDB, for all tabs together.
 * @returns {Promise<Place>}  Rejected where the browser keeps nothing.
 */
export async function openDisk() {
  return new Disk(
    await openDB(DATABASE, 1, {
      upgrade(database) {
        for (const store of BOTH) database.createObjectStore(store);
      },
      // Another version of the page, or who deletes it, is not kept waiting.
      blocking: (_, __, { target }) => /** @type {IDBDatabase} */ (target).close(),
    }),
  );
}

/** @implements {Place} */
class Disk {
  lasting = true;
  #database;

  /** @param {IDBPDatabase<Schema>} database */
  constructor(database) {
    this.#database = database;
  }

  rows() {
    return this.#database.getAll("rows");
  }

  /** @param {string} url */
  body(url) {
    return this.#database.get("bodies", url);
  }

  /**
   * @param {Row} row
   * @param {Uint8Array<ArrayBuffer>} body
   */
  put(row, body) {
    return this.#write((rows, bodies) => [rows.put(row, row.url), bodies.put(body, row.url)]);
  }

  /** @param {string[]} urls */
  drop(urls) {
    return this.#write((rows, bodies) => urls.flatMap((url) => [rows.delete(url), bodies.delete(url)]));
  }

  clear() {
    return this.#write((rows, bodies) => [rows.clear(), bodies.clear()]);
  }

  /** @param {(rows: any, bodies: any) => Promise<unknown>[]} change  All of it is done, or nothing. */
  async #write(change) {
    const writing = this.#database.transaction(BOTH, "readwrite");
    await Promise.all([...change(writing.objectStore("rows"), writing.objectStore("bodies")), writing.done]);
  }
}
