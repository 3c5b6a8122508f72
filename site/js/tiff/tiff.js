/** Opens TIFF files that are packed (LZW, JPEG, Deflate, …); bundled with geotiff, and fetched when one comes. */

import { fromArrayBuffer } from "geotiff";

/** @import {Opened} from "../pictures/pictures.js" */

/** What numpy calls the samples of a typed array. @type {[Function, string][]} */
const TYPES = [
  [Uint8Array, "u1"],
  [Int8Array, "i1"],
  [Uint16Array, "u2"],
  [Int16Array, "i2"],
  [Uint32Array, "u4"],
  [Int32Array, "i4"],
  [Float32Array, "f4"],
  [Float64Array, "f8"],
];
const PALETTE = 3;
const BITS_PER_SAMPLE = 258;
/** Samples of colour in a pixel, by how they are to be understood. @type {Record<number, number>} */
const COLOURS = { 0: 1, 1: 1, 2: 3, 3: 1, 5: 4, 6: 3 };

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {Promise<Opened | null>}  The first picture in the file; null where it cannot be opened.
 */
export async function openTiff(bytes) {
  try {
    const file = await fromArrayBuffer(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
    const image = await file.getImage(0);
    const directory = image.getFileDirectory();
    // A drawing in black and white need not say that it has one bit a pixel, and geotiff does not take it for granted.
    if (!directory.hasTag(BITS_PER_SAMPLE)) {
      directory.actualizedFields.set(BITS_PER_SAMPLE, new Array(image.getSamplesPerPixel()).fill(1));
    }
    const photometric = Number(directory.getValue("PhotometricInterpretation") ?? 1);
    const samples = /** @type {import("geotiff").TypedArray & {width: number, height: number}} */ (
      await image.readRasters({ interleave: true })
    );
    const type = TYPES.find(([kind]) => samples instanceof kind)?.[1];
    if (!type) return null;
    const [extra] = /** @type {ArrayLike<number> & Iterable<number>} */ (directory.getValue("ExtraSamples") ?? []);
    const map =
      photometric === PALETTE ? /** @type {ArrayLike<number>} */ (await directory.loadValue("ColorMap")) : null;
    const { width, height } = samples;
    return {
      values: new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength),
      type,
      width,
      height,
      channels: samples.length / (width * height),
      photometric,
      bits: image.getBitsPerSample(0) || 1,
      colours: map && new Uint8Array(Uint16Array.from(map).buffer),
      alpha: extra === 1 || extra === 2 ? (COLOURS[photometric] ?? null) : null,
      premultiplied: extra === 1,
      fullWidth: width,
      fullHeight: height,
      upright: false,
    };
  } catch {
    return null;
  }
}
