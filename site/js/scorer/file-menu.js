import { byId } from "../ui/dom.js";
import { copy } from "../ui/clipboard.js";
import { download } from "../ui/download.js";
import { Menu } from "../ui/menu.js";
import { SavedList } from "./saved-list.js";
import { SavedScorers } from "./saved-scorers.js";

const LARGEST = 200_000;

/**
 * @typedef {object} Desk  What the menu works on.
 * @property {() => {name: string, code: string}} held  What the editor holds.
 * @property {(name: string, code: string) => void} open
 * @property {(name: string) => void} named  It has this name now.
 * @property {(text: string) => void} said
 * @property {() => Promise<string>} link
 */

/** Saving, opening, importing, exporting and sharing what the editor holds. */
export class FileMenu {
  #saved = new SavedScorers();
  #name = byId("save-name", HTMLInputElement);
  #file = byId("import-file", HTMLInputElement);
  #link = byId("link", HTMLInputElement);
  #linkMade = byId("link-made", HTMLElement);
  #menu = new Menu("measure-file", () => this.#opened());
  #list;
  #desk;

  /** @param {Desk} desk */
  constructor(desk) {
    this.#desk = desk;
    this.#list = new SavedList(this.#saved, { open: (name) => this.#take(name, this.#saved.code(name)), said: desk.said });
    byId("save-form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.#save(this.#name.value.trim());
    });
    byId("import", HTMLButtonElement).addEventListener("click", () => this.#file.click());
    byId("export", HTMLButtonElement).addEventListener("click", () => this.#export());
    byId("copy-link", HTMLButtonElement).addEventListener("click", () => this.#copy());
    this.#file.addEventListener("change", () => this.#import());
  }

  #opened() {
    this.#linkMade.hidden = true;
    this.#name.value = this.#desk.held().name;
    this.#list.draw();
  }

  /** @param {string} name */
  #save(name) {
    if (!name) return this.#desk.said("Give it a name to save it under.");
    const replaced = this.#saved.has(name);
    const kept = this.#saved.save(name, this.#desk.held().code);
    this.#list.draw();
    this.#desk.named(name);
    const until = kept ? "" : " until this page is closed: this browser keeps nothing";
    this.#desk.said(`${replaced ? "Saved anew" : "Saved"} as “${name}”${until}.`);
  }

  /**
   * @param {string} name
   * @param {string} code
   */
  #take(name, code) {
    this.#menu.close();
    this.#desk.open(name, code);
  }

  async #import() {
    const [file] = this.#file.files ?? [];
    this.#file.value = "";
    if (!file) return;
    if (file.size > LARGEST) return this.#desk.said(`${file.name} is too large for a measure: at most ${LARGEST / 1000} kB.`);
    try {
      this.#take(file.name, new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer()));
    } catch {
      this.#desk.said(`${file.name} cannot be read as text.`);
    }
  }

  #export() {
    const { name, code } = this.#desk.held();
    const base = (name.split("/").at(-1) ?? "").replace(/\.py$/, "").normalize("NFC").replace(/[^\p{L}\p{M}\p{N}_-]+/gu, "_");
    download(`${base || "measure"}.py`, code, "text/x-python");
    this.#desk.said(`Exported as ${base || "measure"}.py.`);
  }

  async #copy() {
    const made = this.#desk.link();
    // Not one await before this, or the click is spent.
    const copied = copy(made).then(() => true, () => false);
    this.#link.value = await made;
    this.#linkMade.hidden = false;
    if (await copied) {
      this.#desk.said("The link is copied. It holds this code and your settings; no key, and no photo.");
    } else {
      this.#link.focus();
      this.#link.select();
      this.#desk.said("The link is in the field: copy it from there.");
    }
  }
}
