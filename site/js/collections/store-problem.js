/** @import {Problem} from "../protocol.js" */

/** What is said of each error of the shelf, by its name. @type {Record<string, [string, string]>} */
const WORDS = {
  QuotaExceededError: [
    "This browser has no room left.",
    "Free space on this disk, or delete a collection; nothing that was kept is lost.",
  ],
  Gone: ["This collection is no longer there.", "Another tab has deleted it, or it has expired."],
  Broken: [
    "This collection is damaged.",
    "Process its photos again, or delete it and add its folder again. Your other collections are not touched.",
  ],
  VersionError: ["Another tab has a newer version of this page.", "Reload this one."],
  InvalidStateError: ["The store of this browser was closed.", "Reload the page."],
  SecurityError: [
    "This browser lets this page keep nothing.",
    "Allow cookies and site data for this site in its settings, or leave its private mode; then reload the page.",
  ],
};

/** What helps where it is none of these. */
const DELETE =
  "Reload the page. If it happens again, what is kept here is damaged: delete it, and add your photos again.";

/**
 * What a failure of the shelf means for the person.
 * @param {unknown} error
 * @returns {Problem}
 */
export function problemOf(error) {
  const name = error instanceof Error ? error.name : "";
  const [message, advice] = WORDS[name] ?? [
    `What this browser keeps could not be read or written (${error instanceof Error ? error.message || name : "nobody knows why"}).`,
    DELETE,
  ];
  return { code: `store-${name || "unknown"}`, message, advice, line: null };
}

/**
 * Whether to delete what is kept may be what helps.
 * @param {Problem} problem
 */
export function wantsDeletion({ advice }) {
  return advice === DELETE;
}
