/** What Python cannot do for collections, and a worker can. */

/**
 * Have a collection to oneself among all tabs of this browser.
 * @param {string} collection
 * @returns {Promise<(() => void) | null>}  How to give it back; null where another tab has it.
 */
export function turn(collection) {
  // Over plain HTTP a browser has no locks: then two tabs may do some of the work twice, and lose nothing.
  if (!navigator.locks) return Promise.resolve(() => {});
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(`lookalike.collection.${collection}`, { ifAvailable: true }, (lock) => {
        if (!lock) return resolve(null);
        return new Promise((giveBack) => resolve(() => giveBack(undefined)));
      })
      .catch(reject);
  });
}

/** How many parts are put together at a time. */
const TOGETHER = 16;

/** A file that is made part by part: the browser may put what is finished on the disk. */
export class Parts {
  /** @type {Blob[]} */
  #blobs = [];
  /** @type {Uint8Array<ArrayBuffer>[]} */
  #parts = [];

  /** @param {Uint8Array<ArrayBuffer>} part */
  add(part) {
    this.#parts.push(part);
    if (this.#parts.length >= TOGETHER) this.#put();
  }

  blob() {
    this.#put();
    return new Blob(this.#blobs);
  }

  #put() {
    this.#blobs.push(new Blob(this.#parts));
    this.#parts = [];
  }
}
