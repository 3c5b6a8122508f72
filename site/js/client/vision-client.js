import { endWorker, startWorker } from "../worker-bootstrap.js";
import { WorkerCount } from "./worker-count.js";

/** @import {FromEngine, VisionOrder, VisionEvent} from "../protocol.js" */

/**
 * The page's side of the vision workers: starts them, as many as are worth having, and connects engines to them.
 *
 * How many that is hangs on what the workers tell, not on what an engine says.
 */
export class VisionClient {
  /** @type {{worker: Worker, port: MessagePort}[]} */
  #workers = [];
  /** The engine's channels to workers that have not started, by their index.
   * @type {MessagePort[]} */
  #waiting = [];
  /** Whether Python is there, and others than the first may start. */
  #all = false;
  #count;
  #base;
  #model;
  #counting;
  #emit;
  #onError;

  /**
   * @param {string} base  Where the site lies, ending in a slash.
   * @param {string} model  The network that they run, by its name.
   * @param {boolean} counting  Whether they are to tell how much they download.
   * @param {(message: FromEngine) => void} emit  Called with how they start.
   * @param {(event: ErrorEvent) => void} onError
   * @param {WorkerCount} [count]
   */
  constructor(
    base,
    model,
    counting,
    emit,
    onError,
    count = new WorkerCount(navigator.hardwareConcurrency || 2, phone()),
  ) {
    this.#base = base;
    this.#model = model;
    this.#counting = counting;
    this.#emit = emit;
    this.#onError = onError;
    this.#count = count;
  }

  /** Channels to all workers that there may be: one end of each is an engine's, the other is for `connect`. */
  channels() {
    return Array.from({ length: this.#count.most }, () => new MessageChannel());
  }

  /**
   * Connect an engine, in place of the one before: the workers are kept.
   *
   * Only the first worker starts at once: browsers may name more processors than there are, and Python starts sooner
   * if it does not share them. The others follow by `startOthers`, and by how many are worth having.
   * @param {MessageChannel[]} channels
   */
  connect(channels) {
    this.#waiting = [];
    channels.forEach(({ port1: engine }, index) => {
      if (index > 0 && !this.#workers[index]) this.#waiting[index] = engine;
      else this.#serve(engine, index);
    });
  }

  /** Start the workers that have waited for the engine. */
  startOthers() {
    this.#all = true;
    this.#fill();
  }

  stop() {
    for (const { worker, port } of this.#workers) {
      endWorker(worker);
      port.close();
    }
  }

  #fill() {
    if (!this.#all) return;
    this.#waiting.forEach((engine, index) => {
      if (index >= this.#count.wanted) return;
      delete this.#waiting[index];
      this.#serve(engine, index);
    });
  }

  /**
   * @param {MessagePort} engine
   * @param {number} index
   */
  #serve(engine, index) {
    this.#workers[index] ??= this.#start(index);
    this.#order(index, engine);
  }

  /**
   * @param {number} index
   * @param {MessagePort | null} engine
   */
  #order(index, engine) {
    /** @type {VisionOrder} */
    const order = { engine };
    this.#workers[index]?.port.postMessage(order, engine ? [engine] : []);
  }

  /** @param {number} index */
  #start(index) {
    // A port keeps what is sent before the worker listens.
    const { port1: port, port2: page } = new MessageChannel();
    const options = { base: this.#base, model: this.#model, counting: this.#counting && index === 0, page };
    const worker = startWorker(`${this.#base}js/vision/worker.js`, options, [page]);
    worker.onmessage = ({ data }) => this.#receive(index, data);
    worker.onerror = (event) => {
      event.preventDefault();
      if (!this.#given(index)) this.#onError(event);
    };
    return { worker, port };
  }

  /**
   * @param {number} index
   * @param {FromEngine | VisionEvent} message
   */
  #receive(index, message) {
    if (message.type === "load") {
      this.#count.report(index, message.load, message.photos);
      // It may be one too many now; the engine has to hear it from the worker, and asks others then.
      if (this.#workers.length > this.#count.wanted) this.#order(this.#workers.length - 1, null);
      else this.#fill();
    } else if (message.type === "left") {
      this.#end(index);
    } else if (message.type === "failed" && this.#given(index)) {
      // It goes on without.
    } else if (message.type === "failed" || index === 0) {
      // The others do the same at the same time: the first one's phases speak for all.
      this.#emit(message);
    }
  }

  /**
   * Whether a worker that does not start was only tried; it is given up then.
   * @param {number} index
   */
  #given(index) {
    if (index !== this.#count.tried) return false;
    this.#count.fail();
    this.#end(index);
    return true;
  }

  /** @param {number} index */
  #end(index) {
    const [gone] = this.#workers.splice(index, 1);
    if (!gone) return;
    endWorker(gone.worker);
    gone.port.close();
  }
}

/** Whether this is a phone or a tablet, which has no fan. */
function phone() {
  const { userAgentData } = /** @type {{userAgentData?: {mobile: boolean}}} */ (/** @type {unknown} */ (navigator));
  return userAgentData?.mobile || matchMedia("(pointer: coarse)").matches;
}
