import { deleteDB } from "idb";
import { Broken, Gone, isBlock, isCollection, isEntry, stacked, sum, weight } from "./records.js";
import { meant } from "../refused.js";
import { DATABASE, EVERY, open, within } from "./schema.js";
import { appendLines, found, kindsOf, outdateLines, recount, removePhotos } from "./writing.js";

/** @import {Collection, PhotoEntry, Item} from "./records.js" */
/** @import {Database} from "./schema.js" */
/** @import {Writing} from "./writing.js" */
/** @typedef {{id: string, collection: Collection | null}} Listed  Null where its record cannot be read. */

/** Tells the other tabs, and the other shelves of this one, which collection has changed. */
const CHANNEL = "lookalike.collections";

/**
 * The collections that this browser keeps. Only the page has shelves; what an engine may use of them, it is lent
 * (js/client/lending.js).
 *
 * Whatever is written is written whole or not at all. A method that fails says by its error's name why:
 * `QuotaExceededError`, `Broken` (a record is not what was written), `Gone` (another tab has deleted the
 * collection), or what else IndexedDB raises.
 */
export class Shelf {
  /** @type {Promise<Database> | null} */
  #database = null;
  #channel = channel();
  #callbacks;

  /** @param {{blocked?: () => void, changed?: (id: string) => void}} [on]  Another tab keeps an older
   *   version open, so that nothing goes on; somebody else has changed a collection. */
  constructor(on = {}) {
    this.#callbacks = on;
    if (this.#channel) this.#channel.onmessage = ({ data }) => on.changed?.(data);
  }

  /**
   * All collections, oldest first; one whose record is damaged does not hide the others.
   * @returns {Promise<Listed[]>}
   */
  async list() {
    const database = await this.#opened();
    const reading = database.transaction("collections");
    const [ids, records] = await Promise.all([reading.store.getAllKeys(), reading.store.getAll()]);
    const listed = ids.map((id, i) => ({ id, collection: isCollection(records[i]) ? records[i] : null }));
    return listed.sort((a, b) => (a.collection?.created ?? 0) - (b.collection?.created ?? 0));
  }

  /** @param {string} id */
  async get(id) {
    const record = await (await this.#opened()).get("collections", id);
    if (record === undefined) throw new Gone(id);
    if (!isCollection(record)) throw new Broken("its own record is damaged");
    return record;
  }

  /** @param {Omit<Collection, "count" | "bytes" | "pending">} collection */
  async create(collection) {
    await this.#write(collection.id, (writing) =>
      writing.objectStore("collections").add({ ...collection, count: 0, bytes: 0, pending: 0 }),
    );
  }

  /**
   * @param {string} id
   * @param {Partial<Pick<Collection, "name" | "expires" | "model" | "measure" | "pending">>} changes
   */
  async change(id, changes) {
    await this.#write(id, async (writing) => {
      const collections = writing.objectStore("collections");
      await collections.put({ ...found(id, await collections.get(id)), ...changes });
    });
  }

  /**
   * Delete a collection, and whatever there is of it.
   * @param {string} id
   */
  async delete(id) {
    await this.#write(id, async (writing) => {
      const parts = EVERY.filter((store) => store !== "collections").map((store) =>
        writing.objectStore(store).delete(within([id])),
      );
      await Promise.all([...parts, writing.objectStore("collections").delete(id)]);
    });
  }

  /**
   * Delete the collections that have expired.
   * @param {number} now  Unix time in seconds.
   * @returns {Promise<string[]>}  Their names.
   */
  async expire(now) {
    const names = [];
    for (const { id, collection } of await this.list()) {
      if (!collection || collection.expires === null || collection.expires > now) continue;
      await this.delete(id);
      names.push(collection.name);
    }
    return names;
  }

  /**
   * Keep photos, in place of those with the same ids and whatever there is of them.
   * @param {string} id
   * @param {Item[]} items
   */
  async add(id, items) {
    await this.#write(id, async (writing) => {
      const before = await removePhotos(
        writing,
        id,
        items.map(({ entry }) => entry.id),
      );
      // Each in a function of its own: where one is refused at once, the others' failures are heard as well.
      const puts = items.flatMap(({ entry, thumbnail, vectors }) => [
        async () =>
          writing
            .objectStore("entries")
            .put({ ...entry, bytes: weight({ entry, thumbnail, vectors }) }, [id, entry.id]),
        async () => writing.objectStore("thumbnails").put(thumbnail, [id, entry.id]),
        ...Object.entries(vectors).map(
          ([kind, bytes]) =>
            async () =>
              writing.objectStore("vectors").put(bytes, [id, kind, entry.id]),
        ),
      ]);
      await Promise.all(puts.map((put) => put()));
      await recount(writing, id, items.length - before.length, sum(items.map(weight)) - bytesOf(before));
    });
  }

  /**
   * Put entries in place of those with the same ids; the rest of these photos stays. Others are left out.
   * @param {string} id
   * @param {Omit<PhotoEntry, "bytes">[]} entries
   */
  async update(id, entries) {
    await this.#write(id, async (writing) => {
      const store = writing.objectStore("entries");
      found(id, await writing.objectStore("collections").get(id));
      const before = await Promise.all(entries.map((entry) => store.get([id, entry.id])));
      await Promise.all(
        entries.map((entry, i) => {
          const known = before[i];
          return known && store.put({ ...entry, bytes: known.bytes }, [id, entry.id]);
        }),
      );
    });
  }

  /**
   * Remove photos.
   * @param {string} id
   * @param {string[]} photos  Their ids.
   * @returns {Promise<number>}  How many there were.
   */
  async remove(id, photos) {
    return this.#write(id, async (writing) => {
      const gone = await removePhotos(writing, id, photos);
      await recount(writing, id, -gone.length, -bytesOf(gone));
      return gone.length;
    });
  }

  /**
   * Keep one kind of vectors of photos that are there; others are left out.
   * @param {string} id
   * @param {string} kind
   * @param {string[]} photos  Their ids.
   * @param {Uint8Array} block  As many vectors, one under another.
   * @param {string} [base]  The kind that its lines are of, whose own vectors of these photos these replace.
   */
  async addVectors(id, kind, photos, block, base = kind) {
    const width = block.length / photos.length;
    await this.#write(id, async (writing) => {
      found(id, await writing.objectStore("collections").get(id));
      const [entries, vectors] = [writing.objectStore("entries"), writing.objectStore("vectors")];
      const there = await Promise.all(photos.map((photo) => entries.getKey([id, photo])));
      const kinds = [...new Set([kind, base])];
      const before = (
        await Promise.all(photos.map((photo) => Promise.all(kinds.map((each) => vectors.get([id, each, photo])))))
      ).flat();
      if (base !== kind) await Promise.all(photos.map((photo) => vectors.delete([id, base, photo])));
      if (before.some(Boolean)) await outdateLines(writing, id, photos, base);
      const puts = photos.map(
        (photo, i) => there[i] && vectors.put(block.slice(i * width, (i + 1) * width), [id, kind, photo]),
      );
      await Promise.all(puts);
      await recount(
        writing,
        id,
        0,
        width * there.filter(Boolean).length - sum(before.map((vector) => vector?.length ?? 0)),
      );
    });
  }

  /**
   * Remove one kind of vectors of all photos.
   * @param {string} id
   * @param {string} kind
   */
  async dropVectors(id, kind) {
    await this.#write(id, async (writing) => {
      const vectors = writing.objectStore("vectors");
      const [first, count] = [
        await vectors.get((await vectors.getKey(within([id, kind]))) ?? [id, kind, ""]),
        await vectors.count(within([id, kind])),
      ];
      await vectors.delete(within([id, kind]));
      await writing.objectStore("lines").delete(within([id, kind]));
      await recount(writing, id, 0, -count * (first?.length ?? 0));
    });
  }

  /**
   * Keep lines of photos that have vectors of a kind; those of others are left out.
   * @param {string} id
   * @param {string} kind
   * @param {string} tag
   * @param {string[]} photos
   * @param {Uint8Array} block  A line each, one under another.
   * @param {string[]} kinds  Under which their vectors may lie.
   */
  async addLines(id, kind, tag, photos, block, kinds) {
    const width = block.length / photos.length;
    await this.#write(id, async (writing) => {
      found(id, await writing.objectStore("collections").get(id));
      const vectors = writing.objectStore("vectors");
      const keys = await Promise.all(
        photos.map((photo) => Promise.all(kinds.map((each) => vectors.getKey([id, each, photo])))),
      );
      const there = photos.map((photo, row) => ({ photo, row })).filter(({ row }) => keys[row]?.some(Boolean));
      const bytes = new Uint8Array(width * there.length);
      there.forEach(({ row }, place) => bytes.set(block.subarray(row * width, (row + 1) * width), place * width));
      if (there.length) await appendLines(writing, id, kind, tag, { ids: there.map(({ photo }) => photo), bytes });
    });
  }

  /**
   * Some blocks of lines.
   * @param {string} id
   * @param {string} kind
   * @param {string} tag
   * @param {number} from  The number of the first.
   * @param {number} count  At most so many.
   */
  async lines(id, kind, tag, from, count) {
    const range = IDBKeyRange.bound([id, kind, tag, from], [id, kind, tag, []], false, true);
    const { store } = (await this.#opened()).transaction("lines");
    const [keys, blocks] = await Promise.all([store.getAllKeys(range, count), store.getAll(range, count)]);
    if (!blocks.every(isBlock)) throw new Broken("lines of a sketch are damaged");
    return { next: keys.length ? /** @type {number} */ (keys[keys.length - 1]?.[3]) + 1 : null, blocks };
  }

  /**
   * Remove all lines of a kind of vectors.
   * @param {string} id
   * @param {string} kind
   */
  async dropLines(id, kind) {
    await this.#write(id, async (writing) => writing.objectStore("lines").delete(within([id, kind])));
  }

  /**
   * The photos that have vectors of a kind.
   * @param {string} id
   * @param {string} kind
   */
  async photosWith(id, kind) {
    return (await (await this.#opened()).getAllKeys("vectors", within([id, kind]))).map((key) => key[2]);
  }

  /**
   * Vectors of some photos, where there are any: the first of these kinds.
   * @param {string} id
   * @param {string[]} kinds
   * @param {string[]} photos
   * @returns {Promise<{kind: string, ids: string[], bytes: Uint8Array}[]>}  By kind.
   */
  async rows(id, kinds, photos) {
    const { store } = (await this.#opened()).transaction("vectors");
    const found = await Promise.all(
      kinds.map((kind) => Promise.all(photos.map((photo) => store.get([id, kind, photo])))),
    );
    return kinds.map((kind, place) => {
      const rows = photos
        .map((_, row) => row)
        .filter((row) => found[place]?.[row] && !found.slice(0, place).some((other) => other[row]));
      return {
        kind,
        ids: rows.map((row) => photos[row] ?? ""),
        bytes: stacked(rows.map((row) => found[place]?.[row])),
      };
    });
  }

  /**
   * Some entries, by their ids.
   * @param {string} id
   * @param {string[]} photos
   */
  async picked(id, photos) {
    const { store } = (await this.#opened()).transaction("entries");
    const records = (await Promise.all(photos.map((photo) => store.get([id, photo])))).filter(
      (record) => record !== undefined,
    );
    if (!records.every(isEntry)) throw new Broken("a photo’s record is damaged");
    return records;
  }

  /**
   * How many photos have vectors of each kind.
   * @param {string} id
   * @returns {Promise<[string, number][]>}
   */
  async kinds(id) {
    const { store } = (await this.#opened()).transaction("vectors");
    const kinds = await kindsOf(store, id);
    return Promise.all(
      kinds.map(async (kind) => /** @type {[string, number]} */ ([kind, await store.count(within([id, kind]))])),
    );
  }

  /**
   * The photos that come after one, in the order of their ids.
   * @param {string} id
   * @param {string | undefined} after  Undefined for the first.
   * @param {number} count  At most so many.
   * @returns {Promise<PhotoEntry[]>}
   */
  async entries(id, after, count) {
    const records = await (await this.#opened()).getAll("entries", within([id], after), count);
    if (!records.every(isEntry)) throw new Broken("a photo’s record is damaged");
    return records;
  }

  /**
   * @param {string} id
   * @param {string} photo
   */
  async entry(id, photo) {
    const record = await (await this.#opened()).get("entries", [id, photo]);
    if (record === undefined) throw new Gone(photo);
    if (!isEntry(record)) throw new Broken("a photo’s record is damaged");
    return record;
  }

  /**
   * The vectors of a kind that come after a photo's, in the order of the photos' ids, one under another.
   * @param {string} id
   * @param {string} kind
   * @param {string | undefined} after  Undefined for the first.
   * @param {number} count  At most so many.
   */
  async vectors(id, kind, after, count) {
    const reading = (await this.#opened()).transaction("vectors");
    const range = within([id, kind], after);
    const [keys, vectors] = await Promise.all([
      reading.store.getAllKeys(range, count),
      reading.store.getAll(range, count),
    ]);
    return { ids: keys.map((key) => key[2]), bytes: stacked(vectors) };
  }

  /**
   * @param {string} id
   * @param {string[]} photos  Their ids.
   * @returns {Promise<(Uint8Array | null)[]>}  Null for what is not there.
   */
  async thumbnails(id, photos) {
    const { store } = (await this.#opened()).transaction("thumbnails");
    const thumbnails = await Promise.all(photos.map(async (photo) => (await store.get([id, photo])) ?? null));
    if (!thumbnails.every((bytes) => bytes === null || bytes instanceof Uint8Array))
      throw new Broken("a thumbnail is damaged");
    return thumbnails;
  }

  /** End it, as nobody uses it any more. */
  close() {
    this.#channel?.close();
    this.#database?.then(
      (database) => database.close(),
      () => {},
    );
  }

  /** Delete everything, where nothing else helps: the store itself cannot be opened. */
  async clear() {
    await this.#database?.then(
      (database) => database.close(),
      () => {},
    );
    this.#database = null;
    await deleteDB(DATABASE, { blocked: () => this.#callbacks.blocked?.() });
    this.#channel?.postMessage("");
  }

  #opened() {
    const forget = () => void (this.#database = null);
    this.#database ??= this.#open(forget).catch(async (error) => {
      forget();
      throw await meant(error);
    });
    return this.#database;
  }

  /** @param {() => void} gone */
  async #open(gone) {
    return open({ onBlocked: () => this.#callbacks.blocked?.(), onGone: gone });
  }

  /**
   * Do all of some work, or nothing.
   * @template T
   * @param {string} id  The collection that it changes.
   * @param {(writing: Writing) => Promise<T>} work
   * @returns {Promise<T>}
   */
  async #write(id, work) {
    const writing = (await this.#opened()).transaction(EVERY, "readwrite");
    const done = writing.done;
    done.catch(() => {}); // it is waited for below, but not before the work
    let result;
    try {
      result = await work(writing);
      await done;
    } catch (error) {
      // What made the browser give up says more than that a request was given up.
      if (writing.error) throw writing.error;
      try {
        writing.abort();
      } catch {
        // It has ended already.
      }
      throw error;
    }
    this.#channel?.postMessage(id);
    return result;
  }
}

/** Null where the browser refuses one, as in a frame that may keep nothing: then no other tab sees what is kept. */
function channel() {
  try {
    return new BroadcastChannel(CHANNEL);
  } catch {
    return null;
  }
}

/** @param {PhotoEntry[]} entries */
function bytesOf(entries) {
  // A damaged record may have no number.
  return sum(entries.map(({ bytes }) => bytes || 0));
}
