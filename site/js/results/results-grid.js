/** @import {MarkName} from "../protocol.js" */
/** @import {Result} from "../search/result.js" */
/** @import {Results} from "../search/results.js" */
/** @import {Search} from "../search/search.js" */
/** @import {Screening} from "../safety/screening.js" */
/** @import {Shortlist} from "../shortlist/shortlist.js" */
import { UnsafeNote } from "../safety/unsafe-note.js";
import { CreditPopover } from "./credit-popover.js";
import { SourceFilter } from "./source-filter.js";
import { appear } from "../ui/appear.js";
import { Throttle } from "../ui/throttle.js";
import { Card } from "./card.js";
import { FrameScheduler } from "../ui/frame-scheduler.js";
import { Justified } from "./justified.js";
import { arrange, byId, write } from "../ui/dom.js";
import { LongPress } from "../ui/long-press.js";
import { OrderOnShow } from "./order-on-show.js";
import { Pager } from "./pager.js";
import { PastResults } from "./past-results.js";
import { Roving } from "../ui/roving.js";
import { SpareTime } from "../ui/spare-time.js";
import { Stillness } from "./stillness.js";
import { FLICKR } from "../flickr.js";

/** Milliseconds between two orders while photos come in. */
const REST = 1000;
const MARK_KEYS = new Map(
  /** @type {[string, MarkName][]} */ ([
    ["l", "liked"],
    ["x", "disliked"],
  ]),
);

/** The gallery: the results, best first; of Flickr a page at a time, else ever more as one scrolls. */
export class ResultsGrid {
  #list = byId("results", HTMLElement);
  #count = byId("count", HTMLElement);
  #past = new PastResults();
  #newer = byId("newer", HTMLButtonElement);
  #pager = new Pager({ onTurned: () => this.#sort(), onMore: (asked) => this.#grow(asked) });
  #roving = new Roving(this.#list, ".card-link", true);
  #still = new Stillness(this.#list, () => this.#leave());
  #calm = new Throttle(REST, () => this.#redraw());
  #rows = new Justified(this.#list, () => this.#lay());
  /** Pictures have come that have other proportions than were told. */
  #shaped = new FrameScheduler(() => this.#lay());
  /** In which cards and pictures of what comes next are made, so that a step of scrolling takes less than a frame. */
  #spare = new SpareTime();
  /** @type {Map<Result, Card>} */
  #cards = new Map();
  #order = new OrderOnShow();
  /** @type {Search | null} */
  #search = null;
  #ended = false;
  /** Whether a photo was marked, and the person is still at the photos. */
  #marked = false;
  #callbacks;
  #credits;
  #filter;
  #note;

