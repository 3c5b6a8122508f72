import { byId, write } from "./dom.js";

/** Flickr's terms: at most 30 of its photos on a page. */
const PER_PAGE = 30;

/** Which page of the results is on show. */
export class Pager {
  #nav = byId("pager", HTMLElement);
  #previous = byId("previous", HTMLButtonElement);
  #next = byId("next", HTMLButtonElement);
  #label = byId("page", HTMLElement);
  #page = 0;
  #pages = 1;
  #onTurn;

  /** @param {() => void} onTurn */
  constructor(onTurn) {
    this.#onTurn = onTurn;
    this.#previous.addEventListener("click", () => this.turn(-1));
    this.#next.addEventListener("click", () => this.turn(1));
  }

  /**
   * The part of a list that is on this page.
   * @template T
   * @param {T[]} all
   */
  slice(all) {
    this.#pages = Math.max(1, Math.ceil(all.length / PER_PAGE));
    this.#page = Math.min(this.#page, this.#pages - 1);
    this.#draw();
    const from = this.#page * PER_PAGE;
    return { from, shown: all.slice(from, from + PER_PAGE) };
  }

  /**
   * What of a list would be on show.
   * @template T
   * @param {T[]} all
   */
  part(all) {
    const last = Math.max(1, Math.ceil(all.length / PER_PAGE)) - 1;
    const from = Math.min(this.#page, last) * PER_PAGE;
    return all.slice(from, from + PER_PAGE);
  }

  /** Goes back to the first page. */
  reset() {
    this.#page = 0;
  }

  /** @param {-1 | 1} step */
  turn(step) {
    const page = this.#page + step;
    if (page < 0 || page >= this.#pages) return;
    this.#page = page;
    this.#onTurn();
    const top = byId("results", HTMLElement).getBoundingClientRect().top;
    if (top < 0) byId("results", HTMLElement).scrollIntoView({ block: "start" });
  }

  #draw() {
    this.#nav.hidden = this.#pages === 1;
    write(this.#label, `Page ${this.#page + 1} of ${this.#pages}`);
    // Not `disabled`: that would take the focus from the person who turns the pages.
    this.#previous.ariaDisabled = String(this.#page === 0);
    this.#next.ariaDisabled = String(this.#page === this.#pages - 1);
  }
}
