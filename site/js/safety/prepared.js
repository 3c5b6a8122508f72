/** @typedef {{size: number, mean: number[], std: number[]}} Input  What a network takes, as its JSON file says. */
/** @typedef {{data: Uint8ClampedArray, width: number, height: number}} Pixels  RGBA, row by row. */

/**
 * A picture as the classifier takes it: scaled to a square as nsfwjs does by TensorFlow.js' `resizeBilinear` with
 * `alignCorners`, between the nearest four pixels, so that the corners stay where they are.
 * @param {Pixels} pixels
 * @param {Input} input
 * @returns {Float32Array<ArrayBuffer>}  (3, size, size).
 */
export function prepared({ data, width, height }, { size, mean, std }) {
  const values = new Float32Array(3 * size * size);
  const columns = places(width, size);
  const rows = places(height, size);
  for (let channel = 0; channel < 3; channel++) {
    const [offset, factor] = [mean[channel] ?? 0, 1 / (std[channel] ?? 1)];
    let at = channel * size * size;
    for (const { low: top, high: bottom, share: down } of rows) {
      const [above, below] = [top * width, bottom * width];
      for (const { low: left, high: right, share: across } of columns) {
        /** @param {number} pixel */
        const value = (pixel) => /** @type {number} */ (data[4 * pixel + channel]);
        const upper = value(above + left) + (value(above + right) - value(above + left)) * across;
        const lower = value(below + left) + (value(below + right) - value(below + left)) * across;
        values[at++] = (upper + (lower - upper) * down - offset) * factor;
      }
    }
  }
  return values;
}

/**
 * Between which two of the old lines each new one lies, and how far from the first.
 * @param {number} from
 * @param {number} to
 */
function places(from, to) {
  const step = to > 1 ? (from - 1) / (to - 1) : 0;
  return Array.from({ length: to }, (_, i) => {
    const low = Math.min(from - 1, Math.floor(i * step));
    return { low, high: Math.min(from - 1, low + 1), share: i * step - low };
  });
}
