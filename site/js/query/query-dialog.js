/** @import {Source} from "../search/query-photo.js" */
import { byId } from "../ui/dom.js";
import { Query } from "../search/query.js";
import { QueryPhotoRow } from "./query-photo-row.js";

/** More than these make a search slow to begin. */
const MOST = 8;

/** Where a search starts: a part of the photo, and further photos, each with a weight or a minus. */
export class QueryDialog {
  #dialog = byId("queries", HTMLDialogElement);
  #list = byId("source-list", HTMLElement);
  #add = byId("add-source", HTMLButtonElement);
  #file = byId("source-file", HTMLInputElement);
  /** @type {QueryPhotoRow[]} */
  #rows = [];

  /** @param {(sources: Source[]) => void} onSearch */
  constructor(onSearch) {
    byId("close-queries", HTMLButtonElement).addEventListener("click", () => this.#dialog.close());
    this.#add.addEventListener("click", () => this.#file.click());
    this.#file.addEventListener("change", () => this.#take());
    byId("queries-form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.#dialog.close();
      onSearch(this.#rows.map((row) => row.source));
    });
  }

  /** @param {Source[]} sources  Of the search on show. */
  open(sources) {
    this.#rows = sources.map((source, i) => this.#row(source, i > 0));
    this.#draw();
    if (!this.#dialog.open) this.#dialog.showModal();
  }

  async #take() {
    const files = [...(this.#file.files ?? [])];
    this.#file.value = "";
    for (const file of files.slice(0, MOST - this.#rows.length)) {
      const bytes = new Uint8Array(await file.arrayBuffer());
      if (bytes.length)
        this.#rows.push(this.#row({ query: new Query(bytes, file.name, file.type), weight: 1, crop: null }, true));
    }
    this.#draw();
  }

  /**
   * @param {Source} source
   * @param {boolean} removable
   */
  #row(source, removable) {
    return new QueryPhotoRow(source, removable ? (row) => this.#remove(row) : null);
  }

  /** @param {QueryPhotoRow} removed */
  #remove(removed) {
    this.#rows = this.#rows.filter((row) => row !== removed);
    this.#draw();
    this.#add.focus();
  }

  #draw() {
    this.#list.replaceChildren(...this.#rows.map((row) => row.element));
    this.#add.hidden = this.#rows.length >= MOST;
  }
}
