/** @import {Problem} from "../protocol.js" */
import { byId, make } from "./dom.js";

/** @typedef {{label: string, act: () => void}} Remedy  A button that mends a problem. */

/** The problems on show, one per code; each stays until it is dismissed or over. */
export class Alerts {
  #place = byId("alerts", HTMLElement);
  /** @type {Map<string, HTMLElement>} */
  #shown = new Map();

  /**
   * @param {Problem} problem
   * @param {{kind?: "error" | "warning" | "note", remedy?: Remedy, code?: string}} [how]
   */
  show(problem, { kind = "error", remedy, code = problem.code } = {}) {
    const shown = this.#shown.get(code);
    if (shown?.dataset["text"] === problem.message) return;
    this.clear(code);
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
    this.#place.append(alert);
    this.#shown.set(code, alert);
  }

  /** @param {string} code */
  clear(code) {
    this.#shown.get(code)?.remove();
    this.#shown.delete(code);
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
