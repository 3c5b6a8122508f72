/** @import {MarkName} from "../protocol.js" */
/** @import {Result} from "./result.js" */
/** @import {Search} from "./search.js" */
import { CreditSheet } from "../sources/credit-sheet.js";
import { SourceFilter } from "../sources/source-filter.js";
import { Calm } from "./calm.js";
import { Card } from "./card.js";
import { arrange, byId, write } from "./dom.js";
import { glide, positions } from "./glide.js";
import { Pager } from "./pager.js";

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
  #pointed = -POINTED;
  #calm = new Calm(REST, () => this.#redraw(), () => this.#pointed + POINTED);

  /** @param {{more: (result: Result) => void, show: (result: Result) => void, mark: (result: Result, mark: MarkName) => void, titleOf: (source: string) => string}} on */
  constructor(on) {
    this.#on = on;
    this.#credits = new CreditSheet(on.titleOf);
    this.#filter = new SourceFilter({ titleOf: on.titleOf, choose: (source) => this.#choose(source) });
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
    const { size, only } = search.results;
    write(this.#count, only ? `${search.results.sizeOf(only)} of ${size}` : size ? String(size) : "");
    this.#filter.draw(search);
    this.#calm.request();
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
      return card.element;
    });
    this.#place(elements);
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
    const several = (this.#search?.settings?.sources.length ?? 0) > 1;
    const source = several ? this.#on.titleOf(result.photo.source) : "";
    const card = new Card(result, source, this.#credits, { more: this.#on.more, show: this.#on.show, toggle, mark });
    this.#cards.set(result, card);
    return card;
  }
}
