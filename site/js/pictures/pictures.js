/**
 * Opens pictures that Python's decoders cannot: HEIC by libheif, packed TIFF by geotiff, and others by the browser's
 * own decoders. What opens a format is fetched when the first such picture comes.
 */

/**
 * Samples as lookalike.formats.samples has them.
 * @typedef {object} Opened
 * @property {Uint8Array} values  Row by row, all samples of a pixel together, the lowest byte first.
 * @property {string} type        Of a sample, as numpy writes it.
 * @property {number} width
 * @property {number} height
 * @property {number} channels    Samples of a pixel.
 * @property {number} photometric  As TIFF numbers it; 2 is RGB.
 * @property {number} bits
 * @property {Uint8Array | null} colours  Of the palette: 16 bits each, all red ones first.
 * @property {number | null} alpha  Which sample is the opacity.
 * @property {boolean} premultiplied  Whether colours are multiplied by it already.
 * @property {number} fullWidth   Of the original.
 * @property {number} fullHeight
 * @property {boolean} upright    Whether it is turned already.
 */

/** Pixels a side that a picture keeps where it is made smaller; lookalike.formats.heic has the same. */
const SIDE = 1024;
const MOST_PIXELS = 64e6;

export class Pictures {
  #base;
  /** @type {Map<string, Promise<any>>} */
  #modules = new Map();

  /** @param {string} base  Where the site lies. */
  constructor(base) {
    this.#base = base;
  }

  /**
   * @param {Uint8Array<ArrayBuffer>} bytes  A file.
   * @param {string} kind  A key of lookalike.formats.kinds.TITLES, or "".
   * @returns {Promise<Opened | null>}  Null where it cannot be opened; rejected where what opens it cannot be fetched.
   */
  async reopen(bytes, kind) {
    if (kind === "TIFF") {
      const { openTiff } = await this.#module("js/tiff/tiff.js");
      return openTiff(bytes);
    }
    if (kind === "HEIC") {
      const { default: start } = await this.#module("heif/libheif-bundle.mjs");
      this.#modules.set("libheif", this.#modules.get("libheif") ?? Promise.resolve(start()));
      const opened = openHeic(await this.#modules.get("libheif"), bytes);
      if (opened) return opened;
    }
    return byBrowser(bytes);
  }

  /** @param {string} path */
  #module(path) {
    const known = this.#modules.get(path);
    if (known) return known;
    const module = import(this.#base + path);
    this.#modules.set(path, module);
    // So that the next picture tries again.
    module.catch(() => this.#modules.delete(path));
    return module;
  }
}

/**
 * @param {any} heif  libheif.
 * @param {Uint8Array} bytes
 * @returns {Opened | null}
 */
function openHeic(heif, bytes) {
  const context = heif.heif_context_alloc();
  let handle = null;
  try {
    if (heif.heif_context_read_from_memory(context, bytes).code !== heif.heif_error_code.heif_error_Ok) return null;
    handle = heif.heif_js_context_get_primary_image_handle(context);
    if (!handle || handle.code) return null;
    const [width, height] = [heif.heif_image_handle_get_width(handle), heif.heif_image_handle_get_height(handle)];
    if (width * height > MOST_PIXELS) return null;
    const decoded = heif.heif_js_decode_image2(
      handle,
      heif.heif_colorspace.heif_colorspace_RGB,
      heif.heif_chroma.heif_chroma_interleaved_RGBA,
    );
    if (!decoded || decoded.code) return null;
    const plane = decoded.channels.find(
      (/** @type {any} */ { id }) => id === heif.heif_channel.heif_channel_interleaved,
    );
    const pixels = plane && reduced(plane.data, plane.width, plane.height, plane.stride);
    heif.heif_image_release(decoded.image);
    return pixels && rgba(pixels, width, height);
  } catch {
    return null;
  } finally {
    if (handle && !handle.code) heif.heif_image_handle_release(handle);
    heif.heif_context_free(context);
  }
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {Promise<Opened | null>}
 */
async function byBrowser(bytes) {
  let image;
  try {
    image = await createImageBitmap(new Blob([bytes]));
  } catch {
    return null;
  }
  const { width, height } = image;
  const factor = factorOf(width, height);
  const canvas = new OffscreenCanvas(Math.ceil(width / factor), Math.ceil(height / factor));
  const context = canvas.getContext("2d");
  if (!context) return null;
  context.imageSmoothingQuality = "high";
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  image.close();
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  return rgba({ data: new Uint8Array(data.buffer), width: canvas.width, height: canvas.height }, width, height);
}

/**
 * @param {{data: Uint8Array, width: number, height: number}} pixels
 * @param {number} fullWidth
 * @param {number} fullHeight
 * @returns {Opened}
 */
function rgba({ data, width, height }, fullWidth, fullHeight) {
  return {
    values: data,
    type: "u1",
    width,
    height,
    channels: 4,
    photometric: 2,
    bits: 8,
    colours: null,
    alpha: 3,
    premultiplied: false,
    fullWidth,
    fullHeight,
    upright: true,
  };
}

/**
 * By what a large picture is made smaller.
 * @param {number} width
 * @param {number} height
 */
function factorOf(width, height) {
  return Math.max(1, Math.floor(Math.min(width, height) / SIDE));
}

/**
 * The mean of each square of pixels, as Pillow's `reduce` has it.
 * @param {Uint8Array} data  RGBA.
 * @param {number} width
 * @param {number} height
 * @param {number} stride  Bytes of a row.
 */
function reduced(data, width, height, stride) {
  const factor = factorOf(width, height);
  const [across, down] = [Math.ceil(width / factor), Math.ceil(height / factor)];
  const small = new Uint8Array(across * down * 4);
  for (let y = 0; y < down; y++) {
    const bottom = Math.min(height, (y + 1) * factor);
    for (let x = 0; x < across; x++) {
      const right = Math.min(width, (x + 1) * factor);
      const count = (bottom - y * factor) * (right - x * factor);
      let [r, g, b, a] = [0, 0, 0, 0];
      for (let row = y * factor; row < bottom; row++) {
        for (let at = row * stride + x * factor * 4, end = row * stride + right * 4; at < end; at += 4) {
          r += data[at];
          g += data[at + 1];
          b += data[at + 2];
          a += data[at + 3];
        }
      }
      const to = (y * across + x) * 4;
      small[to] = Math.round(r / count);
      small[to + 1] = Math.round(g / count);
      small[to + 2] = Math.round(b / count);
      small[to + 3] = Math.round(a / count);
    }
  }
  return { data: small, width: across, height: down };
}
