/**
 * A row of photos that are equally high.
 * @typedef {{count: number, height: number}} Row
 */

/**
 * @typedef {object} Room
 * @property {number} width
 * @property {number} gap  Between two photos of a row.
 * @property {number} target  How high rows are to be.
 */

/** The last row fills the width as well where it is no higher than this by it, in parts of the target. */
const FILLED = 1.25;

/** Makes a row that is far off cost more than several which are a little: what is seen is the odd one. */
const POWER = 4;

/**
 * Parts photos into rows that fill the width, all as near to the target height as can be. As in the setting of
 * paragraphs by Knuth and Plass, all breaks are chosen together: a row takes one photo less, so that the next one is not
 * too high. The last row has no need to fill the width.
 * @param {number[]} ratios  Width over height of each photo.
 * @param {Room} room
 * @returns {Row[]}
 */
export function rowsOf(ratios, room) {
  /** How far off the rows are, up to each photo; and how many photos the last of them takes. */
  const best = [{ cost: 0, count: 0 }];
  for (let end = 1; end <= ratios.length; end++) best.push(bestEnd(best, ratios, end, room));
  const rows = [];
  for (let end = ratios.length; end > 0; ) {
    const count = best[end]?.count || end;
    rows.push({ count, height: heightOf(ratios.slice(end - count, end), room, end === ratios.length) });
    end -= count;
  }
  return rows.reverse();
}

/**
 * The best last row of all that end before this place.
 * @param {{cost: number, count: number}[]} best
 * @param {number[]} ratios
 * @param {number} end
 * @param {Room} room
 */
function bestEnd(best, ratios, end, room) {
  const last = end === ratios.length;
  let found = { cost: Infinity, count: 1 };
  let sum = 0;
  for (let count = 1; count <= end; count++) {
    sum += ratios[end - count] ?? 1;
    const height = full(sum, count, room);
    const off = last && height > room.target ? 0 : Math.abs(height / room.target - 1) ** POWER;
    const cost = (best[end - count]?.cost ?? 0) + off;
    if (cost < found.cost) found = { cost, count };
    // More of them only make it lower.
    if (height < room.target / 2) break;
  }
  return found;
}

/**
 * @param {number[]} ratios  Of one row.
 * @param {Room} room
 * @param {boolean} last
 */
function heightOf(ratios, room, last) {
  const height = full(
    ratios.reduce((sum, ratio) => sum + ratio, 0),
    ratios.length,
    room,
  );
  return last && height > FILLED * room.target ? room.target : height;
}

/**
 * How high a row is that fills the width.
 * @param {number} sum  Of width over height.
 * @param {number} count
 * @param {Room} room
 */
function full(sum, count, { width, gap }) {
  return Math.max(1, width - gap * (count - 1)) / sum;
}
