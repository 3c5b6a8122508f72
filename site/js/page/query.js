import { redraw } from "./redraw.js";

/** The photo that a search starts from: the bytes of its file, and what it is called. */
export class Query {
  /** @type {string | null} */
  #url = null;
  #type;
  /** Whether the browser has been asked to open it. */
  reopened = false;

  /**
   * @param {Uint8Array<ArrayBuffer>} bytes
   * @param {string} name
   * @param {string} [type]  Its media type. Browsers tell by the bytes, but for SVG.
   */
  constructor(bytes, name, type = "") {
    this.bytes = bytes;
    this.name = name;
    this.#type = type;
  }

  /** A `blob:` URL of the photo. */
  get url() {
    this.#url ??= URL.createObjectURL(new Blob([this.bytes], { type: this.#type }));
    return this.#url;
  }

  /**
   * Has the browser draw the photo, for formats that only the browser opens.
   * @returns {Promise<boolean>} Whether it could.
   */
  async reopen() {
    this.reopened = true;
    const bytes = await redraw(this.url);
    if (bytes) this.bytes = bytes;
    return bytes !== null;
  }

  /** Gives the `blob:` URL back. */
  dispose() {
    if (this.#url) URL.revokeObjectURL(this.#url);
    this.#url = null;
  }
}
