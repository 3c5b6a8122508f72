/** @import {Growth} from "./growth.js" */
/** @import {Search} from "../search/search.js" */
import { byId, hide, write } from "../ui/dom.js";
import { growthInWords, growthOf, heightsOf } from "./growth.js";
import { compact, plural } from "../ui/format.js";

/** Units of the drawing, which is stretched to the panel's width. */
const [WIDTH, HEIGHT] = [300, 80];

/**
 * A small plot: the mean of the ten best against the photos looked at, with the calls as ticks under it, and the same
 * in words.
 */
export class GrowthPlot {
  #place = byId("growth", HTMLElement);
  #plot = byId("growth-plot", HTMLElement);
  #line = byId("growth-line", SVGPathElement);
  #calls = byId("growth-calls", SVGPathElement);

  /** @param {Search} search */
  draw(search) {
    const growth = growthOf(search.results.arrived, search.calls);
    const said = growthInWords(growth);
    hide(this.#place, !said);
    write(byId("growth-said", HTMLElement), said);
    hide(this.#plot, !growth.steps.length || !growth.photos);
    if (!this.#plot.hidden) this.#drawPlot(growth);
  }

  /** @param {Growth} growth */
  #drawPlot(growth) {
    const { steps, photos, calls } = growth;
    const means = steps.map(({ mean }) => mean);
    const [least, most] = [Math.min(...means), Math.max(...means)];
    this.#line.setAttribute("d", lineOf(growth));
    this.#calls.setAttribute("d", calls.map((at) => `M${place(at, photos)} 0V1`).join(""));
    write(byId("growth-most", HTMLElement), compact(most));
    write(byId("growth-least", HTMLElement), most > least ? compact(least) : "");
    write(byId("growth-photos", HTMLElement), plural(photos, "photo"));
    write(byId("growth-key", HTMLElement), calls.length ? `| ${plural(calls.length, "answered call")}` : "");
  }
}

/**
 * A staircase: a mean stays until a better photo comes.
 * @param {Growth} growth
 */
export function lineOf({ steps, photos }) {
  const height = heightsOf(steps);
  const points = steps.map((step) => ({
    x: place(step.photos, photos),
    y: ((1 - height(step.mean)) * HEIGHT).toFixed(1),
  }));
  const [first, ...others] = points;
  if (!first) return "";
  return `M${first.x} ${first.y}${others.map(({ x, y }) => `H${x}V${y}`).join("")}H${WIDTH}`;
}

/**
 * @param {number} at
 * @param {number} photos
 */
function place(at, photos) {
  return ((at / photos) * WIDTH).toFixed(1);
}
