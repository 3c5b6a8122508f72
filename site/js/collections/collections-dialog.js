/** @import {PhotoFile} from "../search/photo-file.js" */
/** @import {Problem, Upload} from "../protocol.js" */
/** @import {Library} from "./library.js" */
import { arrange, byId, hide, write } from "../ui/dom.js";
import { download } from "../ui/download.js";
import { listed, size } from "../ui/format.js";
import { openModal } from "../ui/modal.js";
import { expiredWords, now } from "./amounts.js";
import { CollectionCard } from "./collection-card.js";
import { areCollections, nameOf, NewCollection } from "./new-collection.js";
import { sourceOf } from "../source-name.js";
import { PhotoDialog } from "./photo-dialog.js";
import { PhotoList } from "./photo-list.js";
import { problemOf, wantsDeletion } from "./store-problem.js";
import { chosen, dropped, others } from "./uploads.js";

/** What goes where the store is damaged: the button names it, too. */
const CLEARED = [
  "all collections",
  "the shortlist",
  "the searches that a reload brings back",
  "the saved answers of photo services",
];
const STAYS =
  "Your Flickr key, settings, saved score functions and the counts of calls stay. Your photo files stay where they are.";

/** "Your photos": all collections, and what can be done with them. */
export class CollectionsDialog {
  #dialog = byId("collections", HTMLDialogElement);
  #shelf = byId("collections-shelf", HTMLElement);
  #list = byId("collection-list", HTMLElement);
  #said = byId("collections-said", HTMLElement);
  #problem = byId("collections-problem", HTMLElement);
  #clearing = byId("collections-clearing", HTMLElement);
  #folder = byId("collection-folder", HTMLInputElement);
  #files = byId("collection-files", HTMLInputElement);
  /** @type {Map<string, CollectionCard>} */
  #cards = new Map();
  /** The collection that the next files are for; null for a new one. @type {string | null} */
  #target = null;
  #library;
  #callbacks;
  #new;
  #photos;
  #photo;

