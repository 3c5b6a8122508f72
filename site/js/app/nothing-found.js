/** @import {Search} from "../search/search.js" */

/**
 * What stands in place of photos where there are none: what is waited for, or why there are none, and what may help.
 * @param {Pick<Search, "end" | "skipped" | "filtered" | "queryPhotos" | "text"> & {results: {size: number}}} search
 * @param {string} waiting  What it waits for, or "".
 */
export function nothingFound({ end, skipped, filtered, queryPhotos, text, results }, waiting) {
  if (!end && waiting) return waiting;
  if (!end) return "The first lookalikes appear here in a moment.";
  if (end.reason === "cancelled") return "Cancelled before anything was found.";
  if (end.reason === "failed") return "Nothing was found before the search stopped.";
  if (results.size) return "Nothing but the photo itself was found. Search somewhere else, too, or use another photo.";
  if (skipped.length)
    return "Photos were named, but none of them could be opened; see why under “photos skipped” in Details.";
  if (filtered.length) return "The filters kept every photo out. Let more of them pass, and search again.";
  if (!text && queryPhotos.length && queryPhotos.every(({ weight }) => weight <= 0))
    return "None of your photos counts more than 0, so there was nothing to look for. Give one a weight above 0 in “Part of it, or more photos”.";
  return `No photo came for these words. Search again, try ${text ? "other words" : "another photo"} or another service, or allow more calls in Settings.`;
}
