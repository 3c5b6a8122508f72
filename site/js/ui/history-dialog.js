/** Of this visit: after a reload the history still has steps of the one before. */
export const VISIT = performance.timeOrigin;

/**
 * @typedef {object} Wishes
 * @property {() => void} onShow  It is to be shown, on a new step of the history or on one that was there.
 * @property {() => void} onClosed  It has closed, and nothing else follows.
 * @property {(state: any) => boolean} [returns]  Whether it can be shown again at such a step.
 */

/** A dialog that is a step of the history: Back, Escape and its Close lead out of it, Forward leads in again. */
export class HistoryDialog {
  #dialog;
  #name;
  #callbacks;
  /** Whether the step back was asked for that closes it, and has not come yet. */
  #closing = false;
  /** Whether it had been asked for when the history moved: else the move is an earlier one. */
  #asked = false;
  /** What follows when it has closed. @type {(() => void) | null} */
  #then = null;

  /**
   * @param {HTMLDialogElement} dialog
   * @param {string} name  What its steps of the history are called.
   * @param {Wishes} callbacks
   */
  constructor(dialog, name, callbacks) {
    this.#dialog = dialog;
    this.#name = name;
    this.#callbacks = callbacks;
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.close();
    });
    addEventListener("popstate", () => (this.#asked = this.#closing), { capture: true });
    addEventListener("popstate", ({ state }) => this.#travel(state));
  }

  get open() {
    return this.#dialog.open;
  }

  /** Makes a step of the history for it, and shows it. */
  show() {
    history.pushState({ ...history.state, [this.#name]: VISIT }, "");
    this.#callbacks.onShow();
  }

  /** @param {() => void} [then]  What follows, also where it is closed already. Of several, the first one does. */
  close(then) {
    // The history moves a moment after it was asked to: asked twice, it would go on to the step before.
    if (this.#closing) {
      this.#then ??= then ?? null;
      return;
    }
    if (!this.open) {
      then?.();
      return;
    }
    this.#then = then ?? null;
    this.#closing = this.#isAt(history.state);
    if (this.#closing) history.back();
    else this.#shut();
  }

  /** @param {any} state */
  #isAt(state) {
    return state?.[this.#name] === VISIT;
  }

  #shut() {
    const then = this.#then ?? this.#callbacks.onClosed;
    this.#then = null;
    this.#closing = false;
    this.#dialog.close();
    then();
  }

  /** @param {any} state */
  #travel(state) {
    // A browser may have closed it by itself meanwhile, when Escape was pressed twice.
    if (!this.#isAt(state)) {
      if (this.open || this.#closing) this.#shut();
    } else if (this.#asked) {
      // Something else has made a step meanwhile, from which the way back led here.
      this.#closing = false;
    } else if (!this.open && (this.#callbacks.returns?.(state) ?? true)) this.#callbacks.onShow();
  }
}
