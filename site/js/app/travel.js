/** @import {Search} from "../search/search.js" */

import { VISIT } from "../ui/history-dialog.js";

/** Back and Forward of the browser lead through the searches of this visit. */
export class Travel {
  /** Those that are kept, by the number that its step of the history has. @type {Map<number, Search>} */
  #searches = new Map();
  /** How many steps there have been. */
  #steps = 0;
  #callbacks;

  /**
   * @param {{kept: (search: Search) => boolean, shown: () => Search | null, onRevisit: (search: Search) => void,
   *   onHome: () => void, onLost: () => void}} callbacks  `shown`: null on the first screen, which `home` shows; `lost`:
   *   at a step whose search is not here any more.
   */
  constructor(callbacks) {
    this.#callbacks = callbacks;
    // The step of now, and not the event's: another listener may have begun a search meanwhile.
    addEventListener("popstate", () => this.#go(history.state));
  }

  /**
   * Makes a step of the history for a new search; the first one takes the place of the first screen, where nothing is.
   * @param {Search} search
   * @param {boolean} [here]  Whether it is for the step that there is.
   */
  add(search, here = false) {
    const step = { search: ++this.#steps, visit: VISIT };
    if (this.#steps > 1 && !here) history.pushState(step, "");
    else history.replaceState(step, "");
    this.#searches.set(this.#steps, search);
    for (const [number, old] of this.#searches) if (!this.#callbacks.kept(old)) this.#searches.delete(number);
  }

  /**
   * Makes a step for a search that somebody has chosen among the earlier ones: from it, Back leads to where they were.
   * @param {Search} search
   */
  revisit(search) {
    const known = [...this.#searches].find(([, each]) => each === search);
    if (known) history.pushState({ search: known[0], visit: VISIT }, "");
  }

  /** Makes a step for the first screen, to which somebody has gone from a search. */
  leave() {
    history.pushState({ home: true, visit: VISIT }, "");
  }

  /** The search on show is what this step is of, too. */
  settle() {
    const known = [...this.#searches].find(([, each]) => each === this.#callbacks.shown());
    if (known) history.replaceState({ search: known[0], visit: VISIT }, "");
  }

  /** @param {{search?: number, home?: boolean, visit?: number} | null} step  Null where an address was entered. */
  #go(step) {
    const shown = this.#callbacks.shown();
    if (step?.home) return shown && this.#callbacks.onHome();
    // Those of before a reload have numbers of their own.
    const search = step?.visit === VISIT ? this.#searches.get(step.search ?? 0) : undefined;
    if (!search || !this.#callbacks.kept(search)) this.#callbacks.onLost();
    else if (search !== shown) this.#callbacks.onRevisit(search);
  }
}
