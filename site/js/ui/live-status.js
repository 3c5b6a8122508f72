import { byId, write } from "./dom.js";

const PAUSE = 2000;

/**
 * Tells progress in words: at once what is new, and new numbers in it at most every two seconds. Spoken is only what is
 * told for the first time, and not each new number.
 */
export class LiveStatus {
  #line;
  #brief;
  #last = -PAUSE;
  /** What was told last, but for its numbers. */
  #kind = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #later;

  /**
   * @param {string} id  Of a live region.
   * @param {string} [brief]  Of what says the same shorter, where there is little room, to those who see it.
   */
  constructor(id, brief) {
    this.#line = byId(id, HTMLElement);
    this.#brief = brief ? byId(brief, HTMLElement) : null;
  }

  /**
   * Tells something that must not be missed.
   * @param {string} text
   * @param {string} [brief]  The same, shorter.
   */
  announce(text, brief = text) {
    clearTimeout(this.#later);
    this.#last = performance.now();
    const kind = kindOf(text);
    // An own attribute outweighs what the role says.
    if (kind === this.#kind) this.#line.ariaLive = "off";
    else this.#line.removeAttribute("aria-live");
    this.#kind = kind;
    write(this.#line, text);
    if (!this.#brief) return;
    write(this.#brief, brief);
    this.#brief.title = text;
  }

  /**
   * Tells how things go: now, or where only its numbers are new a little later, unless something newer comes first.
   * @param {string} text
   * @param {string} [brief]  The same, shorter.
   */
  show(text, brief) {
    clearTimeout(this.#later);
    const wait = this.#last + PAUSE - performance.now();
    if (wait <= 0 || kindOf(text) !== this.#kind) this.announce(text, brief);
    else this.#later = setTimeout(() => this.announce(text, brief), wait);
  }
}

/**
 * What a text says but for its numbers, and what they count.
 * @param {string} text
 */
function kindOf(text) {
  return text.replace(/\d[\d.,]*( [a-z]+)?/g, "");
}
