/** @import {FromEngine, TakenMessage} from "../protocol.js" */
/** @import {Forms} from "./forms.js" */
import { Malformed, readMessage } from "./forms.js";

/** Milliseconds for which what is merged is held back. */
const HELD = 100;
/** Characters that a scorer may print in that time; what is more is counted, not shown. */
const PRINTED = 20_000;
/** So many messages in a second are sent by nothing but a flood. */
const MOST = 3000;

/**
 * The page's end of its port to an engine, which may send anything: every message is read by its form, what comes in
 * floods is merged, and an engine that floods all the same is given up.
 */
export class EnginePort {
  #port;
  #forms;
  #callbacks;
  #text = "";
  #unshown = 0;
  /** @type {FromEngine | null} */
  #progress = null;
  #timer = 0;
  #since = 0;
  #count = 0;
  #closed = false;

  /**
   * @param {MessagePort} port
   * @param {Forms} forms
   * @param {{onMessage: (message: FromEngine | TakenMessage) => void, onFlood: () => void}} callbacks
   */
  constructor(port, forms, callbacks) {
    this.#port = port;
    this.#forms = forms;
    this.#callbacks = callbacks;
    port.onmessage = ({ data }) => this.#receive(data);
  }

  /** @param {object} message  A ToEngine. */
  send(message) {
    this.#port.postMessage(message);
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#port.close();
  }

  /** @param {unknown} data */
  #receive(data) {
    if (this.#closed || this.#floods()) return;
    /** @type {FromEngine | TakenMessage} */
    let message;
    try {
      message = /** @type {FromEngine | TakenMessage} */ (/** @type {unknown} */ (readMessage(data, this.#forms)));
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      this.#print(`[the page passed over what the engine sent: ${error.message}]\n`);
      return;
    }
    if (message.type === "console") return this.#print(message.text);
    if (message.type === "progress") {
      this.#progress = message;
      return this.#later();
    }
    this.#flush();
    this.#callbacks.onMessage(message);
  }

  /** Whether there are so many messages that the page would stand still. */
  #floods() {
    const now = performance.now();
    if (now - this.#since > 1000) {
      this.#since = now;
      this.#count = 0;
    }
    if (++this.#count <= MOST) return false;
    this.close();
    this.#callbacks.onFlood();
    return true;
  }

  /** @param {string} text */
  #print(text) {
    const room = PRINTED - this.#text.length;
    this.#text += text.slice(0, room);
    this.#unshown += Math.max(0, text.length - room);
    this.#later();
  }

  #later() {
    this.#timer ||= setTimeout(() => this.#flush(), HELD);
  }

  #flush() {
    if (!this.#timer) return;
    clearTimeout(this.#timer);
    this.#timer = 0;
    const [text, unshown, progress] = [this.#text, this.#unshown, this.#progress];
    this.#text = "";
    this.#unshown = 0;
    this.#progress = null;
    if (text)
      this.#callbacks.onMessage({
        type: "console",
        text: unshown ? `${text}\n[and ${unshown.toLocaleString("en")} characters more]\n` : text,
      });
    if (progress) this.#callbacks.onMessage(progress);
  }
}
