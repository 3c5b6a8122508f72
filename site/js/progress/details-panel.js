/** @import {Preferences} from "../settings/preferences.js" */
import { byId } from "../ui/dom.js";

/** What lies under the panel where it covers the page. */
const COVERED = ["bar", "query", "scoring"];

/** What is happening, for those who care: closed at first, beside the photos or, in a narrow window, over them. */
export class DetailsPanel {
  #panel = byId("details", HTMLElement);
  #button = byId("open-details", HTMLButtonElement);
  #narrow = matchMedia("(max-width: 52rem)");
  #preferences;
  #shown;

  /**
   * @param {Preferences} preferences
   * @param {() => boolean} shown  Whether the search is on show that it is part of, and not the first screen.
   */
  constructor(preferences, shown) {
    this.#preferences = preferences;
    this.#shown = shown;
    this.#button.addEventListener("click", () => this.#toggle(!!this.#panel.hidden));
    byId("close-details", HTMLButtonElement).addEventListener("click", () => this.#toggle(false));
    this.#panel.addEventListener("keydown", (event) => this.#press(event));
    this.#narrow.addEventListener("change", () => this.cover());
    // It would cover the photos of a narrow window.
    this.#show(this.#preferences.details && !this.#narrow.matches);
  }

  /** @param {boolean} open */
  #toggle(open) {
    this.#preferences.details = open;
    this.#show(open);
    if (open) this.focus();
    else this.#button.focus({ preventScroll: true });
  }

  /** @param {boolean} open */
  #show(open) {
    this.#panel.hidden = !open;
    this.#button.ariaExpanded = String(open);
    byId("workspace", HTMLElement).classList.toggle("with-details", open);
    this.cover();
  }

  /** Whether it lies over the page. */
  get covers() {
    return this.#narrow.matches && !this.#panel.hidden && this.#shown();
  }

  /** Puts the person at it. */
  focus() {
    byId("details-heading", HTMLElement).focus({ preventScroll: true });
  }

  /** Where it covers the page, nobody can get behind it; to be told when the search comes on show, or goes. */
  cover() {
    const { covers } = this;
    for (const element of document.querySelectorAll(`${COVERED.map((id) => `#${id}`).join()}, .found, .foot, .skip`))
      element.toggleAttribute("inert", covers);
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    if (event.key !== "Escape" || event.defaultPrevented || !this.#narrow.matches) return;
    event.preventDefault();
    this.#toggle(false);
  }
}
