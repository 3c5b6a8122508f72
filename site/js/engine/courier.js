/** @import {AnswerMessage, EngineToCourier} from "../protocol.js" */

/** The engine worker's way to the network: it asks the courier, which has the key. */
export class Courier {
  /** @param {MessagePort} port */
  constructor(port) {
    this.port = port;
    this.next = 0;
    /** @type {Map<number, (answer: AnswerMessage) => void>} */
    this.waiting = new Map();
    port.onmessage = (event) => this.settle(event.data);
  }

  /**
   * One GET. Never rejects: where two promises that Pyodide's run_sync waits for are rejected at
   * once, it takes the second error for one of its own ("Cannot stack switch"; its syncify_error
   * is one variable for all of them).
   * @param {string} url
   * @returns {Promise<AnswerMessage>}
   */
  fetch(url) {
    const id = this.next++;
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      this.send({ type: "get", id, url });
    });
  }

  /** Abort every request under way: each is answered by an error. */
  abort() {
    this.send({ type: "abort" });
  }

  /** @param {EngineToCourier} message */
  send(message) {
    this.port.postMessage(message);
  }

  /** @param {AnswerMessage} answer */
  settle(answer) {
    this.waiting.get(answer.id)?.(answer);
    this.waiting.delete(answer.id);
  }
}
