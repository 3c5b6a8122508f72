/** @import {Crop, QueryPhoto} from "../search/query-photo.js" */
import { fromTemplate, within, write } from "../ui/dom.js";
import { CropFrame } from "./crop-frame.js";

/** What a photo may count at most, for or against what is like it. */
const MOST = 10;
const EDGES = /** @type {const} */ (["left", "top", "right", "bottom"]);

/** A query photo in the dialog: its part, by pointer or by sliders, and its weight. */
export class QueryPhotoRow {
  element = fromTemplate("query-photo-template", HTMLLIElement);
  #weight = within(this.element, ".query-photo-weight", HTMLInputElement);
  #whole = within(this.element, ".query-photo-whole", HTMLButtonElement);
  #frame = new CropFrame(within(this.element, ".query-photo-frame", HTMLElement), (crop) => this.#crop(crop));
  #sliders = EDGES.map((edge) => within(this.element, `.query-photo-${edge}`, HTMLInputElement));
  #file;
  /** @type {Crop | null} */
  #part = null;

  /**
   * @param {QueryPhoto} photo
   * @param {((row: QueryPhotoRow) => void) | null} onRemove  Null for the one that stays.
   */
  constructor({ file, weight, crop }, onRemove) {
    this.#file = file;
    const image = within(this.element, "img", HTMLImageElement);
    image.src = file.url;
    image.alt = file.name;
    image.addEventListener("error", () => image.classList.add("undrawable"));
    write(within(this.element, ".query-photo-name", HTMLElement), file.name);
    this.element.ariaLabel = file.name;
    this.#weight.value = String(weight);
    for (const slider of this.#sliders) slider.addEventListener("input", () => this.#slide(slider));
    this.#whole.addEventListener("click", () => this.#crop(null));
    const remove = within(this.element, ".query-photo-remove", HTMLButtonElement);
    remove.hidden = !onRemove;
    remove.addEventListener("click", () => onRemove?.(this));
    this.#crop(crop);
  }

  /** What has been chosen, where there is no `mistake`. @returns {QueryPhoto} */
  get photo() {
    return { file: this.#file, weight: this.#number, crop: this.#part };
  }

  /** What is wrong with the weight, in words; "" for nothing. */
  get mistake() {
    if (Math.abs(this.#number) <= MOST) return "";
    const text = this.#weight.value.trim();
    return `“${text}” is no weight for ${this.#file.name}: write a number from −${MOST} to ${MOST}.`;
  }

  /** Puts the person at the weight. */
  focus() {
    this.#weight.focus();
    this.#weight.select();
  }

  /** The weight as it is written; blank for 1. */
  get #number() {
    return Number(this.#weight.value.trim().replace("−", "-").replace(",", ".") || 1);
  }

  /** @param {Crop | null} crop */
  #crop(crop) {
    this.#part = crop;
    const [left, top, width, height] = crop ?? [0, 0, 1, 1];
    [left, top, left + width, top + height].forEach((edge, i) => {
      const slider = this.#sliders[i];
      if (slider) slider.value = String(Math.round(edge * 100));
    });
    this.#frame.show(crop);
    this.#whole.ariaDisabled = String(crop === null);
  }

  /**
   * An edge never passes the one across from it.
   * @param {HTMLInputElement} moved
   */
  #slide(moved) {
    const [left = 0, top = 0, right = 100, bottom = 100] = this.#sliders.map((slider) => slider.valueAsNumber);
    const before = moved === this.#sliders[0] || moved === this.#sliders[1];
    const x = before ? [Math.min(left, right - 5), right] : [left, Math.max(right, left + 5)];
    const y = before ? [Math.min(top, bottom - 5), bottom] : [top, Math.max(bottom, top + 5)];
    const [l = 0, r = 100, t = 0, b = 100] = [...x, ...y];
    const whole = l <= 0 && t <= 0 && r >= 100 && b >= 100;
    this.#crop(whole ? null : [l / 100, t / 100, (r - l) / 100, (b - t) / 100]);
  }
}