  /**
   * @param {Library} library
   * @param {{onSearch: (id: string) => void, onQuery: (query: PhotoFile) => void, chosen: () => string[], onCleared: ()
   *   => Promise<string[]>}} callbacks  To search in a collection; to search with a photo; what is searched; what is
   *   kept beside collections is to go, and what of it stays nevertheless.
   */
  constructor(library, callbacks) {
    this.#library = library;
    this.#callbacks = callbacks;
    this.#new = new NewCollection(({ name, expires, uploads, action }) =>
      library.create(name, expires, uploads, action),
    );
    this.#photo = new PhotoDialog(library.shelf, (query) => {
      this.close();
      callbacks.onQuery(query);
    });
    this.#photos = new PhotoList(library, {
      onOpen: (collection, entry, labels) =>
        this.#photo.open(collection, entry, labels).catch((error) => this.say(problemOf(error))),
      onBack: () => this.#back(),
      onFailed: (id, error) => library.unread(id, error),
    });
    byId("open-collections", HTMLButtonElement).addEventListener("click", () => this.open());
    byId("close-collections", HTMLButtonElement).addEventListener("click", () => this.close());
    byId("choose-folder", HTMLButtonElement).addEventListener("click", () => this.#choose(null, "folder"));
    byId("choose-files", HTMLButtonElement).addEventListener("click", () => this.#choose(null, "files"));
    this.#clearing.textContent = `This deletes ${listed(CLEARED)}. ${STAYS}`;
    byId("collections-clear", HTMLButtonElement).addEventListener("click", () => this.#askToClear(true));
    byId("collections-keep", HTMLButtonElement).addEventListener("click", () => this.#askToClear(false));
    byId("collections-sure", HTMLButtonElement).addEventListener("click", () => this.#clear());
    for (const input of [this.#folder, this.#files]) input.addEventListener("change", () => this.#taken(input));
    this.#dialog.addEventListener("close", () => this.#back());
    for (const type of ["dragenter", "dragover", "dragleave", "drop"])
      this.#dialog.addEventListener(type, (event) => this.#drag(/** @type {DragEvent} */ (event)));
  }

  /** Opens the dialog, at the list of all. */
  open() {
    if (this.#dialog.open) return;
    write(this.#said, "");
    this.#library.refresh();
    openModal(this.#dialog);
    this.draw();
  }

  close() {
    this.#dialog.close();
  }

  /**
   * Shows one photo of a collection.
   * @param {string} id
   * @param {string} photo
   */
  async show(id, photo) {
    try {
      await this.#photo.find(id, photo);
    } catch (error) {
      this.open();
      this.say(problemOf(error));
    }
  }

  /** Draws what the library holds now, where somebody sees it. */
  draw() {
    this.#handOver();
    if (!this.#dialog.open) return;
    const { all, problem, room, expired } = this.#library;
    const chosenNow = this.#callbacks.chosen();
    hide(byId("collections-empty", HTMLElement), all.length > 0 || !!problem);
    hide(this.#problem, !problem);
    // Another version of the page, or a browser that keeps nothing, is no reason to delete anything.
    const deletable = !!problem && wantsDeletion(problem);
    hide(byId("collections-clear", HTMLButtonElement), !deletable);
    if (!deletable) hide(byId("collections-clear-sure", HTMLElement), true);
    write(this.#problem.querySelector("p") ?? this.#problem, problem ? `${problem.message} ${problem.advice}` : "");
    const ids = new Set(all.map(({ id }) => id));
    for (const [id, card] of this.#cards) if (!ids.has(id)) this.#discard(id, card);
    arrange(
      this.#list,
      all.map((each) => {
        const card = this.#card(each.id);
        card.draw(each, chosenNow.includes(sourceOf(each.id)));
        return card.element;
      }),
    );
    write(byId("collections-room", HTMLElement), room ? roomWords(room, this.#library.persisted) : "");
    // Kept until somebody reads it.
    if (expired.length) this.#announce(expiredWords(expired.splice(0)));
  }

  /** @param {Problem} problem */
  say({ message, advice }) {
    this.#announce(`${message} ${advice}`);
  }

  /** @param {string} id */
  #card(id) {
    const known = this.#cards.get(id);
    if (known) return known;
    const library = this.#library;
    const card = new CollectionCard(id, library, {
      onSearch: () => {
        this.close();
        this.#callbacks.onSearch(id);
      },
      onPhotos: () => this.#openPhotos(id),
      onAdd: (_, how) => this.#choose(id, how),
      onRename: (_, name) =>
        name.trim() &&
        this.#change((shelf) => shelf.change(id, { name: name.trim() }), `Its name is “${name.trim()}” now.`),
      onExpire: (_, seconds) =>
        this.#change(
          (shelf) => shelf.change(id, { expires: seconds ? now() + seconds : null }),
          seconds ? "It will be deleted then." : "It is kept.",
        ),
      onRemove: () => this.#delete(id),
      onReembed: () => library.work(id, "reembed"),
      onExported: () => library.work(id, "export"),
      onConduct: (_, wish) => {
        const job = library.job(id);
        if (job?.active) library.conduct(job, wish);
      },
    });
    this.#cards.set(id, card);
    return card;
  }

  /** @param {string} id */
  #openPhotos(id) {
    const collection = this.#library.listed.find((each) => each.id === id)?.collection;
    if (!collection) return;
    this.#shelf.hidden = true;
    write(this.#said, "");
    this.#photos.open(collection);
  }

  #back() {
    this.#photos.close();
    this.#shelf.hidden = false;
    this.draw();
  }

  /** @param {string} id */
  async #delete(id) {
    this.#tell(await this.#library.delete(id), "It is deleted. The photos themselves are where they were.");
    byId("collections-heading", HTMLElement).scrollIntoView({ block: "nearest" });
  }

  /** @param {boolean} open */
  #askToClear(open) {
    hide(byId("collections-clear-sure", HTMLElement), !open);
    byId(open ? "collections-keep" : "collections-clear", HTMLButtonElement).focus();
  }

  async #clear() {
    this.#askToClear(false);
    const [problem, left] = await Promise.all([
      this.#library.change((shelf) => shelf.clear()),
      this.#callbacks.onCleared(),
    ]);
    if (problem) left.unshift("the collections");
    const deleted = `Deleted: ${listed(CLEARED)}.`;
    this.#announce(left.length ? `Not all of it could be deleted. Still there: ${listed(left)}.` : deleted);
    // The button that had the focus goes.
    if (!left.length) byId("choose-folder", HTMLButtonElement).focus();
  }

  /**
   * @param {(shelf: Library["shelf"]) => Promise<unknown>} work
   * @param {string} done  What is said then.
   */
  async #change(work, done) {
    this.#tell(await this.#library.change(work), done);
  }

  /**
   * @param {Problem | null} problem
   * @param {string} done  What is said where there is none.
   */
  #tell(problem, done) {
    this.#announce(problem ? `${problem.message} ${problem.advice}` : done);
  }

  /** @param {string} words */
  #announce(words) {
    write(this.#said, words);
  }

  /**
   * @param {string | null} target
   * @param {"folder" | "files"} how
   */
  #choose(target, how) {
    this.#target = target;
    (how === "folder" ? this.#folder : this.#files).click();
  }

  /** @param {HTMLInputElement} input */
  #taken(input) {
    const uploads = chosen(input.files ?? [], this.#library.kinds);
    // So that choosing the same again is a change, too.
    input.value = "";
    this.#take(uploads, this.#target);
    this.#target = null;
  }

  /**
   * @param {Upload[]} uploads
   * @param {string | null} target
   */
  #take(uploads, target) {
    if (!uploads.length) {
      this.#announce("There is no file in it that could be a photo.");
      return;
    }
    // How it goes is told there, and a new collection is asked about.
    if (this.#photos.shows) this.#back();
    const collections = areCollections(uploads);
    if (collections && uploads.length > 1)
      for (const each of uploads) this.#library.create(nameOf([each]), null, [each], "open");
    else if (target && !collections && !this.#library.job(target)?.active) this.#library.work(target, "add", uploads);
    else this.#new.stage(uploads, others(uploads, this.#library.kinds));
  }

  /**
   * Files that are dropped here are for a collection, not to search with.
   * @param {DragEvent} event
   */
  #drag(event) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    event.stopPropagation();
    const place = event.target instanceof Element ? event.target.closest(".collection") : null;
    const on = event.type === "dragenter" || event.type === "dragover";
    for (const card of this.#cards.values()) card.element.classList.toggle("dragged", on && card.element === place);
    byId("collection-drop", HTMLElement).classList.toggle("dragged", on && !place);
    if (event.type !== "drop") return;
    const target = place instanceof HTMLElement ? (place.dataset["id"] ?? null) : this.#photos.shows;
    dropped(event.dataTransfer, this.#library.kinds).then(
      (uploads) => this.#take(uploads, target),
      () => this.#announce("What was dropped cannot be read."),
    );
  }

  /** Gives the person what was exported, once. */
  #handOver() {
    for (const { id, collection } of this.#library.listed) {
      const job = this.#library.job(id);
      if (!job?.file) continue;
      download(`${collection?.name ?? "collection"}.lookalike`, job.file, "application/octet-stream");
      job.file = null;
    }
  }

  /**
   * @param {string} id
   * @param {CollectionCard} card
   */
  #discard(id, card) {
    card.dispose();
    this.#cards.delete(id);
  }
}

/**
 * @param {{used: number, quota: number}} room
 * @param {boolean | null} persisted
 */
function roomWords({ used, quota }, persisted) {
  const kept = persisted
    ? "It is kept until you delete it."
    : "If the disk is nearly full, the browser may delete it: export what you could not make again.";
  return `${size(used)} of about ${size(quota)} that this browser gives to this page. ${kept}`;
}
