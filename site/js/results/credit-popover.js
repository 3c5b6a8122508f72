/** @import {Photo} from "../protocol.js" */
import { copy } from "../ui/clipboard.js";
import { byId, write } from "../ui/dom.js";
import { Popover } from "../ui/popover.js";
import { nameOf } from "../ui/format.js";
import { creditOf, webAddress } from "./credit.js";

/** Whose a photo is, and how to say so: opened from its card. */
export class CreditPopover {
  #sheet = new Popover("credit-sheet", 300);
  #line = byId("credit-line", HTMLElement);
  #copied = byId("credit-copied", HTMLElement);
  #titleOf;

  /** @param {(name: string) => string} titleOf  Of a source. */
  constructor(titleOf) {
    this.#titleOf = titleOf;
    byId("copy-credit", HTMLButtonElement).addEventListener("click", () => this.#copy());
  }

  /**
   * Lets a button of a card open it.
   * @param {HTMLButtonElement} button
   * @param {Photo} photo
   */
  serve(button, photo) {
    this.#sheet.serve(button, () => this.#show(photo));
  }

  /** @param {Photo} photo */
  #show(photo) {
    write(byId("credit-heading", HTMLElement), nameOf(photo));
    write(this.#line, creditOf(photo));
    write(this.#copied, "");
    fact("credit-licence", photo.license, photo.license_url);
    fact(
      "credit-page",
      photo.page_url && `The photo’s page${photo.source ? `, found by ${this.#titleOf(photo.source)}` : ""}`,
      photo.page_url,
    );
    const { full_width, full_height } = photo;
    fact(
      "credit-size",
      full_width && full_height
        ? `Original: ${full_width.toLocaleString("en")} × ${full_height.toLocaleString("en")} px`
        : "",
      "",
    );
    fact(
      "credit-day",
      photo.uploaded
        ? `Uploaded ${new Date(photo.uploaded * 1000).toLocaleDateString("en-GB", { dateStyle: "long" })}`
        : "",
      "",
    );
  }

  async #copy() {
    try {
      await copy(this.#line.textContent ?? "");
      write(this.#copied, "Copied.");
    } catch {
      getSelection()?.selectAllChildren(this.#line);
      write(this.#copied, "The browser does not let it be copied; it is selected for you.");
    }
  }
}

/**
 * A line of what is known; none where it is not.
 * @param {string} id
 * @param {string} text
 * @param {string} url
 */
function fact(id, text, url) {
  const place = byId(id, HTMLElement);
  place.hidden = !text;
  const link = place.querySelector("a");
  const address = webAddress(url);
  if (link && address) link.href = address;
  else link?.removeAttribute("href");
  write(link ?? place, text);
}
