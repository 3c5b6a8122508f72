/** @import {MarkName, Photo} from "../protocol.js" */
/** @import {Result} from "../search/result.js" */
/** @import {Search} from "../search/search.js" */
/** @import {Shortlist} from "../shortlist/shortlist.js" */
import { byId, write } from "../ui/dom.js";
import { HistoryDialog } from "../ui/history-dialog.js";
import { openModal } from "../ui/modal.js";
import { Larger } from "./larger.js";
import { ViewerFacts } from "./viewer-facts.js";
import { Zoom } from "./zoom.js";

/**
 * @typedef {object} Wishes
 * @property {(result: Result) => void} onMore
 * @property {(result: Result) => void} onAbout  The dialog of an own photo.
 * @property {(result: Result, mark: MarkName) => void} onMark
 * @property {(photo: Photo) => Promise<Uint8Array | null>} larger  Its larger picture, from its service.
 * @property {Shortlist} shortlist
 * @property {() => void} onUnveiled  A picture is to be seen that is likely unsafe.
 * @property {(result: Result) => void} onClosed  The person is back at the gallery, from this photo.
 * @property {(source: string) => string} titleOf
 */

/**
 * Photos of the shortlist, of which one is shown, and one was left for the list. @typedef {{onShown: (result: Result)
 * => void, onClosed: (result: Result) => void}} Aside
 */

/**
 * One photo, large, beside the query: the next ones by arrows or a swipe, parts of it by zooming; Escape or Back closes
 * it.
 */
export class Viewer {
  #dialog = byId("viewer", HTMLDialogElement);
  #facts;
  #larger;
  #callbacks;
  /** @type {Search | null} */
  #search = null;
  /** The results as they were listed when it was opened. @type {Result[]} */
  #all = [];
  #place = 0;
  /** The number of the search, in the history, whose photos these are. @type {number | undefined} */
  #number;
  #steps = new HistoryDialog(this.#dialog, "viewer", {
    onShow: () => this.#show(),
    onClosed: () => this.#closed(),
    returns: ({ search }) => this.#all.length > 0 && search === this.#number,
  });
  #zoom;
  /** Null where the photos are those of a search. @type {Aside | null} */
  #aside = null;

  /** @param {Wishes} callbacks */
  constructor(callbacks) {
    this.#callbacks = callbacks;
    this.#larger = new Larger({ fetch: callbacks.larger, onLoaded: () => this.draw() });
    this.#facts = new ViewerFacts(callbacks.titleOf, this.#larger);
    this.#button("viewer-close", () => this.#steps.close());
    this.#button("viewer-previous", () => this.#step(-1));
    this.#button("viewer-next", () => this.#step(1));
    this.#button("viewer-like", () => this.#mark("liked"));
    this.#button("viewer-less", () => this.#mark("disliked"));
    this.#button("viewer-keep", (result) => this.#keep(result));
    this.#button("viewer-more", (result) => this.#steps.close(() => callbacks.onMore(result)));
    this.#button("viewer-unveil", (result) => {
      result.unveiled = true;
      this.draw();
      callbacks.onUnveiled();
    });
    this.#button("viewer-own", (result) => this.#steps.close(() => callbacks.onAbout(result)));
    this.#dialog.addEventListener("keydown", (event) => this.#press(event));
    this.#zoom = new Zoom(
      byId("viewer-stage", HTMLElement),
      byId("viewer-frame", HTMLElement),
      byId("viewer-image", HTMLImageElement),
      { onZoomed: () => this.#zoomed(), onSwiped: (step) => this.#step(step) },
    );
    this.#button("viewer-larger", () => this.#zoom.step(1));
    this.#button("viewer-smaller", () => this.#zoom.step(-1));
  }

  /**
   * @param {Search} search
   * @param {Result} result
   * @param {Result[]} all  The photos that the arrows lead to.
   * @param {Aside} [aside]  Where they are no results of a search.
   */
  open(search, result, all, aside) {
    this.#search = search;
    this.#aside = aside ?? null;
    this.#dialog.toggleAttribute("data-kept", !!aside);
    this.#all = all.includes(result) ? [...all] : [result];
    this.#place = this.#all.indexOf(result);
    this.#number = history.state?.search;
    this.#steps.show();
  }

  /** @param {() => void} then  What follows, also where it is closed already. */
  close(then) {
    this.#steps.close(then);
  }

  /** Draws what has changed: the marks, and what is known of words. */
  draw() {
    const result = this.#all[this.#place];
    if (!this.#dialog.open || !this.#search || !result) return;
    this.#facts.draw(this.#search, result, { place: this.#place, count: this.#all.length });
    byId("viewer-more", HTMLElement).hidden = !result.thumbnail.length;
    byId("viewer-keep", HTMLElement).ariaPressed = String(this.#callbacks.shortlist.has(result));
    this.#aside?.onShown(result);
  }

  #show() {
    openModal(this.#dialog);
    this.#larger.again();
    this.#zoom.reset();
    this.draw();
  }

  #closed() {
    const result = this.#all[this.#place];
    if (result) (this.#aside ?? this.#callbacks).onClosed(result);
  }

  /** @param {-1 | 1} step */
  #step(step) {
    const next = this.#place + step;
    if (!(next in this.#all)) return;
    this.#place = next;
    this.#larger.again();
    this.#zoom.reset();
    this.draw();
  }

  /** @param {MarkName} mark */
  #mark(mark) {
    const result = this.#all[this.#place];
    if (!result || !this.#search || this.#aside) return;
    const now = this.#search.marks.get(result.photo.id);
    this.#callbacks.onMark(result, now === mark ? "none" : mark);
    this.draw();
  }

  /** @param {Result} result  To be put on the shortlist, or taken off; but none whose picture is not on show. */
  #keep(result) {
    const { shortlist } = this.#callbacks;
    if (!shortlist.has(result) && !this.#search?.results.shows(result)) return;
    shortlist.toggle(result);
    this.draw();
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act =
      this.#zoom.key(event.key) ??
      {
        arrowleft: () => this.#step(-1),
        arrowright: () => this.#step(1),
        l: () => event.repeat || this.#mark("liked"),
        x: () => event.repeat || this.#mark("disliked"),
        k: () => event.repeat || byId("viewer-keep", HTMLButtonElement).click(),
      }[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  }

  #zoomed() {
    const { scale, most } = this.#zoom;
    this.#dialog.toggleAttribute("data-zoomed", scale > 1);
    write(byId("viewer-zoom", HTMLElement), scale > 1 ? `${Math.round(100 * scale)} %` : "");
    byId("viewer-smaller", HTMLElement).ariaDisabled = String(scale === 1);
    byId("viewer-larger", HTMLElement).ariaDisabled = String(most);
  }

  /**
   * @param {string} id
   * @param {(result: Result) => void} act
   */
  #button(id, act) {
    byId(id, HTMLButtonElement).addEventListener("click", () => {
      const result = this.#all[this.#place];
      if (result) act(result);
    });
  }
}
