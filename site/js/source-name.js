/** @import {Photo} from "./protocol.js" */

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
 * The id of a collection that is a source of a search.
 * @param {string} source
 */
export function collectionOf(source) {
  return source.slice(PREFIX.length);
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
  return { collection: collectionOf(source), photo: id.slice(source.length + 1) };
}
