import { byId, within } from "./dom.js";

/** A button that opens a small panel under it; Escape, a click elsewhere, or leaving it closes it. */
export class Menu {
  #details;
  #summary;

  /**
   * @param {string} id  Of a <details>.
   * @param {() => void} [opened]
   */
  constructor(id, opened) {
    this.#details = byId(id, HTMLDetailsElement);
    this.#summary = within(this.#details, "summary", HTMLElement);
    // Sooner than the toggle event, which comes when the sheet is on the screen.
    this.#summary.addEventListener("click", () => this.#details.open || opened?.());
    this.#details.addEventListener("keydown", (event) => this.#press(event));
    this.#details.addEventListener("focusout", ({ relatedTarget }) => {
      if (relatedTarget instanceof Node && !this.#details.contains(relatedTarget)) this.#details.open = false;
    });
    addEventListener("pointerdown", ({ target }) => {
      if (target instanceof Node && !this.#details.contains(target)) this.#details.open = false;
    });
  }

  /** Closes it; who was in it is at its button again. */
  close() {
    const inside = this.#details.contains(document.activeElement);
    this.#details.open = false;
    if (inside) this.#summary.focus({ preventScroll: true });
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    if (event.key !== "Escape" || !this.#details.open) return;
    // Else it would cancel the search as well.
    event.preventDefault();
    this.close();
  }
}
