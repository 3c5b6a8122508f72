import { byId } from "../ui/dom.js";

/** What was found before stays in sight, dimmed and out of reach, until a new search has found something. */
export class PastResults {
  #place = byId("past", HTMLElement);

  /** @param {HTMLElement} list  Of the results that were on show: they leave it. */
  take(list) {
    if (!list.childElementCount) return;
    this.#place.style.cssText = list.style.cssText;
    this.#place.replaceChildren(...list.children);
  }

  clear() {
    this.#place.replaceChildren();
  }
}
