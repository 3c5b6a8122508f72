/** @import {CourierToPage, FromEngine, Tally, Told} from "../protocol.js" */
/** @import {Config} from "../engine/worker.js" */
import { CourierClient } from "./courier-client.js";
import { Held } from "./held.js";

/**
 * The courier in charge, another one after each start: so that each is given the key, and deletes what the one before
 * was to delete.
 */
export class CourierKeeper {
  /** Null until the first start, and while nothing is started. @type {CourierClient | null} */
  #courier = null;
  #key = "";
  #held = new Held([]);
  /** Whether what services have answered is still to be deleted. */
  #forgetting = false;
  #callbacks;

  /** @param {{onMessage: (message: Told) => void, onBroken: (message: string) => void}} callbacks */
  constructor(callbacks) {
    this.#callbacks = callbacks;
  }

  /**
   * @param {string} base  Where the site lies, ending in a slash.
   * @param {Config} config
   */
  start(base, { services, flickr_url: apiUrl }) {
    this.#held = new Held(services);
    this.#courier = new CourierClient(
      base,
      { services, apiUrl },
      { onMessage: (message) => this.#receive(message), onBroken: this.#callbacks.onBroken },
    );
    this.#courier.setKey(this.#key);
    // Before an engine is given any of it.
    if (this.#forgetting) this.forget().catch(() => {}); // the one after that does it then
  }

  stop() {
    this.#courier?.stop();
    this.#courier = null;
  }

  /** @param {string} key  The Flickr API key, or "". */
  setKey(key) {
    this.#key = key;
    this.#courier?.setKey(key);
  }

  /**
   * Connect an engine; what an earlier one has asked for is aborted.
   * @param {MessagePort} engine  The other end is the engine's.
   */
  connect(engine) {
    this.#courier?.connect(engine);
  }

  /**
   * A search begins, or goes on: what it may spend is what the engine may ask for.
   * @param {string[]} sources
   * @param {number} calls  To each of them.
   * @param {Record<string, number[]>} made  When each was called in the last 24 hours, in Unix seconds.
   */
  grant(sources, calls, made) {
    this.#courier?.grant(sources, calls, made);
  }

  /**
   * Have deleted what services have answered; where that fails, or nothing is started, the next courier does it.
   * @returns {Promise<Tally | null>}  What is left; null where nothing is deleted before the next start. Rejected where
   *   the browser deletes nothing.
   */
  async forget() {
    this.#forgetting = true;
    const left = (await this.#courier?.tally("forget-answers")) ?? null;
    if (left) this.#forgetting = false;
    return left;
  }

  /** @returns {Promise<Tally | null>}  How much is kept of what services have answered; null where nobody knows. */
  async tally() {
    return this.#courier?.tally("tally").catch(() => null) ?? null;
  }

  /**
   * A picture that somebody has kept of an earlier visit.
   * @param {string} source  The name of its service.
   * @param {string} address
   * @returns {Promise<Uint8Array | null>}  Null where it cannot be had now.
   */
  async picture(source, address) {
    return this.#courier?.picture(source, address) ?? null;
  }

  /**
   * What an engine says, without the addresses that no answer held.
   * @param {FromEngine} message
   */
  cleared(message) {
    return this.#held.cleared(message);
  }

  /** @param {CourierToPage} message */
  #receive(message) {
    if (message.type === "pictured" || message.type === "tallied") return;
    if (message.type === "found") {
      this.#held.learn(message);
      this.#courier?.learnt(message.id);
      return;
    }
    // Who counts the calls to a service is who makes them.
    if (message.kind === "call")
      this.#callbacks.onMessage({ type: "calls", source: message.source, made: [message.at] });
    this.#callbacks.onMessage(message);
  }
}
