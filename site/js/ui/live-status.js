import { byId, write } from "./dom.js";

const PAUSE = 2000;

/**
 * Tells progress in words: at once where something ends, else at most every two seconds. Spoken is only what is told for the
 * first time, and not each new number in it.
 */
export class LiveStatus {
  #line;
  #last = -PAUSE;
  /** What was told last, but for its numbers. */
  #kind = "";
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
    const kind = text.replace(/\d[\d.,]*( [a-z]+)?/g, "");
    // An own attribute outweighs what the role says.
    if (kind === this.#kind) this.#line.ariaLive = "off";
    else this.#line.removeAttribute("aria-live");
    this.#kind = kind;
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
