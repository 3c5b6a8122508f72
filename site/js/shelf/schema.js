import { openDB } from "idb";

/** @import {DBSchema, IDBPDatabase} from "idb" */
/** @import {Collection, PhotoEntry} from "./records.js" */

export const DATABASE = "lookalike";
const VERSION = 2; // 2 has lines

/**
 * What is kept. The keys of a collection's photos begin with its id, so that one range holds them all, in the
 * order of their paths; what is large lies apart from what is listed.
 * @typedef {object} Stores
 * @property {{key: string, value: Collection}} collections
 * @property {{key: [string, string], value: PhotoEntry}} entries  By collection and photo.
 * @property {{key: [string, string], value: Uint8Array}} thumbnails  Likewise: encoded image files.
 * @property {{key: [string, string, string], value: Uint8Array}} vectors  By collection, kind and photo:
 *   little-endian float16, or whatever else the engine stores of features.
 * @property {{key: [string, string, string, number], value: Block}} lines  By collection, kind, tag and number: what
 *   tells which photos may be near, of many photos at once, as one record each takes too long to read.
 */

/**
 * @typedef {object} Block
 * @property {string[]} ids       Of photos.
 * @property {Uint8Array} bytes   A line each; none where their lines of before are no longer valid.
 */

/** @typedef {DBSchema & Stores} Schema */
/** @typedef {IDBPDatabase<Schema>} Database */
/** @typedef {"collections" | "entries" | "thumbnails" | "vectors" | "lines"} StoreName */

/** @type {StoreName[]} */
export const EVERY = ["collections", "entries", "thumbnails", "vectors", "lines"];

/**
 * Open the database, and make it on the first visit.
 *
 * IndexedDB and not the origin private file system: a transaction is whole or absent whatever happens to the
 * tab, and two tabs may write at once.
 * @param {{onBlocked: () => void, onGone: () => void}} callbacks  Another tab keeps an older version open; this
 *   connection has ended, because another tab has a newer version or the browser closed it.
 * @returns {Promise<Database>}
 */
export function open(callbacks) {
  return openDB(DATABASE, VERSION, {
    upgrade(database) {
      // An older version has some of them.
      const missing = EVERY.filter((store) => !database.objectStoreNames.contains(store));
      for (const store of missing) database.createObjectStore(store, store === "collections" ? { keyPath: "id" } : {});
    },
    blocked: callbacks.onBlocked,
    blocking(_current, _wanted, event) {
      // Else the other tab would wait for this one to be closed.
      /** @type {IDBDatabase} */ (event.target).close();
      callbacks.onGone();
    },
    terminated: callbacks.onGone,
  });
}

/**
 * The keys that begin with these parts.
 * @param {string[]} parts
 * @param {string} [after]  The last key that is not wanted.
 */
export function within(parts, after) {
  // Arrays come after all strings, and a shorter array before what it begins.
  return IDBKeyRange.bound(after === undefined ? parts : [...parts, after], [...parts, []], true);
}
