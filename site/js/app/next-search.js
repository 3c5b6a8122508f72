/** @import {Result} from "../search/result.js" */
/** @import {Searches} from "../search/searches.js" */
/** @import {SearchTools} from "../sources/search-tools.js" */
/** @import {SourceChoice} from "../sources/source-choice.js" */
/** @import {StatusLine} from "./status-line.js" */
import { Search } from "../search/search.js";

/**
 * @typedef {object} Surroundings
 * @property {Pick<Searches, "shown">} searches
 * @property {() => Search | null} shown  The search on show; null on the first screen.
 * @property {Pick<SearchTools, "confine" | "another"> & {sources: Pick<SourceChoice, "add">}} tools
 * @property {Pick<StatusLine, "say">} status
 * @property {(search: Search, how?: {aside: boolean}) => void} onBegin  `aside`: the person may be at something else.
 */

/** What is searched for after the search on show, and because of it. */
export class NextSearch {
  #context;

  /** @param {Surroundings} context */
  constructor(context) {
    this.#context = context;
  }

  /** Searches from the same again, where the search on show has ended. */
  again() {
    const shown = this.#context.shown();
    if (shown && !shown.active) this.renew();
  }

  /** Searches from the same photos and words with the settings as they are now. */
  renew() {
    const search = this.#context.searches.shown;
    if (search) this.#context.onBegin(Search.again(search));
  }

  /**
   * Searches from the same without being asked to now: whoever is typing, or has chosen something else meanwhile, goes
   * on with that.
   * @param {Search} search
   */
  renewAside(search) {
    const { shown, onBegin } = this.#context;
    if (search === shown() && !search.active) onBegin(Search.again(search), { aside: true });
  }

  /** @param {Search} search  To which the one on show leads, if there is one. */
  lead(search) {
    this.#context.onBegin(this.#context.shown()?.leadsTo(search) ?? search);
  }

  /** @param {Result} result  Others like it: where it was found, if that is on show. */
  more(result) {
    const { shown, onBegin } = this.#context;
    const search = Search.like(result);
    if (shown()?.results.find(result.photo.id) === result) this.lead(search);
    else onBegin(search);
  }

  /**
   * Searches from the same photos and words in one collection alone, or everywhere that is ticked again; on the first
   * screen, the next search does.
   * @param {string} source  "" for everywhere.
   */
  confine(source) {
    const { shown, tools, status, onBegin } = this.#context;
    const search = shown();
    if (!search) {
      tools.confine(source);
      if (source) status.say("Now show it a photo.");
      return;
    }
    const next = Search.again(search);
    next.only = source;
    onBegin(next);
  }

  /** Where a service has to be waited for, another one may join in: from then on, as if it had been ticked. */
  get another() {
    const { another } = this.#context.tools;
    return another && { label: `Search ${another.title}, too`, act: () => this.#join(another.name) };
  }

  /** @param {string} source */
  #join(source) {
    const { tools, searches, onBegin } = this.#context;
    tools.sources.add(source);
    const search = searches.shown;
    // What was found is known; what is liked stays an example.
    if (search) onBegin(Search.further(search));
  }
}
