/** @import {Photo} from "../protocol.js" */

const PREFIX = "collection:";

/**
 * What a collection is called among the sources of a search.
 * @param {string} id
 */
export function sourceOf(id) {
  return PREFIX + id;
}

/**
 * Whether a source of a search is a collection.
 * @param {string} source
 */
export function isOwnSource(source) {
  return source.startsWith(PREFIX);
}

/**
 * Whether a photo is the person's own.
 * @param {Photo} photo
 */
export function isOwn({ source }) {
  return isOwnSource(source);
}

/**
 * The collection and the path of an own photo that a search has found.
 * @param {Photo} photo
 */
export function whereIs({ id, source }) {
  return { collection: source.slice(PREFIX.length), photo: id.slice(source.length + 1) };
}
