/** @import {Search} from "../search/search.js" */
import { LiveStatus } from "../ui/live-status.js";
import { brief, endOf, going } from "../ui/format.js";

/**
 * @typedef {object} Surroundings
 * @property {() => Search | null} shown  The search on show; null on the first screen.
 * @property {() => string} opening  What is being opened, in words; "" for nothing.
 * @property {() => string} waiting  What a search would wait for, in words; "" for nothing.
 */

/** The line that says how things go: with what is being opened or waited for, and else with the search on show. */
export class StatusLine {
  #status = new LiveStatus("status", "status-brief");
  #context;

  /** @param {Surroundings} context */
  constructor(context) {
    this.#context = context;
  }

  /** How things go. */
  get #words() {
    const { shown, opening, waiting } = this.#context;
    return opening() || waiting() || going(shown());
  }

  /** Tells how things go now, in place of what was said before. */
  tell() {
    this.#status.announce(this.#words);
  }

  /** @param {string} text  Which must not be missed. */
  say(text) {
    this.#status.announce(text);
  }

  /** @param {Search} search  How it has ended is told, where that is on show. */
  sayEnd(search) {
    if (search.end && search === this.#context.shown()) this.#status.announce(endOf(search), brief(search));
  }

  /** Another file is being opened, or none any more: then the search on show is told of again. */
  opened() {
    const search = this.#context.shown();
    if (search && !this.#context.opening()) this.sayEnd(search);
  }

  /** Tells how things go; how a search has ended stays. */
  draw() {
    const { shown, opening, waiting } = this.#context;
    const search = shown();
    if (!search?.end || opening()) this.#status.show(this.#words, opening() || waiting() || brief(search));
  }
}
