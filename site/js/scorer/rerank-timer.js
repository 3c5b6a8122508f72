/** A new order that the person has asked for, until it is on the screen. */
export class RerankTimer {
  /** @type {"none" | "asked" | "come"} */
  #state = "none";

  /** A scorer was run. */
  ask() {
    this.#state = "asked";
  }

  /** Its order has come. @returns {boolean}  Whether somebody has asked for it. */
  come() {
    if (this.#state !== "asked") return false;
    this.#state = "come";
    return true;
  }

  /** It is drawn: leaves in the browser's timeline how long it took from the key press to the screen. */
  drawn() {
    if (this.#state !== "come") return;
    this.#state = "none";
    const [asked] = performance.getEntriesByName("scoring-run").slice(-1);
    // The frame is on the screen when the next task begins.
    if (asked)
      requestAnimationFrame(() =>
        setTimeout(() => performance.measure("re-ranking", { start: asked.startTime, end: performance.now() })),
      );
  }
}
