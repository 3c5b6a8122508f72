/** @import {Problem} from "../protocol.js" */
/** @import {Search} from "../search/search.js" */
/** @import {Result} from "../search/result.js" */
import { isOwnSource } from "../source-name.js";
import { Judged } from "./judged.js";
/**
 * @typedef {"hide" | "veil" | "show"} Treatment  What becomes of pictures that are likely unsafe; "show": none is
 *   looked at.
 */
/** @typedef {"off" | "hide" | "veil"} Screen  The same for the results of one search. */

/**
 * What the classifier's worker does for the page; see safety-client.js.
 * @typedef {object} Client
 * @property {() => void} start
 * @property {() => void} load
 * @property {(bytes: Uint8Array, judged: (unsafe: boolean) => void) => void} judge
 */

/** Pictures that the worker has at once: one that it looks at and one that waits, so that it never does. */
const AT_ONCE = 2;

/** @type {readonly Treatment[]} */
const TREATMENTS = ["hide", "veil", "show"];

/**
 * What a person has chosen; what is not understood is as on a first visit.
 * @param {string} kept
 * @returns {Treatment}
 */
export function treatmentOf(kept) {
  return TREATMENTS.find((known) => known === kept) ?? "hide";
}

/**
 * Has the pictures of results judged before they are drawn: those on show first, the others when the search is over.
 */
export class Screening {
  #client;
  #callbacks;
  /** The search that it works for. @type {Search | null} */
  #search = null;
  /** Whether the classifier has failed in this search. */
  #broken = false;
  #told = false;
  #prepared = false;
  /** @type {Set<Result>} */
  #asked = new Set();
  #known = new Judged();
  /** Told when all pictures are judged, or will not be. @type {(() => void)[]} */
  #waiting = [];

  /**
   * @param {Client} client
   * @param {object} callbacks
   * @param {() => Treatment} callbacks.treatment  As it is chosen now.
   * @param {() => Promise<boolean>} callbacks.kept  Whether the network needs no download.
   * @param {(search: Search, result: Result) => void} callbacks.judged
   * @param {(problem: Problem) => void} callbacks.problem
   */
  constructor(client, callbacks) {
    this.#client = client;
    this.#callbacks = callbacks;
  }

  /**
   * How a search's results are screened, as things are now.
   * @param {Search} search
   * @returns {Screen}
   */
  screenOf(search) {
    if (search !== this.#search) this.#begin(search);
    const chosen = this.#callbacks.treatment();
    if (this.#broken || chosen === "show" || !search.settings?.filters.safe) return "off";
    return search.unsafe ?? chosen;
  }

  /**
   * Has the next pictures judged, as many as the worker takes.
   * @param {Search} search  The one on show.
   * @param {() => Result[]} shown  Those of its results that are on show.
   */
  look(search, shown) {
    if (this.screenOf(search) === "off") {
      this.#release();
      return;
    }
    if (search.active && search.settings?.sources.some((source) => !isOwnSource(source))) this.#prepare();
    if (!search.results.size) return;
    const waiting = (/** @type {Result} */ result) =>
      result.screened && result.verdict === "none" && !this.#asked.has(result);
    for (const result of shown()) if (waiting(result)) this.#remember(search, result);
    if (this.#asked.size >= AT_ONCE) return;
    const first = shown().filter(waiting);
    // While a search runs, its engine needs the processor more than a page that nobody may turn to.
    const all = !search.active || this.#waiting.length > 0;
    const next = first.length || !all ? first : search.results.all.filter(waiting);
    for (const result of next) {
      if (this.#asked.size >= AT_ONCE) break;
      if (waiting(result) && !this.#remember(search, result)) this.#ask(search, result);
    }
    if (all && !search.results.unjudged) this.#release();
  }

  /**
   * Has all pictures of a search judged, also while it runs.
   * @param {Search} search  The one on show.
   * @returns {Promise<void>}  Settles when they are, or where they will not be.
   */
  judgeAll(search) {
    if (this.screenOf(search) === "off" || !search.results.unjudged) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.look(search, () => []);
    });
  }

  #release() {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** The classifier cannot be used: everything is shown, and the person is told so one time.
   * @param {string} why */
  fail(why) {
    this.#broken = true;
    this.#prepared = false;
    this.#asked.clear();
    this.#release();
    if (!this.#told) {
      this.#told = true;
      const advice = "They are shown as they come, as far as the services call them safe. The next search tries again.";
      this.#callbacks.problem({
        code: "unscreened",
        message: `Pictures are not being checked for what is not safe to look at. ${why}`,
        advice,
        line: null,
      });
    }
  }

  /** @param {Search} search */
  #begin(search) {
    this.#search = search;
    this.#broken = false;
    this.#release();
  }

  /**
   * A start of the worker downloads nothing that the engine has not; the network waits for the first results, unless
   * it is there.
   */
  #prepare() {
    if (this.#prepared) return;
    this.#prepared = true;
    this.#client.start();
    this.#callbacks.kept().then(
      (kept) => kept && this.#client.load(),
      () => {},
    );
  }

  /**
   * Judges a picture as it was judged in an earlier search.
   * @param {Search} search
   * @param {Result} result
   * @returns {boolean}  Whether it was.
   */
  #remember(search, result) {
    const unsafe = this.#known.find(result);
    if (unsafe === undefined) return false;
    search.results.judge(result, unsafe ? "unsafe" : "safe");
    this.#callbacks.judged(search, result);
    return true;
  }

  /**
   * @param {Search} search
   * @param {Result} result
   */
  #ask(search, result) {
    this.#asked.add(result);
    this.#client.judge(result.thumbnail, (unsafe) => {
      this.#asked.delete(result);
      this.#known.keep(result, unsafe);
      search.results.judge(result, unsafe ? "unsafe" : "safe");
      this.#callbacks.judged(search, result);
    });
  }
}
