/** @import {MarkName} from "../protocol.js" */
/** @import {Result} from "../search/result.js" */
/** @import {Search} from "../search/search.js" */
import { byId, hide, write } from "../ui/dom.js";
import { listed, plural } from "../ui/format.js";

/** What the likes of a search have done, and what can be done next. */
export class MarkNote {
  #place = byId("marked", HTMLElement);
  #said = byId("marked-said", HTMLElement);
  #undo = byId("marked-undo", HTMLButtonElement);
  #more = byId("marked-more", HTMLButtonElement);
  /** What was marked last, with what it was before. @type {{search: Search, result: Result, before: MarkName}[]} */
  #steps = [];
  /** @type {Search | null} */
  #search = null;

  /** @param {{onMark: (result: Result, mark: MarkName) => void, onMore: (search: Search) => void}} callbacks */
  constructor(callbacks) {
    this.#undo.addEventListener("click", () => {
      const step = this.#steps.pop();
      if (step) callbacks.onMark(step.result, step.before);
    });
    this.#more.addEventListener("click", () => this.#search && callbacks.onMore(this.#search));
  }

  /**
   * Notes what can be undone.
   * @param {Search} search
   * @param {Result} result
   * @param {MarkName} before
   */
  add(search, result, before) {
    this.#steps.push({ search, result, before });
  }

  /**
   * @param {Search} search
   * @param {boolean} waits  Whether the new order waits until nobody is at the photos.
   */
  draw(search, waits) {
    this.#search = search;
    this.#steps = this.#steps.filter((step) => step.search === search);
    const marks = [...search.marks.values()];
    const focused = this.#place.contains(document.activeElement) && document.activeElement;
    const gone = marks.length === 0 || (focused === this.#undo && !this.#steps.length);
    // What is hidden loses the focus.
    if (focused && (gone || (focused === this.#more && search.active)))
      byId("results", HTMLElement).focus({ preventScroll: true });
    hide(this.#place, marks.length === 0);
    if (!marks.length) return write(this.#said, "");
    const likes = marks.filter((mark) => mark === "liked").length;
    const counts = [likes && plural(likes, "like"), marks.length - likes && plural(marks.length - likes, "dislike")];
    const words = listed(counts.filter((words) => words !== 0).map(String));
    write(this.#said, waits ? `${words}: the new order comes when you leave the photos` : `Re-sorted by ${words}`);
    hide(this.#undo, this.#steps.length === 0);
    hide(this.#more, search.active);
  }
}
