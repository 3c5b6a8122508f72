/** @import {Keeper} from "../reload/keeper.js" */
/** @import {QueryInput} from "../query/query-input.js" */
/** @import {Search} from "../search/search.js" */
/** @import {Searches} from "../search/searches.js" */
/** @import {Travel} from "./travel.js" */

/**
 * @typedef {object} Surroundings
 * @property {Pick<Keeper, "returning" | "back">} keeper
 * @property {Pick<QueryInput, "turn" | "isAddressOf" | "addressed" | "keepAddress">} intake
 * @property {Pick<Travel, "settle">} travel
 * @property {Pick<Searches, "shown">} searches
 * @property {() => Search | null} shown  The search on show; null on the first screen.
 * @property {(kept: {search: Search, model: string, scorer: string}) => void} onReturned  What was on show before a
 *   reload is there again. This and `onAddressed` are for the step of the history that there is.
 * @property {(search: Search) => void} onAddressed  The page's address names a search that is not on show.
 */

/** What comes on show by no choice on the page: what a reload took away, and what the address of a step names. */
export class Returning {
  #context;

  /** @param {Surroundings} context */
  constructor(context) {
    this.#context = context;
  }

  /** The page is opened or reloaded. */
  start() {
    if (this.#context.keeper.returning && !history.state?.home) this.#return();
    else this.#beginAddressed();
  }

  /**
   * Back or Forward has led to a step whose search is not here any more, as it is of long ago or of before a reload. The
   * one that was on show then may come back; words are searched for again; for all else, what is on show stays.
   */
  find() {
    const { searches, keeper } = this.#context;
    if (!searches.shown && keeper.returning) this.#return();
    else this.#beginAddressed();
  }

  /** Brings back what was on show, unless something else is by now, or the address names other words. */
  async #return() {
    const { intake, keeper, searches, onReturned } = this.#context;
    const untouched = intake.turn();
    const kept = await keeper.back();
    if (searches.shown || !untouched()) return;
    if (kept && intake.isAddressOf(kept.search)) onReturned(kept);
    else this.#beginAddressed();
  }

  /** Begins what the page's address names; else address and history both tell of what is on show. */
  #beginAddressed() {
    const { intake, travel, shown, onAddressed } = this.#context;
    const search = intake.addressed;
    if (search) return onAddressed(search);
    travel.settle();
    if (shown()) intake.keepAddress();
  }
}
