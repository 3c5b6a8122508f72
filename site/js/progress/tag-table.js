/** @import {Stance} from "../protocol.js" */
/** @import {Search} from "../search/search.js" */
import { arrange, byId, write } from "../ui/dom.js";
import { TagRow } from "./tag-row.js";
import { share } from "../ui/format.js";

const MOST = 10;
const POINTED = 2000;

/** The tags that the policy estimates, each with the means to ask more about it or never again. */
export class TagTable {
  #body = byId("tags", HTMLElement);
  #note = byId("tags-note", HTMLElement);
  /** @type {Map<string, TagRow>} */
  #rows = new Map();
  /** @type {Search | null} */
  #search = null;
  #onSteer;
  #pointed = -POINTED;

  /** @param {(tag: string, stance: Stance) => void} onSteer */
  constructor(onSteer) {
    this.#onSteer = onSteer;
    const pointed = () => (this.#pointed = performance.now());
    for (const type of ["pointermove", "pointerdown"]) this.#body.addEventListener(type, pointed, { passive: true });
  }

  /** @param {Search} search */
  draw(search) {
    if (search !== this.#search) this.#begin(search);
    const estimates = search.progress?.estimates ?? [];
    const means = estimates.filter((estimate) => estimate.count > 0).map((estimate) => estimate.mean);
    const best = Math.max(...means);
    const worst = Math.min(...means);
    const tags = this.#shown(
      estimates.slice(0, MOST).map((estimate) => estimate.tag),
      search,
    );
    arrange(
      this.#body,
      tags.map((tag) => this.#row(tag, search).element),
    );
    for (const estimate of estimates) {
      const drawn = {
        ...estimate,
        share: share(estimate.mean, best, worst),
        stance: search.stances.get(estimate.tag) ?? "free",
      };
      this.#rows.get(estimate.tag)?.draw(drawn);
    }
    write(this.#note, tags.length ? "" : "They appear as soon as photos have been looked at.");
  }

  /**
   * While someone is at the buttons no row moves or goes, so that the next press hits what it aims at.
   * @param {string[]} estimated
   * @param {Search} search
   */
  #shown(estimated, search) {
    const steered = [...search.stances].filter(([, stance]) => stance !== "free").map(([tag]) => tag);
    const held = this.#isBusy ? this.#held() : [];
    return [...new Set([...held, ...(held.length ? [] : estimated), ...steered])];
  }

  get #isBusy() {
    return performance.now() - this.#pointed < POINTED || this.#body.matches(":has(:focus-visible)");
  }

  #held() {
    const tags = new Map([...this.#rows].map(([tag, row]) => [/** @type {Element} */ (row.element), tag]));
    return [...this.#body.children].flatMap((child) => tags.get(child) ?? []);
  }

  /** @param {Search} search */
  #begin(search) {
    this.#search = search;
    this.#rows.clear();
    this.#body.replaceChildren();
  }

  /**
   * @param {string} tag
   * @param {Search} search
   */
  #row(tag, search) {
    const row = this.#rows.get(tag) ?? new TagRow(tag, this.#onSteer);
    this.#rows.set(tag, row);
    const stance = search.stances.get(tag) ?? "free";
    row.draw({ stance });
    return row;
  }
}
