/** @import {Problem, ServiceProgress} from "../protocol.js" */
/** @import {Search} from "../search/search.js" */
import { arrange, byId, hide, make, write } from "../ui/dom.js";
import { plural } from "../ui/format.js";

/**
 * @typedef {object} Reach
 * @property {(name: string) => string} titleOf
 * @property {() => string[]} keyless  The chosen ones that a key is missing for.
 * @property {() => void} onGiveKey
 * @property {(problem: Problem) => boolean} told  Whether a problem is told beside the photos.
 */

/** What each service was asked, gave, and still gives: a row each. */
export class ServiceList {
  #place = byId("services", HTMLElement);
  #callbacks;
  /** @type {Map<string, Row>} */
  #rows = new Map();

  /** @param {Reach} callbacks */
  constructor(callbacks) {
    this.#callbacks = callbacks;
  }

  /** @param {Search} search */
  draw({ settings, progress, end }) {
    const known = new Map((progress?.services ?? []).map((service) => [service.name, service]));
    const searched = settings?.sources ?? [];
    const keyless = this.#callbacks.keyless();
    // All are there from the start, so that nothing below them moves when the first one answers.
    const rows = [...new Set([...searched, ...keyless])].map((name) => {
      const row = this.#rows.get(name) ?? this.#add(name);
      const service = known.get(name) ?? unasked(name, this.#callbacks.titleOf(name));
      row.draw(service, { over: !!end, out: !searched.includes(name), keyless: keyless.includes(name) });
      return row.element;
    });
    arrange(this.#place, rows);
  }

  /** @param {string} name */
  #add(name) {
    const row = new Row(this.#callbacks);
    this.#rows.set(name, row);
    return row;
  }
}

class Row {
  element = make("li", "service-row");
  #title = make("strong", "service-row-title");
  #spent = make("span", "service-row-spent");
  #left = make("span", "service-row-left");
  #problem = make("p", "service-row-problem");
  #key = make("button", "button small", "Give a key");

  #told;

  /** @param {Reach} callbacks */
  constructor({ onGiveKey, told }) {
    this.#told = told;
    this.#key.type = "button";
    this.#key.addEventListener("click", onGiveKey);
    this.element.append(this.#title, this.#spent, this.#left, this.#problem, this.#key);
  }

  /**
   * @param {ServiceProgress} service
   * @param {{over: boolean, out: boolean, keyless: boolean}} state  Whether the search has ended, goes without
   *   this service, and whether a key would mend that.
   */
  draw(service, { over, out, keyless }) {
    const { title, calls, photos, problem } = service;
    write(this.#title, title);
    write(this.#spent, out ? "left out: needs a key" : `${plural(calls, "call")}, ${plural(photos, "photo")}`);
    write(this.#left, left(service, over));
    hide(this.#left, out);
    hide(this.#key, !keyless);
    write(this.#problem, problem ? this.#words(problem, keyless) : "");
    this.element.classList.toggle("stopped", !!problem);
  }

  /**
   * What is wrong; where that is told already, in a word.
   * @param {Problem} problem
   * @param {boolean} keyless
   */
  #words(problem, keyless) {
    if (problem.code === "key-rejected" && keyless) return "Its key was refused.";
    return this.#told(problem) ? "Stopped early." : `${problem.message} ${problem.advice}`.trim();
  }
}

/**
 * What may still be asked; of the minute only while it matters.
 * @param {ServiceProgress} service
 * @param {boolean} over
 */
function left({ minute_left, day_left, ended }, over) {
  const minute = minute_left === null || over || ended ? "" : `${minute_left.toLocaleString("en")} this minute`;
  const day = day_left === null ? "" : `${day_left.toLocaleString("en")} today`;
  const both = [minute, day].filter(Boolean).join(", ");
  return both && `Calls left: ${both}`;
}

/**
 * @param {string} name
 * @param {string} title
 * @returns {ServiceProgress}
 */
function unasked(name, title) {
  return { name, title, calls: 0, photos: 0, minute_left: null, day_left: null, ended: false, problem: null };
}
