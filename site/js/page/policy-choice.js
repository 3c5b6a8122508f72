/** @import {PolicyChoice as Choice} from "../protocol.js" */
import { byId, make } from "./dom.js";

/** The policies to choose from, with a line on each. */
export class PolicyChoice {
  #place = byId("policies", HTMLElement);
  #onChange;

  /** @param {(name: string) => void} onChange */
  constructor(onChange) {
    this.#onChange = onChange;
  }

  /**
   * @param {Choice[]} choices
   * @param {string} chosen  One of the names.
   */
  show(choices, chosen) {
    this.#place.replaceChildren(...choices.map((choice) => this.#row(choice, choice.name === chosen)));
  }

  /**
   * @param {Choice} choice
   * @param {boolean} chosen
   */
  #row({ name, title, description }, chosen) {
    const row = make("div", "policy");
    const radio = make("input");
    const label = make("label", "policy-title", title);
    const line = make("p", "note", description);
    label.htmlFor = radio.id = `policy-${name}`;
    line.id = `${radio.id}-note`;
    radio.setAttribute("aria-describedby", line.id);
    radio.type = "radio";
    radio.name = "policy";
    radio.value = name;
    radio.checked = chosen;
    radio.addEventListener("change", () => this.#onChange(name));
    row.append(radio, label, line);
    return row;
  }
}
