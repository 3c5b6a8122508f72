/** @import {AnswerMessage, EngineToCourier, KeptAnswer, KeptMessage} from "../protocol.js" */

/** The engine worker's way to the network: it asks the courier, which has the key. */
export class Courier {
  #port;
  #next = 0;
  /** @type {Map<number, (answer: AnswerMessage) => void>} */
  #waiting = new Map();
  /** Who waits for answers that are kept. @type {((answers: KeptAnswer[]) => void)[]} */
  #asking = [];

  /** @param {MessagePort} port */
  constructor(port) {
    this.#port = port;
    port.onmessage = (event) => this.#settle(event.data);
  }

  /**
   * One GET. Never rejects: where two promises that Pyodide's run_sync waits for are rejected at
   * once, it takes the second error for one of its own ("Cannot stack switch"; its syncify_error
   * is one variable for all of them).
   * @param {string} url
   * @returns {Promise<AnswerMessage>}
   */
  fetch(url) {
    const id = this.#next++;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#send({ type: "get", id, url });
    });
  }

  /**
   * The next few of the answers that services gave in the last day, before there was this engine: the newest first.
   * @returns {Promise<KeptAnswer[]>}  None when there are no more.
   */
  more() {
    return new Promise((resolve) => {
      this.#asking.push(resolve);
      this.#send({ type: "more" });
    });
  }

  /** Abort every request under way: each is answered by an error. */
  abort() {
    this.#send({ type: "abort" });
  }

  /** @param {EngineToCourier} message */
  #send(message) {
    this.#port.postMessage(message);
  }

  /** @param {AnswerMessage | KeptMessage} answer */
  #settle(answer) {
    if (answer.type === "kept") this.#asking.shift()?.(answer.answers);
    else this.#arrive(answer);
  }

  /** @param {AnswerMessage} answer */
  #arrive(answer) {
    this.#waiting.get(answer.id)?.(answer);
    this.#waiting.delete(answer.id);
  }
}
