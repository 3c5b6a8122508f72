/** @import {Stance} from "../protocol.js" */
import { fromTemplate, within, write } from "../ui/dom.js";
import { plusMinus } from "../ui/format.js";

/** A tag that the policy has an estimate of, or that the person pinned or banned. */
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

  /**
   * @param {{mean: number, margin: number | null, count: number, share: number, stance: Stance} | {stance: Stance}}
   *   estimate
   */
  draw(estimate) {
    this.#stance = estimate.stance;
    this.#pin.ariaPressed = String(estimate.stance === "pin");
    this.#ban.ariaPressed = String(estimate.stance === "ban");
    this.element.dataset["stance"] = estimate.stance;
    if (!("mean" in estimate)) return;
    write(this.#mean, estimate.count ? plusMinus(estimate.mean, estimate.margin) : "–");
    write(this.#seen, String(estimate.count));
    this.element.style.setProperty("--share", estimate.share.toFixed(3));
  }
}
