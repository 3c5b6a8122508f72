/** @import {Photo} from "../protocol.js" */
/** @import {Result} from "../search/result.js" */

/** Larger pictures that are kept, so that the arrows lead back to them without a request. */
const MOST = 12;
/** Pictures that are fetched at once: of photos that somebody leafs through, the last one counts. */
const AT_ONCE = 2;
/** By so much the proportions may differ, as those of a small picture are rounded. */
const ROUNDED = 0.05;

/** Fetches a larger picture of each photo that somebody opens, and of no other. */
export class Larger {
  /** Their `blob:` addresses; "" until one is there, and where there is none. @type {Map<Result, string>} */
  #urls = new Map();
  /** Those whose picture could not be had. @type {Set<Result>} */
  #missed = new Set();
  /** What is to be fetched next. @type {Result | null} */
  #wanted = null;
  #underWay = 0;
  #options;

  /**
   * @param {object} options
   * @param {(photo: Photo) => Promise<Uint8Array | null>} options.fetch
   * @param {() => void} options.onLoaded
   */
  constructor(options) {
    this.#options = options;
  }

  /**
   * @param {Result} result  Which is on show, and has been judged.
   * @returns {string}  The address of its larger picture; "" as long as there is none.
   */
  url(result) {
    if (!this.#urls.has(result) && result.photo.large_url) {
      this.#wanted = result;
      if (this.#underWay < AT_ONCE) this.#work();
    }
    return this.#urls.get(result) ?? "";
  }

  /** A photo is opened: what could not be had before, as without a network, is tried again. */
  again() {
    for (const result of this.#missed) this.#urls.delete(result);
    this.#missed.clear();
  }

  async #work() {
    this.#underWay += 1;
    for (let result = this.#wanted; result; result = this.#wanted) {
      this.#wanted = null;
      this.#keep(result, "");
      const url = await this.#load(result);
      if (!url) continue;
      this.#keep(result, url);
      this.#options.onLoaded();
    }
    this.#underWay -= 1;
  }

  /**
   * @param {Result} result
   * @returns {Promise<string>}  "" where it cannot be had, is no picture, or another one.
   */
  async #load(result) {
    const bytes = await this.#options.fetch(result.photo).catch(() => null);
    if (!bytes) {
      this.#missed.add(result);
      return "";
    }
    // By this type any picture is shown, and what is none is never opened as a page of this site.
    const url = URL.createObjectURL(new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (bytes)], { type: "image/jpeg" }));
    const sizes = await Promise.all([sizeOf(url), sizeOf(result.url)]).catch(() => null);
    if (sizes && isLarger(...sizes)) return url;
    URL.revokeObjectURL(url);
    return "";
  }

  /**
   * @param {Result} result
   * @param {string} url
   */
  #keep(result, url) {
    this.#urls.delete(result);
    this.#urls.set(result, url);
    for (const [oldest, old] of this.#urls) {
      if (this.#urls.size <= MOST) break;
      this.#urls.delete(oldest);
      if (old) URL.revokeObjectURL(old);
    }
  }
}

/**
 * The size of a picture, which is ready to be drawn then.
 * @param {string} url
 * @returns {Promise<{width: number, height: number}>}  Rejected where it is no picture.
 */
async function sizeOf(url) {
  const image = new Image();
  image.src = url;
  await image.decode();
  return { width: image.naturalWidth, height: image.naturalHeight };
}

/**
 * Whether it shows more of the same: a service may answer with a sign that the picture is gone.
 * @param {{width: number, height: number}} large
 * @param {{width: number, height: number}} small
 */
function isLarger(large, small) {
  const change = (large.width * small.height) / (large.height * small.width);
  return large.width > small.width && Math.abs(change - 1) < ROUNDED;
}
