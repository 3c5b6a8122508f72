/** @import {Collection, PhotoEntry} from "../shelf/records.js" */
/** @import {Library} from "./library.js" */
import { byId, fromTemplate, within, write } from "../ui/dom.js";
import { shown } from "../results/shown.js";
import { plural } from "../ui/format.js";
import { fold } from "../search/fold.js";
import { pictureUrl } from "./cover.js";
import { labelsOf, seenIn } from "./seen-in.js";
import { problemOf } from "./store-problem.js";

/** @typedef {{entry: PhotoEntry, words: string}} Known  A photo, and the words it is found by. */

const STEP = 120;
const BLOCK = 1000;

/** The photos of one collection: found by a word, selected, removed, opened. */
export class PhotoList {
  #place = byId("own-photos", HTMLElement);
  #heading = byId("own-photos-heading", HTMLElement);
  #filter = byId("own-photos-filter", HTMLInputElement);
  #count = byId("own-photos-count", HTMLElement);
  #list = byId("own-photos-list", HTMLElement);
  #all = byId("own-photos-all", HTMLButtonElement);
  #remove = byId("own-photos-remove", HTMLButtonElement);
  #more = byId("own-photos-more", HTMLButtonElement);
  #library;
  #callbacks;
  /** @type {Collection | null} */
  #collection = null;
  /** @type {Known[]} */
  #photos = [];
  /** @type {Set<string>} */
  #selected = new Set();
  /** @type {string[]} */
  #urls = [];
  #shown = 0;
  #turn = 0;
  /** Counts what was opened: reading takes its time, and another collection may be on show by then. */
  #visit = 0;

  /**
   * @param {Library} library
   * @param {{onOpen: (collection: Collection, entry: PhotoEntry, labels: string[]) => void, onBack: () => void, onFailed:
   *   (id: string, error: unknown) => void}} callbacks
   */
  constructor(library, callbacks) {
    this.#library = library;
    this.#callbacks = callbacks;
    byId("own-photos-back", HTMLButtonElement).addEventListener("click", () => callbacks.onBack());
    this.#filter.addEventListener("input", () => this.#redraw());
    this.#more.addEventListener("click", () => this.#showMore(true));
    this.#all.addEventListener("click", () => this.#selectAll());
    this.#remove.addEventListener("click", () => this.#remove.ariaDisabled !== "true" && this.#removeSelected());
  }

