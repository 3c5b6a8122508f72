/** @import {Result} from "../search/result.js" */

/** So many pictures are remembered, of which those judged longest ago go first. */
const MOST = 1000;

/** What was found of pictures in this visit, as a search shows again what earlier ones have seen. */
export class Judged {
  /** @type {Map<string, {bytes: Uint8Array, unsafe: boolean}>} */
  #known = new Map();

  /**
   * Whether a picture is likely unsafe; undefined where nobody has looked at this very file. An id alone says
   * nothing, as an engine may send any picture by it.
   * @param {Pick<Result, "photo" | "thumbnail">} result
   * @returns {boolean | undefined}
   */
  find({ photo, thumbnail }) {
    const known = this.#known.get(photo.id);
    return known && same(known.bytes, thumbnail) ? known.unsafe : undefined;
  }

  /**
   * @param {Pick<Result, "photo" | "thumbnail">} result
   * @param {boolean} unsafe
   */
  keep({ photo, thumbnail }, unsafe) {
    this.#known.delete(photo.id);
    this.#known.set(photo.id, { bytes: thumbnail, unsafe });
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST && oldest !== undefined) this.#known.delete(oldest);
  }
}

/**
 * @param {Uint8Array} one
 * @param {Uint8Array} other
 */
function same(one, other) {
  return one.length === other.length && one.every((byte, i) => byte === other[i]);
}
