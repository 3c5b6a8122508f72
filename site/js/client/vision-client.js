import { endWorker, startWorker } from "../worker-bootstrap.js";

/** @import {FromEngine} from "../protocol.js" */

/** The page's side of the vision workers: starts them, and connects engines to them. */
export class VisionClient {
  /** @type {{worker: Worker, port: MessagePort}[]} */
  #workers = [];
  /** The engine's channels to workers that have not started, by their index.
   * @type {MessagePort[]} */
  #waiting = [];
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

  /** Channels to all workers: one end of each is an engine's, the other is for `connect`. */
  channels() {
    const count = Math.min(4, Math.max(1, Math.floor((navigator.hardwareConcurrency || 2) / 2)));
    return Array.from({ length: count }, () => new MessageChannel());
  }

  /**
   * Connect an engine, in place of the one before: the workers are kept.
   *
   * Only the first worker starts at once: browsers may name more processors than there are, and Python starts sooner
   * if it does not share them. The others follow by `startOthers`.
   * @param {MessageChannel[]} channels
   */
  connect(channels) {
    channels.forEach(({ port1: engine }, index) => {
      if (index > 0 && !this.#workers[index]) this.#waiting[index] = engine;
      else this.#serve(engine, index);
    });
  }

  /** Start the workers that have waited for the engine. */
  startOthers() {
    this.#waiting.forEach((engine, index) => this.#serve(engine, index));
    this.#waiting = [];
  }

  stop() {
    for (const { worker, port } of this.#workers) {
      endWorker(worker);
      port.close();
    }
  }

  /**
   * @param {MessagePort} engine
   * @param {number} index
   */
  #serve(engine, index) {
    const { port } = (this.#workers[index] ??= this.#start(index));
    port.postMessage({ engine }, [engine]);
  }

  /** @param {number} index */
  #start(index) {
    // A port keeps what is sent before the worker listens.
    const { port1: port, port2: page } = new MessageChannel();
    const options = { base: this.#base, model: this.#model, counting: this.#counting && index === 0, page };
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
