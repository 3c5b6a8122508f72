/**
 * The engine worker: Python, and the little JavaScript around it that Python must not be.
 *
 * It runs score.py, which may be anybody's code. So it is started where there is no network, no storage and no origin
 * (js/client/engine-frame.js); what it needs of the site comes by `files`, what it may have of the browser by
 * `lending`.
 */

import { failure, phase } from "../client/start-up.js";
import { Borrowed } from "./borrowed.js";
import { Courier } from "./courier.js";
import { Parts } from "./hands.js";
import { loadPython } from "./python.js";
import { seal } from "./sealing.js";
import { SiteFiles } from "./site-files.js";
import { TextFiles } from "./text-encoder.js";
import { VisionPool } from "./vision-pool.js";

/** @import {Service} from "../courier/shapes.js" */
/** @import {Forms} from "../client/forms.js" */
/** @import {FromEngine, ToEngine} from "../protocol.js" */

/** @typedef {{name: string, title: string, description: string, bytes: number}} ModelChoice */

/**
 * Which files are photos by their names: lookalike.collections.file_kinds, in lower case.
 * @typedef {object} FileKinds
 * @property {string[]} hidden       Names of what systems keep for themselves.
 * @property {string[]} hidden_ends  How names of it end.
 * @property {string[]} libraries    How names of folders end in which only some folders have photos:
 * @property {string[]} originals    these.
 * @property {string[]} others       How names of files end that are no photos.
 */

/**
 * @typedef {object} Config  dist/config.json.
 * @property {string} openverse_url  The bases of the services' APIs.
 * @property {string} commons_url
 * @property {string} flickr_url
 * @property {string} wellcome_url
 * @property {string} model  The network that describes photos, by its name.
 * @property {ModelChoice[]} models  Those there are; the first is the site's default.
 * @property {string[]} packages
 * @property {Record<string, number>} start  The sizes, in bytes, of the files that a start downloads besides the
 *   network.
 * @property {FileKinds} files
 * @property {Service[]} services  What the courier may ask, and how.
 * @property {Forms} forms  Of the messages from the engine.
 */

/**
 * @typedef {object} EngineStart
 * @property {Config} config
 * @property {MessagePort} page
 * @property {MessagePort[]} vision
 * @property {MessagePort} courier
 * @property {MessagePort} files
 * @property {MessagePort} lending
 */

/**
 * Load Python and serve the page; the bootstrap calls this once.
 * @param {EngineStart} options
 */
export async function start({ config, page, vision, courier: port, files: sent, lending }) {
  const courier = new Courier(port);
  const pool = new VisionPool(vision);
  const files = new SiteFiles(sent);
  const borrowed = new Borrowed(lending);
  const text = new TextFiles(borrowed, pool);
  /** @type {ToEngine[]} */
  const early = [];
  /** @type {(message: ToEngine) => void} */
  let deliver = (message) => void early.push(message);
  page.onmessage = ({ data }) => {
    // Before anything is done about it, which may never return.
    if (data.serial) page.postMessage({ type: "taken", serial: data.serial });
    deliver(data);
  };
  /** @param {FromEngine} message */
  const post = (message) => page.postMessage(message, buffersOf(message));
  const host = {
    post,
    fetch: courier.fetch.bind(courier),
    more: courier.more.bind(courier),
    abort: courier.abort.bind(courier),
    room: pool.room.bind(pool),
    run: pool.run.bind(pool),
    shelf: borrowed.shelf,
    turn: borrowed.turn.bind(borrowed),
    reopen: borrowed.reopen.bind(borrowed),
    parts: () => new Parts(),
    text,
  };
  try {
    const { python, spec, score } = await loadPython(files, config, post);
    const engine = await phase(post, "Engine", () => {
      const { start: begin } = python.pyimport("lookalike.browser.engine");
      files.close();
      seal(); // before anybody's code runs
      return enter(begin, host, spec, config, new Uint8Array(score));
    });
    if (!engine) return; // it has said why
    deliver = (message) => void enter(engine.receive, message);
    borrowed.changed = (id) => void engine.changed(id);
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
  return message.type === "scored" || message.type === "joined"
    ? [/** @type {ArrayBuffer} */ (message.thumbnail.buffer)]
    : [];
}
