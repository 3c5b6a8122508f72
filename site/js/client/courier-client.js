/** @import {CourierToPage, PageToCourier, Tally, TalliedMessage} from "../protocol.js" */
/** @import {Service} from "../courier/shapes.js" */
/** @typedef {{resolve: (tally: Tally | null) => void, reject: (error: Error) => void}} Waiting */

/**
 * The page's side of the courier: opens its frame, which alone may reach the photo services, gives it the key, and
 * connects engines to it.
 */
export class CourierClient {
  #frame = document.createElement("iframe");
  #options;
  #port;
  /** The courier's end of the channel. */
  #page;
  #callbacks;
  /** Who waits for a picture, by the number of the message. @type {Map<number, (bytes: Uint8Array | null) => void>} */
  #pictures = new Map();
  /** Who waits for a tally, likewise. @type {Map<number, Waiting>} */
  #tallies = new Map();
  #next = 0;

  /**
   * @param {string} base  Where the site lies, ending in a slash.
   * @param {{services: Service[], apiUrl: string}} options  For the courier's `start`.
   * @param {{onMessage: (message: CourierToPage) => void, onBroken: (message: string) => void}} callbacks
   */
  constructor(base, options, callbacks) {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.#port.onmessage = ({ data }) => {
      if (data.type === "pictured") this.#give(data.id, data.body);
      else if (data.type === "tallied") this.#settle(data);
      else callbacks.onMessage(data);
    };
    this.#page = port2;
    this.#options = options;
    this.#callbacks = callbacks;
    addEventListener("message", this.#receive);
    const frame = this.#frame;
    frame.hidden = true;
    frame.title = "The courier";
    frame.src = `${base}courier.html`;
    frame.addEventListener("load", () => this.#begin(), { once: true });
    document.body.append(frame);
  }

  /** @param {string} key  The Flickr API key, or "". */
  setKey(key) {
    this.#send({ type: "key", key });
  }

  /**
   * A search begins: what it may spend is what the engine may ask for.
   * @param {string[]} sources
   * @param {number} calls  To each of them.
   * @param {Record<string, number[]>} made  When each was called in the last 24 hours, in Unix seconds.
   */
  grant(sources, calls, made) {
    this.#send({ type: "grant", sources, calls, made });
  }

  /** @param {number} id  Of the message whose addresses are known now. */
  learnt(id) {
    this.#send({ type: "learnt", id });
  }

  /**
   * A picture that somebody has kept of an earlier visit.
   * @param {string} source  The name of its service.
   * @param {string} address
   * @returns {Promise<Uint8Array | null>}  Null where it cannot be had.
   */
  picture(source, address) {
    const id = this.#next++;
    this.#send({ type: "picture", id, source, address });
    return new Promise((resolve) => this.#pictures.set(id, resolve));
  }

  /**
   * How much is kept of what services have answered.
   * @param {"tally" | "forget-answers"} type  `forget-answers`: it is deleted first.
   * @returns {Promise<Tally | null>}  Null where the courier was stopped before it had done it; rejected where the
   *   browser did not do it.
   */
  tally(type) {
    const id = this.#next++;
    this.#send({ type, id });
    return new Promise((resolve, reject) => this.#tallies.set(id, { resolve, reject }));
  }

  /** @param {TalliedMessage} message */
  #settle({ id, tally }) {
    if (tally) this.#tallies.get(id)?.resolve(tally);
    else this.#tallies.get(id)?.reject(new Error("what services have answered could not be deleted, or read"));
    this.#tallies.delete(id);
  }

  /**
   * @param {number} id
   * @param {Uint8Array} body
   */
  #give(id, body) {
    this.#pictures.get(id)?.(body.length ? body : null);
    this.#pictures.delete(id);
  }

  /**
   * Connect an engine; what an earlier one has asked for is aborted.
   * @param {MessagePort} engine  The other end is the engine's.
   */
  connect(engine) {
    this.#send({ type: "connect", engine }, [engine]);
  }

  stop() {
    removeEventListener("message", this.#receive);
    this.#frame.remove();
    this.#port.close();
    for (const id of [...this.#pictures.keys()]) this.#give(id, new Uint8Array());
    for (const { resolve } of this.#tallies.values()) resolve(null);
    this.#tallies.clear();
  }

  /**
   * @param {PageToCourier} message
   * @param {Transferable[]} transfer
   */
  #send(message, transfer = []) {
    this.#port.postMessage(message, transfer);
  }

  #begin() {
    const { contentDocument, contentWindow } = this.#frame;
    // Its script has run by now, if there is any.
    if (contentDocument?.documentElement.dataset.courier !== "here")
      this.#callbacks.onBroken("the courier could not be loaded");
    else contentWindow?.postMessage(this.#options, location.origin, [this.#page]);
  }

  /** @param {MessageEvent} event */
  #receive = ({ source, data }) => {
    if (source === this.#frame.contentWindow && data.type === "broken") this.#callbacks.onBroken(data.message);
  };
}
