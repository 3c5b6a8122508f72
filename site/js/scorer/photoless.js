import { byId } from "../ui/dom.js";

/** The ways to search with no photo, which are there while the scorer in charge names words to start from. */
export class Photoless {
  #buttons = ["landing-photoless", "scoring-photoless"].map((id) => byId(id, HTMLButtonElement));

  /** @param {() => void} onSearch */
  constructor(onSearch) {
    for (const button of this.#buttons) button.addEventListener("click", onSearch);
  }

  /** @param {boolean} possible */
  offer(possible) {
    for (const button of this.#buttons) button.hidden = !possible;
  }
}
