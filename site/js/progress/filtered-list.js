/** @import {Filtered} from "../protocol.js" */
import { byId, make, write } from "../ui/dom.js";
import { plural } from "../ui/format.js";

/** The photos that the filters kept out, by reason. */
export class FilteredList {
  #place = byId("filtered", HTMLElement);

  /** @param {Filtered[]} filtered */
  draw(filtered) {
    const count = filtered.reduce((sum, { count }) => sum + count, 0);
    this.#place.hidden = count === 0;
    write(byId("filtered-heading", HTMLElement), `Kept out by the filters: ${plural(count, "photo")}`);
    byId("filtered-reasons", HTMLElement).replaceChildren(
      ...filtered.map(({ why, count }) => make("li", "", `${count.toLocaleString("en")} × ${why}`)),
    );
  }
}
