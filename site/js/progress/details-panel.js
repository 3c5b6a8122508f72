/** @import {Preferences} from "../settings/preferences.js" */
import { byId } from "../ui/dom.js";

/** What lies under the panel where it covers the page. */
const COVERED = ["bar", "query", "scorer"];

/** What is happening, for those who care: closed at first, beside the photos or, in a narrow window, over them. */
export class DetailsPanel {
  #panel = byId("details", HTMLElement);
  #button = byId("open-details", HTMLButtonElement);
  #narrow = matchMedia("(max-width: 52rem)");
  #preferences;

  /** @param {Preferences} preferences */
  constructor(preferences) {
    this.#preferences = preferences;
    this.#button.addEventListener("click", () => this.#toggle(!!this.#panel.hidden));
    byId("close-details", HTMLButtonElement).addEventListener("click", () => this.#toggle(false));
    this.#panel.addEventListener("keydown", (event) => this.#press(event));
    this.#narrow.addEventListener("change", () => this.#cover());
    // It would cover the photos of a narrow window.
    this.#show(this.#preferences.details && !this.#narrow.matches);
  }

  /** @param {boolean} open */
  #toggle(open) {
    this.#preferences.details = open;
    this.#show(open);
    if (open) byId("details-heading", HTMLElement).focus({ preventScroll: true });
    else this.#button.focus({ preventScroll: true });
  }

  /** @param {boolean} open */
  #show(open) {
    this.#panel.hidden = !open;
    this.#button.ariaExpanded = String(open);
    byId("workspace", HTMLElement).classList.toggle("with-details", open);
    this.#cover();
  }

  /** Where it covers the page, nobody can get behind it. */
  #cover() {
    const covers = this.#narrow.matches && !this.#panel.hidden;
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
