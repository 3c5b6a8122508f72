/** @import {MarkName} from "../protocol.js" */
/** @import {CreditSheet} from "../sources/credit-sheet.js" */
/** @import {Result} from "./result.js" */
import { isOwn } from "../collections/own.js";
import { creditOf, webAddress } from "../sources/credit.js";
import { fromTemplate, make, within, write } from "./dom.js";
import { compact, nameOf, share } from "./words.js";

/** Stands for a picture that is not drawn: one pixel, of no colour. */
const BLANK = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";

let made = 0;

/** One result: the photo, a link to its page, its score, and what can be done with it. */
export class Card {
  element = fromTemplate("card-template", HTMLLIElement);
  #rank = within(this.element, ".rank", HTMLElement);
  #score = within(this.element, ".score", HTMLElement);
  #alike = within(this.element, ".alike", HTMLButtonElement);
  #like = within(this.element, ".like", HTMLButtonElement);
  #less = within(this.element, ".less", HTMLButtonElement);
  /** @type {MarkName} */
  #mark = "none";
  #result;
  #name;
  #unveil = within(this.element, ".unveil", HTMLButtonElement);

  /**
   * @param {Result} result
   * @param {string} source  What its source is called, where several are searched; else "".
   * @param {CreditSheet} credits
   * @param {{more: (result: Result) => void, toggle: (result: Result) => void, mark: (result: Result, mark: MarkName) => void, show: (result: Result) => void, unveil: (result: Result) => void}} on
   */
  constructor(result, source, credits, on) {
    this.#result = result;
    const { photo, tag } = result;
    const more = within(this.element, ".more", HTMLButtonElement);
    const title = within(this.element, ".card-title", HTMLElement);
    const by = photo.owner ? ` by ${photo.owner}` : "";
    this.#name = `${nameOf(photo)}${by}`;
    this.picture("waiting");
    if (isOwn(photo)) this.#opens(() => on.show(result), nameOf(photo));
    else link(within(this.element, ".card-link", HTMLAnchorElement), photo.page_url);
    write(title, nameOf(photo));
    title.classList.toggle("untitled", !photo.title.trim());
    title.id = `title-${++made}`;
    const credit = within(this.element, ".credit", HTMLButtonElement);
    for (const button of [more, this.#alike, this.#like, this.#less, credit, this.#unveil]) button.setAttribute("aria-describedby", title.id);
    write(within(this.element, ".owner", HTMLElement), by.trim());
    const licence = within(this.element, ".licence", HTMLAnchorElement);
    write(licence, photo.license);
    link(licence, photo.license_url);
    credit.title = creditOf(photo);
    credits.serve(credit, photo);
    const from = within(this.element, ".from", HTMLElement);
    write(from, source);
    from.hidden = !source;
    write(within(this.element, ".via", HTMLElement), tag ? `found by “${tag}”` : "");
    more.addEventListener("click", () => on.more(result));
    this.#like.addEventListener("click", () => on.mark(result, this.#mark === "liked" ? "none" : "liked"));
    this.#less.addEventListener("click", () => on.mark(result, this.#mark === "disliked" ? "none" : "disliked"));
    this.#alike.addEventListener("click", () => on.toggle(result));
    this.#unveil.addEventListener("click", () => on.unveil(result));
  }

  /**
   * An own photo has no page: it is shown here.
   * @param {() => void} show
   * @param {string} name
   */
  #opens(show, name) {
    const anchor = within(this.element, ".card-link", HTMLAnchorElement);
    const button = make("button", anchor.className);
    button.type = "button";
    button.ariaLabel = `Show ${name}`;
    button.append(...anchor.childNodes);
    button.addEventListener("click", show);
    anchor.replaceWith(button);
    within(this.element, ".rights", HTMLElement).hidden = true;
  }

  get #image() {
    return within(this.element, "img", HTMLImageElement);
  }

  /**
   * Draws the picture, or leaves its place free: until it is judged, or as it is likely unsafe.
   * @param {"shown" | "waiting" | "veiled"} how
   */
  picture(how) {
    if (this.element.dataset["picture"] === how) return;
    const focused = document.activeElement === this.#unveil;
    this.element.dataset["picture"] = how;
    this.#image.src = how === "shown" ? this.#result.url : BLANK;
    this.#image.alt = how === "veiled" ? `${this.#name}: likely unsafe, so not shown` : this.#name;
    this.#unveil.hidden = how !== "veiled";
    // The button is gone: the link is where it was.
    if (focused && this.#unveil.hidden) within(this.element, ".card-link", HTMLElement).focus({ preventScroll: true });
  }

  /**
   * @param {{rank: number, best: number, worst: number, alike: Result[], open: boolean, mark: MarkName}} standing
   */
  draw({ rank, best, worst, alike, open, mark }) {
    const { score } = this.#result;
    const follows = open && alike[0] !== this.#result;
    write(this.#rank, String(rank));
    write(this.#score, compact(score));
    this.element.style.setProperty("--share", share(score, best, worst).toFixed(3));
    this.element.classList.toggle("follows", follows);
    this.#mark = mark;
    this.#like.ariaPressed = String(mark === "liked");
    this.#less.ariaPressed = String(mark === "disliked");
    this.element.dataset["mark"] = mark;
    this.#alike.hidden = alike.length < 2 || follows;
    this.#alike.ariaExpanded = String(open);
    write(this.#alike, open ? "Fold" : `+${alike.length - 1} alike`);
  }
}

/**
 * @param {HTMLAnchorElement} anchor
 * @param {string} url
 */
function link(anchor, url) {
  const address = webAddress(url);
  if (address) anchor.href = address;
}
