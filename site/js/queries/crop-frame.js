/** @import {Crop} from "../page/source.js" */

/** Smaller parts are slips of the hand. */
const LEAST = 0.05;

/** A photo on which a part can be drawn with a pointer. */
export class CropFrame {
  #frame;
  #onDrawn;
  /** Where the drawing began. @type {{x: number, y: number} | null} */
  #from = null;

  /**
   * @param {HTMLElement} frame  It holds the photo, and is as large.
   * @param {(crop: Crop) => void} onDrawn
   */
  constructor(frame, onDrawn) {
    this.#frame = frame;
    this.#onDrawn = onDrawn;
    frame.addEventListener("pointerdown", (event) => this.#begin(event));
    frame.addEventListener("pointermove", (event) => this.#move(event));
    for (const type of ["pointerup", "pointercancel"]) frame.addEventListener(type, () => (this.#from = null));
  }

  /** @param {Crop | null} crop */
  show(crop) {
    this.#frame.classList.toggle("cropped", crop !== null);
    const [x, y, width, height] = crop ?? [0, 0, 1, 1];
    for (const [name, value] of Object.entries({ x, y, width, height })) this.#frame.style.setProperty(`--${name}`, value.toFixed(4));
  }

  /** @param {PointerEvent} event */
  #begin(event) {
    event.preventDefault();
    this.#frame.setPointerCapture(event.pointerId);
    this.#from = this.#at(event);
  }

  /** @param {PointerEvent} event */
  #move(event) {
    if (!this.#from) return;
    const { x, y } = this.#at(event);
    const [left, top] = [Math.min(x, this.#from.x), Math.min(y, this.#from.y)];
    const [width, height] = [Math.abs(x - this.#from.x), Math.abs(y - this.#from.y)];
    if (width >= LEAST && height >= LEAST) this.#onDrawn([left, top, width, height]);
  }

  /** @param {PointerEvent} event */
  #at({ clientX, clientY }) {
    const { left, top, width, height } = this.#frame.getBoundingClientRect();
    const within = (/** @type {number} */ share) => Math.min(1, Math.max(0, share));
    return { x: within((clientX - left) / width), y: within((clientY - top) / height) };
  }
}
