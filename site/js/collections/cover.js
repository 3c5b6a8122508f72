/** @import {Shelf} from "../shelf/shelf.js" */
import { make } from "../ui/dom.js";

const PICTURES = 4;

/** A few pictures of a collection; they stay what they are until there are more. */
export class Cover {
  #place;
  #shelf;
  #count = -1;
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
   * @param {number} count  Photos of the collection: the cover is drawn again while they are few, or when they change
   *   much.
   */
  async draw(id, count) {
    const shown = Math.min(PICTURES, count);
    if (shown === this.#count) return;
    this.#count = shown;
    try {
      const entries = await this.#shelf.entries(id, undefined, PICTURES);
      const thumbnails = await this.#shelf.thumbnails(
        id,
        entries.map((entry) => entry.id),
      );
      this.dispose();
      this.#urls = thumbnails.flatMap((bytes) => (bytes ? [pictureUrl(bytes)] : []));
    } catch {
      this.dispose(); // what is damaged is said below
    }
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
