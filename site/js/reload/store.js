import { deleteDB, openDB } from "idb";

/** @import {DBSchema, IDBPDatabase} from "idb" */
/** @import {KeptQueryPhoto, Row, State} from "./state.js" */

const DATABASE = "lookalike-reload";
/** Seconds for which anything is kept: Flickr's terms allow its pictures for a day. */
export const DAY = 24 * 60 * 60;

/**
 * What is kept of the search on show in each tab. Its state is small, and written again; what is large is written once.
 * @typedef {object} Stores
 * @property {{key: string, value: State}} states  By tab.
 * @property {{key: string, value: KeptQueryPhoto[]}} sources  By tab.
 * @property {{key: [string, string], value: Row}} photos  By tab and photo.
 */

/** @typedef {DBSchema & Stores} Schema */
/**
 * @typedef {{state: State, sources: KeptQueryPhoto[] | null, photos: Row[], again: boolean}} Change  `sources` is null
 *   where they are written, as are photos that are not there; `again`: it is another search.
 */

/** @type {("states" | "sources" | "photos")[]} */
const EVERY = ["states", "sources", "photos"];

/**
 * What comes back after a reload. It is apart from the shelf, which has to be whole: here nothing is lost that
 * a search would not find again.
 */
export class ReloadStore {
  /** @type {Promise<IDBPDatabase<Schema>> | null} */
  #opening = null;
  /** @type {IDBPDatabase<Schema> | null} */
  #database = null;

  /** Opens it, so that the next write needs no waiting: a page that is hidden may have no time. */
  async open() {
    this.#opening ??= openDB(DATABASE, 1, {
      upgrade(database) {
        for (const store of EVERY) database.createObjectStore(store);
      },
      blocking: () => this.#close(),
      terminated: () => this.#close(),
    });
    this.#database = await this.#opening;
    return this.#database;
  }

  #close() {
    this.#database?.close();
    this.#database = this.#opening = null;
  }

  /**
   * Writes what a tab has, all of it or nothing; begins at once where the store is open.
   * @param {string} tab
   * @param {Change} change
   */
  async write(tab, { state, sources, photos, again }) {
    const writing = (this.#database ?? (await this.open())).transaction(EVERY, "readwrite");
    const requests = [
      ...(again ? [writing.objectStore("photos").delete(range(tab))] : []),
      writing.objectStore("states").put(state, tab),
      ...(sources ? [writing.objectStore("sources").put(sources, tab)] : []),
      ...photos.map((row) => writing.objectStore("photos").put(row, [tab, row.photo.id])),
    ];
    writing.commit();
    await Promise.all([...requests, writing.done]);
  }

  /**
   * What a tab has, as it is stored.
   * @param {string} tab
   * @returns {Promise<{state: unknown, sources: unknown, photos: unknown[]}>}
   */
  async read(tab) {
    const reading = (await this.open()).transaction(EVERY);
    const [state, sources, photos] = await Promise.all([
      reading.objectStore("states").get(tab),
      reading.objectStore("sources").get(tab),
      reading.objectStore("photos").getAll(range(tab)),
    ]);
    return { state, sources, photos };
  }

  /** @param {string} tab  Of which nothing is to stay. */
  async forget(tab) {
    const writing = (await this.open()).transaction(EVERY, "readwrite");
    const requests = [
      writing.objectStore("states").delete(tab),
      writing.objectStore("sources").delete(tab),
      writing.objectStore("photos").delete(range(tab)),
    ];
    await Promise.all([...requests, writing.done]);
  }

  /**
   * Deletes what tabs have left that were closed, and what is older than a day.
   * @param {Set<string> | null} living  The tabs that live; null where nobody knows.
   * @param {number} now  Unix time in seconds.
   */
  async tidy(living, now) {
    const reading = (await this.open()).transaction("states");
    const [tabs, states] = await Promise.all([reading.store.getAllKeys(), reading.store.getAll()]);
    const stale = tabs.filter((tab, i) => (living && !living.has(tab)) || !(now - Number(states[i]?.at) < DAY));
    for (const tab of stale) await this.forget(tab);
  }

  /** Deletes all of it. */
  async clear() {
    await this.#opening?.catch(() => {});
    this.#close();
    await deleteDB(DATABASE);
  }
}

/**
 * All photos of a tab: arrays come after all strings.
 * @param {string} tab
 */
function range(tab) {
  return IDBKeyRange.bound([tab], [tab, []]);
}
