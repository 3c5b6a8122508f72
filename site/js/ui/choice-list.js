import { byId, make } from "./dom.js";

/** @typedef {{name: string, title: string, description: string}} Choice */

/** Things of which one is chosen, with a line on each. */
export class ChoiceList {
  #place;
  #group;
  #onChange;

  /**
   * @param {string} place  The id of the element that they are listed in.
   * @param {string} group  What the radio buttons are called together.
   * @param {(name: string) => void} onChange
   */
  constructor(place, group, onChange) {
    this.#place = byId(place, HTMLElement);
    this.#group = group;
    this.#onChange = onChange;
  }

  /**
   * @param {Choice[]} choices
   * @param {string} chosen  One of the names.
   */
  show(choices, chosen) {
    const focused = document.activeElement?.id;
    this.#place.replaceChildren(...choices.map((choice) => this.#row(choice, choice.name === chosen)));
    // Who has chosen with the arrow keys goes on from there.
    for (const radio of this.#place.querySelectorAll("input")) if (radio.id === focused) radio.focus();
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
    label.htmlFor = radio.id = `${this.#group}-${name}`;
    line.id = `${radio.id}-note`;
    radio.setAttribute("aria-describedby", line.id);
    radio.type = "radio";
    radio.name = this.#group;
    radio.value = name;
    radio.checked = chosen;
    radio.addEventListener("change", () => this.#onChange(name));
    row.append(radio, label, line);
    return row;
  }
}
