import { phase, StartError } from "../client/start-up.js";

/** @import {PhaseMessage} from "../protocol.js" */
/** @import {SiteFiles} from "./site-files.js" */
/** @import {Config} from "./worker.js" */
/** @typedef {import("pyodide").PyodideAPI} Pyodide */

/** Where the archive of py/ is unpacked. */
const HOME = "/home/lookalike";

/** Nowhere: what Pyodide wants from there is what the page has sent. */
const FOLDER = "https://site.invalid/";
const WASM = "pyodide.asm.wasm";

const PAGE = 65_536;
/** Half of what Python could address: texts that lie beyond 2 GiB, Pyodide reads at negative addresses, as zeros. */
const MOST = 2 ** 31;

/**
 * Load Pyodide, the packages and py/, overlapping what can be.
 * @param {SiteFiles} files
 * @param {Config} config
 * @param {(message: PhaseMessage) => void} post
 * @returns {Promise<{python: Pyodide, spec: string, score: ArrayBuffer}>}
 */
export async function loadPython(files, config, post) {
  const python = await phase(post, "Python", () => loadPyodide(files, config));
  const [archive, spec, score] = await Promise.all([
    files.bytes("py.zip"),
    files.text(`${config.model}.json`),
    files.bytes("score.py"),
  ]);
  await phase(post, "numpy and Pillow", async () => {
    unpack(python, archive);
    python.pyimport("sys").path.insert(0, HOME);
    python.pyimport("numpy");
    python.pyimport("PIL.Image");
  });
  return { python, spec, score };
}

/**
 * @param {Pyodide} python
 * @param {ArrayBuffer} archive
 */
function unpack(python, archive) {
  try {
    python.unpackArchive(archive, "zip", { extractDir: HOME });
  } catch {
    throw new StartError("The file py.zip is broken.");
  }
}

/**
 * @param {SiteFiles} files
 * @param {Config} config
 * @returns {Promise<Pyodide>}
 */
async function loadPyodide(files, config) {
  const [{ loadPyodide: load }, { default: createPyodideModule }, lock] = await Promise.all([
    files.module("pyodide.mjs"),
    files.module("pyodide.asm.mjs"),
    files.text("pyodide-lock.json").then((text) => JSON.parse(text)),
  ]);
  limitMemory();
  // Pyodide reads it from the global, each time; js/engine/sealing.js takes it away when all is loaded.
  self.fetch = /** @type {typeof fetch} */ (files.answer.bind(files));
  /** @type {Pyodide} */
  const python = await settled(() =>
    load({
      indexURL: FOLDER,
      packageBaseUrl: FOLDER,
      lockFileContents: lock,
      packages: config.packages,
      createPyodideModule,
      env: { PYTHONDONTWRITEBYTECODE: "1" },
    }),
  );
  // It is thrown at whoever called Python; as the worker's own error it reaches the page, too.
  /** @type {any} */ (python)._api.on_fatal = (/** @type {Error} */ error) =>
    setTimeout(() => {
      throw error;
    });
  const missing = config.packages.filter((name) => !(name in python.loadedPackages));
  const names = missing.map((name) => lock.packages[name]?.file_name ?? name);
  if (names.length) throw new StartError(`The file ${names.join(", ")} is missing or broken.`);
  return python;
}

/** Beyond the limit, Python meets a MemoryError. */
function limitMemory() {
  const { grow } = WebAssembly.Memory.prototype;
  WebAssembly.Memory.prototype.grow = function (/** @type {number} */ pages) {
    if (this.buffer.byteLength + pages * PAGE > MOST)
      throw new RangeError("Python has all the memory that it may have.");
    return grow.call(this, pages);
  };
}

/**
 * Load Pyodide, which swallows a failure to compile its wasm file and then never settles.
 * @template T
 * @param {() => Promise<T>} load
 * @returns {Promise<T>}
 */
async function settled(load) {
  const { instantiateStreaming } = WebAssembly;
  /** @type {Promise<never>} */
  const broken = new Promise((_, reject) => {
    WebAssembly.instantiateStreaming = async (source, imports) => {
      try {
        return await instantiateStreaming(source, imports);
      } catch (error) {
        reject(new StartError(`The file ${WASM} is broken.`));
        throw error;
      }
    };
  });
  try {
    return await Promise.race([load(), broken]);
  } finally {
    WebAssembly.instantiateStreaming = instantiateStreaming;
  }
}
