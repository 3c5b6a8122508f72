/** @import {Search} from "../search/search.js" */
import { byId, hide, write } from "../ui/dom.js";

/** How many results are left out, or covered, as likely unsafe; and a button for the other of the two. */
export class UnsafeNote {
  #place = byId("unsafe", HTMLElement);
  #said = byId("unsafe-said", HTMLElement);
  #button = byId("unsafe-toggle", HTMLButtonElement);
  /** @type {Search | null} */
  #search = null;

  /** @param {() => void} changed  Something else becomes of them in the search on show. */
  constructor(changed) {
    this.#button.addEventListener("click", () => {
      if (this.#search) this.#search.unsafe = this.#search.results.screen === "hide" ? "veil" : "hide";
      changed();
    });
  }

  /** @param {Search} search */
  draw(search) {
    this.#search = search;
    const { results } = search;
    const count = results.screen === "off" ? 0 : results.unsafeOf(results.only);
    const hides = results.screen === "hide";
    hide(this.#place, count === 0);
    write(this.#said, count ? `${count.toLocaleString("en")} ${hides ? "hidden" : "covered"} as likely unsafe` : "");
    write(this.#button, hides ? "Show them covered" : "Hide");
  }
}
