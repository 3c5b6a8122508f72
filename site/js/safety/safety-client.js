/** @import {FromSafety, ToSafety} from "./worker.js" */
import { endWorker, startWorker } from "../worker-bootstrap.js";
import { workerFailure } from "../client/start-up.js";

/** The page's side of the classifier's worker, which is started when a search begins that needs it. */
export class SafetyClient {
  #base;
  #onBroken;
  /** @type {{worker: Worker, port: MessagePort} | null} */
  #worker = null;
  #next = 0;
  /** @type {Map<number, (unsafe: boolean) => void>} */
  #waiting = new Map();

  /**
   * @param {string} base  Where the site lies, ending in a slash.
   * @param {(message: string) => void} onBroken  Hears why pictures cannot be judged; what was asked is not answered
   *   then.
   */
  constructor(base, onBroken) {
    this.#base = base;
    this.#onBroken = onBroken;
  }

  /** Have the worker start, without the network that it runs. */
  start() {
    this.#worker ??= this.#started();
  }

  /** Have the network loaded. */
  load() {
    this.#send({ type: "load" });
  }

  /**
   * Judge a picture, after those that were given before.
   * @param {Uint8Array} bytes  An image file; it is copied.
   * @param {(unsafe: boolean) => void} judged  Hears whether it is likely unsafe.
   */
  judge(bytes, judged) {
    const id = this.#next++;
    this.#waiting.set(id, judged);
    this.#send({ type: "judge", id, bytes: new Uint8Array(bytes) });
  }

  /** Give it up: the next one is another worker. */
  stop() {
    if (this.#worker) {
      endWorker(this.#worker.worker);
      this.#worker.port.close();
    }
    this.#worker = null;
    this.#waiting.clear();
  }

  /** @param {ToSafety} message */
  #send(message) {
    this.start();
    this.#worker?.port.postMessage(message, message.type === "judge" ? [message.bytes.buffer] : []);
  }

  #started() {
    // A port keeps what is sent before the worker listens.
    const { port1: port, port2: page } = new MessageChannel();
    const worker = startWorker(`${this.#base}js/safety/worker.js`, { base: this.#base, page }, [page]);
    port.onmessage = (event) => this.#receive(event.data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#break(workerFailure(event).problem.message);
    };
    return { worker, port };
  }

  /** @param {FromSafety} message */
  #receive(message) {
    if (message.type === "broken") return this.#break(message.message);
    const judged = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    judged?.(message.unsafe);
  }

  /** @param {string} message */
  #break(message) {
    this.stop();
    this.#onBroken(message);
  }
}
