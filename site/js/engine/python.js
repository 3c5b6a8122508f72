import { compiling, fetchFile, fetchJson, phase, StartError } from "../start-up.js";

/** @import {PhaseMessage} from "../protocol.js" */
/** @import {Config} from "./worker.js" */
/** @typedef {import("pyodide").PyodideAPI} Pyodide */

/** Where the archive of py/ is unpacked. */
const HOME = "/home/lookalike";

/**
 * Load Pyodide, the packages and py/, overlapping what can be.
 * @param {string} base
 * @param {Config} config
 * @param {(message: PhaseMessage) => void} post
 * @returns {Promise<{python: Pyodide, spec: string}>}
 */
export async function loadPython(base, config, post) {
  // The first of them that fails ends the wait for all.
  const [python, archive, spec] = await Promise.all([
    phase(post, "Python", () => loadPyodide(base, config)),
    fetchFile(`${base}py.zip`).then((response) => response.arrayBuffer()),
    fetchJson(`${base}models/${config.model}.json`),
  ]);
  await phase(post, "numpy and Pillow", async () => {
    unpack(python, archive);
    python.pyimport("sys").path.insert(0, HOME);
    python.pyimport("numpy");
    python.pyimport("PIL.Image");
  });
  return { python, spec };
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
 * @param {string} base
 * @param {Config} config
 * @returns {Promise<Pyodide>}
 */
async function loadPyodide(base, config) {
  const folder = `${base}pyodide/`;
  const [{ loadPyodide: load }, lock] = await Promise.all([
    import(`${folder}pyodide.mjs`),
    fetchJson(`${folder}pyodide-lock.json`).then((text) => JSON.parse(text)),
  ]);
  /** @type {Pyodide} */
  const python = await compiling("pyodide.asm.wasm", () =>
    load({
      indexURL: folder,
      packageBaseUrl: folder,
      lockFileContents: lock,
      packages: config.packages,
      env: { PYTHONDONTWRITEBYTECODE: "1" },
    }),
  );
  // It is thrown at whoever called Python; as the worker's own error it reaches the page, too.
  /** @type {any} */ (python)._api.on_fatal = (/** @type {Error} */ error) => setTimeout(() => { throw error; });
  const missing = config.packages.filter((name) => !(name in python.loadedPackages));
  const files = missing.map((name) => lock.packages[name]?.file_name ?? name);
  if (files.length) throw new StartError(`The file ${files.join(", ")} is missing or broken.`);
  return python;
}
