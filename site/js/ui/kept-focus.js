/** What a person may be put at: no text field, at which a touched screen would bring up its keyboard. */
const PLACES = "a[href], button, select, summary, input:is([type=checkbox], [type=radio], [type=range]), [tabindex]";
/** So many places are remembered at which the person was, the last one last. */
const MOST = 12;

/**
 * Keeps the person's place: where what has the focus goes, or is hidden, the focus goes to what is nearest, or back to
 * where it was before. Else whoever uses the keyboard would begin again at the top of the page, or hear nothing of
 * where they are. Whoever hides something and knows a better place moves the focus there at once.
 */
export class KeptFocus {
  /** Where it was; each with all that it lies in, the innermost first. @type {{element: Element, around: Element[]}[]} */
  #places = [];
  /** Whether it was seen there: a mouse needs it not. */
  #seen = false;

  constructor() {
    addEventListener("focusin", ({ target }) => target instanceof Element && this.#note(target));
    const watch = new MutationObserver(() => this.#look());
    watch.observe(document.body, { subtree: true, childList: true, attributeFilter: ["hidden"] });
  }

  /** @param {Element} element  Which has it now. */
  #note(element) {
    this.#places = this.#places.filter((place) => place.element !== element).slice(1 - MOST);
    this.#places.push({ element, around: aroundOf(element) });
    this.#seen = element.matches(":focus-visible");
  }

  #look() {
    const last = this.#places.at(-1);
    if (!last || !isGone(last.element)) return;
    // Some browsers leave it at what is hidden.
    const now = document.activeElement;
    if (now && now !== document.body && now !== last.element) return;
    this.#places.pop();
    if (this.#seen) this.#find(last)?.focus({ preventScroll: true });
  }

  /**
   * @param {{element: Element, around: Element[]}} lost
   * @returns {HTMLElement | null}
   */
  #find({ element, around }) {
    const there = around.filter((each) => !isGone(each));
    for (const part of there) {
      // Of a dialog, and of the page, what comes first is not near.
      if (part.matches("dialog, main, body")) break;
      const near = nearest(element, part);
      if (near) return near;
    }
    const dialog = there.find((each) => each.matches("dialog[open]"));
    const before = this.#places.findLast(
      (place) => isOpen(place.element) && (!dialog || dialog.contains(place.element)),
    );
    const last = before?.element ?? dialog?.querySelector("button") ?? document.querySelector("main");
    return last instanceof HTMLElement ? last : null;
  }
}

/** @param {Element} element */
function aroundOf(element) {
  const around = [];
  for (let each = element.parentElement; each; each = each.parentElement) around.push(each);
  return around;
}

/** @param {Element} element  Whether it is in the page no more, or hidden. */
function isGone(element) {
  return !element.isConnected || element.closest("[hidden]") !== null;
}

/** @param {Element} element  Whether it can have the focus. */
function isOpen(element) {
  return !isGone(element) && element.checkVisibility() && !element.closest("[inert], :disabled");
}

/**
 * What comes next after a place, else what comes before it. Where a place is gone from the page, the first that is left.
 * @param {Element} place
 * @param {Element} part  Of the page.
 * @returns {HTMLElement | null}
 */
function nearest(place, part) {
  const all = /** @type {HTMLElement[]} */ ([...part.querySelectorAll(PLACES)].filter(isOpen));
  const follows = (/** @type {Element} */ each) =>
    !!(place.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_FOLLOWING);
  return (place.isConnected ? (all.find(follows) ?? all.at(-1)) : all[0]) ?? null;
}