  /** @param {Collection} collection */
  async open(collection) {
    const visit = ++this.#visit;
    this.#collection = collection;
    this.#photos = [];
    this.#selected.clear();
    this.#filter.value = "";
    write(this.#heading, collection.name);
    write(this.#count, "Reading…");
    this.#list.replaceChildren();
    this.#place.hidden = false;
    this.#heading.focus();
    try {
      const photos = await this.#read(collection, visit);
      if (visit !== this.#visit) return;
      this.#photos = photos;
      await this.#redraw();
    } catch (error) {
      if (visit !== this.#visit) return;
      const { message, advice } = problemOf(error);
      write(this.#count, `${message} ${advice}`);
      this.#callbacks.onFailed(collection.id, error);
    }
  }

  /** The id of the collection on show. */
  get shows() {
    return this.#collection?.id ?? null;
  }

  /** Gives back what it holds. */
  close() {
    this.#visit += 1;
    this.#place.hidden = true;
    this.#collection = null;
    this.#photos = [];
    this.#clear();
  }

  /**
   * @param {Collection} collection
   * @param {number} visit  Who reads: once nobody does, the rest is left.
   * @returns {Promise<Known[]>}
   */
  async #read({ id, model }, visit) {
    const labels = await labelsOf(model.name);
    const photos = [];
    for (let after; ; ) {
      const entries = await this.#library.shelf.entries(id, after, BLOCK);
      for (const entry of entries)
        photos.push({
          entry,
          words: fold(
            `${entry.id} ${entry.tags.join(" ")} ${seenIn(entry, labels)
              .map(({ label }) => label)
              .join(" ")}`,
          ),
        });
      after = entries.at(-1)?.id;
      if (!after || visit !== this.#visit) return photos;
    }
  }

  get #found() {
    const words = fold(this.#filter.value).split(/\s+/).filter(Boolean);
    return words.length
      ? this.#photos.filter((photo) => words.every((word) => photo.words.includes(word)))
      : this.#photos;
  }

  async #redraw() {
    this.#clear();
    this.#drawCount();
    await this.#showMore(false);
  }

  /** @param {boolean} focus  Whether the first of those that come is to have the focus. */
  async #showMore(focus) {
    const collection = this.#collection;
    const some = this.#found.slice(this.#shown, this.#shown + STEP);
    if (!collection) return;
    const turn = ++this.#turn;
    const thumbnails = await this.#library.shelf
      .thumbnails(
        collection.id,
        some.map(({ entry }) => entry.id),
      )
      .catch(() => []);
    if (turn !== this.#turn) return;
    const items = some.map(({ entry }, i) => this.#item(collection, entry, thumbnails[i] ?? null));
    this.#list.append(...items);
    this.#shown += some.length;
    this.#more.hidden = this.#shown >= this.#found.length;
    if (focus) items[0]?.querySelector("button")?.focus();
  }

  /**
   * @param {Collection} collection
   * @param {PhotoEntry} entry
   * @param {Uint8Array | null} thumbnail
   */
  #item(collection, entry, thumbnail) {
    const item = fromTemplate("own-photo-template", HTMLLIElement);
    const name = shown(entry.id.split("/").at(-1) ?? entry.id);
    const image = within(item, "img", HTMLImageElement);
    const open = within(item, "button", HTMLButtonElement);
    const box = within(item, "input", HTMLInputElement);
    open.ariaLabel = `Show ${name}`;
    if (thumbnail) {
      const url = pictureUrl(thumbnail);
      this.#urls.push(url);
      image.src = url;
    }
    item.title = shown(entry.id);
    write(within(item, ".own-name", HTMLElement), name);
    box.checked = this.#selected.has(entry.id);
    box.addEventListener("change", () => this.#select(entry.id, box.checked));
    open.addEventListener("click", async () =>
      this.#callbacks.onOpen(collection, entry, await labelsOf(collection.model.name)),
    );
    return item;
  }

  /**
   * @param {string} id
   * @param {boolean} on
   */
  #select(id, on) {
    if (on) this.#selected.add(id);
    else this.#selected.delete(id);
    this.#drawCount();
  }

  #selectAll() {
    const found = this.#found.map(({ entry }) => entry.id);
    const every = found.every((id) => this.#selected.has(id));
    for (const id of found) this.#select(id, !every);
    for (const box of this.#list.querySelectorAll("input")) box.checked = !every;
  }

  async #removeSelected() {
    const [collection, ids, visit] = [this.#collection, [...this.#selected], this.#visit];
    if (!collection || !ids.length) return;
    const problem = await this.#library.change((shelf) => shelf.remove(collection.id, ids));
    if (visit !== this.#visit) return;
    if (problem) {
      write(this.#count, `${problem.message} ${problem.advice}`);
      return;
    }
    // Others may have been selected meanwhile, and these are still there.
    const gone = new Set(ids);
    this.#photos = this.#photos.filter(({ entry }) => !gone.has(entry.id));
    for (const id of ids) this.#selected.delete(id);
    await this.#redraw();
    write(
      this.#count,
      `${plural(ids.length, "photo")} removed; the files stay where they are. ${plural(this.#photos.length, "photo")} left.`,
    );
    this.#heading.focus();
  }

  #drawCount() {
    const found = this.#found;
    const of = found.length === this.#photos.length ? "" : ` of ${this.#photos.length.toLocaleString("en")}`;
    const selected = this.#selected.size;
    write(
      this.#count,
      `${found.length.toLocaleString("en")}${of} ${this.#photos.length === 1 ? "photo" : "photos"}${selected ? `, ${selected.toLocaleString("en")} selected` : ""}`,
    );
    write(this.#remove, selected ? `Remove ${selected.toLocaleString("en")}` : "Remove");
    this.#remove.ariaDisabled = String(!selected);
    write(
      this.#all,
      found.length && found.every(({ entry }) => this.#selected.has(entry.id)) ? "Select none" : "Select all",
    );
  }

  #clear() {
    this.#turn += 1;
    this.#shown = 0;
    this.#list.replaceChildren();
    this.#more.hidden = true;
    for (const url of this.#urls) URL.revokeObjectURL(url);
    this.#urls = [];
  }
}
