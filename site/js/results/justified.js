/** @import {Room, Row} from "./rows.js" */
import { rowsOf } from "./rows.js";

/**
 * A photo of a gallery.
 * @typedef {{element: HTMLElement, ratio: number}} Tile  Its width over its height.
 */

/** By which part a row is left short of the width: then no rounding breaks it, and the style sheet fills it. */
const SLACK = 0.002;

/** Widths in rem under which less is written on a photo; see results.css. */
const WIDTHS = [15.5, 14, 9.5, 7.5];

/** Nobody sees that proportions are off by less, and to lay rows again for it costs time. */
const SAME = 0.01;

/** Parts the photos of a gallery into even rows; the style sheet does the rest, and has rows of its own until then. */
export class Justified {
  #list;
  #onResized;
  /** Read when the gallery gets another width or another size of photos: to read it has the page laid out.
   * @type {Room | null} */
  #room = null;
  /** How many pixels are one rem. */
  #rem = 16;
  /** What was laid last. @type {{tiles: Tile[], rows: Row[], room: Room | null}} */
  #laid = { tiles: [], rows: [], room: null };
  /** The height that each photo was given. @type {WeakMap<HTMLElement, string>} */
  #given = new WeakMap();

  /**
   * @param {HTMLElement} list
   * @param {() => void} onResized  Its rows are to be laid again.
   */
  constructor(list, onResized) {
    this.#list = list;
    this.#onResized = onResized;
    let width = 0;
    new ResizeObserver(([entry]) => {
      if (!entry || entry.contentRect.width === width) return;
      width = entry.contentRect.width;
      // Not here: the list gets another height by it, which an observer of its size may not do.
      requestAnimationFrame(() => this.resize());
    }).observe(list);
  }

  /** There is another width, or photos are to be larger or smaller. */
  resize() {
    this.#room = null;
    this.#onResized();
  }

  /**
   * @param {Tile[]} tiles
   * @param {boolean} still  Whether no photo may move that is on show.
   */
  lay(tiles, still) {
    if (!this.#room) this.#measure();
    if (!this.#room) return;
    const shaped = still ? this.#asTheyWere(tiles) : tiles;
    const kept = this.#kept(shaped, still);
    const from = countOf(kept);
    const ratios = shaped.slice(from).map(({ ratio }) => ratio);
    const rows = [...kept, ...rowsOf(ratios, this.#room)];
    this.#laid = { tiles: shaped, rows, room: this.#room };
    let place = 0;
    for (const { count, height } of rows)
      for (const end = place + count; place < end; place++) if (shaped[place]) this.#give(shaped[place], height);
  }

  #measure() {
    this.#room = roomOf(this.#list);
    this.#rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
  }

  /**
   * @param {Tile} tile
   * @param {number} height
   */
  #give({ element, ratio }, height) {
    const given = `${ratio.toFixed(3)} ${(height * (1 - SLACK)).toFixed(2)}px`;
    if (this.#given.get(element) === given) return;
    this.#given.set(element, given);
    const [shape = "", row = ""] = given.split(" ");
    element.dataset["under"] = WIDTHS.filter((width) => ratio * height <= width * this.#rem).join(" ");
    element.style.setProperty("--ratio", shape);
    element.style.setProperty("--row", row);
  }

  /**
   * Those rows that stay: with the same photos, from the first on. The last one takes what comes, unless somebody is at
   * it.
   * @param {Tile[]} tiles
   * @param {boolean} still
   */
  #kept(tiles, still) {
    const { tiles: before, rows, room } = this.#laid;
    if (room !== this.#room) return [];
    const differs = tiles.findIndex((tile, i) => !isSame(tile, before[i]));
    const same = differs < 0 ? tiles.length : differs;
    const kept = [];
    let end = 0;
    for (const [i, row] of rows.entries()) {
      end += row.count;
      const open = i === rows.length - 1 && tiles.length > end;
      if (end > same || (open && !(still && this.#isTouched(before.slice(end - row.count, end))))) break;
      kept.push(row);
    }
    return kept;
  }

  /**
   * Photos in the proportions that they have on show.
   * @param {Tile[]} tiles
   */
  #asTheyWere(tiles) {
    const ratios = new Map(this.#laid.tiles.map(({ element, ratio }) => [element, ratio]));
    return tiles.map(({ element, ratio }) => ({ element, ratio: ratios.get(element) ?? ratio }));
  }

  /** @param {Tile[]} tiles  Of one row. */
  #isTouched(tiles) {
    const at = this.#list.querySelector(":scope > :is(:hover, :focus-within)");
    return !at || tiles.some(({ element }) => element === at);
  }
}

/**
 * @param {Tile} tile
 * @param {Tile} [before]
 */
function isSame({ element, ratio }, before) {
  return element === before?.element && Math.abs(ratio / before.ratio - 1) < SAME;
}

/** @param {Row[]} rows */
function countOf(rows) {
  return rows.reduce((sum, { count }) => sum + count, 0);
}

/**
 * @param {HTMLElement} list
 * @returns {Room | null}  Null where it is not on show.
 */
function roomOf(list) {
  const { width } = list.getBoundingClientRect();
  if (!width) return null;
  // That of rows of a grid, which this is not: of lengths that only a custom property has, no browser tells pixels.
  const { gridAutoRows, columnGap } = getComputedStyle(list);
  return { width, gap: Number.parseFloat(columnGap) || 0, target: Number.parseFloat(gridAutoRows) || 160 };
}