  /**
   * @param {{onMore: (result: Result) => void, onOpen: (result: Result) => void, onMark: (result: Result, mark:
   *   MarkName) => void, titleOf: (source: string) => string, onSorted: () => void, screening: Screening, shortlist:
   *   Shortlist}} callbacks
   */
  constructor(callbacks) {
    this.#callbacks = callbacks;
    this.#credits = new CreditPopover(callbacks.titleOf);
    this.#filter = new SourceFilter({ titleOf: callbacks.titleOf, choose: (source) => this.#choose(source) });
    this.#note = new UnsafeNote(() => this.#treated());
    this.#newer.addEventListener("click", () => {
      this.#sort();
      this.focus();
    });
    this.#newer.addEventListener("blur", () => this.#leave());
    this.#list.addEventListener("keydown", (event) => this.#press(event));
    new LongPress(this.#list, ".card", "acting");
  }

  /** Whether another order waits until nobody is at the photos. */
  get waits() {
    return this.#order.differs || this.#marked;
  }

  /** The results in the order of their whole list. */
  get listed() {
    return this.#search?.results.listed ?? [];
  }

  /**
   * Draws the results of a search as they are now. Their order changes once a second at most, and
   * never while somebody is at the photos: what comes then is put behind them.
   * @param {Search} search
   */
  draw(search) {
    if (search !== this.#search) this.#begin(search);
    const { results } = search;
    this.#pager.paged = mayHoldFlickr(search);
    this.#screen(search);
    const size = results.admittedOf("");
    write(this.#count, results.only ? `${results.admittedOf(results.only)} of ${size}` : size ? String(size) : "");
    this.#filter.draw(search);
    this.#note.draw(search);
    // The first results do not wait, though it was drawn without any a moment ago.
    if ((search.end && !this.#ended) || (size && !this.#order.results.length)) this.#calm.reset();
    this.#ended = !!search.end;
    if (size || search.end) this.#past.clear();
    this.#calm.request();
  }

  /** Draws the next time without waiting: the person has asked for another order. */
  hurry() {
    this.#still.forget();
    this.#calm.reset();
    this.#list.querySelector(":focus-visible") && this.#list.focus({ preventScroll: true });
  }

  /**
   * Turns the page.
   * @param {-1 | 1} step
   */
  turn(step) {
    this.#pager.turn(step);
  }

  /** Photos are to be larger or smaller. */
  resize() {
    this.#rows.resize();
  }

  #lay(still = this.#still.held) {
    const cards = this.#order.results.flatMap((result) => this.#cards.get(result) ?? []);
    this.#rows.lay(cards, still);
  }

  /**
   * Puts the person at a photo: the one given, or where they were.
   * @param {Result} [result]
   */
  focus(result) {
    if (result && !this.#cards.get(result)?.element.isConnected) this.#reach(result);
    const element =
      (result && this.#cards.get(result)?.element.querySelector(".card-link")) ?? this.#roving.current ?? this.#list;
    if (element instanceof HTMLElement) element.focus();
    if (!(element instanceof HTMLElement) || !element.isConnected) this.#list.focus();
  }

  /**
   * Has pictures judged before they are drawn.
   * @param {Search} search
   */
  #screen(search) {
    const { results } = search;
    const screen = this.#callbacks.screening.screenOf(search);
    if (screen !== results.screen) this.hurry();
    results.screen = screen;
    this.#callbacks.screening.look(search, () => this.#pager.part(results.listed));
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

  /** Something else becomes of pictures, or one of them is to be seen. */
  redraw() {
    this.#redraw();
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
    this.#order.forget();
    this.hurry();
    this.draw(this.#search);
  }

  /** @param {Search} search */
  #begin(search) {
    this.#search = search;
    this.#ended = false;
    this.#cards.clear();
    this.#order.forget();
    this.#pager.reset();
    // What is left of it would make pictures of results that are gone.
    this.#spare.use([]);
    if (search.active && !search.results.size) this.#past.take(this.#list);
    this.#list.replaceChildren();
    this.#still.forget();
    this.#calm.reset();
  }

  /**
   * The pointer or focus has left the photos: draw the waiting order, unless the focus went to "Show the new order".
   */
  #leave() {
    if (this.waits && document.activeElement !== this.#newer) this.#redraw();
    else this.#shaped.request();
  }

  /**
   * More of them are on show, behind those that are.
   * @param {boolean} asked  Whether the person has asked for it, and goes on with the first of them.
   */
  #grow(asked) {
    const before = this.#order.results.length;
    this.#redraw(true);
    const first = this.#order.results[before];
    if (asked && first) this.#cards.get(first)?.focus();
    if (this.#order.differs) this.#calm.request();
  }

  /** @param {Result} result  Which is to be on show. */
  #reach(result) {
    const place = this.listed.indexOf(result);
    if (place < 0) return;
    this.#pager.reach(place);
    if (this.#pager.paged) this.#sort();
    else this.#redraw(true);
  }

  /** Draws in the order of today, whoever is at the photos. */
  #sort() {
    this.#order.forget();
    this.#still.forget();
    this.#redraw();
  }

  /** @param {boolean} [still]  Whether what is on show rests, whoever is there. */
  #redraw(still = false) {
    const search = this.#search;
    if (!search) return;
    const { results } = search;
    const { from, shown } = this.#pager.slice(results.listed);
    const { held } = this.#still;
    this.#order.renew(shown, results.listed, held || still);
    this.#marked &&= held;
    this.#newer.hidden = !this.#order.differs || !held || this.#still.pointed;
    const { likeness } = results;
    const elements = this.#order.results.map((result, i) => {
      const card = this.#card(result);
      card.draw({
        rank: from + i + 1,
        part: likeness.part(result.score),
        alike: results.groupOf(result),
        open: results.isOpen(result),
        mark: search.marks.get(result.photo.id) ?? "none",
        kept: this.#callbacks.shortlist.has(result),
      });
      card.picture(pictureOf(results, result));
      return card.element;
    });
    this.#place(elements, held);
    this.#spare.use(
      this.#pager.next(results.listed).map((result) => () => this.#card(result).picture(pictureOf(results, result))),
    );
    // For tests: how many are still to be judged; "" once what came of it is on show.
    this.#list.dataset["unjudged"] = String(results.unjudged || "");
    this.#callbacks.onSorted();
  }

  /**
   * @param {HTMLElement[]} elements
   * @param {boolean} held  Whether somebody is at them.
   */
  #place(elements, held) {
    const focused = [...this.#list.children].find((child) => child.contains(document.activeElement));
    const fresh = elements.filter((element) => element.parentNode !== this.#list);
    arrange(this.#list, elements);
    if (focused && !focused.isConnected) this.#list.focus({ preventScroll: true });
    this.#roving.tend();
    this.#lay(held);
    // At last, as it asks where they are: what changed after that would have all of them laid out twice.
    appear(fresh);
  }

  /** @param {Result} result */
  #card(result) {
    const known = this.#cards.get(result);
    if (known) return known;
    const several = (this.#search?.settings?.sources.length ?? 0) > 1;
    const source = several ? this.#callbacks.titleOf(result.photo.source) : "";
    const card = new Card(result, source, this.#credits, {
      onMore: this.#callbacks.onMore,
      onOpen: this.#callbacks.onOpen,
      onToggle: (each) => this.#toggle(each),
      onMark: (each, mark) => this.#mark(each, mark),
      onKeep: (each) => this.#keep(each),
      onUnveil: (each) => this.#unveil(each),
      onShaped: () => this.#shaped.request(),
    });
    this.#cards.set(result, card);
    return card;
  }

  /** @param {Result} result  Whose near-duplicates are opened, or closed. */
  #toggle(result) {
    const results = this.#search?.results;
    results?.toggle(result);
    this.#sort();
    // Where it is folded away, the person is at the photo that it is behind.
    if (!this.#cards.get(result)?.element.isConnected)
      this.focus(this.listed.includes(result) ? result : results?.groupOf(result)[0]);
  }

  /**
   * @param {Result} result
   * @param {MarkName} mark
   */
  #mark(result, mark) {
    this.#callbacks.onMark(result, mark);
    this.#marked = true;
    this.#redraw();
  }

  /** @param {Result} result  Which goes on the shortlist, or off it. */
  #keep(result) {
    this.#callbacks.shortlist.toggle(result);
    this.#redraw();
  }

  /** @param {Result} result  Which is to be seen, though it is likely unsafe. */
  #unveil(result) {
    result.unveiled = true;
    this.#redraw();
  }

  /**
   * L and X mark the photo that has the focus, K keeps it, A opens and closes its near-duplicates.
   * @param {KeyboardEvent} event
   */
  #press(event) {
    const key = event.key.toLowerCase();
    const mark = MARK_KEYS.get(key);
    if ((!mark && key !== "k" && key !== "a") || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
    const card = [...this.#cards.values()].find(({ element }) => element.contains(document.activeElement));
    if (!card) return;
    event.preventDefault();
    if (mark) card.mark(mark);
    else if (key === "a") card.fold();
    else card.keep();
  }
}

/**
 * Whether photos of Flickr are among those that are listed, or may come to be.
 * @param {Search} search
 */
function mayHoldFlickr({ settings, results }) {
  if (results.only) return results.only === FLICKR;
  return !!settings?.sources.includes(FLICKR) || results.listed.some(({ photo }) => photo.source === FLICKR);
}

/**
 * @param {Results} results
 * @param {Result} result
 */
function pictureOf(results, result) {
  if (results.shows(result)) return "shown";
  return result.verdict === "unsafe" && results.screen === "veil" ? "veiled" : "waiting";
}
