/** Bounds of what was kept in a browser or came by a link, which may be anything. */

/** Unix seconds of the year 9999: dates beyond it have no form field. */
export const LATEST = 253_402_300_799;

/** Seconds by which a time may be ahead of now: calls of one moment are told apart by thousandths. */
const AHEAD = 1;

const SOURCE = /^[\w:.-]{1,80}$/;

/**
 * Whether it may be the name of a service, or "collection:ID".
 * @param {unknown} held
 * @returns {held is string}
 */
export function isSourceName(held) {
  return typeof held === "string" && SOURCE.test(held);
}

/**
 * Times at which something happened, none ahead of now. What was counted by a clock that was wrong counts as now, so
 * that it does not bar the way until that time has come. Each stays a time of its own: equal ones may be taken for one.
 * @param {number[]} times  Unix times in seconds.
 * @param {number} now
 */
export function notAhead(times, now) {
  let at = now;
  return times.map((time) => {
    if (time <= now + AHEAD) return time;
    at -= 0.001;
    return at;
  });
}
