/** @import {Crop} from "../search/query-photo.js" */
/** @typedef {{x: number, y: number}} Point  In parts of the photo's width and height. */
/**
 * @typedef {{kind: "draw"} | {kind: "move"} | {kind: "pull", x: -1 | 0 | 1, y: -1 | 0 | 1}} Grip  What a pointer
 *   holds; `x` and `y`: the edges that it pulls, -1 for left and top.
 */

/** Smaller selections are accidental. */
const LEAST = 0.05;
/** @type {Crop} */
const WHOLE = [0, 0, 1, 1];

/**
 * What a pointer takes hold of: an edge or a corner that is near, else the part that it is in, else nothing, so that
 * a new part is drawn.
 * @param {Crop | null} crop
 * @param {Point} point
 * @param {Point} reach  How near is near.
 * @returns {Grip}
 */
export function gripAt(crop, point, reach) {
  const [left, top, width, height] = crop ?? WHOLE;
  const across = edge(point.x, left, left + width, reach.x);
  const down = edge(point.y, top, top + height, reach.y);
  if (across === null || down === null) return { kind: "draw" };
  if (across || down) return { kind: "pull", x: across, y: down };
  return { kind: crop ? "move" : "draw" };
}

/**
 * The part after a pointer has moved.
 * @param {Crop | null} crop  The part before.
 * @param {Grip} grip
 * @param {Point} from
 * @param {Point} to
 * @returns {Crop | null | undefined}  Null for the whole photo, undefined where nothing was drawn yet.
 */
export function moved(crop, grip, from, to) {
  const [left, top, width, height] = crop ?? WHOLE;
  if (grip.kind === "draw") {
    const drawn = /** @type {Crop} */ ([
      Math.min(from.x, to.x),
      Math.min(from.y, to.y),
      Math.abs(to.x - from.x),
      Math.abs(to.y - from.y),
    ]);
    return drawn[2] >= LEAST && drawn[3] >= LEAST ? drawn : undefined;
  }
  const [x, y] = [to.x - from.x, to.y - from.y];
  if (grip.kind === "move") return [within(left + x, 0, 1 - width), within(top + y, 0, 1 - height), width, height];
  const [l, r] = pulled(left, left + width, grip.x, x);
  const [t, b] = pulled(top, top + height, grip.y, y);
  return l <= 0 && t <= 0 && r >= 1 && b >= 1 ? null : [l, t, r - l, b - t];
}

/**
 * @param {number} at
 * @param {number} low
 * @param {number} high
 * @param {number} reach
 * @returns {-1 | 0 | 1 | null}  Which edge is near; null outside of both.
 */
function edge(at, low, high, reach) {
  if (at < low - reach || at > high + reach) return null;
  const [before, behind] = [Math.abs(at - low), Math.abs(at - high)];
  if (Math.min(before, behind) > reach) return 0;
  return before < behind ? -1 : 1;
}

/**
 * @param {number} low
 * @param {number} high
 * @param {-1 | 0 | 1} which
 * @param {number} by
 */
function pulled(low, high, which, by) {
  if (which < 0) return [within(low + by, 0, high - LEAST), high];
  if (which > 0) return [low, within(high + by, low + LEAST, 1)];
  return [low, high];
}

/**
 * @param {number} value
 * @param {number} least
 * @param {number} most
 */
function within(value, least, most) {
  return Math.min(most, Math.max(least, value));
}
