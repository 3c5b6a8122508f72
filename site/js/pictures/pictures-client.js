/** @import {Opened} from "./pictures.js" */
/** @import {Given} from "./worker.js" */
import { endWorker, startWorker } from "../worker-bootstrap.js";

/** The page's side of the pictures worker, which is started when it is first needed. */
export class PicturesClient {
  #base;
  /** @type {{worker: Worker, port: MessagePort} | null} */
  #worker = null;
  #next = 0;
  /** @type {Map<number, {resolve: (opened: Opened | null) => void, reject: (error: Error) => void}>} */
  #waiting = new Map();

  /** @param {string} base  Where the site lies, ending in a slash. */
  constructor(base) {
    this.#base = base;
  }

  /**
   * Open a picture; see `Pictures.reopen`.
   * @param {Uint8Array<ArrayBuffer>} bytes
   * @param {string} kind
   * @returns {Promise<Opened | null>}
   */
  reopen(bytes, kind) {
    this.#worker ??= this.#started();
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker?.port.postMessage({ id, bytes, kind }, [bytes.buffer]);
    });
  }

  /** Nothing more is to be opened. */
  close() {
    if (this.#worker) endWorker(this.#worker.worker);
    this.#worker = null;
    for (const { reject } of this.#waiting.values()) reject(new Error("it was given up"));
    this.#waiting.clear();
  }

  #started() {
    // A port keeps what is sent before the worker listens.
    const { port1: port, port2: page } = new MessageChannel();
    const worker = startWorker(`${this.#base}js/pictures/worker.js`, { base: this.#base, page }, [page]);
    port.onmessage = (event) => {
      /** @type {Given} */
      const { id, opened, error } = event.data;
      const asked = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error) asked?.reject(new Error(error));
      else asked?.resolve(opened);
    };
    worker.onerror = () => this.close();
    return { worker, port };
  }
}
