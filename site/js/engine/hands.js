/** What Python cannot do for collections, and a worker can. */

const LONGEST = 1024;

/**
 * Open an image with the browser's own decoders, for formats that Python's lack.
 * @param {Uint8Array<ArrayBuffer>} bytes  An image file.
 * @returns {Promise<Uint8Array | null>}  A PNG file of at most 1,024 pixels a side; null where the browser cannot.
 */
export async function redraw(bytes) {
  let image;
  try {
    image = await createImageBitmap(new Blob([bytes]));
  } catch {
    return null;
  }
  const scale = Math.min(1, LONGEST / Math.max(image.width, image.height));
  const canvas = new OffscreenCanvas(Math.max(1, Math.round(image.width * scale)), Math.max(1, Math.round(image.height * scale)));
  const context = canvas.getContext("2d");
  if (!context) return null;
  context.imageSmoothingQuality = "high";
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  image.close();
  return new Uint8Array(await (await canvas.convertToBlob({ type: "image/png" })).arrayBuffer());
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
