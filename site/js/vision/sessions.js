import { shortened } from "./shortened.js";

/** @typedef {import("onnxruntime-web").InferenceSession} Session */

/** So many runs of the same layers, and a session of their own is worth the tenth of a second that it takes. */
const OFTEN = 20;

/** The sessions of one network: the whole, and one that goes only as far as what is asked for all the time. */
export class Sessions {
  #weights;
  #whole;
  #create;
  /** Which layers were asked for last, and how often in a row. */
  #asked = "";
  #times = 0;
  /** @type {Session | null} */
  #short = null;

  /**
   * @param {Uint8Array} weights  The ONNX file.
   * @param {Session} whole
   * @param {(weights: Uint8Array) => Promise<Session>} create
   */
  constructor(weights, whole, create) {
    this.#weights = weights;
    this.#whole = whole;
    this.#create = create;
  }

  /**
   * What runs these layers; one call at a time.
   * @param {string[]} layers
   */
  async of(layers) {
    const asked = [...layers].sort().join();
    if (asked !== this.#asked) {
      await this.#short?.release();
      this.#short = null;
      this.#asked = asked;
      this.#times = 0;
    }
    if (++this.#times === OFTEN && layers.length < this.#whole.outputNames.length) await this.#shorten(layers);
    return this.#short ?? this.#whole;
  }

  /** @param {string[]} layers */
  async #shorten(layers) {
    try {
      this.#short = await this.#create(shortened(this.#weights, layers));
    } catch {
      // Such as for want of memory: the whole one gives the same.
    }
  }
}
