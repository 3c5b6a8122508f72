import { byId, write } from "./dom.js";

const PAUSE = 2000;

/** Tells progress in words: at once where something ends, else at most every two seconds, so that a screen reader can keep up. */
export class Status {
  #line;
  #last = -PAUSE;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #later;

  /** @param {string} id  Of a live region. */
  constructor(id) {
    this.#line = byId(id, HTMLElement);
  }

  /**
   * Tells something that must not be missed.
   * @param {string} text
   */
  tell(text) {
    clearTimeout(this.#later);
    this.#last = performance.now();
    write(this.#line, text);
  }

  /**
   * Tells how things go, now or a little later, unless something newer comes first.
   * @param {string} text
   */
  murmur(text) {
    clearTimeout(this.#later);
    const wait = this.#last + PAUSE - performance.now();
    if (wait <= 0) this.tell(text);
    else this.#later = setTimeout(() => this.tell(text), wait);
  }
}
