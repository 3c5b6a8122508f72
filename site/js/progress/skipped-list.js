/** @import {SkippedMessage} from "../protocol.js" */
import { byId, make, write } from "../ui/dom.js";
import { plural } from "../ui/format.js";

/** The photos that could not be looked at, by reason. */
export class SkippedList {
  #details = byId("skipped", HTMLDetailsElement);
  #drawn = 0;

  /** @param {SkippedMessage[]} skipped */
  draw(skipped) {
    if (skipped.length === this.#drawn) return;
    this.#drawn = skipped.length;
    this.#details.hidden = skipped.length === 0;
    write(byId("skipped-summary", HTMLElement), `${plural(skipped.length, "photo")} skipped`);
    /** @type {Map<string, number>} */
    const reasons = new Map();
    for (const { problem } of skipped) reasons.set(problem.message, (reasons.get(problem.message) ?? 0) + 1);
    const most = [...reasons].sort((a, b) => b[1] - a[1]).slice(0, 12);
    byId("skipped-reasons", HTMLElement).replaceChildren(
      ...most.map(([reason, count]) => make("li", "", `${count} × ${reason}`)),
    );
  }
}
