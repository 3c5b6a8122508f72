import { byId, make } from "./dom.js";
import { isEditable } from "./photo-input.js";

/** @typedef {{key: string, name: string, does: string, act: () => void}} Shortcut */

/** Keys that act on the page, unless the person is typing or has switched them off. */
export class Shortcuts {
  #dialog = byId("shortcuts", HTMLDialogElement);
  #shortcuts;
  #enabled;

  /**
   * @param {Shortcut[]} shortcuts
   * @param {() => boolean} enabled
   */
  constructor(shortcuts, enabled) {
    this.#shortcuts = [...shortcuts, { key: "?", name: "?", does: "Show these", act: () => this.#dialog.showModal() }];
    this.#enabled = enabled;
    byId("shortcut-list", HTMLElement).append(...this.#shortcuts.map(row));
    byId("open-shortcuts", HTMLButtonElement).addEventListener("click", () => this.#dialog.showModal());
    byId("close-shortcuts", HTMLButtonElement).addEventListener("click", () => this.#dialog.close());
    addEventListener("keydown", (event) => this.#press(event));
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const busy = event.defaultPrevented || event.repeat || event.ctrlKey || event.metaKey || event.altKey;
    if (busy || isEditable(event.target) || document.querySelector("dialog[open]") || !this.#enabled()) return;
    const shortcut = this.#shortcuts.find(({ key }) => key === event.key.toLowerCase());
    if (!shortcut) return;
    event.preventDefault();
    shortcut.act();
  }
}

/** @param {Shortcut} shortcut */
function row({ name, does }) {
  const pair = make("div");
  const term = make("dt");
  term.append(make("kbd", "", name));
  pair.append(term, make("dd", "", does));
  return pair;
}
