/** @import {Photo} from "../protocol.js" */
/** @import {KeptPhoto} from "./kept-photo.js" */
import { isOwn } from "../source-name.js";

/** Pictures that are fetched at once. */
const AT_ONCE = 4;

/**
 * Where pictures come from; both give null where there is none.
 * @typedef {object} Origins
 * @property {(photo: Photo) => Promise<Uint8Array | null>} service  Its service has it.
 * @property {(photo: Photo) => Promise<Uint8Array | null>} own      Its collection has it.
 */

/** Fetches the pictures of kept photos, each when it is wanted. */
export class KeptPictures {
  #origins;
  /** @type {Map<KeptPhoto, Promise<boolean>>} */
  #wanted = new Map();
  #underWay = 0;
  /** @type {(() => void)[]} */
  #waiting = [];

  /** @param {Origins} origins */
  constructor(origins) {
    this.#origins = origins;
  }

  /**
   * @param {KeptPhoto} kept
   * @returns {Promise<boolean>}  Whether its picture is there now.
   */
  load(kept) {
    if (kept.pictured) return Promise.resolve(true);
    const known = this.#wanted.get(kept);
    if (known) return known;
    const wanted = this.#load(kept).finally(() => this.#wanted.delete(kept));
    this.#wanted.set(kept, wanted);
    return wanted;
  }

  /** @param {KeptPhoto} kept */
  async #load(kept) {
    const { photo } = kept;
    if (this.#underWay >= AT_ONCE)
      await /** @type {Promise<void>} */ (new Promise((resolve) => this.#waiting.push(resolve)));
    this.#underWay += 1;
    try {
      const bytes = isOwn(photo)
        ? await this.#origins.own(photo)
        : photo.thumb_url
          ? await this.#origins.service(photo)
          : null;
      if (bytes) kept.thumbnail = bytes;
      return kept.pictured;
    } catch {
      return false; // it can be asked for again
    } finally {
      this.#underWay -= 1;
      this.#waiting.shift()?.();
    }
  }
}
