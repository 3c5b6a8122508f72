import { afterAwake } from "../awake.js";

/** @import {FromVision, Tensor, ToVision} from "../protocol.js" */

/** Milliseconds awake. */
const TIMEOUT = 60_000;
/** A text encoder is fetched when it is first needed, and may be large. */
const ENCODER_TIMEOUT = 600_000;

/**
 * @typedef {object} Pending
 * @property {(answer: any) => void} resolve
 * @property {(error: Error) => void} reject
 * @property {() => void} stop  Ends the wait.
 */

/** A worker has not answered in time, or has left. Python tells it by its name. */
class Silence extends Error {
  constructor() {
    super("the vision worker does not answer");
    this.name = "Silence";
  }
}

/** The vision workers as one: each run goes to the worker with the fewest waiting. */
export class VisionPool {
  #lanes;
  /** What photos were in that have been described. @type {Float32Array<ArrayBuffer>[]} */
  #spent = [];

  /** @param {MessagePort[]} ports */
  constructor(ports) {
    this.#lanes = ports.map((port) => new Lane(port));
  }

  /** Those that answer by now, and the first, which may be waited for: the others start later. */
  get #loaded() {
    const loaded = this.#lanes.filter((lane, index) => lane.loaded || index === 0);
    const answering = loaded.filter((lane) => !lane.silent);
    return answering.length ? answering : loaded;
  }

  /**
   * What a photo is put in, to be run. To have new memory for each takes longer than to fill it.
   * @param {number} length  Of all its numbers.
   * @returns {Float32Array<ArrayBuffer>}
   */
  room(length) {
    const spent = this.#spent.pop();
    return spent?.length === length ? spent : new Float32Array(length);
  }

  /**
   * Run the network. Where a worker does not answer, that is a `Silence`, and the next run is for another.
   * @param {Float32Array<ArrayBuffer>} data  It is transferred, and so gone afterwards.
   * @param {number[]} shape
   * @param {string[]} layers
   * @returns {Promise<Record<string, Tensor>>}
   */
  async run(data, shape, layers) {
    const { outputs, spent } = await leastBusy(this.#loaded).run(data, shape, layers);
    if (spent) this.#spent.push(spent);
    return outputs;
  }

  /**
   * Encode a text by the model's text encoder. One worker does, so that only one loads it.
   * @param {number[]} tokens
   */
  async encode(tokens) {
    const { outputs } = await this.#first.ask((id) => ({ type: "encode", id, tokens }), [], ENCODER_TIMEOUT);
    return outputs;
  }

  /**
   * The tokens of a text, as the model counts them.
   * @param {string} text
   * @returns {Promise<number[]>}
   */
  async tokenize(text) {
    const { tokens } = await this.#first.ask((id) => ({ type: "tokenize", id, text }), [], TIMEOUT);
    return tokens;
  }

  get #first() {
    return /** @type {Lane} */ (this.#lanes[0]);
  }
}

/** @param {Lane[]} lanes  @returns {Lane} */
function leastBusy(lanes) {
  return lanes.reduce((best, next) => (next.waiting < best.waiting ? next : best));
}

class Lane {
  #port;
  #next = 0;
  #loaded = false;
  #silent = false;
  /** @type {Map<number, Pending>} */
  #pending = new Map();

  /** @param {MessagePort} port */
  constructor(port) {
    this.#port = port;
    port.onmessage = (event) => this.#settle(event.data);
  }

  /** Whether it has the network. */
  get loaded() {
    return this.#loaded;
  }

  /** Whether it has left, or has not answered in time and nothing since. */
  get silent() {
    return this.#silent;
  }

  /** How many wait for it. */
  get waiting() {
    return this.#pending.size;
  }

  /**
   * @param {Float32Array<ArrayBuffer>} data
   * @param {number[]} shape
   * @param {string[]} layers
   * @returns {Promise<{outputs: Record<string, Tensor>, spent?: Float32Array<ArrayBuffer>}>}
   */
  run(data, shape, layers) {
    return this.ask((id) => ({ type: "run", id, data, shape, layers }), [data.buffer], TIMEOUT);
  }

  /**
   * @param {(id: number) => ToVision} message
   * @param {ArrayBuffer[]} moved
   * @param {number} timeout  Milliseconds awake.
   * @returns {Promise<any>}  The answer.
   */
  ask(message, moved, timeout) {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      const stop = afterAwake(timeout, () => {
        this.#silent = true;
        this.#forget(id)?.reject(new Silence());
      });
      this.#pending.set(id, { resolve, reject, stop });
      this.#port.postMessage(message(id), moved);
    });
  }

  /** @param {FromVision} message */
  #settle(message) {
    this.#silent = message.type === "left";
    if (message.type === "loaded" || message.type === "left") {
      this.#loaded = message.type === "loaded";
      if (!this.#loaded) this.#leave();
      return;
    }
    const pending = this.#forget(message.id);
    if (message.type === "refused") pending?.reject(new Error(message.message));
    else pending?.resolve(message);
  }

  /** The page has ended the worker: others are asked what it has not answered. */
  #leave() {
    for (const id of [...this.#pending.keys()]) this.#forget(id)?.reject(new Silence());
  }

  /**
   * Wait for an answer no longer.
   * @param {number} id
   */
  #forget(id) {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    pending?.stop();
    return pending;
  }
}
