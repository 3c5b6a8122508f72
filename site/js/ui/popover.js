import { byId } from "./dom.js";

/** Pixels between a button and its sheet, and between a sheet and the window's edge. */
const GAP = 6;
const MARGIN = 12;

/** A popover beside the button that opened it. Escape and a click elsewhere close it, by the browser. */
export class Popover {
  #sheet;
  #height;
  /** @type {HTMLElement | null} */
  #anchor = null;
  #follow = () => this.#place();

  /**
   * @param {string} id  Of an element with `popover`.
   * @param {number} height  Pixels that it mostly takes.
   */
  constructor(id, height) {
    this.#height = height;
    this.#sheet = byId(id, HTMLElement);
    this.#sheet.addEventListener("beforetoggle", (event) => {
      const opens = event instanceof ToggleEvent && event.newState === "open";
      if (opens) addEventListener("scroll", this.#follow, { capture: true, passive: true });
      else removeEventListener("scroll", this.#follow, { capture: true });
      if (opens) this.#place();
    });
    addEventListener("resize", this.#follow);
  }

  /**
   * Lets a button open it.
   * @param {HTMLButtonElement} button
   * @param {() => void} [opening]
   */
  serve(button, opening) {
    button.popoverTargetElement = this.#sheet;
    button.addEventListener("click", () => {
      this.#anchor = button;
      opening?.();
    });
  }

  /** Closes it. */
  close() {
    this.#sheet.hidePopover();
  }

  /** Below the button; above it, where that alone has room; else over it, as far down as there is room. */
  #place() {
    if (!this.#anchor) return;
    const { left, top, bottom } = this.#anchor.getBoundingClientRect();
    const needed = this.#height + MARGIN;
    const above = bottom + GAP + needed > innerHeight && top - GAP >= needed;
    const off = above ? innerHeight - top + GAP : Math.max(MARGIN, Math.min(bottom + GAP, innerHeight - needed));
    this.#sheet.classList.toggle("above", above);
    // The style sheet keeps it inside the window's sides, whose width it knows.
    this.#sheet.style.setProperty("--left", `${left}px`);
    this.#sheet.style.setProperty("--off", `${off}px`);
  }
}
