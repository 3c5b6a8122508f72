import { byId } from "../ui/dom.js";
import { copy } from "../ui/clipboard.js";
import { download } from "../ui/download.js";
import { Menu } from "../ui/menu.js";
import { SavedList } from "./saved-list.js";
import { SavedScorers } from "./saved-scorers.js";

const LARGEST = 200_000;
/** What the site's own file is saved as, which nobody may take for the site's then. */
const MINE = "My score function";

/**
 * @typedef {object} Desk  What the menu works on.
 * @property {() => {name: string, code: string}} held  What the editor holds.
 * @property {(name: string, code: string) => void} onOpen
 * @property {(name: string) => void} onNamed  It has this name now.
 * @property {(text: string) => void} onSaid
 * @property {() => Promise<string>} link
 */

/**
 * Saving, opening, importing, exporting and sharing what the editor holds: the first and the last in the open, the
 * others in a menu.
 */
export class FileMenu {
  #saved = new SavedScorers();
  #name = byId("save-name", HTMLInputElement);
  #file = byId("import-file", HTMLInputElement);
  #link = byId("link", HTMLInputElement);
  #linkMade = byId("link-made", HTMLElement);
  #menu = new Menu("scoring-file", () => this.#opened());
  #list;
  #panel;
  /** As what the scorer in the editor was saved here, or opened; "" where it is from elsewhere. */
  #as = "";

  /** @param {Desk} panel */
  constructor(panel) {
    this.#panel = panel;
    byId("scoring-save", HTMLButtonElement).addEventListener("click", () => this.#save(this.#known || this.#free()));
    byId("scoring-share", HTMLButtonElement).addEventListener("click", () => this.#share());
    byId("link-hide", HTMLButtonElement).addEventListener("click", () => this.#hide());
    this.#list = new SavedList(this.#saved, { onOpen: (name) => this.#reopen(name), onSaid: panel.onSaid });
    byId("save-form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.#save(this.#name.value.trim());
    });
    byId("import", HTMLButtonElement).addEventListener("click", () => this.#file.click());
    byId("export", HTMLButtonElement).addEventListener("click", () => this.#export());
    this.#file.addEventListener("change", () => this.#import());
  }

  /** The editor holds another scorer, which was not saved here. */
  forget() {
    this.#as = "";
    this.#linkMade.hidden = true;
  }

  #opened() {
    this.#name.value = this.#known || this.#free();
    this.#list.draw();
  }

  /** As what it is saved still: it may have been renamed or deleted since. */
  get #known() {
    return this.#saved.has(this.#as) ? this.#as : "";
  }

  /**
   * A name for what is in the editor under which nothing is saved: "Save" replaces only what it has saved, or opened,
   * itself.
   */
  #free() {
    const { name } = this.#panel.held();
    const base = name.startsWith("py/") ? MINE : name;
    let free = base;
    for (let i = 2; this.#saved.has(free); i++) free = `${base} ${i}`;
    return free;
  }

  /** @param {string} name */
  #save(name) {
    if (!name) return this.#panel.onSaid("Give it a name to save it under.");
    const { code } = this.#panel.held();
    if (!code.trim()) return this.#panel.onSaid("There is nothing to save.");
    const replaced = this.#saved.has(name);
    const kept = this.#saved.save(name, code);
    this.#as = name;
    this.#list.draw();
    this.#panel.onNamed(name);
    const until = kept ? "" : " until this page is closed: this browser keeps nothing";
    this.#panel.onSaid(`${replaced ? "Saved again" : "Saved"} as “${name}”${until}. It is under File.`);
  }

  /**
   * @param {string} name
   * @param {string} code
   */
  #take(name, code) {
    this.#menu.close();
    this.#panel.onOpen(name, code);
  }

  /** @param {string} name  Of a saved one. */
  #reopen(name) {
    this.#take(name, this.#saved.code(name));
    this.#as = name;
  }

  async #import() {
    const [file] = this.#file.files ?? [];
    this.#file.value = "";
    if (!file) return;
    if (file.size > LARGEST)
      return this.#panel.onSaid(`${file.name} is too large for a score function: at most ${LARGEST / 1000} kB.`);
    try {
      this.#take(file.name, new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer()));
    } catch {
      this.#panel.onSaid(`${file.name} cannot be read as text.`);
    }
  }

  #export() {
    const { name, code } = this.#panel.held();
    const base = (name.split("/").at(-1) ?? "")
      .replace(/\.py$/, "")
      .normalize("NFC")
      .replace(/[^\p{L}\p{M}\p{N}_-]+/gu, "_");
    download(`${base || "score"}.py`, code, "text/x-python");
    this.#panel.onSaid(`Exported as ${base || "score"}.py.`);
  }

  async #share() {
    const made = this.#panel.link();
    // Not one await before this, or the click is spent.
    const copied = copy(made).then(
      () => true,
      () => false,
    );
    this.#link.value = await made;
    this.#linkMade.hidden = false;
    if (await copied) {
      this.#panel.onSaid("The link is copied. It holds this code and your settings; no key, and no photo.");
    } else {
      this.#link.focus();
      this.#link.select();
      this.#panel.onSaid("The link is in the field: copy it from there.");
    }
  }

  #hide() {
    this.#linkMade.hidden = true;
    byId("scoring-share", HTMLButtonElement).focus();
  }
}
