import { redraw } from "./redraw.js";

/** The photo that a search starts from: the bytes of its file, and what it is called. */
export class PhotoFile {
  /** @type {string | null} */
  #url = null;
  /** Whether the page has tried to draw it. */
  #reopened = false;
  /** Whether it is known that it can be opened. */
  opened = false;
  /** @type {Promise<boolean> | null} */
  #drawable = null;
  /** The id of the photo that it is, where a search has found it; else "". */
  of = "";

  /**
   * @param {Uint8Array<ArrayBuffer>} bytes
   * @param {string} name
   * @param {string} [type]  Its media type. Browsers tell by the bytes, but for SVG.
   */
  constructor(bytes, name, type = "") {
    this.bytes = bytes;
    this.name = name;
    this.type = type;
  }

  /** A `blob:` URL of the photo. */
  get url() {
    this.#url ??= URL.createObjectURL(new Blob([this.bytes], { type: this.type }));
    return this.#url;
  }

  /** Whether the browser can draw it, as far as that goes. */
  drawable() {
    this.#drawable ??= drawable(this.url);
    return this.#drawable;
  }

  /** Whether the page may yet be able to open it: no worker opens SVG. */
  get reopens() {
    return !this.#reopened && this.type.startsWith("image/svg");
  }

  /**
   * Has the page draw it.
   * @returns {Promise<boolean>} Whether it could.
   */
  async reopen() {
    this.#reopened = true;
    const bytes = await redraw(this.url);
    if (bytes) this.take(bytes);
    return bytes !== null;
  }

  /**
   * Takes the photo in another format, and shows it wherever it is shown.
   * @param {Uint8Array<ArrayBuffer>} bytes
   */
  take(bytes) {
    const old = this.#url;
    this.bytes = bytes;
    this.type = "";
    this.#url = this.#drawable = null;
    if (!old) return;
    for (const image of document.images) if (image.src === old) image.src = this.url;
    URL.revokeObjectURL(old);
  }

  /** Gives the `blob:` URL back. */
  dispose() {
    if (this.#url) URL.revokeObjectURL(this.#url);
    this.#url = null;
  }
}

/** @param {string} url */
async function drawable(url) {
  const image = new Image();
  image.src = url;
  return image.decode().then(
    () => true,
    () => false,
  );
}
