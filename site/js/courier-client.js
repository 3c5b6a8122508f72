import { endWorker, startWorker } from "./worker-bootstrap.js";

/** @import {PageToCourier} from "./protocol.js" */

/** The page's side of the courier: starts it, gives it the key, and connects engines to it. */
export class CourierClient {
  /**
   * @param {string} base  Where the site lies, ending in a slash.
   * @param {string} apiUrl  The API's base URL.
   * @param {(event: ErrorEvent) => void} onError
   */
  constructor(base, apiUrl, onError) {
    const { port1, port2: page } = new MessageChannel();
    this.port = port1;
    this.worker = startWorker(`${base}js/courier/worker.js`, { apiUrl, page }, [page]);
    this.worker.onerror = (event) => {
      event.preventDefault();
      onError(event);
    };
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
    endWorker(this.worker);
    this.port.close();
  }

  /**
   * @param {PageToCourier} message
   * @param {Transferable[]} transfer
   */
  send(message, transfer = []) {
    this.port.postMessage(message, transfer);
  }
}
