/** @import {Search} from "../search/search.js" */

/** Of this visit: after a reload the history still has steps of the one before. */
const VISIT = performance.timeOrigin;

/** Back and Forward of the browser lead through the searches of this visit. */
export class Travel {
  /** By the number that its step of the history has. @type {Map<number, Search>} */
  #searches = new Map();
  #callbacks;

  /**
   * @param {{kept: (search: Search) => boolean, shown: () => Search | null, onRevisit: (search: Search) => void,
   *   onHome: () => void}} callbacks  `shown`: null on the first screen, which `home` shows.
   */
  constructor(callbacks) {
    this.#callbacks = callbacks;
    // The step of now, and not the event's: another listener may have begun a search meanwhile.
    addEventListener("popstate", () => history.state?.visit === VISIT && this.#go(history.state));
  }

  /**
   * Makes a step of the history for a new search; the first one takes the place of the first screen, where nothing is.
   * @param {Search} search
   */
  add(search) {
    const number = this.#searches.size + 1;
    const step = { search: number, visit: VISIT };
    if (this.#searches.size) history.pushState(step, "");
    else history.replaceState(step, "");
    this.#searches.set(number, search);
  }

  /** Makes a step for the first screen, to which somebody has gone from a search. */
  leave() {
    history.pushState({ home: true, visit: VISIT }, "");
  }

  /** @param {{search?: number, home?: boolean}} step */
  #go({ search: number, home }) {
    if (home) return this.#callbacks.onHome();
    const search = number === undefined ? undefined : this.#searches.get(number);
    if (search && search !== this.#callbacks.shown() && this.#callbacks.kept(search)) this.#callbacks.onRevisit(search);
  }
}
