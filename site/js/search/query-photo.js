/** @import {Query} from "./query.js" */

/** @typedef {[number, number, number, number]} Crop  Left, top, width and height, as fractions of the upright photo. */

/**
 * One photo of those that a search starts from.
 * @typedef {object} Source
 * @property {Query} query
 * @property {number} weight  What it counts; less than nothing leads away from it.
 * @property {Crop | null} crop
 */

/**
 * What a source is called: "cat.jpg, in part, × −0.5".
 * @param {Source} source
 */
export function described({ query, weight, crop }) {
  return `${query.name}${crop ? ", in part" : ""}${weight === 1 ? "" : `, × ${String(weight).replace("-", "−")}`}`;
}
