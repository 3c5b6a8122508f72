/** @import {Search} from "../search/search.js" */
import { arrange, byId, hide, make, write } from "../ui/dom.js";

/** Shows all results, or those of one source, where several were searched. */
export class SourceFilter {
  #place = byId("source-filter", HTMLElement);
  #chips = byId("source-chips", HTMLElement);
  /** @type {Map<string, {element: HTMLElement, radio: HTMLInputElement, title: HTMLElement, count: HTMLElement}>} */
  #known = new Map();
  #titleOf;
  #onChoose;

  /** @param {{titleOf: (name: string) => string, choose: (source: string) => void}} on  "" for all. */
  constructor({ titleOf, choose }) {
    this.#titleOf = titleOf;
    this.#onChoose = choose;
  }

  /** @param {Search} search */
  draw({ settings, results }) {
    const sources = settings?.sources ?? [];
    hide(this.#place, sources.length < 2 || !results.size);
    if (this.#place.hidden) return;
    arrange(
      this.#chips,
      ["", ...sources].map((source) => this.#chip(source, results)),
    );
  }

  /**
   * @param {string} source
   * @param {Search["results"]} results
   */
  #chip(source, results) {
    const chip = this.#known.get(source) ?? this.#add(source);
    write(chip.title, source ? this.#titleOf(source) : "All");
    write(chip.count, results.admittedOf(source).toLocaleString("en"));
    chip.radio.checked = results.only === source;
    return chip.element;
  }

  /** @param {string} source */
  #add(source) {
    const element = make("label", "chip");
    const radio = make("input");
    const [title, count] = [make("span"), make("span", "chip-count")];
    Object.assign(radio, { type: "radio", name: "source", value: source });
    radio.addEventListener("change", () => this.#onChoose(source));
    element.append(radio, title, " ", count);
    const chip = { element, radio, title, count };
    this.#known.set(source, chip);
    return chip;
  }
}
