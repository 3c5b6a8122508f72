/** @import {Source} from "./source.js" */
import { byId, write } from "./dom.js";
import { described } from "./source.js";

/** The query photo beside the results, or that there is none. */
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
    if (sources === this.#sources) return;
    this.#sources = sources;
    const [first] = sources;
    write(byId("query-heading", HTMLElement), first ? "Your photo" : "Search without a photo");
    byId("open-queries", HTMLElement).hidden = this.#image.hidden = !first;
    if (!first) this.#frame.classList.remove("undrawable");
    write(this.#name, first ? sources.map(described).join(" + ") : "No photo");
    this.#name.title = this.#name.textContent ?? "";
    if (!first) return;
    if (this.#image.src !== first.query.url) this.#image.src = first.query.url;
    this.#image.alt = `Your photo, ${first.query.name}`;
  }

  /** Puts the person at the top of the new search. */
  focus() {
    byId("query-heading", HTMLElement).focus({ preventScroll: true });
    scrollTo({ top: 0 });
  }
}
