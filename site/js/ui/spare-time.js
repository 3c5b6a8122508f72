/** What a piece of work may take of the time that a browser has left in a frame, in milliseconds. */
const PIECE = 2;

/** Does work piece by piece while the browser has nothing else to do. */
export class SpareTime {
  /** @type {(() => void)[]} */
  #pieces = [];
  #waiting = false;

  /**
   * Does this, in place of what is left of earlier work.
   * @param {(() => void)[]} pieces
   */
  use(pieces) {
    this.#pieces = pieces;
    this.#wait();
  }

  #wait() {
    if (this.#waiting || !this.#pieces.length) return;
    this.#waiting = true;
    // Safari has no idle callbacks.
    if ("requestIdleCallback" in globalThis) requestIdleCallback((deadline) => this.#work(deadline));
    else setTimeout(() => this.#work());
  }

  /** @param {IdleDeadline} [deadline]  Without one, a single piece is done. */
  #work(deadline) {
    this.#waiting = false;
    do this.#pieces.shift()?.();
    while (this.#pieces.length && deadline && deadline.timeRemaining() > PIECE);
    this.#wait();
  }
}
