/** @import {MarkName} from "../protocol.js" */
/** @import {CreditPopover} from "./credit-popover.js" */
/** @import {Result} from "../search/result.js" */
import { isOwn } from "../source-name.js";
import { webAddress } from "./credit.js";
import { plainLicence } from "../sources/plain-licence.js";
import { fromTemplate, make, within, write } from "../ui/dom.js";
import { compact, nameOf } from "../ui/format.js";
import { toneOf } from "./tone.js";

/** Stands for a picture that is not drawn: one pixel, of no colour. */
export const BLANK = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";

/** No photo is drawn narrower or wider than this, as width over height; what is more is cut. */
const [NARROWEST, WIDEST] = [0.4, 3.2];

let made = 0;

/**
 * One photo of the gallery: in its own proportions, with its licence, how alike it is, and what can be done with it.
 */
export class Card {
  element = fromTemplate("card-template", HTMLLIElement);
  /** Its width over its height. */
  ratio = 1;
  #rank = within(this.element, ".rank", HTMLElement);
  #score = within(this.element, ".score", HTMLElement);
  #alike = within(this.element, ".alike", HTMLButtonElement);
  #like = within(this.element, ".like", HTMLButtonElement);
  #less = within(this.element, ".less", HTMLButtonElement);
  #keep = within(this.element, ".keep", HTMLButtonElement);
  /** @type {MarkName} */
  #mark = "none";
  /** What was drawn last, as what is set again costs time though it is the same. */
  #drawn = "";
  #result;
  #name;
  /** What opens the photo, and has the focus. */
  #target;
  /** Whether it has near-duplicates. */
  #several = false;
  #unveil = within(this.element, ".unveil", HTMLButtonElement);
  #callbacks;

  /**
   * @param {Result} result
   * @param {string} source  What its source is called, where several are searched; else "".
   * @param {CreditPopover} credits
   * @param {{onMore: (result: Result) => void, onToggle: (result: Result) => void, onMark: (result: Result, mark:
   *   MarkName) => void, onKeep: (result: Result) => void, onOpen: (result: Result) => void, onUnveil: (result:
   *   Result) => void, onShaped: () => void}} callbacks  `onShaped`: its picture has other proportions than were told.
   */
  constructor(result, source, credits, callbacks) {
    this.#result = result;
    this.#callbacks = callbacks;
    const { photo } = result;
    const more = within(this.element, ".more", HTMLButtonElement);
    const title = within(this.element, ".card-title", HTMLElement);
    this.#name = `${nameOf(photo)}${photo.owner ? ` by ${photo.owner}` : ""}`;
    this.#prepare();
    write(title, nameOf(photo));
    title.classList.toggle("untitled", !photo.title.trim());
    title.id = `title-${++made}`;
    this.#alike.id = `alike-${made}`;
    this.#target = this.#link();
    this.#licence(credits);
    const from = within(this.element, ".from", HTMLElement);
    write(from, result.before ? "seen before" : source);
    from.classList.toggle("seen", result.before);
    from.hidden = !from.textContent;
    for (const button of this.element.querySelectorAll("button:not(.card-link)"))
      button.setAttribute("aria-describedby", title.id);
    more.addEventListener("click", () => callbacks.onMore(result));
    this.#like.addEventListener("click", () => this.mark("liked"));
    this.#less.addEventListener("click", () => this.mark("disliked"));
    this.#keep.addEventListener("click", () => this.keep());
    this.#alike.addEventListener("click", () => callbacks.onToggle(result));
    this.#unveil.addEventListener("click", () => callbacks.onUnveil(result));
  }

  /**
   * Marks the photo, or takes the same mark away.
   * @param {MarkName} mark
   */
  mark(mark) {
    this.#callbacks.onMark(this.#result, this.#mark === mark ? "none" : mark);
  }

