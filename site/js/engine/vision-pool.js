import { afterAwake } from "../awake.js";

/** @import {FromVision, Tensor, ToVision} from "../protocol.js" */

/** Milliseconds awake. */
const TIMEOUT = 60_000;
/** A text encoder is fetched when it is first needed, and may be large. */
const ENCODER_TIMEOUT = 600_000;

/**
 * @typedef {object} Pending
 * @property {(found: any) => void} resolve  With outputs, or with tokens.
 * @property {(error: Error) => void} reject
 * @property {() => void} stop  Ends the wait.
 */

/** A worker has not answered in time, or has left. */
class Silence extends Error {
  constructor() {
    super("the vision worker does not answer");
  }
}

/** The vision workers as one: each run goes to the worker with the fewest waiting. */
export class VisionPool {
  /** @param {MessagePort[]} ports */
  constructor(ports) {
    this.lanes = ports.map((port) => new Lane(port));
  }

  /** Those that answer by now, and the first, which may be waited for: the others start later. */
  get #loaded() {
    return this.lanes.filter((lane, index) => lane.loaded || index === 0);
  }

  /**
   * Run the network; once more, by another worker where there is one, if the first does not answer.
   * @param {() => Float32Array<ArrayBuffer>} copied  Gives the photo: a copy, as it is transferred and so gone.
   * @param {number[]} shape
   * @param {string[]} layers
   */
  async run(copied, shape, layers) {
    const lane = leastBusy(this.#loaded);
    try {
      return await lane.run(copied(), shape, layers);
    } catch (error) {
      if (!(error instanceof Silence)) throw error;
      const others = this.#loaded.filter((other) => other !== lane);
      return await leastBusy(others.length ? others : [lane]).run(copied(), shape, layers);
    }
  }

  /**
   * Encode a text by the model's text encoder. One worker does, so that only one loads it.
   * @param {number[]} tokens
   */
  encode(tokens) {
    return this.#first.ask((id) => ({ type: "encode", id, tokens }), [], ENCODER_TIMEOUT);
  }

  /**
   * The tokens of a text, as the model counts them.
   * @param {string} text
   * @returns {Promise<number[]>}
   */
  tokenize(text) {
    return this.#first.ask((id) => ({ type: "tokenize", id, text }), [], TIMEOUT);
  }

  get #first() {
    return /** @type {Lane} */ (this.lanes[0]);
  }
}

/** @param {Lane[]} lanes  @returns {Lane} */
function leastBusy(lanes) {
  return lanes.reduce((best, next) => (next.waiting < best.waiting ? next : best));
}

class Lane {
  /** @param {MessagePort} port */
  constructor(port) {
    this.port = port;
    this.next = 0;
    this.loaded = false;
    /** @type {Map<number, Pending>} */
    this.pending = new Map();
    port.onmessage = (event) => this.settle(event.data);
  }

  get waiting() {
    return this.pending.size;
  }

  /**
   * @param {Float32Array<ArrayBuffer>} data
   * @param {number[]} shape
   * @param {string[]} layers
   * @returns {Promise<Record<string, Tensor>>}
   */
  run(data, shape, layers) {
    return this.ask((id) => ({ type: "run", id, data, shape, layers }), [data.buffer], TIMEOUT);
  }

  /**
   * @param {(id: number) => ToVision} message
   * @param {ArrayBuffer[]} moved
   * @param {number} timeout  Milliseconds awake.
   * @returns {Promise<any>}  The outputs, or the tokens.
   */
  ask(message, moved, timeout) {
    const id = this.next++;
    return new Promise((resolve, reject) => {
      const stop = afterAwake(timeout, () => this.forget(id)?.reject(new Silence()));
      this.pending.set(id, { resolve, reject, stop });
      this.port.postMessage(message(id), moved);
    });
  }

  /** @param {FromVision} message */
  settle(message) {
    if (message.type === "loaded" || message.type === "left") {
      this.loaded = message.type === "loaded";
      if (!this.loaded) this.leave();
      return;
    }
    const pending = this.forget(message.id);
    if (!pending) return;
    if (message.type === "outputs") pending.resolve(message.outputs);
    else if (message.type === "tokens") pending.resolve(message.tokens);
    else pending.reject(new Error(message.message));
  }

  /** The page has ended the worker: others are asked what it has not answered. */
  leave() {
    for (const id of [...this.pending.keys()]) this.forget(id)?.reject(new Silence());
  }

  /**
   * Wait for an answer no longer.
   * @param {number} id
   */
  forget(id) {
    const pending = this.pending.get(id);
    this.pending.delete(id);
    pending?.stop();
    return pending;
  }
}
