/** @import {KeptPhoto} from "./kept-photo.js" */
import { isOwn } from "../source-name.js";
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
  /** Its width over its height. */
  ratio = 1;

  /**
   * @param {KeptPhoto} kept
   * @param {{onOpen: (kept: KeptPhoto) => void, onSelect: (kept: KeptPhoto, extend: boolean) => void, onShaped: () =>
   *   void}} callbacks  `extend`: with all that are between it and the one before; `onShaped`: its picture has other
   *   proportions than were told.
   */
  constructor(kept, callbacks) {
    this.#kept = kept;
    const { photo } = kept;
    const name = `${nameOf(photo)}${photo.owner ? ` by ${photo.owner}` : ""}`;
    this.box.ariaLabel = name;
    this.#image.src = BLANK;
    this.ratio = proportions(photo.width, photo.height);
    this.#image.addEventListener("load", () => {
      if (this.#image.src === BLANK) return;
      this.ratio = proportions(this.#image.naturalWidth, this.#image.naturalHeight);
      callbacks.onShaped();
    });
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
