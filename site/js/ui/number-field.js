/** @import {NumberRule} from "../settings/preferences.js" */
import { make, write } from "./dom.js";

/** A number of the settings: what is out of range is put right, and said. */
export class NumberField {
  element = make("div", "number-field");
  #input = make("input", "field");
  #message = make("p", "note");
  #rule;
  #onChange;

  /**
   * @param {NumberRule} rule
   * @param {(value: number | null) => void} onChange
   */
  constructor(rule, onChange) {
    this.#rule = rule;
    this.#onChange = onChange;
    const label = make("label", "", rule.label);
    label.htmlFor = this.#input.id = `setting-${rule.name}`;
    this.#message.id = `${this.#input.id}-note`;
    this.#message.ariaLive = "polite";
    this.#input.setAttribute("aria-describedby", this.#message.id);
    this.#input.inputMode = "numeric";
    this.#input.autocomplete = "off";
    this.#input.placeholder = rule.initial === null ? "random" : "";
    this.#input.addEventListener("change", () => this.#read());
    this.element.append(label, this.#input, this.#message);
  }

  /** @param {number | null} value */
  show(value) {
    this.#input.value = value === null ? "" : String(value);
    this.#say("");
  }

  #read() {
    const { lowest, highest, initial } = this.#rule;
    const text = this.#input.value.trim();
    const value = text === "" ? NaN : Number(text);
    const kept = Number.isFinite(value) ? Math.min(highest, Math.max(lowest, Math.round(value))) : initial;
    this.show(kept);
    if (text !== "" && Number.isNaN(value)) this.#say(`“${text}” is no number.`);
    else if (text !== "" && kept !== value) this.#say(`From ${lowest} to ${highest}, so ${kept}.`);
    this.#onChange(kept);
  }

  /** @param {string} warning */
  #say(warning) {
    write(this.#message, warning || this.#rule.unit);
    this.#message.classList.toggle("warning", !!warning);
  }
}
