/** @import {QueryPhoto} from "../search/query-photo.js" */
import { arrange, byId, write } from "../ui/dom.js";
import { openModal, topDialog } from "../ui/modal.js";
import { PhotoFile } from "../search/photo-file.js";
import { MOST } from "../search/search.js";
import { pastedFiles, read } from "./photo-input.js";
import { QueryPhotoRow } from "./query-photo-row.js";

/** Where a search starts: a part of the photo, and further photos, each with a weight or a minus. */
export class QueryDialog {
  #dialog = byId("queries", HTMLDialogElement);
  #list = byId("query-photo-list", HTMLElement);
  #add = byId("add-query-photo", HTMLButtonElement);
  #file = byId("query-photo-file", HTMLInputElement);
  #said = byId("queries-said", HTMLElement);
  /** @type {QueryPhotoRow[]} */
  #rows = [];
  /** Photos that were added and that no search has taken. @type {Set<PhotoFile>} */
  #added = new Set();
  /** How often it was opened or closed: what is read for one time is not for the next. */
  #turn = 0;
  /** The search that is to begin from them, as soon as all can be opened. @type {Promise<boolean> | null} */
  #opening = null;
  #callbacks;

  /**
   * @param {{onSearch: (photos: QueryPhoto[]) => Promise<boolean>, onLeft: () => void}} callbacks  `onSearch` gives
   *   whether a search has begun; it closes the dialog then. `onLeft`: none is wanted any more.
   */
  constructor(callbacks) {
    this.#callbacks = callbacks;
    byId("close-queries", HTMLButtonElement).addEventListener("click", () => this.#dialog.close());
    this.#add.addEventListener("click", () => this.#file.click());
    this.#file.addEventListener("change", () => {
      const files = [...(this.#file.files ?? [])];
      this.#file.value = "";
      this.#take(files);
    });
    for (const type of ["dragenter", "dragover", "drop"])
      this.#dialog.addEventListener(type, (event) => this.#drag(/** @type {DragEvent} */ (event)));
    // Before the page takes it to search from: what has the focus may be nothing in the dialog.
    addEventListener("paste", (event) => this.#paste(event), { capture: true });
    byId("queries-form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.#search();
    });
    // It is told of a moment later, when it may be open again.
    this.#dialog.addEventListener("close", () => this.#dialog.open || this.#leave());
  }

  /** @param {QueryPhoto[]} photos  Of the search on show. */
  open(photos) {
    this.#end();
    this.#rows = photos.map((photo, i) => this.#row(photo, i > 0));
    write(this.#said, "");
    this.#draw();
    openModal(this.#dialog);
  }

  /** Closes it: another search is on show than the one that it is about. */
  close() {
    this.#dialog.close();
  }

  /** It stays as it is until a search has begun: where a photo cannot be opened, all else that was chosen counts. */
  async #search() {
    const wrong = this.#rows.find((row) => row.mistake);
    if (wrong) {
      write(this.#said, wrong.mistake);
      wrong.focus();
      return;
    }
    write(this.#said, "");
    const photos = this.#rows.map((row) => row.photo);
    const opening = this.#callbacks.onSearch(photos);
    this.#opening = opening;
    const begun = await opening;
    // It may have been asked for again meanwhile.
    if (this.#opening === opening) this.#opening = null;
    if (begun) for (const { file } of photos) this.#added.delete(file);
  }

  /**
   * Files that are dropped here join those that are here.
   * @param {DragEvent} event
   */
  #drag(event) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.type === "drop") this.#take([...event.dataTransfer.files]);
  }

  /** @param {ClipboardEvent} event */
  #paste(event) {
    const files = topDialog() === this.#dialog ? pastedFiles(event) : [];
    if (!files.length) return;
    event.preventDefault();
    event.stopPropagation();
    this.#take(files);
  }

  /** @param {File[]} files */
  async #take(files) {
    const turn = this.#turn;
    const said = [];
    let left = 0;
    for (const file of files) {
      const taken = this.#full ? null : await read(file);
      if (turn !== this.#turn) return;
      if (taken && !(taken instanceof PhotoFile)) said.push(taken.message, taken.advice);
      else if (taken && !this.#full) this.#append(taken);
      else left += 1;
    }
    if (left) said.push(`A search starts from at most ${MOST} photos; ${left} ${left > 1 ? "were" : "was"} left out.`);
    write(this.#said, said.join(" "));
    this.#draw();
  }

  #leave() {
    if (this.#opening) this.#callbacks.onLeft();
    this.#opening = null;
    this.#end();
  }

  /** Nobody is at it any more: what no search has taken is given back. */
  #end() {
    this.#turn += 1;
    for (const file of this.#added) file.dispose();
    this.#added.clear();
  }

  get #full() {
    return this.#rows.length >= MOST;
  }

  /** @param {PhotoFile} file */
  #append(file) {
    this.#added.add(file);
    this.#rows.push(this.#row({ file, weight: 1, crop: null }, true));
  }

  /**
   * @param {QueryPhoto} photo
   * @param {boolean} removable
   */
  #row(photo, removable) {
    return new QueryPhotoRow(photo, removable ? (row) => this.#remove(row) : null);
  }

  /** @param {QueryPhotoRow} removed */
  #remove(removed) {
    this.#rows = this.#rows.filter((row) => row !== removed);
    const { file } = removed.photo;
    if (this.#added.delete(file)) file.dispose();
    this.#draw();
    this.#add.focus();
  }

  #draw() {
    arrange(
      this.#list,
      this.#rows.map((row) => row.element),
    );
    this.#add.hidden = this.#full;
  }
}
