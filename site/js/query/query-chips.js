/** @import {Stance} from "../protocol.js" */
/** @import {Search} from "../search/search.js" */
import { Throttle } from "../ui/throttle.js";
import { arrange, byId, fromTemplate, hide, within, write } from "../ui/dom.js";
import { Roving } from "../ui/roving.js";
import { Stillness } from "../results/stillness.js";

const MOST = 12;

/** The words that are asked, beside the query: each with a + to ask more about it and a − never to ask it. */
export class QueryChips {
  #list = byId("chips", HTMLElement);
  #roving = new Roving(this.#list, "button");
  #still = new Stillness(this.#list, () => this.#calm.request());
  #calm = new Throttle(800, () => this.#redraw());
  /** @type {Map<string, Chip>} */
  #chips = new Map();
  /** @type {Search | null} */
  #search = null;
  #onSteer;

  /** @param {(tag: string, stance: Stance) => void} onSteer */
  constructor(onSteer) {
    this.#onSteer = onSteer;
  }

  /** @param {Search} search */
  draw(search) {
    if (search !== this.#search || search.end) this.#calm.reset();
    this.#search = search;
    this.#calm.request();
  }

  #redraw() {
    const search = this.#search;
    if (!search) return;
    if (!this.#still.held) this.#arrange(wordsOf(search));
    for (const [word, chip] of this.#chips) chip.draw(search.stances.get(word) ?? "free");
  }

  /** @param {string[]} words */
  #arrange(words) {
    const old = this.#chips;
    this.#chips = new Map(words.map((word) => [word, old.get(word) ?? new Chip(word, this.#onSteer)]));
    arrange(
      this.#list,
      [...this.#chips.values()].map(({ element }) => element),
    );
    hide(this.#list, words.length === 0);
    this.#roving.tend();
  }
}

class Chip {
  element = fromTemplate("chip-template", HTMLLIElement);
  #less = within(this.element, ".chip-less", HTMLButtonElement);
  #more = within(this.element, ".chip-more", HTMLButtonElement);
  /** @type {Stance} */
  #stance = "free";

  /**
   * @param {string} word
   * @param {(tag: string, stance: Stance) => void} onSteer
   */
  constructor(word, onSteer) {
    write(within(this.element, ".chip-word", HTMLElement), word);
    this.#less.ariaLabel = this.#less.title = `Without “${word}”`;
    this.#more.ariaLabel = this.#more.title = `More of “${word}”`;
    this.#less.addEventListener("click", () => onSteer(word, this.#stance === "ban" ? "free" : "ban"));
    this.#more.addEventListener("click", () => onSteer(word, this.#stance === "pin" ? "free" : "pin"));
  }

  /** @param {Stance} stance */
  draw(stance) {
    this.#stance = stance;
    this.element.dataset["stance"] = stance;
    this.#less.ariaPressed = String(stance === "ban");
    this.#more.ariaPressed = String(stance === "pin");
  }
}

/**
 * Those that are steered first, then those that are asked now, or were asked most.
 * @param {Search} search
 */
function wordsOf({ stances, asking, asked, active }) {
  const often = [...asked].sort((a, b) => b[1] - a[1]).map(([word]) => word);
  return [...new Set([...stances.keys(), ...(active ? asking : []), ...often])].slice(0, MOST);
}
