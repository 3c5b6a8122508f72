/** @import {MarkName, Photo, Stance} from "../protocol.js" */
/** @import {Preferences} from "../settings/preferences.js" */
/** @import {Reach} from "../progress/service-list.js" */
/** @import {Result} from "../search/result.js" */
/** @import {Search} from "../search/search.js" */
/** @import {Screening} from "../safety/screening.js" */
/** @import {Shortlist} from "../shortlist/shortlist.js" */
import { DetailsPanel } from "../progress/details-panel.js";
import { byId, hide, write } from "../ui/dom.js";
import { nothingFound } from "./nothing-found.js";
import { MarkNote } from "../results/mark-note.js";
import { PhotoSize } from "../results/photo-size.js";
import { QueryChips } from "../query/query-chips.js";
import { QueryView } from "../query/query-view.js";
import { ResultsGrid } from "../results/results-grid.js";
import { Rooms } from "./rooms.js";
import { Strip } from "../progress/strip.js";
import { Trail } from "../progress/trail.js";
import { Viewer } from "../results/viewer.js";
import { endOf, going, outOfCalls } from "../ui/format.js";
import { isOwnSource } from "../source-name.js";

/**
 * What the person may ask of a search on show.
 * @typedef {WishesOfSearch & Reach} Wishes
 * @typedef {object} WishesOfSearch
 * @property {() => void} onAgain
 * @property {() => void} onGoOn  Keep looking.
 * @property {() => boolean} resumable  Whether that can be.
 * @property {() => {label: string, act: () => void} | null} another  To search another service, too.
 * @property {() => void} onCancel
 * @property {(search: Search) => void} onRefine  Choose a part of the photo, or more photos.
 * @property {(result: Result) => void} onMore
 * @property {(result: Result) => void} onShow  An own photo, which has no page.
 * @property {(result: Result, mark: MarkName) => void} onMark
 * @property {(search: Search) => void} onFurther  Search from what is liked, too.
 * @property {(search: Search) => void} onRevisit
 * @property {(tag: string, stance: Stance) => void} onSteer
 * @property {Screening} screening
 * @property {Shortlist} shortlist
 * @property {(photo: Photo) => Promise<Uint8Array | null>} larger  A larger picture, from its service.
 */

/** One search on show: its photo, what is happening, and what was found. */
export class Workspace {
  #view = new QueryView();
  #again = byId("again", HTMLButtonElement);
  #onward = byId("onward", HTMLButtonElement);
  /** The button that has begun what runs, where the person was at it. @type {HTMLButtonElement | null} */
  #from = null;
  #cancel = byId("cancel", HTMLButtonElement);
  #another = byId("another", HTMLButtonElement);
  #done = byId("query-done", HTMLElement);
  #rooms = new Rooms();
  #empty = byId("empty", HTMLElement);
  /** @type {Search | null} */
  #search = null;
  #callbacks;
  #notes;
  #chips;
  #details;

