/** @import {Upload} from "../protocol.js" */
import { byId, write } from "../ui/dom.js";
import { shown } from "../results/shown.js";
import { plural, size } from "../ui/format.js";
import { now, TERMS } from "./amounts.js";

/** @typedef {{name: string, expires: number | null, uploads: Upload[], action: "create" | "open"}} Wanted */

/** The files of a collection to come, its name, and how long it is to be kept. */
export class NewCollection {
  #form = byId("new-collection", HTMLFormElement);
  #drop = byId("collection-drop", HTMLElement);
  #staged = byId("collection-staged", HTMLElement);
  #name = byId("collection-name", HTMLInputElement);
  #expires = byId("collection-expires", HTMLSelectElement);
  /** @type {Upload[]} */
  #uploads = [];

  /** @param {(wanted: Wanted) => void} onMade */
  constructor(onMade) {
    this.#expires.append(...TERMS.map(([seconds, words]) => new Option(words, String(seconds))));
    byId("collection-unstage", HTMLButtonElement).addEventListener("click", () => {
      this.#show([]);
      byId("choose-folder", HTMLButtonElement).focus();
    });
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!this.#uploads.length) return;
      onMade(this.#wanted);
      this.#show([]);
    });
  }

  /**
   * Shows what was chosen, and asks for a name.
   * @param {Upload[]} uploads
   * @param {number} [others]  How many of them are no photos.
   */
  stage(uploads, others = 0) {
    this.#show(uploads);
    if (!uploads.length) return;
    this.#name.value = nameOf(uploads);
    this.#expires.value = "0";
    const bytes = uploads.reduce((sum, { file }) => sum + (file?.size ?? 0), 0);
    const files = uploads.length === 1 ? shown(uploads[0]?.path ?? "") : plural(uploads.length, "file");
    const what = others && uploads.length > 1 ? `${files} (${others.toLocaleString("en")} of them no photos)` : files;
    write(byId("collection-files-said", HTMLElement), `${what}, ${size(bytes)}`);
    write(byId("collection-make", HTMLButtonElement), opens(uploads) ? "Open it" : "Make collection");
    this.#name.focus();
    this.#name.select();
    this.#form.scrollIntoView({ block: "nearest" });
  }

  /** @returns {Wanted} */
  get #wanted() {
    const seconds = Number(this.#expires.value);
    return {
      name: this.#name.value.trim() || nameOf(this.#uploads),
      expires: seconds ? now() + seconds : null,
      uploads: this.#uploads,
      action: opens(this.#uploads) ? "open" : "create",
    };
  }

  /** @param {Upload[]} uploads */
  #show(uploads) {
    this.#uploads = uploads;
    this.#staged.hidden = !uploads.length;
    this.#drop.hidden = !!uploads.length;
  }
}

/**
 * Whether it is a collection that was made elsewhere.
 * @param {Upload[]} uploads
 */
function opens(uploads) {
  return uploads.length === 1 && areCollections(uploads);
}

/**
 * Whether all of these are collections, each of its own, and no photos for one.
 * @param {Upload[]} uploads
 */
export function areCollections(uploads) {
  return uploads.every(({ path }) => /\.lookalike$/i.test(path));
}

/**
 * What a collection is called where the person does not say: its folder, else its file, else the day.
 * @param {Upload[]} uploads
 */
export function nameOf(uploads) {
  const [first] = uploads;
  const folder = first?.path.split("/").slice(0, -1)[0];
  if (folder) return shown(folder);
  // Of what is no folder, the end of the name is what it is: not so "2019.08 St. Petersburg".
  if (first && uploads.length === 1) return shown(first.path.replace(/\.[^.\s]{1,10}$/, "") || first.path);
  return `Photos of ${new Date().toLocaleDateString("en", { dateStyle: "long" })}`;
}
