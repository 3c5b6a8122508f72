/** @import {Problem} from "../protocol.js" */
import { byId, make, within, write } from "./dom.js";
import { topDialog } from "./modal.js";

/** @typedef {{label: string, act: () => void}} Remedy  A button that mends a problem. */

/** @typedef {{kind?: "error" | "warning" | "note", remedy?: Remedy, code?: string}} How */

/** The problems on show, one per code; each stays until it is dismissed or over. */
export class Alerts {
  #place = byId("alerts", HTMLElement);
  /** Behind which they are on the page. */
  #home = within(document, "body > footer", HTMLElement);
  /** @type {Map<string, HTMLElement>} */
  #shown = new Map();
  #onChanged;

  /** @param {() => void} onChanged  Others are on show. */
  constructor(onChanged) {
    this.#onChanged = onChanged;
  }

  /**
   * Shows a problem; of two that say the same, or one that says what another says, too, the one that says more. Where
   * it is on show with other advice, that is put right.
   * @param {Problem} problem
   * @param {How} [how]
   */
  show(problem, { kind = "error", remedy, code = problem.code } = {}) {
    const before = this.#shown.get(code);
    if (before?.dataset["text"] === problem.message) {
      const advice = before.querySelector("p");
      if (advice && problem.advice) write(advice, problem.advice);
      return;
    }
    this.clear(code);
    if (this.told(problem.message)) return;
    for (const [other, { dataset }] of [...this.#shown])
      if (dataset["text"] && problem.message.includes(dataset["text"])) this.clear(other);
    const alert = make("div", `alert ${kind}`);
    alert.setAttribute("role", "alert");
    alert.dataset["text"] = problem.message;
    const words = make("div", "alert-words");
    words.append(make("strong", "", problem.message));
    if (problem.advice) words.append(make("p", "", problem.advice));
    const buttons = make("div", "alert-buttons");
    if (remedy) buttons.append(this.#button(remedy.label, "primary", code, remedy.act));
    buttons.append(this.#button("Dismiss", "quiet", code));
    alert.append(words, buttons);
    this.#lift();
    this.#place.append(alert);
    this.#shown.set(code, alert);
    this.#onChanged();
  }

  /** Puts them into the dialog that lies over the page, where there is one: behind it, nobody reads or reaches them. */
  #lift() {
    const dialog = topDialog();
    if (!dialog || this.#place.parentElement === dialog) return;
    dialog.append(this.#place);
    dialog.addEventListener("close", () => this.#place.parentElement === dialog && this.#settle(), { once: true });
  }

  /** The dialog is closed: they go to the one below it, or back to the page. */
  #settle() {
    this.#home.after(this.#place);
    if (this.#shown.size) this.#lift();
  }

  /**
   * Whether one of them says this.
   * @param {string} message
   */
  told(message) {
    return [...this.#shown.values()].some(({ dataset }) => dataset["text"]?.includes(message));
  }

  /** @param {string} code */
  clear(code) {
    this.#shown.get(code)?.remove();
    if (this.#shown.delete(code)) this.#onChanged();
  }

  /** Clears all, for a new beginning. */
  clearAll() {
    for (const code of [...this.#shown.keys()]) this.clear(code);
  }

  /**
   * @param {string} label
   * @param {string} look
   * @param {string} code
   * @param {() => void} [act]
   */
  #button(label, look, code, act) {
    const button = make("button", `button small ${look}`, label);
    button.type = "button";
    button.addEventListener("click", () => {
      this.clear(code);
      act?.();
    });
    return button;
  }
}
