/** @import {MarkName} from "../protocol.js" */
/** @import {Result} from "./result.js" */
/** @import {Results} from "./results.js" */
/** @import {Search} from "./search.js" */
/** @import {Screening} from "../safety/screening.js" */
import { CreditSheet } from "../sources/credit-sheet.js";
import { SourceFilter } from "../sources/source-filter.js";
import { Calm } from "./calm.js";
import { Card } from "./card.js";
import { arrange, byId, write } from "./dom.js";
import { glide, positions } from "./glide.js";
import { Pager } from "./pager.js";
import { UnsafeNote } from "../safety/unsafe-note.js";

const REST = 600;
const POINTED = 1200;

/** The results, best first, a page at a time. */
export class ResultsGrid {
  #list = byId("results", HTMLElement);
  #count = byId("count", HTMLElement);
  #pager = new Pager(() => this.#redraw());
  /** @type {Map<Result, Card>} */
  #cards = new Map();
  /** @type {Search | null} */
  #search = null;
  #on;
  #credits;
  #filter;
  #note;
  #pointed = -POINTED;
  #calm = new Calm(REST, () => this.#redraw(), () => this.#pointed + POINTED);

  /** @param {{more: (result: Result) => void, show: (result: Result) => void, mark: (result: Result, mark: MarkName) => void, titleOf: (source: string) => string, screening: Screening}} on */
  constructor(on) {
    this.#on = on;
    this.#credits = new CreditSheet(on.titleOf);
    this.#filter = new SourceFilter({ titleOf: on.titleOf, choose: (source) => this.#choose(source) });
    this.#note = new UnsafeNote(() => this.#treated());
    const pointed = () => (this.#pointed = performance.now());
    for (const type of ["pointermove", "pointerdown"]) this.#list.addEventListener(type, pointed, { passive: true });
  }

  /**
   * Draws the results of a search as they are now. Their order changes a few times a second at
   * most, and rests under a moving pointer, so that nobody clicks what has just slid away.
   * @param {Search} search
   */
  draw(search) {
    if (search !== this.#search) this.#begin(search);
    const { results } = search;
    this.#screen(search);
    const size = results.admittedOf("");
    write(this.#count, results.only ? `${results.admittedOf(results.only)} of ${size}` : size ? String(size) : "");
    this.#filter.draw(search);
    this.#note.draw(search);
    this.#calm.request();
  }

  /**
   * Has pictures judged before they are drawn.
   * @param {Search} search
   */
  #screen(search) {
    const { results } = search;
    const screen = this.#on.screening.screenOf(search);
    if (screen !== results.screen) this.hurry();
    results.screen = screen;
    this.#on.screening.look(search, () => this.#pager.part(results.listed));
    this.#list.dataset["unjudged"] ||= String(results.unjudged || "");
  }

  /**
   * A picture was judged: one that may be drawn is drawn at once.
   * @param {Search} search
   * @param {Result} result
   */
  judged(search, result) {
    if (search === this.#search) this.#cards.get(result)?.picture(pictureOf(search.results, result));
  }

  #treated() {
    if (!this.#search) return;
    this.hurry();
    this.draw(this.#search);
  }

  /** @param {string} source  The one to show; "" for all. */
  #choose(source) {
    if (!this.#search) return;
    this.#search.results.only = source;
    this.#pager.reset();
    this.hurry();
    this.draw(this.#search);
  }

  /** Draws the next time without waiting: the person has asked for another order. */
  hurry() {
    this.#pointed = -POINTED;
    this.#calm.reset();
  }

  /**
   * Turns the page.
   * @param {-1 | 1} step
   */
  turn(step) {
    this.#pager.turn(step);
  }

  /** @param {Search} search */
  #begin(search) {
    this.#search = search;
    this.#cards.clear();
    this.#pager.reset();
    this.#list.replaceChildren();
    this.#pointed = -POINTED;
    this.#calm.reset();
  }

  #redraw() {
    const search = this.#search;
    if (!search) return;
    const { results } = search;
    const { from, shown } = this.#pager.slice(results.listed);
    const { best, worst } = results.range;
    const elements = shown.map((result, i) => {
      const card = this.#card(result);
      card.draw({ rank: from + i + 1, best, worst, alike: results.groupOf(result), open: results.isOpen(result), mark: search.marks.get(result.photo.id) ?? "none" });
      card.picture(pictureOf(results, result));
      return card.element;
    });
    this.#place(elements);
    // For tests: how many are still to be judged; "" once what came of it is on show.
    this.#list.dataset["unjudged"] = String(results.unjudged || "");
  }

  /** @param {HTMLElement[]} elements */
  #place(elements) {
    const focused = [...this.#list.children].find((child) => child.contains(document.activeElement));
    const before = positions(this.#list);
    arrange(this.#list, elements);
    if (focused && !focused.isConnected) this.#list.focus({ preventScroll: true });
    glide(before, elements);
  }

  /** @param {Result} result */
  #card(result) {
    const known = this.#cards.get(result);
    if (known) return known;
    const toggle = () => {
      this.#search?.results.toggle(result);
      this.#redraw();
    };
    /** @param {Result} marked @param {MarkName} mark */
    const mark = (marked, mark) => {
      this.#on.mark(marked, mark);
      this.#redraw();
    };
    const unveil = () => {
      result.unveiled = true;
      this.#redraw();
    };
    const several = (this.#search?.settings?.sources.length ?? 0) > 1;
    const source = several ? this.#on.titleOf(result.photo.source) : "";
    const card = new Card(result, source, this.#credits, { more: this.#on.more, show: this.#on.show, toggle, mark, unveil });
    this.#cards.set(result, card);
    return card;
  }
}

/**
 * @param {Results} results
 * @param {Result} result
 */
function pictureOf(results, result) {
  if (results.shows(result)) return "shown";
  return result.verdict === "unsafe" && results.screen === "veil" ? "veiled" : "waiting";
}
