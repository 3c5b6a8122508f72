/** @import {Stance} from "../protocol.js" */
import { fromTemplate, within, write } from "../ui/dom.js";
import { estimate } from "../ui/format.js";

/** A tag that the policy believes in, or that the person pinned or banned. */
export class TagRow {
  element = fromTemplate("tag-template", HTMLTableRowElement);
  #pin = within(this.element, ".pin", HTMLButtonElement);
  #ban = within(this.element, ".ban", HTMLButtonElement);
  #mean = within(this.element, ".mean", HTMLElement);
  #seen = within(this.element, ".seen", HTMLElement);
  /** @type {Stance} */
  #stance = "free";

  /**
   * @param {string} tag
   * @param {(tag: string, stance: Stance) => void} onSteer
   */
  constructor(tag, onSteer) {
    const name = within(this.element, ".tag-name", HTMLElement);
    write(name, tag);
    name.title = tag;
    this.#pin.ariaLabel = this.#pin.title = `Ask more about ${tag}`;
    this.#ban.ariaLabel = this.#ban.title = `Never ask ${tag}`;
    this.#pin.addEventListener("click", () => onSteer(tag, this.#stance === "pin" ? "free" : "pin"));
    this.#ban.addEventListener("click", () => onSteer(tag, this.#stance === "ban" ? "free" : "ban"));
  }

  /** @param {{mean: number, margin: number | null, count: number, share: number, stance: Stance} | {stance: Stance}} belief */
  draw(belief) {
    this.#stance = belief.stance;
    this.#pin.ariaPressed = String(belief.stance === "pin");
    this.#ban.ariaPressed = String(belief.stance === "ban");
    this.element.dataset["stance"] = belief.stance;
    if (!("mean" in belief)) return;
    write(this.#mean, belief.count ? estimate(belief.mean, belief.margin) : "–");
    write(this.#seen, String(belief.count));
    this.element.style.setProperty("--share", belief.share.toFixed(3));
  }
}
