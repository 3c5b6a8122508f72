/** How long photos rest after a finger has left them, in milliseconds. */
const TOUCHED = 1200;

/** Whether somebody is at a list, by pointer, finger or keyboard, so that nothing in it may move. */
export class Stillness {
  #list;
  #changed;
  #pointed = false;
  #touching = false;
  #until = 0;
  /** Where the pointer was last: browsers also send a move when the page moves under it. */
  #place = "";

  /**
   * @param {HTMLElement} list
   * @param {() => void} changed  The pointer, a finger or the focus has left it.
   */
  constructor(list, changed) {
    this.#list = list;
    this.#changed = changed;
    list.addEventListener("pointermove", (event) => this.#move(event), { passive: true });
    list.addEventListener("pointerleave", () => this.#leave());
    list.addEventListener("pointerdown", ({ pointerType }) => (this.#touching = pointerType !== "mouse"), {
      passive: true,
    });
    for (const type of ["pointerup", "pointercancel"]) addEventListener(type, () => this.#lift(), { passive: true });
    list.addEventListener("focusout", ({ relatedTarget }) => {
      if (!(relatedTarget instanceof Node) || !list.contains(relatedTarget)) setTimeout(() => this.#changed());
    });
  }

  get held() {
    return (
      this.#pointed || this.#touching || performance.now() < this.#until || this.#list.matches(":has(:focus-visible)")
    );
  }

  /** Whether a mouse is there, which leaves it on its way to anything else. */
  get pointed() {
    return this.#pointed;
  }

  /** The person has asked for something else to be shown here. */
  forget() {
    this.#pointed = this.#touching = false;
    this.#until = 0;
  }

  /** @param {PointerEvent} event */
  #move({ pointerType, clientX, clientY }) {
    if (pointerType !== "mouse") return;
    const place = `${clientX} ${clientY}`;
    if (place !== this.#place) this.#pointed = true;
    this.#place = place;
  }

  #leave() {
    this.#pointed = false;
    this.#changed();
  }

  #lift() {
    if (!this.#touching) return;
    this.#touching = false;
    this.#until = performance.now() + TOUCHED;
    setTimeout(() => this.#changed(), TOUCHED + 1);
  }
}
