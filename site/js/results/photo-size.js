/** @import {Preferences} from "../settings/preferences.js" */
import { byId } from "../ui/dom.js";

/** By how much each step of the slider makes the rows higher, and its name. */
const STEPS = /** @type {const} */ ([
  [0.6, "Smallest"],
  [0.78, "Small"],
  [1, "Medium"],
  [1.4, "Large"],
  [2.1, "Largest"],
]);
const MEDIUM = 2;

/** How large the photos of the gallery are; it is remembered. */
export class PhotoSize {
  #slider = byId("size", HTMLInputElement);
  #preferences;
  #onSized;

  /**
   * @param {Preferences} preferences
   * @param {() => void} onSized
   */
  constructor(preferences, onSized) {
    this.#onSized = onSized;
    this.#preferences = preferences;
    const kept = preferences.size;
    this.#slider.value = String(kept in STEPS ? kept : MEDIUM);
    this.#slider.addEventListener("input", () => this.#apply());
    this.#slider.addEventListener("change", () => (this.#preferences.size = Number(this.#slider.value)));
    this.#apply();
  }

  #apply() {
    const [factor, name] = STEPS[Number(this.#slider.value)] ?? STEPS[MEDIUM];
    this.#slider.ariaValueText = name;
    byId("results", HTMLElement).style.setProperty("--size", String(factor));
    this.#onSized();
  }
}
