/** @import {Result} from "../search/result.js" */
/** @import {Viewer} from "../results/viewer.js" */
/** @import {KeptPictures} from "./kept-pictures.js" */
/** @import {Shortlist} from "./shortlist.js" */
import { arrange, byId, write } from "../ui/dom.js";
import { HistoryDialog } from "../ui/history-dialog.js";
import { openModal } from "../ui/modal.js";
import { Roving } from "../ui/roving.js";
import { Search } from "../search/search.js";
import { plural } from "../ui/format.js";
import { KeptPhoto } from "./kept-photo.js";
import { FrameScheduler } from "../ui/frame-scheduler.js";
import { Justified } from "../results/justified.js";
import { KeptCard } from "./kept-card.js";
import { ShortlistActions } from "./shortlist-actions.js";
import { FLICKR_PER_PAGE } from "../flickr.js";

/**
 * @typedef {object} Wishes
 * @property {Viewer} viewer
 * @property {KeptPictures} pictures
 * @property {(source: string) => string} titleOf
 * @property {() => () => boolean} onIntake  See `ShortlistActions`.
 * @property {(search: Search) => void} onBegin
 */

/** The shortlist as a gallery of its own: several selected at once; Back, Escape or Close leads out. */
export class ShortlistDialog {
  #dialog = byId("shortlist", HTMLDialogElement);
  #list = byId("shortlist-photos", HTMLElement);
  #opener = byId("open-shortlist", HTMLButtonElement);
  #roving = new Roving(this.#list, "input", true);
  /** The cards on show, in their order. @type {KeptCard[]} */
  #laid = [];
  #rows = new Justified(this.#list, () => this.#lay.request());
  #lay = new FrameScheduler(() => this.#rows.lay(this.#laid, false));
  /** @type {Map<KeptPhoto, KeptCard>} */
  #cards = new Map();
  /** @type {Set<KeptPhoto>} */
  #selected = new Set();
  /** Those whose pictures could not be had. @type {Set<KeptPhoto>} */
  #failed = new Set();
  /** The one that was selected last. @type {KeptPhoto | null} */
  #last = null;
  #page = 0;
  #steps = new HistoryDialog(this.#dialog, "shortlist", {
    onShow: () => this.#show(),
    onClosed: () => this.#opener.hidden && byId("main", HTMLElement).focus({ preventScroll: true }),
  });
  #shortlist;
  #callbacks;
  #actions;

  /**
   * @param {Shortlist} shortlist
   * @param {Wishes} callbacks
   */
  constructor(shortlist, callbacks) {
    this.#shortlist = shortlist;
    this.#callbacks = callbacks;
    this.#actions = new ShortlistActions(shortlist, {
      ...callbacks,
      selected: () => this.#chosen,
      onSelect: (photos) => this.#select(photos),
      onBegin: (search) => this.close(() => callbacks.onBegin(search)),
      onEmptied: () => byId("shortlist-heading", HTMLElement).focus(),
    });
    this.#opener.addEventListener("click", () => this.open());
    byId("shortlist-close", HTMLButtonElement).addEventListener("click", () => this.close());
    byId("shortlist-previous", HTMLButtonElement).addEventListener("click", () => this.#turn(-1));
    byId("shortlist-next", HTMLButtonElement).addEventListener("click", () => this.#turn(1));
    this.draw();
  }

  /** Opens it. */
  open() {
    if (!this.#dialog.open) this.#steps.show();
  }

  /** @param {() => void} [then]  What follows, also where it is closed already. */
  close(then) {
    this.#steps.close(then);
  }

  /** Draws what is kept now. */
  draw() {
    const { all, size, lasting } = this.#shortlist;
    this.#opener.hidden = size === 0;
    write(byId("shortlist-count", HTMLElement), String(size));
    if (!this.#dialog.open) return;
    const there = new Set(all);
    for (const gone of [...this.#cards.keys()].filter((kept) => !there.has(kept))) this.#discard(gone);
    const pages = Math.max(1, Math.ceil(size / FLICKR_PER_PAGE));
    this.#page = Math.min(this.#page, pages - 1);
    const shown = all.slice(this.#page * FLICKR_PER_PAGE, (this.#page + 1) * FLICKR_PER_PAGE);
    const focused = this.#list.contains(document.activeElement);
    this.#laid = shown.map((kept) => this.#card(kept));
    arrange(
      this.#list,
      this.#laid.map(({ element }) => element),
    );
    this.#rows.lay(this.#laid, false);
    for (const kept of shown)
      this.#card(kept).draw({ selected: this.#selected.has(kept), failed: this.#failed.has(kept) });
    this.#roving.tend();
    if (focused && !this.#list.contains(document.activeElement))
      (this.#roving.current ?? byId("shortlist-heading", HTMLElement)).focus();
    this.#drawPager(pages);
    byId("shortlist-empty", HTMLElement).hidden = size > 0;
    write(byId("shortlist-note", HTMLElement), noteOf(size, lasting));
    this.#actions.draw();
    for (const kept of shown) if (!kept.pictured && !this.#failed.has(kept)) this.#load(kept);
  }

  /** Pictures that could not be had are worth another try. */
  retry() {
    this.#failed.clear();
    this.draw();
  }

  #show() {
    this.#selected.clear();
    this.#failed.clear();
    this.#page = 0;
    this.#actions.opened();
    openModal(this.#dialog);
    this.draw();
  }

  /** What is selected, in the order of the list. */
  get #chosen() {
    return this.#shortlist.all.filter((kept) => this.#selected.has(kept));
  }

  /** @param {KeptPhoto[]} photos */
  #select(photos) {
    this.#selected = new Set(photos);
    this.draw();
  }

  /**
   * A box was pressed.
   * @param {KeptPhoto} kept
   * @param {boolean} extend
   */
  #toggle(kept, extend) {
    const on = !this.#selected.has(kept);
    const { all } = this.#shortlist;
    const [from, to] = [extend && this.#last ? all.indexOf(this.#last) : -1, all.indexOf(kept)];
    const touched = from < 0 ? [kept] : all.slice(Math.min(from, to), Math.max(from, to) + 1);
    for (const each of touched) {
      if (on) this.#selected.add(each);
      else this.#selected.delete(each);
    }
    this.#last = kept;
    this.draw();
  }

  /** @param {KeptPhoto} kept */
  async #load(kept) {
    if (!(await this.#callbacks.pictures.load(kept))) this.#failed.add(kept);
    this.#cards.get(kept)?.draw({ selected: this.#selected.has(kept), failed: this.#failed.has(kept) });
  }

  /** @param {KeptPhoto} kept */
  #card(kept) {
    const known = this.#cards.get(kept);
    if (known) return known;
    const card = new KeptCard(kept, {
      onOpen: () => this.#view(kept),
      onShaped: () => this.#lay.request(),
      onSelect: (_, extend) => this.#toggle(kept, extend),
    });
    this.#cards.set(kept, card);
    return card;
  }

  /** @param {KeptPhoto} kept */
  #discard(kept) {
    this.#selected.delete(kept);
    this.#cards.delete(kept);
    if (this.#last === kept) this.#last = null;
  }

  /** @param {KeptPhoto} kept  To be seen large. */
  #view(kept) {
    const { viewer } = this.#callbacks;
    viewer.open(new Search([]), kept, this.#shortlist.all, {
      onShown: (result) => this.#picture(result),
      onClosed: (result) => this.#return(result),
    });
  }

  /** @param {Result} result  On show in the viewer. */
  async #picture(result) {
    if (!(result instanceof KeptPhoto) || result.pictured || this.#failed.has(result)) return;
    await this.#load(result);
    this.#callbacks.viewer.draw();
  }

  /** @param {Result} last  That was seen large. */
  #return(last) {
    const place = this.#shortlist.all.findIndex(({ photo }) => photo.id === last.photo.id);
    if (place >= 0) this.#page = Math.floor(place / FLICKR_PER_PAGE);
    this.draw();
    const card = [...this.#cards].find(([{ photo }]) => photo.id === last.photo.id)?.[1];
    (card?.element.isConnected ? card.box : byId("shortlist-heading", HTMLElement)).focus();
  }

  /** @param {-1 | 1} step */
  #turn(step) {
    const page = this.#page + step;
    if (page < 0 || page * FLICKR_PER_PAGE >= this.#shortlist.size) return;
    this.#page = page;
    this.draw();
    this.#dialog.scrollTo({ top: 0 });
  }

  /** @param {number} pages */
  #drawPager(pages) {
    byId("shortlist-pager", HTMLElement).hidden = pages === 1;
    write(byId("shortlist-page", HTMLElement), `Page ${this.#page + 1} of ${pages}`);
    byId("shortlist-previous", HTMLElement).ariaDisabled = String(this.#page === 0);
    byId("shortlist-next", HTMLElement).ariaDisabled = String(this.#page === pages - 1);
  }
}

/**
 * @param {number} size
 * @param {boolean} lasting
 */
function noteOf(size, lasting) {
  if (!lasting)
    return "This browser lets the page keep nothing, so this list lasts until you close or reload the page.";
  return size
    ? `${plural(size, "photo")}, kept in this browser alone. Their pictures come from their services again.`
    : "";
}
