import { byId } from "../ui/dom.js";

/** What is kept of what a scorer prints. */
const MOST = 20_000;

/** What the scorer prints, under the editor. */
export class CodeConsole {
  #place = byId("console", HTMLElement);
  #text = byId("console-text", HTMLElement);

  /** Empties it, for another run. */
  clear() {
    this.#text.textContent = "";
    this.#place.hidden = true;
  }

  /** @param {string} text */
  add(text) {
    if (!text) return;
    this.#place.hidden = false;
    const all = (this.#text.textContent ?? "") + text;
    this.#text.textContent = all.length > MOST ? `…${all.slice(-MOST)}` : all;
    this.#text.scrollTop = this.#text.scrollHeight;
  }
}