  /**
   * @param {Wishes} callbacks
   * @param {Preferences} preferences
   */
  constructor(callbacks, preferences) {
    this.#callbacks = callbacks;
    const mark = (/** @type {Result} */ result, /** @type {MarkName} */ mark) => this.#mark(result, mark);
    this.#notes = new MarkNote({ onMark: callbacks.onMark, onMore: callbacks.onFurther });
    this.viewer = new Viewer({
      ...callbacks,
      onMark: mark,
      onAbout: callbacks.onShow,
      onClosed: (result) => this.grid.focus(result),
      onUnveiled: () => this.grid.redraw(),
    });
    this.grid = new ResultsGrid({
      ...callbacks,
      onMark: mark,
      onOpen: (result) => this.#search && this.viewer.open(this.#search, result, this.grid.listed),
      onSorted: () => this.#drawNotes(),
    });
    new PhotoSize(preferences, () => this.grid.resize());
    this.#details = new DetailsPanel(preferences, () => this.visible);
    this.#chips = new QueryChips(callbacks.onSteer);
    this.strip = new Strip(callbacks);
    this.trail = new Trail(callbacks.onRevisit);
    byId("skip", HTMLAnchorElement).addEventListener("click", (event) => this.#skip(event));
    this.#again.addEventListener("click", callbacks.onAgain);
    this.#onward.addEventListener("click", callbacks.onGoOn);
    this.#cancel.addEventListener("click", callbacks.onCancel);
    this.#another.addEventListener("click", () => callbacks.another()?.act());
    byId("open-queries", HTMLButtonElement).addEventListener(
      "click",
      () => this.#search && callbacks.onRefine(this.#search),
    );
  }

  /** Takes the place of the first screen, and puts the person at the photo. */
  open() {
    document.body.dataset["view"] = "workspace";
    byId("landing", HTMLElement).hidden = true;
    // Not before: a live region that moves while it speaks may be heard twice.
    const status = byId("status", HTMLElement);
    if (status.parentElement?.id !== "query-said") byId("query-said", HTMLElement).append(status);
    this.#rooms.close();
    byId("workspace", HTMLElement).hidden = false;
    this.#details.cover();
    this.focus();
  }

  /** Whether it is on show, and not the first screen. */
  get visible() {
    return !byId("workspace", HTMLElement).hidden;
  }

  /** Gives way to the first screen, and puts the person there. */
  close() {
    document.body.dataset["view"] = "landing";
    byId("workspace", HTMLElement).hidden = true;
    this.#details.cover();
    byId("bar-said", HTMLElement).append(byId("status", HTMLElement));
    this.#rooms.close();
    byId("landing", HTMLElement).hidden = false;
    byId("main", HTMLElement).focus({ preventScroll: true });
    scrollTo({ top: 0 });
  }

  /**
   * Past the bars, to the photos; on the first screen to what asks for one.
   * @param {Event} event  Which would change the address.
   */
  #skip(event) {
    event.preventDefault();
    if (byId("workspace", HTMLElement).hidden) byId("photo", HTMLElement).focus();
    else this.grid.focus();
  }

  /** Puts the person at the photo, or at what lies over it. */
  focus() {
    if (this.#details.covers) this.#details.focus();
    else this.#view.focus();
  }

  /**
   * @param {Search} search
   * @param {string} waiting  What it waits for, or "".
   */
  draw(search, waiting) {
    const done = search.active && search.allowed ? search.spent.photos / search.allowed.photos : 0;
    this.#done.style.transform = `scaleX(${Math.min(1, done).toFixed(3)})`;
    document.title = done ? `${Math.round(100 * done)} % · Lookalike` : "Lookalike";
    byId("strip", HTMLElement).classList.toggle("own", !!search.settings?.sources.every(isOwnSource));
    this.#search = search;
    this.#view.show(search);
    this.#swap(search.active, this.#callbacks.resumable());
    this.strip.draw(search);
    this.trail.draw(search);
    this.#chips.draw(search);
    this.grid.draw(search);
    this.viewer.draw();
    this.#drawNotes();
    this.#drawEnd(search);
    write(byId("details-said", HTMLElement), endOf(search) || waiting || going(search));
    write(this.#empty, search.results.found ? "" : nothingFound(search, waiting));
  }

  /** @param {Search} search  How it has ended is said below its photos, with what would find more. */
  #drawEnd(search) {
    const said = search.results.size ? endOf(search) : "";
    const another = said && outOfCalls(search) ? this.#callbacks.another() : null;
    hide(byId("ended", HTMLElement), !said);
    write(byId("ended-said", HTMLElement), said);
    hide(this.#another, !another);
    write(this.#another, another?.label ?? "");
  }

  /**
   * @param {Result} result
   * @param {MarkName} mark
   */
  #mark(result, mark) {
    if (this.#search) this.#notes.add(this.#search, result, this.#search.marks.get(result.photo.id) ?? "none");
    this.#callbacks.onMark(result, mark);
  }

  #drawNotes() {
    if (this.#search) this.#notes.draw(this.#search, this.grid.waits);
  }

  /**
   * "Cancel" takes the place of what begins a search, or goes on with one, and the focus goes along; and back.
   * @param {boolean} active
   * @param {boolean} resumable
   */
  #swap(active, resumable) {
    const focused = [this.#cancel, this.#again, this.#onward].find((button) => button === document.activeElement);
    if (active && focused && focused !== this.#cancel) this.#from = focused;
    hide(this.#cancel, !active);
    hide(this.#again, active);
    hide(this.#onward, active || !resumable);
    if (!focused?.hidden) return;
    const next = active ? this.#cancel : this.#from === this.#onward && resumable ? this.#onward : this.#again;
    next.focus({ preventScroll: true });
  }
}
