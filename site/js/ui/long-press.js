/** Milliseconds that a finger rests before it counts as a long press, and pixels that it may slip. */
const LONG = 450;
const SLIP = 10;

/** Shows what a touched element can do, while a mouse would do so by hovering. */
export class LongPress {
  #selector;
  #name;
  /** @type {{element: Element, x: number, y: number} | null} */
  #at = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** Whether the finger has not left since the press became a long one. */
  #pressed = false;

  /**
   * @param {HTMLElement} parent
   * @param {string} selector  Of the elements in it.
   * @param {string} name  The class that a pressed one gets; a touch elsewhere takes it away.
   */
  constructor(parent, selector, name) {
    this.#selector = selector;
    this.#name = name;
    addEventListener("pointerdown", (event) => this.#begin(parent, event), { passive: true });
    addEventListener("pointermove", (event) => this.#move(event), { passive: true });
    for (const type of ["pointerup", "pointercancel"]) addEventListener(type, () => this.#end(), { passive: true });
    parent.addEventListener("contextmenu", (event) => this.#pressed && event.preventDefault());
    parent.addEventListener("click", (event) => this.#click(event), { capture: true });
  }

  /**
   * @param {HTMLElement} parent
   * @param {PointerEvent} event
   */
  #begin(parent, { target, pointerType, clientX, clientY }) {
    const element = target instanceof Element ? target.closest(this.#selector) : null;
    for (const other of parent.querySelectorAll(`.${this.#name}`))
      if (other !== element) other.classList.remove(this.#name);
    this.#pressed = false;
    if (!element || pointerType === "mouse" || !parent.contains(element)) return;
    this.#at = { element, x: clientX, y: clientY };
    this.#timer = setTimeout(() => this.#press(), LONG);
  }

  #press() {
    this.#pressed = true;
    this.#at?.element.classList.add(this.#name);
  }

  /** @param {PointerEvent} event */
  #move({ clientX, clientY }) {
    if (this.#at && Math.hypot(clientX - this.#at.x, clientY - this.#at.y) > SLIP) this.#end();
  }

  #end() {
    clearTimeout(this.#timer);
    this.#at = null;
  }

  /**
   * The end of a long press is no tap.
   * @param {MouseEvent} event
   */
  #click(event) {
    if (!this.#pressed) return;
    this.#pressed = false;
    event.preventDefault();
    event.stopPropagation();
  }
}
