import { endWorker, startWorker } from "./worker-bootstrap.js";

/** @import {FromEngine} from "./protocol.js" */

/** The page's side of the vision workers: starts them, and connects engines to them. */
export class VisionClient {
  /** @type {{worker: Worker, port: MessagePort}[]} */
  #workers = [];
  #base;
  #model;
  #tell;
  #onError;

  /**
   * @param {string} base  Where the site lies, ending in a slash.
   * @param {string} model  The network that they run, by its name.
   * @param {(message: FromEngine) => void} tell  Hears how they start.
   * @param {(event: ErrorEvent) => void} onError
   */
  constructor(base, model, tell, onError) {
    this.#base = base;
    this.#model = model;
    this.#tell = tell;
    this.#onError = onError;
  }

  /** Give the engine's ends of new channels; the workers are kept when the engine is replaced. */
  connect() {
    const count = Math.min(4, Math.max(1, Math.floor((navigator.hardwareConcurrency || 2) / 2)));
    const channels = Array.from({ length: count }, () => new MessageChannel());
    channels.forEach(({ port1: engine }, index) => {
      const { port } = (this.#workers[index] ??= this.#start(index));
      port.postMessage({ engine }, [engine]);
    });
    return channels.map(({ port2 }) => port2);
  }

  stop() {
    for (const { worker, port } of this.#workers) {
      endWorker(worker);
      port.close();
    }
  }

  /** @param {number} index */
  #start(index) {
    // A port keeps what is sent before the worker listens.
    const { port1: port, port2: page } = new MessageChannel();
    const options = { base: this.#base, model: this.#model, page };
    const worker = startWorker(`${this.#base}js/vision/worker.js`, options, [page]);
    worker.onmessage = ({ data }) => {
      // The others do the same at the same time: the first one's phases speak for all.
      if (data.type === "failed" || index === 0) this.#tell(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.#onError(event);
    };
    return { worker, port };
  }
}
