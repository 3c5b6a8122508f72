import { digest } from "./site-check.js";
import { fetchFile, fetchJson, StartError } from "./start-up.js";

/** @import {FileMessage} from "../protocol.js" */
/** @import {Config} from "../engine/worker.js" */

/** Ends the names of archives that the build has packed as a whole (lookalike_build/archive.py). */
const PACKED = ".gzip";

/**
 * Where an engine runs: a frame without an origin, whose policy knows no network at all. The browser then refuses it
 * storage, locks, cookies and channels of this site, and every request, whatever the code in it does. A static host
 * needs to send no header for that; and nothing in the frame can fetch a file of the site, so that the page does it,
 * and sends them.
 */
export class EngineFrame {
  #frame = document.createElement("iframe");
  #control = new MessageChannel();
  #files = new MessageChannel();
  #base;
  #config;

  /**
   * @param {string} base  Where the site lies, ending in a slash.
   * @param {Config} config
   * @param {Record<string, MessagePort | MessagePort[]>} ports  Given to the engine's `start`.
   * @param {{onBroken: (message: string) => void, onFailed: (error: unknown) => void}} callbacks  The worker broke; a
   *   file could not be had.
   */
  constructor(base, config, ports, callbacks) {
    this.#base = base;
    this.#config = config;
    this.#control.port1.onmessage = ({ data }) => callbacks.onBroken(data.message);
    const loaded = this.#load();
    this.#start(loaded, ports).catch(callbacks.onFailed);
  }

  /** End the engine, whatever it is at. */
  stop() {
    this.#frame.remove();
    this.#control.port1.close();
    this.#files.port1.close();
  }

  /** @returns {Promise<unknown>} */
  #load() {
    const { textContent, dataset } = /** @type {HTMLElement} */ (document.getElementById("engine-frame"));
    const policy = `default-src 'none'; script-src blob: 'wasm-unsafe-eval' '${dataset.hash}'; worker-src blob:; connect-src 'none'`;
    const frame = this.#frame;
    frame.hidden = true;
    frame.title = "The engine";
    frame.sandbox.add("allow-scripts");
    frame.srcdoc = `<!doctype html><meta http-equiv="Content-Security-Policy" content="${policy}"><script>${textContent}</script>`;
    const loaded = new Promise((resolve) => frame.addEventListener("load", resolve, { once: true }));
    document.body.append(frame);
    return loaded;
  }

  /**
   * @param {Promise<unknown>} loaded
   * @param {Record<string, MessagePort | MessagePort[]>} ports
   */
  async #start(loaded, ports) {
    const given = { ...ports, files: this.#files.port2 };
    const fetched = this.#sendFiles();
    fetched.catch(() => {}); // waited for below
    const worker = "js/engine/worker.js";
    const code = await (await fetchFile(this.#base + worker, {}, worker)).text();
    await loaded;
    // A frame that has been removed meanwhile has no window.
    const options = { config: this.#config, ...given };
    this.#frame.contentWindow?.postMessage({ code, options }, "*", [
      this.#control.port2,
      ...Object.values(given).flat(),
    ]);
    await fetched;
  }

  async #sendFiles() {
    const lock = await fetchJson(`${this.#base}pyodide/pyodide-lock.json`);
    this.#send("pyodide-lock.json", new TextEncoder().encode(lock).buffer);
    /** @type {{file_name: string, sha256: string}[]} */
    const packages = Object.values(JSON.parse(lock).packages);
    const { model } = this.#config;
    const own = [
      "pyodide/pyodide.mjs",
      "pyodide/pyodide.asm.mjs",
      "pyodide/pyodide.asm.wasm",
      `pyodide/python_stdlib.zip${PACKED}`,
      `py.zip${PACKED}`,
      "score.py",
      `models/${model}.json`,
    ];
    await Promise.all([
      ...own.map((path) => this.#fetch(path)),
      ...packages.map(({ file_name, sha256 }) => this.#fetch(`pyodide/${file_name}${PACKED}`, sha256)),
    ]);
  }

  /**
   * @param {string} path  In the site.
   * @param {string} [sha256]  Of what is in it.
   */
  async #fetch(path, sha256) {
    const response = await fetchFile(this.#base + path);
    const name = path.slice(path.lastIndexOf("/") + 1);
    const packed = name.endsWith(PACKED);
    const bytes = await (packed ? unpacked(response, name) : response.arrayBuffer());
    if (sha256 && (await digest(bytes, sha256)) !== sha256)
      throw new StartError(`The file ${name} is broken: it is not the one that was built.`);
    this.#send(packed ? name.slice(0, -PACKED.length) : name, bytes);
  }

  /**
   * @param {string} name
   * @param {ArrayBuffer} bytes
   */
  #send(name, bytes) {
    /** @type {FileMessage} */
    const message = { type: "file", name, bytes };
    this.#files.port1.postMessage(message, [bytes]);
  }
}

/**
 * What is in a packed file. The browser unpacks it while it comes: sooner than Python would.
 * @param {Response} response
 * @param {string} name
 */
async function unpacked({ body }, name) {
  const parts = body?.pipeThrough(new DecompressionStream("gzip"));
  try {
    return await new Response(parts).arrayBuffer();
  } catch {
    throw new StartError(`The file ${name} is broken: it cannot be unpacked.`);
  }
}
