/** @import {Crop} from "../search/query-photo.js" */
/** @import {Grip, Point} from "./crop-moves.js" */
import { gripAt, moved } from "./crop-moves.js";

/** Pixels from an edge at which a pointer takes hold of it: a finger covers more. */
const REACH = { mouse: 10, touch: 24 };

/** A photo on which a part can be drawn with a pointer, moved, and pulled at its edges and corners. */
export class CropFrame {
  #frame;
  #onChosen;
  /** @type {Crop | null} */
  #crop = null;
  /** What a pointer holds, and from where. @type {{grip: Grip, from: Point, crop: Crop | null} | null} */
  #held = null;

  /**
   * @param {HTMLElement} frame  It holds the photo, and is as large.
   * @param {(crop: Crop | null) => void} onChosen  Null for the whole photo.
   */
  constructor(frame, onChosen) {
    this.#frame = frame;
    this.#onChosen = onChosen;
    frame.addEventListener("pointerdown", (event) => this.#begin(event));
    frame.addEventListener("pointermove", (event) => this.#move(event));
    for (const type of ["pointerup", "pointercancel"]) frame.addEventListener(type, () => (this.#held = null));
  }

  /** @param {Crop | null} crop */
  show(crop) {
    this.#crop = crop;
    const [x, y, width, height] = crop ?? [0, 0, 1, 1];
    for (const [name, value] of Object.entries({ x, y, width, height }))
      this.#frame.style.setProperty(`--${name}`, value.toFixed(4));
  }

  /** @param {PointerEvent} event */
  #begin(event) {
    event.preventDefault();
    this.#frame.setPointerCapture(event.pointerId);
    this.#held = { grip: this.#gripAt(event), from: this.#at(event), crop: this.#crop };
  }

  /** @param {PointerEvent} event */
  #move(event) {
    if (!this.#held) {
      this.#frame.dataset.grip = nameOf(this.#gripAt(event));
      return;
    }
    const { grip, from, crop } = this.#held;
    const chosen = moved(crop, grip, from, this.#at(event));
    if (chosen !== undefined) this.#onChosen(chosen);
  }

  /** @param {PointerEvent} event */
  #gripAt(event) {
    const { width, height } = this.#frame.getBoundingClientRect();
    const reach = event.pointerType === "mouse" ? REACH.mouse : REACH.touch;
    return gripAt(this.#crop, this.#at(event), { x: reach / width, y: reach / height });
  }

  /** @param {PointerEvent} event */
  #at({ clientX, clientY }) {
    const { left, top, width, height } = this.#frame.getBoundingClientRect();
    const within = (/** @type {number} */ share) => Math.min(1, Math.max(0, share));
    return { x: within((clientX - left) / width), y: within((clientY - top) / height) };
  }
}

/**
 * By which the style sheet chooses the pointer's shape.
 * @param {Grip} grip
 */
function nameOf(grip) {
  if (grip.kind !== "pull") return grip.kind;
  if (!grip.y) return "across";
  if (!grip.x) return "down";
  return grip.x === grip.y ? "falling" : "rising";
}
