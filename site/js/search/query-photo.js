/** @import {PhotoFile} from "./photo-file.js" */

/** @typedef {[number, number, number, number]} Crop  Left, top, width and height, as fractions of the upright photo. */

/**
 * One photo of those that a search starts from.
 * @typedef {object} QueryPhoto
 * @property {PhotoFile} file
 * @property {number} weight  What it counts; less than nothing leads away from it.
 * @property {Crop | null} crop
 */

/**
 * What it is called: "cat.jpg, in part, × −0.5".
 * @param {QueryPhoto} photo
 */
export function described({ file, weight, crop }) {
  return `${file.name}${crop ? ", in part" : ""}${weight === 1 ? "" : `, × ${String(weight).replace("-", "−")}`}`;
}
