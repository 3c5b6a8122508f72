import { startWorker } from "./worker-bootstrap.js";

/** @import {FromEngine} from "./protocol.js" */

/** The page's side of the vision workers: starts them, and connects engines to them. */
export class VisionClient {
  /** @type {Worker[]} */
  #workers = [];
  #base;
  #model;
  #counting;
  #tell;
  #onError;

  /**
   * @param {string} base  Where the site lies, ending in a slash.
   * @param {string} model  The network that they run, by its name.
   * @param {boolean} counting  Whether they are to tell how much they download.
   * @param {(message: FromEngine) => void} tell  Hears how they start.
   * @param {(event: ErrorEvent) => void} onError
   */
  constructor(base, model, counting, tell, onError) {
    this.#base = base;
    this.#model = model;
    this.#counting = counting;
    this.#tell = tell;
    this.#onError = onError;
  }

  /** Give the engine's ends of new channels; the workers are kept when the engine is replaced. */
  connect() {
    const count = Math.min(4, Math.max(1, Math.floor((navigator.hardwareConcurrency || 2) / 2)));
    const channels = Array.from({ length: count }, () => new MessageChannel());
    channels.forEach(({ port1: engine }, index) => {
      const worker = this.#workers[index];
      if (worker) worker.postMessage({ engine }, [engine]);
      else this.#workers[index] = this.#start(engine, index);
    });
    return channels.map(({ port2 }) => port2);
  }

  stop() {
    for (const worker of this.#workers) worker.terminate();
  }

  /**
   * @param {MessagePort} engine
   * @param {number} index
   */
  #start(engine, index) {
    const options = { base: this.#base, model: this.#model, counting: this.#counting && index === 0, engine };
    const worker = startWorker(`${this.#base}js/vision/worker.js`, options, [engine]);
    worker.onmessage = ({ data }) => {
      // The others do the same at the same time: the first one's phases speak for all.
      if (data.type === "failed" || index === 0) this.#tell(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.#onError(event);
    };
    return worker;
  }
}
