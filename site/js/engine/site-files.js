/** @import {FileMessage} from "../protocol.js" */

/**
 * The files of the site that the engine is made of, as the page sends them: the engine has no network to fetch them by.
 * Each is waited for by its name, without its folder.
 */
export class SiteFiles {
  /** @type {Map<string, {arrived: Promise<ArrayBuffer>, arrive: (bytes: ArrayBuffer) => void}>} */
  #files = new Map();
  #port;

  /** @param {MessagePort} port  Brings a `file` message for each; one that cannot be had ends the engine. */
  constructor(port) {
    this.#port = port;
    port.onmessage = ({ data }) => {
      /** @type {FileMessage} */
      const { name, bytes } = data;
      this.#file(name).arrive(bytes);
    };
  }

  /** @param {string} name */
  bytes(name) {
    return this.#file(name).arrived;
  }

  /** @param {string} name */
  async text(name) {
    return new TextDecoder().decode(await this.bytes(name));
  }

  /**
   * Import a module; nothing of it is left to be imported once more.
   * @param {string} name
   */
  async module(name) {
    const url = URL.createObjectURL(new Blob([await this.bytes(name)], { type: "text/javascript" }));
    try {
      return await import(url);
    } finally {
      URL.revokeObjectURL(url);
    }
  }

  /**
   * What Pyodide is given for `fetch` while it starts.
   * @param {string | URL | Request} input
   */
  async answer(input) {
    const url = input instanceof Request ? input.url : String(input);
    const name = url.slice(url.lastIndexOf("/") + 1);
    const type = name.endsWith(".wasm") ? "application/wasm" : "application/octet-stream";
    return new Response(await this.bytes(name), { headers: { "content-type": type } });
  }

  /** Nothing more is needed. */
  close() {
    this.#port.close();
    this.#files.clear();
  }

  /** @param {string} name */
  #file(name) {
    let file = this.#files.get(name);
    if (!file) {
      /** @type {(bytes: ArrayBuffer) => void} */
      let arrive = () => {};
      const arrived = /** @type {Promise<ArrayBuffer>} */ (new Promise((resolve) => (arrive = resolve)));
      this.#files.set(name, (file = { arrived, arrive }));
    }
    return file;
  }
}
