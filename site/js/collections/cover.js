/** @import {Shelf} from "../shelf/shelf.js" */
import { make } from "../ui/dom.js";

const PICTURES = 4;

/** A few pictures of a collection; they stay what they are until there are more of them, or photos were removed. */
export class Cover {
  #place;
  #shelf;
  #count = 0;
  #turn = 0;
  /** @type {string[]} */
  #urls = [];

  /**
   * @param {HTMLElement} place
   * @param {Shelf} shelf
   */
  constructor(place, shelf) {
    this.#place = place;
    this.#shelf = shelf;
  }

  /**
   * @param {string} id
   * @param {number} count  Photos of the collection: the cover is drawn again while they are few, and when there are
   *   fewer, as one of those on it may be gone.
   */
  async draw(id, count) {
    const before = this.#count;
    this.#count = count;
    if (count >= before && Math.min(PICTURES, count) === Math.min(PICTURES, before)) return;
    const turn = ++this.#turn;
    /** @type {(Uint8Array | null)[]} */
    let thumbnails = [];
    try {
      const entries = await this.#shelf.entries(id, undefined, PICTURES);
      thumbnails = await this.#shelf.thumbnails(
        id,
        entries.map((entry) => entry.id),
      );
    } catch {
      // What is damaged is said below.
    }
    if (turn !== this.#turn) return;
    this.dispose();
    this.#urls = thumbnails.flatMap((bytes) => (bytes ? [pictureUrl(bytes)] : []));
    this.#place.replaceChildren(...this.#urls.map((url) => Object.assign(make("img"), { src: url, alt: "" })));
  }

  /** Gives the pictures' URLs back. */
  dispose() {
    for (const url of this.#urls) URL.revokeObjectURL(url);
    this.#urls = [];
  }
}

/**
 * A `blob:` URL of a thumbnail.
 * @param {Uint8Array} bytes
 */
export function pictureUrl(bytes) {
  // The shelf hands over plain ArrayBuffers; the type cannot say so.
  return URL.createObjectURL(new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (bytes)], { type: "image/jpeg" }));
}
