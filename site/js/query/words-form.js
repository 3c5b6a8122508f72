/** @import {Search} from "../search/search.js" */
import { byId } from "../ui/dom.js";
import { tidy } from "./address.js";

/** The field in which a search is described, instead of a photo or beside one. */
export class WordsForm {
  #form = byId("words-form", HTMLFormElement);
  #field = byId("words", HTMLInputElement);
  #beside = byId("words-beside", HTMLElement);
  #keep = byId("words-keep", HTMLInputElement);
  #callbacks;

  /**
   * @param {{onWords: (words: string, photo: boolean) => void}} callbacks  Searches by words, with the photos on show
   *   or without.
   */
  constructor(callbacks) {
    this.#callbacks = callbacks;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    // A change of mind about the photo is for this one search.
    this.#field.addEventListener("input", () => this.#field.setCustomValidity(""));
  }

  /** What the field holds: it counts for a photo that is chosen, too. */
  get words() {
    return tidy(this.#field.value);
  }

  /** Puts the person at the field. */
  focus() {
    this.#field.focus();
    this.#field.select();
  }

  /**
   * Shows the form here.
   * @param {string} id
   */
  moveTo(id) {
    const place = byId(id, HTMLElement);
    if (this.#form.parentElement !== place) place.append(this.#form);
  }

  /** @param {Pick<Search, "text" | "queryPhotos">} search  The one on show. */
  show({ text, queryPhotos }) {
    this.#field.value = text;
    this.#field.setCustomValidity("");
    this.#beside.hidden = queryPhotos.length === 0;
    this.#keep.checked = true;
  }

  #submit() {
    const photo = !this.#beside.hidden && this.#keep.checked;
    if (this.words || photo) {
      this.#callbacks.onWords(this.words, photo);
      return;
    }
    this.#field.setCustomValidity("Write a word or two first, such as “lighthouse at dusk”.");
    this.#field.reportValidity();
  }
}
