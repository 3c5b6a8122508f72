/** @import {Photo} from "../protocol.js" */
import { addressOf } from "../addresses.js";
import { isSourceName, LATEST } from "../bounds.js";

/**
 * A photo that is kept: what its service said of it, the word that found it, and when it was kept, in Unix seconds.
 * @typedef {{photo: Photo, tag: string, at: number}} KeptRecord
 */

/** So many photos are kept; the oldest go first. */
export const MOST_KEPT = 500;

/** Characters of each text, at most: what is longer is cut. */
const LONGEST = { id: 1200, title: 500, owner: 300, owner_id: 300, license: 200, attribution: 2000, tag: 200 };
const MOST_TAGS = 40;
/** Characters that have no place in a line of text, or turn the direction of writing. */
const UNFIT = /[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/gu;
const HIGHEST = 1e6;

/**
 * A photo as it may be kept, and shown when it comes back: what is stored in a browser may be anything.
 * @param {unknown} value
 * @returns {Photo | null}  Only what a photo has, in bounds, with addresses of the web alone; null for what is none.
 */
export function checkedPhoto(value) {
  const held = /** @type {Record<string, unknown>} */ (Object(value));
  const { id, source, tags } = held;
  if (typeof id !== "string" || !id || id.length > LONGEST.id || !isSourceName(source)) return null;
  return {
    id,
    source,
    title: text(held["title"], LONGEST.title),
    tags: (Array.isArray(tags) ? tags : []).slice(0, MOST_TAGS).flatMap((tag) => text(tag, LONGEST.tag) || []),
    thumb_url: address(held["thumb_url"]),
    page_url: address(held["page_url"]),
    owner: text(held["owner"], LONGEST.owner),
    owner_id: text(held["owner_id"], LONGEST.owner_id),
    license: text(held["license"], LONGEST.license),
    license_url: address(held["license_url"]),
    large_url: address(held["large_url"]),
    attribution: text(held["attribution"], LONGEST.attribution),
    width: size(held["width"]),
    height: size(held["height"]),
    full_width: size(held["full_width"]),
    full_height: size(held["full_height"]),
    uploaded: typeof held["uploaded"] === "number" && Math.abs(held["uploaded"]) <= LATEST ? held["uploaded"] : null,
    sensitive: held["sensitive"] === true,
  };
}

/**
 * @param {unknown} value
 * @returns {KeptRecord | null}
 */
export function checkedRecord(value) {
  const { photo, tag, at } = /** @type {Record<string, unknown>} */ (Object(value));
  const checked = checkedPhoto(photo);
  const time = typeof at === "number" && at >= 0 && at <= LATEST ? at : 0;
  return checked && { photo: checked, tag: text(tag, LONGEST.tag), at: time };
}

/**
 * @param {unknown} value
 * @param {number} longest
 */
export function text(value, longest) {
  return typeof value === "string" ? value.slice(0, longest).replace(UNFIT, "") : "";
}

/** @param {unknown} value */
function address(value) {
  return typeof value === "string" ? addressOf(value) : "";
}

/** @param {unknown} value */
function size(value) {
  return typeof value === "number" && value >= 0 && value <= HIGHEST ? Math.round(value) : 0;
}
