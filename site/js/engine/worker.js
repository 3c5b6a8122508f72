/**
 * The engine worker: Python, and the little JavaScript around it that Python must not be.
 */

import { countFetched, failure, phase } from "../start-up.js";
import { Shelf } from "../shelf/shelf.js";
import { Courier } from "./courier.js";
import { Parts, redraw, turn } from "./hands.js";
import { loadPython } from "./python.js";
import { TextFiles } from "./text-encoder.js";
import { VisionPool } from "./vision-pool.js";

/** @import {FromEngine, ToEngine} from "../protocol.js" */

/** @typedef {{name: string, title: string, description: string, bytes: number}} ModelChoice */

/**
 * @typedef {object} Config  dist/config.json.
 * @property {string} openverse_url  The bases of the services' APIs.
 * @property {string} commons_url
 * @property {string} flickr_url
 * @property {string} model  The network that describes photos, by its name.
 * @property {ModelChoice[]} models  Those there are; the first is the site's default.
 * @property {string[]} packages
 * @property {Record<string, number>} start  The sizes, in bytes, of the files that a start downloads besides the network.
 */

/**
 * @typedef {object} EngineStart
 * @property {string} base  Where the site lies, ending in a slash.
 * @property {Config} config
 * @property {boolean} counting  Whether the engine is to tell how much it downloads.
 * @property {MessagePort} page
 * @property {MessagePort[]} vision
 * @property {MessagePort} courier
 */

/**
 * Load Python and serve the page; the bootstrap calls this once.
 * @param {EngineStart} options
 */
export async function start({ base, config, counting, page, vision, courier: port }) {
  const courier = new Courier(port);
  const pool = new VisionPool(vision);
  const text = new TextFiles(base, config.model, pool);
  /** @type {ToEngine[]} */
  const early = [];
  /** @type {(message: ToEngine) => void} */
  let deliver = (message) => void early.push(message);
  page.onmessage = (event) => deliver(event.data);
  /** Who has to know that another tab, or the page, has changed a collection. @type {(id: string) => void} */
  let changed = () => {};
  /** @param {FromEngine} message */
  const post = (message) => page.postMessage(message, buffersOf(message));
  countFetched(counting ? (name, bytes) => post({ type: "received", name, bytes }) : null);
  const host = {
    post,
    fetch: courier.fetch.bind(courier),
    abort: courier.abort.bind(courier),
    run: pool.run.bind(pool),
    shelf: new Shelf({ changed: (id) => changed(id) }),
    turn,
    redraw,
    parts: () => new Parts(),
    text,
  };
  try {
    const { python, spec } = await loadPython(base, config, post);
    const engine = await phase(post, "Engine", () =>
      enter(python.pyimport("lookalike.browser.engine").start, host, spec, config),
    );
    if (!engine) return; // it has said why
    deliver = (message) => void enter(engine.receive, message);
    changed = (id) => void engine.changed(id);
    early.forEach(deliver);
  } catch (error) {
    post(failure(error));
  }
}

/**
 * Call into Python such that it can be suspended, where the browser can do that at all (JSPI).
 * @param {import("pyodide/ffi").PyCallable} callable
 * @param {unknown[]} args
 */
function enter(callable, ...args) {
  return "Suspending" in WebAssembly ? callable.callPromising(...args) : callable(...args);
}

/**
 * Thumbnails are moved to the page, not copied.
 * @param {FromEngine} message
 */
function buffersOf(message) {
  return message.type === "scored" || message.type === "joined" ? [/** @type {ArrayBuffer} */ (message.thumbnail.buffer)] : [];
}
