/** @import {FromVision, RunMessage, Tensor} from "../protocol.js" */

const TIMEOUT = 60_000;

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
    const lane = this.lanes.reduce((best, next) => (next.waiting < best.waiting ? next : best));
    return lane.run(data, shape, layers);
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
    const id = this.next++;
    /** @type {RunMessage} */
    const message = { type: "run", id, data, shape, layers };
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => this.settle({ type: "refused", id, message: "the vision worker does not answer" }),
        TIMEOUT,
      );
      this.pending.set(id, { resolve, reject, timer });
      this.port.postMessage(message, [data.buffer]);
    });
  }

  /** @param {FromVision} message */
  settle(message) {
    const pending = this.pending.get(message.id);
    if (!pending) return;
    this.pending.delete(message.id);
    clearTimeout(pending.timer);
    if (message.type === "outputs") pending.resolve(message.outputs);
    else pending.reject(new Error(message.message));
  }
}
