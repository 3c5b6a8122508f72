/** @import {Problems} from "../ui/problems.js" */
/** @import {Search} from "../search/search.js" */
import { isOwnSource } from "../source-name.js";
import { listed } from "../ui/format.js";

/**
 * @typedef {object} Surroundings
 * @property {(source: string) => string} titleOf
 * @property {() => Search | null} shown
 * @property {() => void} onProceed  The search on show may begin now, if it waits.
 * @property {(search: Search) => void} onRenew  The search on show is to be made again.
 */

/** Whether this browser has a network, and what follows for searches: own photos need none. */
export class Connection {
  /** Searches that a service could not take part in, or that lost the network. @type {WeakSet<Search>} */
  #cutOff = new WeakSet();
  #problems;
  #context;

  /**
   * @param {Problems} problems
   * @param {Surroundings} context
   */
  constructor(problems, context) {
    this.#problems = problems;
    this.#context = context;
    addEventListener("online", () => this.#back());
  }

  /** Whether the browser knows that there is no network. */
  get offline() {
    return navigator.onLine === false;
  }

  /**
   * Those of these sources that can be searched now.
   * @param {string[]} sources
   */
  reachable(sources) {
    return this.offline ? sources.filter(isOwnSource) : sources;
  }

  /**
   * Say at once that a search waits for the network, or parts of it do; and remember to go on.
   * @param {Search} search  Which has just begun.
   * @param {string[]} sources  That it is to search.
   */
  begin(search, sources) {
    const waiting = sources.filter((source) => !this.reachable([source]).length);
    if (!waiting.length) return;
    this.#cutOff.add(search);
    this.#say(waiting, sources);
  }

  /** Says that there is no network, where there is none. */
  announce() {
    const sources = this.#context.shown()?.settings?.sources ?? [];
    const waiting = sources.filter((source) => !this.reachable([source]).length);
    if (waiting.length) this.#say(waiting, sources);
    return waiting.length > 0;
  }

  /**
   * @param {string[]} waiting
   * @param {string[]} sources  All that are to be searched.
   */
  #say(waiting, sources) {
    const names = listed(waiting.map(this.#context.titleOf));
    const own = waiting.length < sources.length ? "Your own photos are searched now; " : "";
    const advice = `${own}${names} ${own ? "" : waiting.length > 1 ? "are searched " : "is searched "}as soon as the network is back.`;
    this.#problems.show({ code: "offline", message: "There is no network.", advice, line: null }, { kind: "warning" });
  }

  /**
   * A search has ended: where the network was lost meanwhile, it is made again later; at once, where that has come back
   * while own photos were searched.
   * @param {Search} search
   * @returns {boolean}  Whether it is made again at once.
   */
  ended(search) {
    if (!this.offline) return this.#resume(search);
    const failed = search.end?.reason === "failed" || search.progress?.services.some(({ problem }) => problem);
    const services = failed ? (search.settings?.sources ?? []).filter((source) => !isOwnSource(source)) : [];
    if (services.length) this.begin(search, services);
    return false;
  }

  #back() {
    this.#problems.clear("offline");
    const search = this.#context.shown();
    if (search) this.#resume(search);
  }

  /**
   * Has a search take in what it had to do without; one that runs does so when it has ended, one that was cancelled does
   * not.
   * @param {Search} search
   * @returns {boolean}  Whether it is made again.
   */
  #resume(search) {
    const runs = search.active && search.id !== null;
    if (runs || !this.#cutOff.delete(search) || search.end?.reason === "cancelled") return false;
    if (search.id === null) this.#context.onProceed();
    else this.#context.onRenew(search);
    return search.id !== null;
  }
}
