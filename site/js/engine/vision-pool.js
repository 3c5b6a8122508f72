/** @import {FromVision, Tensor, ToVision} from "../protocol.js" */

const TIMEOUT = 60_000;
/** A text encoder is fetched when it is first needed, and may be large. */
const ENCODER_TIMEOUT = 600_000;

/**
 * @typedef {object} Pending
 * @property {(found: any) => void} resolve  With outputs, or with tokens.
 * @property {(error: Error) => void} reject
 * @property {ReturnType<typeof setTimeout>} timer
 */

/** The vision workers as one: each run goes to the worker with the fewest waiting. */
export class VisionPool {
  /** @param {MessagePort[]} ports */
  constructor(ports) {
    this.lanes = ports.map((port) => new Lane(port));
  }

  /**
   * @param {Float32Array<ArrayBuffer>} data  Transferred: gone from here afterwards.
   * @param {number[]} shape
   * @param {string[]} layers
   */
  run(data, shape, layers) {
    const lane = this.lanes.reduce((best, next) => (next.waiting < best.waiting ? next : best));
    return lane.run(data, shape, layers);
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

class Lane {
  /** @param {MessagePort} port */
  constructor(port) {
    this.port = port;
    this.next = 0;
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
   * @param {number} timeout  Milliseconds.
   * @returns {Promise<any>}  The outputs, or the tokens.
   */
  ask(message, moved, timeout) {
    const id = this.next++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => this.settle({ type: "refused", id, message: "the vision worker does not answer" }),
        timeout,
      );
      this.pending.set(id, { resolve, reject, timer });
      this.port.postMessage(message(id), moved);
    });
  }

  /** @param {FromVision} message */
  settle(message) {
    const pending = this.pending.get(message.id);
    if (!pending) return;
    this.pending.delete(message.id);
    clearTimeout(pending.timer);
    if (message.type === "outputs") pending.resolve(message.outputs);
    else if (message.type === "tokens") pending.resolve(message.tokens);
    else pending.reject(new Error(message.message));
  }
}
