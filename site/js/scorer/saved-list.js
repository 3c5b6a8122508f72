/** @import {SavedScorers} from "./saved-scorers.js" */
import { byId, fromTemplate, make, within, write } from "../ui/dom.js";

/** The saved scorers in the menu: each can be opened, renamed and deleted. */
export class SavedList {
  #list = byId("saved-list", HTMLElement);
  #saved;
  #callbacks;

  /**
   * @param {SavedScorers} saved
   * @param {{onOpen: (name: string) => void, onSaid: (text: string) => void}} callbacks
   */
  constructor(saved, callbacks) {
    this.#saved = saved;
    this.#callbacks = callbacks;
  }

  /** Draws them as they are now. */
  draw() {
    this.#list.replaceChildren(...this.#saved.names.map((name) => this.#row(name)));
  }

  /** @param {string} name */
  #row(name) {
    const row = fromTemplate("saved-template", HTMLLIElement);
    const open = within(row, ".open", HTMLButtonElement);
    const rename = within(row, ".rename", HTMLButtonElement);
    const remove = within(row, ".delete", HTMLButtonElement);
    write(open, name);
    open.ariaLabel = `Open ${name}`;
    rename.ariaLabel = `Rename ${name}`;
    remove.ariaLabel = `Delete ${name}`;
    open.addEventListener("click", () => this.#isThere(name) && this.#callbacks.onOpen(name));
    rename.addEventListener("click", () => this.#isThere(name) && this.#ask(row, name));
    remove.addEventListener("click", () => {
      this.#saved.delete(name);
      this.draw();
      byId("save-name", HTMLElement).focus();
      this.#callbacks.onSaid(`Deleted “${name}”. What the editor holds stays.`);
    });
    return row;
  }

  /**
   * Whether it is saved still: another tab may have deleted or renamed it while the menu was open.
   * @param {string} name
   */
  #isThere(name) {
    if (this.#saved.has(name)) return true;
    this.draw();
    byId("save-name", HTMLElement).focus();
    this.#callbacks.onSaid(`“${name}” is not saved any more: another tab has deleted or renamed it.`);
    return false;
  }

  /**
   * A field in place of the row's buttons.
   * @param {HTMLElement} row
   * @param {string} name
   */
  #ask(row, name) {
    const form = make("form", "save-row");
    const field = make("input", "field");
    const button = make("button", "button small", "Rename");
    field.value = name;
    field.maxLength = 80;
    field.ariaLabel = `New name of ${name}`;
    form.append(field, button);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#rename(name, field.value.trim());
    });
    row.replaceChildren(form);
    field.select();
    field.focus();
  }

  /**
   * @param {string} name
   * @param {string} other
   */
  #rename(name, other) {
    if (!this.#isThere(name)) return;
    const taken = other !== name && this.#saved.has(other);
    if (taken) return this.#callbacks.onSaid(`There is a score function of the name “${other}” already.`);
    if (other && other !== name) this.#saved.rename(name, other);
    this.draw();
    this.#list.querySelector("button")?.focus();
  }
}
