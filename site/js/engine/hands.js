/** What Python cannot do for collections, and a worker can. */

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
