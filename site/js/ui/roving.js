/** Makes many controls one stop of the Tab key: the arrow keys move between them, and Tab leaves them. */
export class Roving {
  #parent;
  #selector;
  #rows;
  /** @type {HTMLElement | null} */
  #current = null;

  /**
   * @param {HTMLElement} parent
   * @param {string} selector  Of the controls in it.
   * @param {boolean} [rows]  Whether they stand in rows, between which the keys up and down move.
   */
  constructor(parent, selector, rows = false) {
    this.#parent = parent;
    this.#selector = selector;
    this.#rows = rows;
    parent.addEventListener("keydown", (event) => this.#press(event));
    parent.addEventListener("focusin", ({ target }) => this.#take(target));
  }

  /** The one that Tab leads to. */
  get current() {
    return this.#current?.isConnected ? this.#current : null;
  }

  /** Keeps one of them in reach of the Tab key, after some have come, gone or moved. */
  tend() {
    const all = this.#all;
    const next = this.current ?? all[0];
    if (next) this.#mark(next);
  }

  get #all() {
    return /** @type {HTMLElement[]} */ ([...this.#parent.querySelectorAll(this.#selector)]);
  }

  /** @param {HTMLElement} element */
  #mark(element) {
    for (const other of this.#all)
      if (other.tabIndex !== (other === element ? 0 : -1)) other.tabIndex = other === element ? 0 : -1;
    this.#current = element;
  }

  /** @param {EventTarget | null} target */
  #take(target) {
    const element = target instanceof Element && target.closest(this.#selector);
    if (element instanceof HTMLElement) this.#mark(element);
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const next = this.#towards(event.key);
    if (!next) return;
    event.preventDefault();
    this.#mark(next);
    next.focus();
  }

  /** @param {string} key */
  #towards(key) {
    const all = this.#all;
    const place = this.current ? all.indexOf(this.current) : -1;
    if (key === "ArrowRight") return all[place + 1];
    if (key === "ArrowLeft") return all[place - 1];
    if (key === "Home") return all[0];
    if (key === "End") return all.at(-1);
    if (!this.#rows || !this.current || (key !== "ArrowDown" && key !== "ArrowUp")) return undefined;
    return acrossRows(all, this.current, key === "ArrowDown");
  }
}

/**
 * The nearest in the next row down or up.
 * @param {HTMLElement[]} all
 * @param {HTMLElement} from
 * @param {boolean} down
 */
function acrossRows(all, from, down) {
  const { top, bottom, left, width } = from.getBoundingClientRect();
  const boxes = all.map((element) => ({ element, box: element.getBoundingClientRect() }));
  const beyond = boxes.filter(({ box }) => (down ? box.top >= bottom - 1 : box.bottom <= top + 1));
  const edge = down ? Math.min(...beyond.map(({ box }) => box.top)) : Math.max(...beyond.map(({ box }) => box.top));
  const middle = left + width / 2;
  const row = beyond.filter(({ box }) => Math.abs(box.top - edge) < 2);
  row.sort((a, b) => Math.abs(a.box.left + a.box.width / 2 - middle) - Math.abs(b.box.left + b.box.width / 2 - middle));
  return row[0]?.element;
}
