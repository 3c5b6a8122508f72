/** Bounds of what was kept in a browser or came by a link, which may be anything. */

/** Unix seconds of the year 9999: dates beyond it have no form field. */
export const LATEST = 253_402_300_799;

const SOURCE = /^[\w:.-]{1,80}$/;

/**
 * Whether it may be the name of a service, or "collection:ID".
 * @param {unknown} held
 * @returns {held is string}
 */
export function isSourceName(held) {
  return typeof held === "string" && SOURCE.test(held);
}
