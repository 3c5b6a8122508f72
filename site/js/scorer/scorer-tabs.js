import { byId } from "../ui/dom.js";

/** Where there is no room for both, as the style sheet has it. */
const NARROW = matchMedia("(max-width: 40rem)");

/** On a phone, the tabs of the editor: its code, or the photos that it ranks. */
export class ScorerTabs {
  #panel = byId("scoring", HTMLElement);
  #list = byId("scoring-tabs", HTMLElement);
  #tabs = [byId("tab-code", HTMLElement), byId("tab-photos", HTMLElement)];
  #shown = [byId("scoring-code", HTMLElement), byId("found", HTMLElement)];

  constructor() {
    for (const [place, tab] of this.#tabs.entries()) {
      tab.addEventListener("click", () => this.select(place));
      tab.addEventListener("keydown", (event) => this.#press(event, place));
    }
    NARROW.addEventListener("change", () => this.#arrange());
    this.select(0);
    this.#arrange();
  }

  /** @param {number} place  0 for the code, 1 for the photos. */
  select(place) {
    this.#panel.dataset["tab"] = place ? "photos" : "code";
    for (const [i, tab] of this.#tabs.entries()) {
      tab.ariaSelected = String(i === place);
      tab.tabIndex = i === place ? 0 : -1;
    }
  }

  /**
   * @param {KeyboardEvent} event
   * @param {number} place
   */
  #press(event, place) {
    const to = { ArrowLeft: 1 - place, ArrowRight: 1 - place, Home: 0, End: 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.select(to);
    this.#tabs[to]?.focus();
  }

  /** In a wide window both are seen, and there are no tabs. */
  #arrange() {
    this.#list.hidden = !NARROW.matches;
    for (const [i, part] of this.#shown.entries()) {
      part.role = NARROW.matches && !this.#panel.hidden ? "tabpanel" : null;
      if (part.role) part.setAttribute("aria-labelledby", this.#tabs[i]?.id ?? "");
      else part.removeAttribute("aria-labelledby");
    }
  }

  /** The editor is opened, or closed. */
  toggle() {
    this.select(0);
    this.#arrange();
  }
}
