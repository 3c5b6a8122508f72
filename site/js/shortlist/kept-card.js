/** @import {Kept} from "./kept-photo.js" */
import { isOwn } from "../search/source-name.js";
import { BLANK, proportions } from "../results/card.js";
import { fromTemplate, within, write } from "../ui/dom.js";
import { nameOf } from "../ui/format.js";
import { plainLicence } from "../sources/plain-licence.js";

/** A photo of the shortlist: a box to select it, and the photo to open. */
export class KeptCard {
  element = fromTemplate("kept-template", HTMLLIElement);
  #image = within(this.element, "img", HTMLImageElement);
  box = within(this.element, "input", HTMLInputElement);
  #kept;

  /**
   * @param {Kept} kept
   * @param {{onOpen: (kept: Kept) => void, onSelect: (kept: Kept, extend: boolean) => void}} callbacks  `extend`:
   *   with all that are between it and the one before.
   */
  constructor(kept, callbacks) {
    this.#kept = kept;
    const { photo } = kept;
    const name = `${nameOf(photo)}${photo.owner ? ` by ${photo.owner}` : ""}`;
    this.box.ariaLabel = name;
    this.#image.src = BLANK;
    this.#image.addEventListener(
      "load",
      () => this.#image.src !== BLANK && this.#shape(this.#image.naturalWidth, this.#image.naturalHeight),
    );
    this.#shape(photo.width, photo.height);
    write(within(this.element, ".card-title", HTMLElement), nameOf(photo));
    const licence = within(this.element, ".licence", HTMLElement);
    licence.hidden = isOwn(photo);
    const { long, short, full } = plainLicence(photo.license);
    write(within(licence, ".licence-long", HTMLElement), long);
    write(within(licence, ".licence-short", HTMLElement), short);
    licence.title = full;
    const opener = within(this.element, ".card-link", HTMLButtonElement);
    opener.ariaLabel = `Open ${name}`;
    opener.addEventListener("click", () => callbacks.onOpen(kept));
    this.box.addEventListener("click", ({ shiftKey }) => callbacks.onSelect(kept, shiftKey));
    this.box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      callbacks.onOpen(kept);
    });
  }

  /**
   * @param {number} width
   * @param {number} height
   */
  #shape(width, height) {
    this.element.style.setProperty("--ratio", proportions(width, height).toFixed(3));
  }

  /**
   * @param {{selected: boolean, failed: boolean}} standing  Whether it is selected; whether its picture could not be
   *   had.
   */
  draw({ selected, failed }) {
    this.box.checked = selected;
    const { pictured } = this.#kept;
    this.element.dataset["picture"] = pictured ? "shown" : failed ? "gone" : "waiting";
    if (pictured && this.#image.src !== this.#kept.url) this.#image.src = this.#kept.url;
  }
}
