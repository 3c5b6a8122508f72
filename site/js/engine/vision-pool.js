/** @import {FromVision, Tensor, ToVision} from "../protocol.js" */

const TIMEOUT = 60_000;
/** A text encoder is fetched when it is first needed, and may be large. */
const ENCODER_TIMEOUT = 600_000;

/**
 * @typedef {object} Pending
 * @property {(outputs: Record<string, Tensor>) => void} resolve
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
    // The first may be waited for; the others start later, and have no work before.
    const there = this.lanes.filter((lane, index) => lane.loaded || index === 0);
    const lane = there.reduce((best, next) => (next.waiting < best.waiting ? next : best));
    return lane.run(data, shape, layers);
  }

  /**
   * Encode a text by the model's text encoder. One worker does, so that only one loads it.
   * @param {number[]} tokens
   */
  encode(tokens) {
    return /** @type {Lane} */ (this.lanes[0]).ask((id) => ({ type: "encode", id, tokens }), [], ENCODER_TIMEOUT);
  }
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
   * @param {number} timeout  Milliseconds.
   * @returns {Promise<Record<string, Tensor>>}
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
    if (message.type === "loaded") {
      this.loaded = true;
      return;
    }
    const pending = this.pending.get(message.id);
    if (!pending) return;
    this.pending.delete(message.id);
    clearTimeout(pending.timer);
    if (message.type === "outputs") pending.resolve(message.outputs);
    else pending.reject(new Error(message.message));
  }
}
