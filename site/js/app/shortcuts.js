import { byId, make } from "../ui/dom.js";
import { openModal } from "../ui/modal.js";
import { isEditable } from "../query/photo-input.js";

/**
 * @typedef {"choose" | "words" | "again" | "cancel" | "next" | "previous" | "scorer" | "shortlist" | "settings"} Act
 */

/** @type {{key: string, name: string, does: string, act: Act | "help"}[]} */
const SHORTCUTS = [
  { key: "o", name: "O", does: "Choose a photo", act: "choose" },
  { key: "/", name: "/", does: "Describe it in words", act: "words" },
  { key: "s", name: "S", does: "Search again", act: "again" },
  { key: "escape", name: "Esc", does: "Cancel the search", act: "cancel" },
  { key: "n", name: "N", does: "Next page of results, or more of them", act: "next" },
  { key: "p", name: "P", does: "Previous page of results", act: "previous" },
  { key: "m", name: "M", does: "Open or close scoring", act: "scorer" },
  { key: "h", name: "H", does: "Open the shortlist", act: "shortlist" },
  { key: ",", name: ",", does: "Settings", act: "settings" },
  { key: "?", name: "?", does: "Show these", act: "help" },
];

/** Keys of the gallery and of the viewer, which listen to them by themselves. */
const AT_A_PHOTO = [
  { name: "← → ↑ ↓", does: "The next photo" },
  { name: "Enter", does: "Open the photo" },
  { name: "L", does: "Like the photo" },
  { name: "X", does: "Show less like it" },
  { name: "K", does: "Keep it in the shortlist" },
  { name: "A", does: "Open or close those that are alike" },
];

/** Keys that act on the page, unless the person is typing or has switched them off. */
export class Shortcuts {
  #dialog = byId("shortcuts", HTMLDialogElement);
  #actions;
  #enabled;

  /**
   * @param {Record<Act, () => void>} actions
   * @param {() => boolean} enabled
   */
  constructor(actions, enabled) {
    this.#actions = { ...actions, help: () => openModal(this.#dialog) };
    this.#enabled = enabled;
    byId("shortcut-list", HTMLElement).append(...[...SHORTCUTS, ...AT_A_PHOTO].map(row));
    byId("open-shortcuts", HTMLButtonElement).addEventListener("click", () => openModal(this.#dialog));
    byId("close-shortcuts", HTMLButtonElement).addEventListener("click", () => this.#dialog.close());
    addEventListener("keydown", (event) => this.#press(event));
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const busy = event.defaultPrevented || event.repeat || event.ctrlKey || event.metaKey || event.altKey;
    if (busy || isEditable(event) || document.querySelector("dialog[open], [popover]:popover-open") || !this.#enabled())
      return;
    const shortcut = SHORTCUTS.find(({ key }) => key === event.key.toLowerCase());
    if (!shortcut) return;
    event.preventDefault();
    this.#actions[shortcut.act]();
  }
}

/** @param {{name: string, does: string}} shortcut */
function row({ name, does }) {
  const pair = make("div");
  const term = make("dt");
  term.append(make("kbd", "", name));
  pair.append(term, make("dd", "", does));
  return pair;
}
