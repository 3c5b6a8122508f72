/** @import {Source} from "../search/query-photo.js" */
import { arrange, byId, write } from "../ui/dom.js";
import { Query } from "../search/query.js";
import { MOST } from "../search/search.js";
import { read } from "./photo-input.js";
import { QueryPhotoRow } from "./query-photo-row.js";

/** Where a search starts: a part of the photo, and further photos, each with a weight or a minus. */
export class QueryDialog {
  #dialog = byId("queries", HTMLDialogElement);
  #list = byId("source-list", HTMLElement);
  #add = byId("add-source", HTMLButtonElement);
  #file = byId("source-file", HTMLInputElement);
  #said = byId("queries-said", HTMLElement);
  /** @type {QueryPhotoRow[]} */
  #rows = [];
  /** Photos that were added and that no search has taken. @type {Set<Query>} */
  #added = new Set();
  /** How often it was opened or closed: what is read for one time is not for the next. */
  #turn = 0;

  /** @param {(sources: Source[]) => void} onSearch */
  constructor(onSearch) {
    byId("close-queries", HTMLButtonElement).addEventListener("click", () => this.#dialog.close());
    this.#add.addEventListener("click", () => this.#file.click());
    this.#file.addEventListener("change", () => this.#take());
    byId("queries-form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      const sources = this.#rows.map((row) => row.source);
      for (const { query } of sources) this.#added.delete(query);
      this.#dialog.close();
      onSearch(sources);
    });
    // It is told of a moment later, when it may be open again.
    this.#dialog.addEventListener("close", () => this.#dialog.open || this.#end());
  }

  /** @param {Source[]} sources  Of the search on show. */
  open(sources) {
    this.#end();
    this.#rows = sources.map((source, i) => this.#row(source, i > 0));
    write(this.#said, "");
    this.#draw();
    if (!this.#dialog.open) this.#dialog.showModal();
  }

  async #take() {
    const files = [...(this.#file.files ?? [])];
    this.#file.value = "";
    const turn = this.#turn;
    const said = [];
    let left = 0;
    for (const file of files) {
      const taken = this.#full ? null : await read(file);
      if (turn !== this.#turn) return;
      if (taken && !(taken instanceof Query)) said.push(taken.message, taken.advice);
      else if (taken && !this.#full) this.#append(taken);
      else left += 1;
    }
    if (left) said.push(`A search starts from at most ${MOST} photos; ${left} ${left > 1 ? "were" : "was"} left out.`);
    write(this.#said, said.join(" "));
    this.#draw();
  }

  /** Nobody is at it any more: what no search has taken is given back. */
  #end() {
    this.#turn += 1;
    for (const query of this.#added) query.dispose();
    this.#added.clear();
  }

  get #full() {
    return this.#rows.length >= MOST;
  }

  /** @param {Query} query */
  #append(query) {
    this.#added.add(query);
    this.#rows.push(this.#row({ query, weight: 1, crop: null }, true));
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
    const { query } = removed.source;
    if (this.#added.delete(query)) query.dispose();
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
