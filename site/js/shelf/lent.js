/** @import {Shelf} from "./shelf.js" */

/**
 * What of a shelf the engine may use: of collections that are searched, of those that it works on, or of one that such
 * work makes.
 * @satisfies {Partial<Record<keyof Shelf, "read" | "work" | "make">>}
 */
export const LENT = /** @type {const} */ ({
  list: "read",
  get: "read",
  kinds: "read",
  entries: "read",
  picked: "read",
  photosWith: "read",
  rows: "read",
  vectors: "read",
  lines: "read",
  thumbnails: "read",
  // Photos of a collection that is searched are described by the scorer in charge.
  addVectors: "read",
  dropVectors: "read",
  addLines: "read",
  dropLines: "read",
  add: "work",
  update: "work",
  remove: "work",
  change: "work",
  create: "make",
  delete: "make",
});

/** @typedef {keyof typeof LENT} LentMethod */
