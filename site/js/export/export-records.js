/** @import {Result} from "../search/result.js" */
/** @import {Search} from "../search/search.js" */
import { creditOf } from "../results/credit.js";

/**
 * One result as it is exported.
 * @typedef {object} ExportRecord
 * @property {string} url      Of the picture.
 * @property {string} page
 * @property {string} title
 * @property {string} owner
 * @property {string} licence
 * @property {string} licence_url
 * @property {string} credit   The line that the service wants shown.
 * @property {string} source   The service or the collection it is from.
 * @property {number | null} score  Null for a photo of the shortlist: scores of several searches do not compare.
 * @property {string[]} tags
 * @property {string} query    The word that found it.
 * @property {string} policy
 * @property {string} scorer
 * @property {string} mark     "liked", "disliked" or "".
 * @property {string} date     Of the export.
 */

/**
 * Every result of a search but those that are left out as likely unsafe, best first.
 * @param {Search} search
 * @param {string} scorer  The name of the one that ranks them.
 * @param {(source: string) => string} titleOf
 * @param {Date} now
 * @returns {ExportRecord[]}
 */
export function recordsOf(search, scorer, titleOf, now) {
  const policy = search.settings?.policy ?? "";
  return search.results.admitted.map((result) => {
    const mark = search.marks.get(result.photo.id) ?? "";
    return recordOf(result, titleOf, { score: result.score, policy, scorer, mark, date: now.toISOString() });
  });
}

/**
 * Photos of the shortlist, in their order.
 * @param {Result[]} photos
 * @param {(source: string) => string} titleOf
 * @param {Date} now
 * @returns {ExportRecord[]}
 */
export function recordsOfKept(photos, titleOf, now) {
  return photos.map((kept) =>
    recordOf(kept, titleOf, { score: null, policy: "", scorer: "", mark: "", date: now.toISOString() }),
  );
}

/**
 * @param {Result} result
 * @param {(source: string) => string} titleOf
 * @param {Pick<ExportRecord, "score" | "policy" | "scorer" | "mark" | "date">} standing
 * @returns {ExportRecord}
 */
function recordOf({ photo, tag }, titleOf, { score, policy, scorer, mark, date }) {
  return {
    url: photo.thumb_url,
    page: photo.page_url,
    title: photo.title,
    owner: photo.owner,
    licence: photo.license,
    licence_url: photo.license_url,
    credit: creditOf(photo),
    source: titleOf(photo.source),
    score,
    tags: photo.tags,
    query: tag,
    policy,
    scorer,
    mark,
    date,
  };
}
