/** @import {Source} from "./source.js" */
import { byId, write } from "./dom.js";
import { described } from "./source.js";

/** The query photo beside the results. */
export class QueryView {
  #frame = byId("query-frame", HTMLElement);
  #image = byId("query-image", HTMLImageElement);
  #name = byId("query-name", HTMLElement);
  /** @type {Source[] | null} */
  #sources = null;

  constructor() {
    // A browser that cannot open the file gets a neutral frame in place of a broken image.
    this.#image.addEventListener("error", () => this.#frame.classList.add("undrawable"));
    this.#image.addEventListener("load", () => this.#frame.classList.remove("undrawable"));
  }

  /** @param {Source[]} sources  The first one is drawn; all are named. */
  show(sources) {
    const [first] = sources;
    if (!first || sources === this.#sources) return;
    this.#sources = sources;
    if (this.#image.src !== first.query.url) this.#image.src = first.query.url;
    this.#image.alt = `Your photo, ${first.query.name}`;
    write(this.#name, sources.map(described).join(" + "));
    this.#name.title = this.#name.textContent ?? "";
  }

  /** Puts the person at the top of the new search. */
  focus() {
    byId("query-heading", HTMLElement).focus({ preventScroll: true });
    scrollTo({ top: 0 });
  }
}
