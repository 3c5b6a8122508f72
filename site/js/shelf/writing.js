import { Broken, Gone, isCollection } from "./records.js";
import { within } from "./schema.js";

/** @import {IDBPTransaction} from "idb" */
/** @import {Collection, PhotoEntry} from "./records.js" */
/** @import {Block, Schema, StoreName} from "./schema.js" */
/** @typedef {IDBPTransaction<Schema, StoreName[], "readwrite">} Writing */

/**
 * Remove photos; their number and size stay to be written down.
 * @param {Writing} writing
 * @param {string} id
 * @param {string[]} photos
 * @returns {Promise<PhotoEntry[]>}  What there was.
 */
export async function removePhotos(writing, id, photos) {
  const entries = writing.objectStore("entries");
  const there = (await Promise.all(photos.map((photo) => entries.get([id, photo])))).filter(
    (entry) => entry !== undefined,
  );
  if (!there.length) return [];
  const kinds = await kindsOf(writing.objectStore("vectors"), id);
  // By the ids that were asked for: what a damaged record says of itself does not count.
  await Promise.all(
    photos.flatMap((photo) => [
      entries.delete([id, photo]),
      writing.objectStore("thumbnails").delete([id, photo]),
      ...kinds.map((kind) => writing.objectStore("vectors").delete([id, kind, photo])),
    ]),
  );
  await outdateLines(writing, id, photos);
  return there;
}

/**
 * The record of a collection that has to be there.
 * @param {string} id
 * @param {Collection | undefined} record
 */
export function found(id, record) {
  if (!record) throw new Gone(id);
  if (!isCollection(record)) throw new Broken("its own record is damaged");
  return record;
}

/**
 * Write down how many photos a collection has now, and what they take.
 * @param {Writing} writing
 * @param {string} id
 * @param {number} photos  More than before.
 * @param {number} bytes   Likewise.
 */
export async function recount(writing, id, photos, bytes) {
  const collections = writing.objectStore("collections");
  const collection = found(id, await collections.get(id));
  await collections.put({
    ...collection,
    count: Math.max(0, collection.count + photos),
    bytes: Math.max(0, collection.bytes + bytes),
  });
}

/**
 * The kinds of vectors that a collection has: a handful, so one look at each is enough.
 * @param {{getKey: (range: IDBKeyRange) => Promise<[string, string, string] | undefined>}} vectors
 * @param {string} id
 */
export async function kindsOf(vectors, id) {
  const kinds = [];
  let range = within([id]);
  for (let key = await vectors.getKey(range); key; key = await vectors.getKey(range)) {
    kinds.push(key[1]);
    range = IDBKeyRange.bound([id, key[1], []], [id, []], true);
  }
  return kinds;
}

/**
 * Write down that photos' lines are no longer valid.
 * @param {Writing} writing
 * @param {string} id
 * @param {string[]} photos
 * @param {string} [kind]  Of one kind of vectors; else of all.
 */
export async function outdateLines(writing, id, photos, kind) {
  const lines = writing.objectStore("lines");
  let range = within(kind === undefined ? [id] : [id, kind]);
  for (let key = await lines.getKey(range); key; key = await lines.getKey(range)) {
    await appendLines(writing, id, key[1], key[2], { ids: photos, bytes: new Uint8Array() });
    range = IDBKeyRange.bound([id, key[1], key[2], []], range.upper, true);
  }
}

/**
 * Add a block of lines after all others.
 * @param {Writing} writing
 * @param {string} id
 * @param {string} kind
 * @param {string} tag
 * @param {Block} block
 */
export async function appendLines(writing, id, kind, tag, block) {
  const lines = writing.objectStore("lines");
  const last = await lines.openKeyCursor(within([id, kind, tag]), "prev");
  await lines.put(block, [id, kind, tag, last ? last.key[3] + 1 : 0]);
}
