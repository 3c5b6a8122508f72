import { byId, hide, make, write } from "../ui/dom.js";

/** @typedef {{why: string, count: number, tags?: string[]}} Row  So many photos, and what is typical of them. */

/** Photos that are not shown, by reason: so many times each. */
export class ReasonList {
  #place;
  #heading;
  #reasons;

  /** @param {string} id  Of its element; those of its heading and its list begin with it. */
  constructor(id) {
    this.#place = byId(id, HTMLElement);
    this.#heading = byId(`${id}-heading`, HTMLElement);
    this.#reasons = byId(`${id}-reasons`, HTMLElement);
  }

  /**
   * @param {Row[]} rows  None where it need not be shown.
   * @param {(count: number) => string} heading  Says what they are, by how many there are in all.
   */
  draw(rows, heading) {
    hide(this.#place, rows.length === 0);
    const count = rows.reduce((sum, { count }) => sum + count, 0);
    write(this.#heading, heading(count));
    this.#reasons.replaceChildren(...rows.map(item));
  }
}

/** @param {Row} row */
function item({ why, count, tags }) {
  const item = make("li", "", `${count.toLocaleString("en")} × ${why}`);
  if (tags?.length) item.append(" ", make("span", "typical", `Many are tagged ${tags.join(", ")}.`));
  return item;
}