  /** Puts the photo on the shortlist, or takes it off; but none whose picture is not on show. */
  keep() {
    if (this.element.dataset["picture"] === "shown" || this.#keep.ariaPressed === "true")
      this.#callbacks.onKeep(this.#result);
  }

  /** Opens its near-duplicates, or those that it is one of; or closes them. */
  fold() {
    if (this.#several) this.#callbacks.onToggle(this.#result);
  }

  /** Puts the person at it. */
  focus() {
    this.#target.focus();
  }

  /**
   * Draws the picture, or leaves its place free: until it is judged, or as it is likely unsafe.
   * @param {"shown" | "waiting" | "veiled"} how
   */
  picture(how) {
    if (this.element.dataset["picture"] === how) return;
    const image = this.#image;
    const focused = document.activeElement === this.#unveil;
    this.element.dataset["picture"] = how;
    image.src = how === "shown" ? this.#result.url : BLANK;
    image.alt = how === "veiled" ? `${this.#name}: likely unsafe, so not shown` : this.#name;
    this.#unveil.hidden = how !== "veiled";
    if (how === "waiting" && this.#result.thumbnail.length)
      toneOf(this.#result.picture).then((tone) => this.element.style.setProperty("--tone", tone));
    // The button is gone: the link is where it was.
    if (focused && this.#unveil.hidden) this.#target.focus({ preventScroll: true });
  }

  get #image() {
    return within(this.element, "img", HTMLImageElement);
  }

  #prepare() {
    const image = this.#image;
    const { photo } = this.#result;
    this.ratio = proportions(photo.width, photo.height);
    // Sources do not always know the size of their small pictures; the file does.
    image.addEventListener("load", () => {
      if (this.element.dataset["picture"] !== "shown") return;
      const ratio = proportions(image.naturalWidth, image.naturalHeight);
      if (ratio === this.ratio) return;
      this.ratio = ratio;
      this.#callbacks.onShaped();
    });
  }

  /**
   * A link to the photo's page, so that it can be opened in a tab; a plain click opens it here, as does one on an own
   * photo, which has no page.
   */
  #link() {
    const { photo } = this.#result;
    const anchor = within(this.element, ".card-link", HTMLAnchorElement);
    const address = webAddress(photo.page_url);
    if (address && !isOwn(photo)) anchor.href = address;
    /** @type {HTMLElement} */
    const target = anchor.href ? anchor : asButton(anchor);
    target.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.#callbacks.onOpen(this.#result);
    });
    return target;
  }

  /** @param {CreditPopover} credits */
  #licence(credits) {
    const { photo } = this.#result;
    const licence = within(this.element, ".licence", HTMLButtonElement);
    licence.hidden = isOwn(photo);
    const { long, short, full } = plainLicence(photo.license);
    write(within(licence, ".licence-long", HTMLElement), long);
    write(within(licence, ".licence-short", HTMLElement), short);
    licence.title = `${full}${photo.license ? ` (${photo.license})` : ""}`;
    credits.serve(licence, photo);
  }

  /**
   * @param {{rank: number, part: number, alike: Result[], open: boolean, mark: MarkName, kept: boolean}} standing
   */
  draw({ rank, part, alike, open, mark, kept }) {
    const { score } = this.#result;
    const follows = open && alike[0] !== this.#result;
    const drawn = [rank, score, part, alike.length, open, follows, mark, kept].join();
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    write(this.#rank, String(rank));
    write(this.#score, compact(score));
    this.element.style.setProperty("--share", part.toFixed(3));
    this.element.classList.toggle("follows", follows);
    this.#mark = mark;
    press(this.#like, mark === "liked");
    press(this.#less, mark === "disliked");
    press(this.#keep, kept);
    this.element.dataset["mark"] = mark;
    const alone = alike.length < 2 || follows;
    if (this.#alike.hidden !== alone) this.#alike.hidden = alone;
    this.#alike.ariaExpanded = String(open);
    write(this.#alike, open ? "Fold" : `+${alike.length - 1} alike`);
    this.#several = alike.length > 1;
    this.#target.setAttribute("aria-keyshortcuts", this.#several ? "L X K A" : "L X K");
    // The button is in reach of a pointer alone; who is at the photo hears of it.
    if (alone) this.#target.removeAttribute("aria-describedby");
    else this.#target.setAttribute("aria-describedby", this.#alike.id);
  }
}

/**
 * Width over height, as a photo is drawn.
 * @param {number} width
 * @param {number} height  0 where it is not known.
 */
export function proportions(width, height) {
  return width && height ? Math.min(WIDEST, Math.max(NARROWEST, width / height)) : 1;
}

/**
 * Shows a button as pressed, or not; where it differs.
 * @param {HTMLElement} button
 * @param {boolean} pressed
 */
function press(button, pressed) {
  if (button.ariaPressed !== String(pressed)) button.ariaPressed = String(pressed);
}

/**
 * A button that looks as the link does.
 * @param {HTMLAnchorElement} anchor
 */
function asButton(anchor) {
  const button = make("button", anchor.className);
  button.type = "button";
  button.tabIndex = -1;
  button.setAttribute("aria-haspopup", "dialog");
  button.append(...anchor.childNodes);
  anchor.replaceWith(button);
  return button;
}
