/** @import {FromEngine, TakenMessage, ToEngine} from "./protocol.js" */

/**
 * One engine: its worker, and the port that it alone has. Once it is stopped nothing reaches it, nothing of what it
 * still said is heard, and what it had not taken yet is known: so that the next one can be given that.
 */
export class EngineLink {
  #worker;
  #port;
  #serial = 0;
  /** What was sent and has not been taken yet, by serial number. @type {Map<number, ToEngine>} */
  #untaken = new Map();
  #stopped = false;

  /**
   * @param {Worker} worker
   * @param {MessagePort} port  Its other end is the worker's.
   * @param {{hear: (message: FromEngine) => void, alive: () => void, broken: (event: ErrorEvent) => void}} on
   */
  constructor(worker, port, on) {
    this.#worker = worker;
    this.#port = port;
    port.onmessage = (event) => {
      if (this.#stopped) return;
      /** @type {FromEngine | TakenMessage} */
      const message = event.data;
      on.alive();
      if (message.type === "taken") this.#untaken.delete(message.serial);
      else if (message.type !== "pong") on.hear(message);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      if (!this.#stopped) on.broken(event);
    };
  }

  /** @param {ToEngine} message */
  send(message) {
    // A ping is answered by itself.
    if (message.type !== "ping") this.#untaken.set(++this.#serial, message);
    this.#port.postMessage({ ...message, serial: message.type === "ping" ? null : this.#serial });
  }

  /**
   * End it.
   * @returns {ToEngine[]}  What was sent to it and never reached it.
   */
  stop() {
    this.#stopped = true;
    this.#worker.terminate();
    this.#port.close();
    return [...this.#untaken.values()];
  }
}
