/** @import {Unseen} from "../protocol.js" */
import { byId, make, write } from "../ui/dom.js";
import { plural } from "../ui/format.js";

/** The photos that were named and nobody looked at, by reason. */
export class NotLookedAtList {
  #place = byId("unseen", HTMLElement);
  #heading = byId("unseen-heading", HTMLElement);
  #reasons = byId("unseen-reasons", HTMLElement);

  /**
   * @param {Unseen[]} unseen
   * @param {number} known  Photos named in all.
   */
  draw(unseen, known) {
    const count = unseen.reduce((sum, { count }) => sum + count, 0);
    this.#place.hidden = count === 0;
    write(this.#heading, `Not looked at: ${count.toLocaleString("en")} of ${plural(known, "photo")}`);
    this.#reasons.replaceChildren(...unseen.map(reason));
  }
}

/** @param {Unseen} unseen */
function reason({ why, count, tags }) {
  const item = make("li", "", `${count.toLocaleString("en")} × ${why}`);
  if (tags.length) item.append(" ", make("span", "typical", `Many are tagged ${tags.join(", ")}.`));
  return item;
}
