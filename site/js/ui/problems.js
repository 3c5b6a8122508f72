/** @import {Problem} from "../protocol.js" */
/** @import {How, Remedy} from "./alerts.js" */
import { Alerts } from "./alerts.js";

/**
 * A place of the page that tells some problems, as they are mended there.
 * @callback Place
 * @param {Problem} problem
 * @returns {boolean | Remedy}  Whether it tells this one now; or how an alert leads there.
 */

/** Where problems are told: each at one place, and where none takes it, by an alert. */
export class Problems {
  #alerts;
  #places;
  /** What places tell that are no alerts, by their codes. @type {Map<string, string>} */
  #placed = new Map();

  /**
   * @param {Place[]} places  Of which the first that takes a problem tells it.
   * @param {() => void} onChanged  Other problems are on show.
   */
  constructor(places, onChanged) {
    this.#alerts = new Alerts(onChanged);
    this.#places = places;
  }

  /**
   * @param {Problem} problem
   * @param {How} [how]  Of an alert.
   */
  show(problem, how = {}) {
    // Its own remedy is what mends it.
    if (how.remedy) return this.#alerts.show(problem, how);
    const { code = problem.code } = how;
    for (const place of this.#places) {
      const taken = place(problem);
      if (taken === true) {
        this.#alerts.clear(code);
        this.#placed.set(code, problem.message);
        return;
      }
      if (taken) return this.#alerts.show(problem, { remedy: taken, ...how });
    }
    this.#alerts.show(problem, how);
  }

  /**
   * Whether a problem is told somewhere, so that the others need only point there.
   * @param {Problem} problem
   */
  told({ message }) {
    return this.#alerts.told(message) || [...this.#placed.values()].includes(message);
  }

  /** @param {string} code */
  clear(code) {
    this.#placed.delete(code);
    this.#alerts.clear(code);
  }

  /** Clears all, for a new beginning. */
  clearAll() {
    this.#placed.clear();
    this.#alerts.clearAll();
  }
}
