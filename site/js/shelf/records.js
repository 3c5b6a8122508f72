/** What the shelf keeps, and how it is seen that a record is what it should be. */

/** @typedef {{name: string, hash: string}} ModelId  A network, and the SHA-256 of its file. */

/**
 * @typedef {object} Collection  See py/lookalike/collections/collection.py.
 * @property {string} id
 * @property {string} name
 * @property {number} created         Unix time in seconds.
 * @property {number | null} expires  Likewise: when it is deleted automatically; null for never.
 * @property {ModelId} model
 * @property {string} measure        As it is stored: the kind of vectors that it was made for.
 * @property {number} count           Photos.
 * @property {number} bytes           What they take, about.
 * @property {number} pending         Photos that were being added when this was last written; 0 when all were.
 */

/**
 * @typedef {object} PhotoEntry  A photo's record; see py/lookalike/collections/collection.py.
 * @property {string} id            Its path, parted by "/".
 * @property {number} size          Of its file, in bytes.
 * @property {number} modified      Unix time in seconds.
 * @property {string} digest
 * @property {number} width
 * @property {number} height
 * @property {string[]} tags
 * @property {Uint8Array} classes   What the network sees in it: number and float16 probability, four bytes a class.
 * @property {ModelId} model
 * @property {string | undefined} [given]       The path that it came under, where that is not its id.
 * @property {string | undefined} [origin]      Where it came from; "" where that is not known.
 * @property {string | undefined} [sample]      Of its content.
 * @property {number} bytes         What its records take together, about.
 */

/**
 * @typedef {object} Item  A photo to keep, all of it at once.
 * @property {Omit<PhotoEntry, "bytes">} entry
 * @property {Uint8Array} thumbnail
 * @property {Record<string, Uint8Array>} vectors  By kind.
 */

/** A record is not what was written; what else the shelf holds may well be. */
export class Broken extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = "Broken";
  }
}

/** The collection is gone: another tab has deleted it. */
export class Gone extends Error {
  /** @param {string} id */
  constructor(id) {
    super(`there is no collection ${id}`);
    this.name = "Gone";
  }
}

/** @type {Record<keyof Collection, (value: unknown) => boolean>} */
const COLLECTION = {
  id: isText,
  name: isText,
  created: Number.isFinite,
  expires: (value) => value === null || Number.isFinite(value),
  model: isModel,
  measure: isText,
  count: isCount,
  bytes: isCount,
  pending: isCount,
};

/** @type {Record<keyof PhotoEntry, (value: unknown) => boolean>} */
const ENTRY = {
  id: isText,
  size: isCount,
  modified: Number.isFinite,
  digest: isText,
  width: isCount,
  height: isCount,
  tags: (value) => Array.isArray(value) && value.every(isText),
  classes: (value) => value instanceof Uint8Array && value.length % 4 === 0,
  model: isModel,
  given: isTextIfAny,
  origin: isTextIfAny,
  sample: isTextIfAny,
  bytes: isCount,
};

/** @param {unknown} value  @returns {value is Collection} */
export function isCollection(value) {
  return hasForm(value, COLLECTION);
}

/** @param {unknown} value  @returns {value is PhotoEntry} */
export function isEntry(value) {
  return hasForm(value, ENTRY);
}

/** @param {unknown} value  @returns {value is import("./schema.js").Block} */
export function isBlock(value) {
  return hasForm(value, {
    ids: (ids) => Array.isArray(ids) && ids.length > 0 && ids.every(isText),
    bytes: (bytes) => bytes instanceof Uint8Array,
  });
}

/**
 * Whether a collection can be made of it, which has no photos yet.
 * @param {unknown} value
 */
export function isNewCollection(value) {
  return isCollection({ ...Object(value), count: 0, bytes: 0, pending: 0 });
}

/**
 * Whether these are fields of a collection that may be changed.
 * @param {unknown} value
 */
export function isChange(value) {
  const names = Object.keys(Object(value));
  const known = ["name", "expires", "model", "measure", "pending"];
  return names.every(
    (name) => known.includes(name) && COLLECTION[/** @type {keyof Collection} */ (name)](Object(value)[name]),
  );
}

/**
 * Whether these can be kept: items, or entries alone.
 * @param {unknown} value
 * @param {boolean} whole  Whether they are items.
 */
export function isBatch(value, whole) {
  const isNew = (/** @type {unknown} */ entry) => isEntry({ ...Object(entry), bytes: 0 });
  const isBytes = (/** @type {unknown} */ bytes) => bytes instanceof Uint8Array;
  const isItem = (/** @type {any} */ item) =>
    isNew(item?.entry) && isBytes(item.thumbnail) && Object.values(Object(item.vectors)).every(isBytes);
  return Array.isArray(value) && value.every(whole ? isItem : isNew);
}

/**
 * What a photo's records take, about.
 * @param {Item} item
 */
export function weight({ entry, thumbnail, vectors }) {
  const text = 400 + entry.id.length + entry.tags.join().length;
  return text + thumbnail.length + sum(Object.values(vectors).map((bytes) => bytes.length));
}

/** @param {number[]} numbers */
export function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}

/**
 * Lay vectors under one another.
 * @param {unknown[]} vectors
 * @returns {Uint8Array}
 * @throws {Broken} One is none, or of another length than the others.
 */
export function stacked(vectors) {
  const [first] = vectors;
  const length = first instanceof Uint8Array ? first.length : 0;
  const block = new Uint8Array(length * vectors.length);
  vectors.forEach((vector, row) => {
    if (!(vector instanceof Uint8Array) || vector.length !== length || !length)
      throw new Broken("a vector has a wrong size");
    block.set(vector, row * length);
  });
  return block;
}

/** @param {unknown} value */
function isModel(value) {
  return hasForm(value, { name: isText, hash: isText });
}

/**
 * @param {unknown} value
 * @param {Record<string, (value: unknown) => boolean>} form
 */
function hasForm(value, form) {
  if (typeof value !== "object" || value === null) return false;
  const record = /** @type {Record<string, unknown>} */ (value);
  return Object.entries(form).every(([name, fits]) => fits(record[name]));
}

/** @param {unknown} value */
function isText(value) {
  return typeof value === "string";
}

/**
 * What entries of an earlier version lack.
 * @param {unknown} value
 */
function isTextIfAny(value) {
  return value === undefined || isText(value);
}

/** @param {unknown} value */
function isCount(value) {
  return typeof value === "number" && Number.isInteger(value) && value >= 0;
}
