/** @import {Query} from "./query.js" */
import { byId, write } from "./dom.js";

/** The query photo beside the results. */
export class QueryView {
  #frame = byId("query-frame", HTMLElement);
  #image = byId("query-image", HTMLImageElement);
  #name = byId("query-name", HTMLElement);
  /** @type {Query | null} */
  #query = null;

  constructor() {
    // A browser that cannot open the file gets a neutral frame in place of a broken image.
    this.#image.addEventListener("error", () => this.#frame.classList.add("undrawable"));
    this.#image.addEventListener("load", () => this.#frame.classList.remove("undrawable"));
  }

  /** @param {Query} query */
  show(query) {
    if (query === this.#query) return;
    this.#query = query;
    this.#image.src = query.url;
    this.#image.alt = `Your photo, ${query.name}`;
    write(this.#name, query.name);
  }

  /** Puts the person at the top of the new search. */
  focus() {
    byId("query-heading", HTMLElement).focus({ preventScroll: true });
    scrollTo({ top: 0 });
  }
}
