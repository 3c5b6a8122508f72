/** Lets something happen at most every so often, and not while something else asks for rest. */
export class Throttle {
  #rest;
  #act;
  #restless;
  #last = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #later;

  /**
   * @param {number} rest  Milliseconds between two times.
   * @param {() => void} act
   * @param {() => number} [restless]  The time, as of `performance.now()`, before which it must wait.
   */
  constructor(rest, act, restless = () => 0) {
    this.#rest = rest;
    this.#act = act;
    this.#restless = restless;
    this.reset();
  }

  /** Does it now, or as soon as it may. */
  request() {
    clearTimeout(this.#later);
    const now = performance.now();
    const wait = Math.max(this.#last + this.#rest, this.#restless()) - now;
    if (wait > 0) {
      this.#later = setTimeout(() => this.request(), wait);
      return;
    }
    this.#last = now;
    this.#act();
  }

  /** Forgets the last time: the next one is at once. */
  reset() {
    clearTimeout(this.#later);
    this.#last = -this.#rest;
  }
}
