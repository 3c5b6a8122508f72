/** @import {Search} from "../search/search.js" */
import { byId, hide, write } from "../ui/dom.js";
import { described } from "../search/query-photo.js";

/** The query photo beside the results, the words, or both; or that there is neither. */
export class QueryView {
  #frame = byId("query-frame", HTMLElement);
  #image = byId("query-image", HTMLImageElement);
  #name = byId("query-name", HTMLElement);
  #words = byId("query-words", HTMLElement);
  #note = byId("query-note", HTMLElement);
  /** @type {Search | null} */
  #search = null;

  constructor() {
    // A browser that cannot open the file gets a neutral frame in place of a broken image.
    this.#image.addEventListener("error", () => this.#frame.classList.add("undrawable"));
    this.#image.addEventListener("load", () => this.#frame.classList.remove("undrawable"));
  }

  /** @param {Search} search  The first of its photos is drawn, and how many more there are; all are named. */
  show(search) {
    write(this.#note, search.notes.map(({ message, advice }) => `${message} ${advice}`).join(" "));
    if (search === this.#search) return;
    this.#search = search;
    const { queryPhotos, text } = search;
    const [first] = queryPhotos;
    write(byId("query-heading", HTMLElement), headingOf(search));
    for (const element of [byId("open-queries", HTMLElement), this.#image]) hide(element, !first);
    hide(this.#words, !text);
    write(this.#words, text);
    if (!first) this.#frame.classList.remove("undrawable");
    write(this.#name, first ? queryPhotos.map(described).join(" + ") : text ? "Your words" : "No photo");
    // The picture says enough, and the words stand there themselves.
    this.#name.classList.toggle("unseen", !!first || !!text);
    // The name says so to those who do not see it.
    const others = byId("query-others", HTMLElement);
    hide(others, queryPhotos.length < 2);
    write(others, `+${queryPhotos.length - 1}`);
    if (!first) return;
    if (this.#image.src !== first.file.url) this.#image.src = first.file.url;
    this.#image.alt = `Your photo, ${first.file.name}`;
  }

  /** Puts the person at the top of the new search. */
  focus() {
    byId("query-heading", HTMLElement).focus({ preventScroll: true });
    scrollTo({ top: 0 });
  }
}

/** @param {Search} search */
function headingOf({ queryPhotos, text }) {
  if (queryPhotos.length) return text ? "Your photo and your words" : "Your photo";
  return text ? "Your words" : "Search without a photo";
}
