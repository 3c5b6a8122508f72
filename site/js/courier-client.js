/** @import {PageToCourier} from "./protocol.js" */

/**
 * The page's side of the courier: opens its frame, which alone may reach the photo services, gives it the key, and connects
 * engines to it.
 */
export class CourierClient {
  #frame = document.createElement("iframe");
  #options;
  #page;
  #onError;

  /**
   * @param {string} base  Where the site lies, ending in a slash.
   * @param {{apiUrl: string}} options  For the courier's `start`.
   * @param {(message: string) => void} onError
   */
  constructor(base, options, onError) {
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    this.#page = port2;
    this.#options = options;
    this.#onError = onError;
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
    this.send({ type: "key", key });
  }

  /** Give the engine's end of a new channel; what an earlier engine has asked for is aborted. */
  connect() {
    const { port1: engine, port2 } = new MessageChannel();
    this.send({ type: "connect", engine }, [engine]);
    return port2;
  }

  stop() {
    removeEventListener("message", this.#receive);
    this.#frame.remove();
    this.port.close();
  }

  /**
   * @param {PageToCourier} message
   * @param {Transferable[]} transfer
   */
  send(message, transfer = []) {
    this.port.postMessage(message, transfer);
  }

  #begin() {
    const { contentDocument, contentWindow } = this.#frame;
    // Its script has run by now, if there is any.
    if (contentDocument?.documentElement.dataset.courier !== "here") this.#onError("the courier could not be loaded");
    else contentWindow?.postMessage(this.#options, location.origin, [this.#page]);
  }

  /** @param {MessageEvent} event */
  #receive = ({ source, data }) => {
    if (source === this.#frame.contentWindow && data.type === "broken") this.#onError(data.message);
  };
}
