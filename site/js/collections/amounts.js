/** @import {Collection} from "../shelf/records.js" */
import { listed, plural, size } from "../ui/format.js";

const DAY = 24 * 60 * 60;

/** After how long a collection may be deleted automatically: what is offered, in seconds; 0 for never. */
export const TERMS = /** @type {const} */ ([
  [0, "Never"],
  [DAY, "After 1 day"],
  [7 * DAY, "After 1 week"],
  [30 * DAY, "After 1 month"],
]);

/**
 * A time to come, or gone: "in 6 days", "in 5 hours".
 * @param {number} time  Unix time in seconds.
 * @param {number} now   Likewise.
 */
export function inTime(time, now) {
  const seconds = time - now;
  if (seconds < 90 * 60) return `in ${plural(Math.max(1, Math.round(seconds / 60)), "minute")}`;
  return seconds < 36 * 3600
    ? `in ${plural(Math.round(seconds / 3600), "hour")}`
    : `in ${plural(Math.round(seconds / DAY), "day")}`;
}

/**
 * What a collection is: "1,836 photos, 41 MB".
 * @param {Pick<Collection, "count" | "bytes">} collection
 */
export function extent({ count, bytes }) {
  return count ? `${plural(count, "photo")}, ${size(bytes)}` : "No photos yet";
}

/**
 * That collections are gone, whose time was over.
 * @param {string[]} names
 */
export function expiredWords(names) {
  return `${listed(names.map((name) => `“${name}”`))} expired and ${names.length === 1 ? "was" : "were"} deleted.`;
}

/**
 * That photos were being added when the page was closed. Nobody knows how many of these are in: others may have been in
 * before, and some of these may have been, too.
 * @param {Pick<Collection, "count" | "pending">} collection
 */
export function interruptedWords({ count, pending }) {
  const adding = `Adding ${plural(pending, "photo")} was interrupted`;
  const all = count ? `; the collection has ${plural(count, "photo")} now` : " before any was in";
  return `${adding}${all}. Add the same again: only what is missing is processed.`;
}

/** Unix time in seconds. */
export function now() {
  return Math.floor(Date.now() / 1000);
}
