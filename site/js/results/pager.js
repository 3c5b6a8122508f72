import { byId, write } from "../ui/dom.js";
import { FLICKR_PER_PAGE } from "../flickr.js";

/** So many more come at once as one scrolls: what a browser draws within a frame. It goes on in the next one. */
const STEP = 10;

/**
 * Which part of the results is on show: a page of them, or, where all may be shown together, ever more as one
 * scrolls towards their end.
 */
export class Pager {
  /** Whether they are parted into pages. */
  paged = true;
  #nav = byId("pager", HTMLElement);
  #previous = byId("previous", HTMLButtonElement);
  #next = byId("next", HTMLButtonElement);
  #label = byId("page", HTMLElement);
  #more = byId("show-more", HTMLButtonElement);
  /** The button is where the end of the photos is, and comes near before it is seen. */
  #near = new IntersectionObserver((entries) => this.#come(entries), { rootMargin: "0px 0px 100% 0px" });
  #page = 0;
  #pages = 1;
  #amount = FLICKR_PER_PAGE;
  #callbacks;

  /**
   * @param {{onTurned: () => void, onMore: (asked: boolean) => void}} callbacks  `asked`: the person has asked for
   *   more, and is at the button.
   */
  constructor(callbacks) {
    this.#callbacks = callbacks;
    this.#previous.addEventListener("click", () => this.turn(-1));
    this.#next.addEventListener("click", () => this.turn(1));
    this.#more.addEventListener("click", () => this.#grow(true));
  }

  /**
   * The part of a list that is on show.
   * @template T
   * @param {T[]} all
   */
  slice(all) {
    this.#pages = Math.max(1, Math.ceil(all.length / FLICKR_PER_PAGE));
    this.#page = Math.min(this.#page, this.#pages - 1);
    this.#draw(all.length);
    return { from: this.paged ? this.#page * FLICKR_PER_PAGE : 0, shown: this.part(all) };
  }

  /**
   * What of a list would be on show.
   * @template T
   * @param {T[]} all
   */
  part(all) {
    if (!this.paged) return all.slice(0, this.#amount);
    const last = Math.max(1, Math.ceil(all.length / FLICKR_PER_PAGE)) - 1;
    const from = Math.min(this.#page, last) * FLICKR_PER_PAGE;
    return all.slice(from, from + FLICKR_PER_PAGE);
  }

  /**
   * What comes next as one scrolls.
   * @template T
   * @param {T[]} all
   */
  next(all) {
    return this.paged ? [] : all.slice(this.#amount, this.#amount + STEP);
  }

  /** Goes back to the first of them. */
  reset() {
    this.#page = 0;
    this.#amount = FLICKR_PER_PAGE;
  }

  /**
   * Goes so far that what is at this place of the list is on show.
   * @param {number} place
   */
  reach(place) {
    this.#page = Math.floor(place / FLICKR_PER_PAGE);
    this.#amount = Math.max(this.#amount, (this.#page + 1) * FLICKR_PER_PAGE);
  }

  /** @param {-1 | 1} step */
  turn(step) {
    if (!this.paged) {
      if (step > 0 && !this.#more.hidden) this.#grow(true);
      return;
    }
    const page = this.#page + step;
    if (page < 0 || page >= this.#pages) return;
    this.#page = page;
    this.#callbacks.onTurned();
    const top = byId("results", HTMLElement).getBoundingClientRect().top;
    if (top < 0) byId("results", HTMLElement).scrollIntoView({ block: "start" });
  }

  /** @param {IntersectionObserverEntry[]} entries */
  #come(entries) {
    // Who is at the button by keyboard presses it: it does not run away.
    if (entries.at(-1)?.isIntersecting && !this.#more.hidden && document.activeElement !== this.#more)
      this.#grow(false);
  }

  /** @param {boolean} asked */
  #grow(asked) {
    this.#amount += asked ? FLICKR_PER_PAGE : STEP;
    this.#callbacks.onMore(asked);
  }

  /** @param {number} count  Of all. */
  #draw(count) {
    this.#nav.hidden = !this.paged || this.#pages === 1;
    this.#more.hidden = this.paged || count <= this.#amount;
    // Only what begins to be observed is told of where it is already.
    this.#near.disconnect();
    if (!this.#more.hidden) this.#near.observe(this.#more);
    write(this.#more, `Show more (${this.#amount} of ${count})`);
    write(this.#label, `Page ${this.#page + 1} of ${this.#pages}`);
    // Not `disabled`: that would take the focus from the person who turns the pages.
    this.#previous.ariaDisabled = String(this.#page === 0);
    this.#next.ariaDisabled = String(this.#page === this.#pages - 1);
  }
}
