/** A tab without a browser: its history moves when a test says so, as a browser's does a moment after it was asked. */

class Listeners {
  #listeners = [];

  addEventListener = (type, act, options) => void this.#listeners.push({ type, act, capture: !!options?.capture });

  dispatch(event) {
    for (const first of [true, false])
      for (const { type, act, capture } of this.#listeners) if (type === event.type && capture === first) act(event);
  }
}

/** Takes the place of the browser's history and of what hears that it has moved. */
export class Tab extends Listeners {
  /** The states of its steps. */
  steps = [null];
  place = 0;
  #asked = [];

  constructor() {
    super();
    globalThis.addEventListener = this.addEventListener;
    const go = (by) => this.#asked.push(by);
    globalThis.history = {
      pushState: (state) => {
        this.steps.splice(++this.place, Infinity, state);
      },
      replaceState: (state) => {
        this.steps[this.place] = state;
      },
      back: () => go(-1),
      forward: () => go(1),
    };
    Object.defineProperty(history, "state", { get: () => this.steps[this.place] });
  }

  /** Has the history move as it was asked to. */
  move() {
    while (this.#asked.length) {
      this.place += this.#asked.shift();
      if (!(this.place in this.steps)) throw new Error("the page was left");
      this.dispatch({ type: "popstate", state: history.state });
    }
  }
}

export class Dialog extends Listeners {
  open = false;

  showModal() {
    this.open = true;
  }

  close() {
    this.open = false;
  }

  /** Escape was pressed; a browser lets a page keep a dialog open only the first time. */
  escape(closes = false) {
    this.dispatch({ type: "cancel", preventDefault() {} });
    if (closes) this.close();
  }
}
