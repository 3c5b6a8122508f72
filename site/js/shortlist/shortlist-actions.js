/** @import {KeptPhoto} from "./kept-photo.js" */
/** @import {KeptPictures} from "./kept-pictures.js" */
/** @import {Shortlist} from "./shortlist.js" */
import { isOwn } from "../source-name.js";
import { contactSheet } from "../export/contact-sheet.js";
import { csv } from "../export/csv.js";
import { recordsOfKept } from "../export/export-records.js";
import { copy } from "../ui/clipboard.js";
import { byId, write } from "../ui/dom.js";
import { download } from "../ui/download.js";
import { Menu } from "../ui/menu.js";
import { MOST, Search } from "../search/search.js";
import { plural } from "../ui/format.js";
import { creditOf } from "../results/credit.js";

/**
 * @typedef {object} Surroundings
 * @property {KeptPictures} pictures
 * @property {(source: string) => string} titleOf
 * @property {() => KeptPhoto[]} selected
 * @property {(photos: KeptPhoto[]) => void} onSelect
 * @property {() => () => boolean} onIntake  Pictures are to be fetched, to search from; it gives whether that is still
 *   wanted.
 * @property {(search: Search) => void} onBegin
 * @property {() => void} onEmptied  The button that was pressed has nothing to do any more.
 */

/** What can be done with the photos of the shortlist that are selected, or with all where none is. */
export class ShortlistActions {
  #said = byId("shortlist-said", HTMLElement);
  #undo = byId("shortlist-undo", HTMLButtonElement);
  #credits = byId("shortlist-lines", HTMLElement);
  #menu = new Menu("shortlist-export");
  /** What was removed last. @type {KeptPhoto[]} */
  #removed = [];
  #shortlist;
  #callbacks;

  /**
   * @param {Shortlist} shortlist
   * @param {Surroundings} callbacks
   */
  constructor(shortlist, callbacks) {
    this.#shortlist = shortlist;
    this.#callbacks = callbacks;
    this.#offer("shortlist-all", () => callbacks.onSelect(this.#allSelected ? [] : shortlist.all));
    this.#offer("shortlist-credits", () => this.#copy());
    this.#offer("shortlist-more", () => this.#more());
    this.#offer("shortlist-remove", () => this.#remove());
    this.#offer("shortlist-undo", () => this.#putBack());
    this.#offer("shortlist-json", () =>
      this.#export("json", "application/json", (photos) => `${JSON.stringify(this.#records(photos), null, 1)}\n`),
    );
    this.#offer("shortlist-csv", () => this.#export("csv", "text/csv", (photos) => csv(this.#records(photos))));
    this.#offer("shortlist-sheet", () => this.#sheet());
    byId("shortlist-photos", HTMLElement).addEventListener(
      "keydown",
      (event) => event.key === "Delete" && this.#remove(),
    );
  }

  /** The shortlist was opened. */
  opened() {
    this.#removed = [];
    this.#announce("");
  }

  draw() {
    const { size } = this.#shortlist;
    const selected = this.#callbacks.selected().length;
    write(byId("shortlist-selected", HTMLElement), selected ? `${selected} of ${size} selected` : "");
    write(byId("shortlist-all", HTMLElement), this.#allSelected ? "Select none" : "Select all");
    write(byId("shortlist-credits", HTMLElement), selected ? "Copy credits" : "Copy all credits");
    byId("shortlist-more", HTMLElement).ariaDisabled = String(!selected || selected > MOST);
    byId("shortlist-remove", HTMLElement).ariaDisabled = String(!selected);
    this.#undo.hidden = this.#removed.length === 0;
    byId("shortlist-tools", HTMLElement).hidden = size === 0 && !this.#removed.length;
    for (const id of ["shortlist-all", "shortlist-credits", "shortlist-more", "shortlist-remove", "shortlist-export"])
      byId(id, HTMLElement).hidden = size === 0;
  }

  get #allSelected() {
    return this.#shortlist.size > 0 && this.#callbacks.selected().length === this.#shortlist.size;
  }

  /** What an act is about. */
  get #meant() {
    const selected = this.#callbacks.selected();
    return selected.length ? selected : this.#shortlist.all;
  }

  /** @param {KeptPhoto[]} photos */
  #records(photos) {
    return recordsOfKept(photos, this.#callbacks.titleOf, new Date());
  }

  async #copy() {
    const photos = this.#meant;
    const lines = photos.filter(({ photo }) => !isOwn(photo)).map(({ photo }) => creditOf(photo));
    const own = photos.length - lines.length;
    const besides = own ? ` ${plural(own, "own photo")} need${own === 1 ? "s" : ""} none.` : "";
    if (!lines.length) return this.#announce(`There is nothing to copy.${besides}`);
    try {
      await copy(`${lines.join("\n")}\n`);
      this.#announce(`Copied ${plural(lines.length, "credit")}, a line each.${besides}`);
    } catch {
      this.#announce("The browser does not let them be copied; they are selected for you.");
      write(this.#credits, lines.join("\n"));
      this.#credits.hidden = false;
      getSelection()?.selectAllChildren(this.#credits);
    }
  }

  async #more() {
    const photos = this.#callbacks.selected();
    if (!photos.length) return this.#announce("Select the photos to search from.");
    if (photos.length > MOST)
      return this.#announce(`A search starts from at most ${MOST} photos; ${photos.length} are selected.`);
    const wanted = this.#callbacks.onIntake();
    await this.#load(photos);
    if (!wanted()) return;
    const pictured = photos.filter((kept) => kept.pictured);
    if (!pictured.length)
      return this.#announce(
        `${photos.length === 1 ? "Its picture" : "Their pictures"} cannot be had now. Try again when there is a connection.`,
      );
    this.#callbacks.onBegin(Search.likeAll(pictured));
  }

  #remove() {
    const photos = this.#callbacks.selected();
    if (!photos.length) return this.#announce("Select the photos to remove.");
    this.#removed = photos;
    this.#shortlist.remove(photos);
    this.#announce(`${plural(photos.length, "photo")} removed.`);
    if (!this.#shortlist.size) this.#undo.focus();
  }

  #putBack() {
    const photos = this.#removed;
    this.#removed = [];
    this.#shortlist.put(photos);
    this.#announce(`${plural(photos.length, "photo")} put back.`);
    this.#callbacks.onEmptied();
  }

  async #sheet() {
    const photos = this.#meant;
    await this.#load(photos);
    this.#export("html", "text/html", () =>
      contactSheet(
        photos.map((kept) => (kept.pictured ? kept : null)),
        this.#records(photos),
      ),
    );
  }

  /**
   * @param {string} ending
   * @param {string} type
   * @param {(photos: KeptPhoto[]) => string} made
   */
  #export(ending, type, made) {
    const photos = this.#meant;
    download(
      `lookalike-shortlist-${new Date().toISOString().slice(0, 10)}-${photos.length}.${ending}`,
      made(photos),
      type,
    );
    this.#announce(`${plural(photos.length, "photo")} exported.`);
  }

  /** @param {KeptPhoto[]} photos  Whose pictures are needed. */
  async #load(photos) {
    if (photos.every((kept) => kept.pictured)) return;
    this.#announce("Fetching the pictures…");
    await Promise.all(photos.map((kept) => this.#callbacks.pictures.load(kept)));
  }

  /** @param {string} words */
  #announce(words) {
    this.#credits.hidden = true;
    write(this.#said, words);
  }

  /**
   * @param {string} id
   * @param {() => void} act
   */
  #offer(id, act) {
    byId(id, HTMLButtonElement).addEventListener("click", () => {
      this.#menu.close();
      act();
    });
  }
}
