/** @import {Search} from "../search/search.js" */
import { byId, hide, write } from "../ui/dom.js";

/**
 * What alone is searched, by one search and those that go on from it, until somebody takes that back: a collection.
 * The services that are ticked stay so meanwhile.
 */
export class Only {
  #chip = byId("only", HTMLElement);
  #words = byId("only-words", HTMLElement);
  #end = byId("only-end", HTMLButtonElement);
  #source = "";
  /** Which has it; null on the first screen, where it is for the next one. @type {Search | null} */
  #search = null;
  /** @type {{name: string, title: string}[]} */
  #offered = [];

  /** @param {() => void} ended  The services that are ticked are to be searched again. */
  constructor(ended) {
    this.#end.addEventListener("click", ended);
  }

  /** Its name, "collection:ID"; "" where all that is ticked is searched. */
  get source() {
    return this.#source;
  }

  /** @param {string} source  Of the search on show; on the first screen of the next one. */
  confine(source) {
    this.#source = source;
    if (this.#search) this.#search.only = source;
    this.#draw();
  }

  /** What it is called: by the collection's name where there are several. */
  get title() {
    const title = this.#offered.find(({ name }) => name === this.#source)?.title;
    return title && this.#offered.length > 1 ? title : "my photos";
  }

  /**
   * A search comes on show: one that begins on the first screen is confined as is set there; from another photo,
   * beside a search that is confined, it is not. One of before is as it was.
   * @param {Search} search
   */
  follow(search) {
    search.only ??= this.#search ? "" : this.#source;
    this.#search = search;
    this.confine(search.only);
  }

  /** No search is on show any more. */
  leave() {
    this.#search = null;
    this.confine("");
  }

  /**
   * What there is to search of the person's own; what is there no more, nothing is confined to.
   * @param {{name: string, title: string}[]} offered
   * @param {boolean} known  Whether that is all, and not still being read.
   */
  offer(offered, known) {
    this.#offered = offered;
    if (known && this.#source && !offered.some(({ name }) => name === this.#source)) this.confine("");
    else this.#draw();
  }

  /**
   * Shows the chip here.
   * @param {string} id
   */
  moveTo(id) {
    const place = byId(id, HTMLElement);
    if (this.#chip.parentElement !== place) place.append(this.#chip);
  }

  #draw() {
    hide(this.#chip, !this.#source);
    write(this.#words, `Only: ${this.title}`);
    this.#end.ariaLabel = `Stop searching only ${this.title}`;
    this.#end.title = "Search everywhere that is ticked";
  }
}
