import { checkWasm, fetchFile, phase, StartError } from "../start-up.js";

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
  const archive = fetchFile(`${base}py.zip`).then((response) => response.arrayBuffer());
  const spec = fetchFile(`${base}models/${config.model}.json`).then((response) => response.text());
  // Awaited below, when an unhandled rejection would have been reported long since.
  for (const file of [archive, spec]) file.catch(() => {});

  const python = await phase(post, "Python", () => loadPyodide(base, config));
  await phase(post, "numpy and Pillow", async () => {
    python.unpackArchive(await archive, "zip", { extractDir: HOME });
    python.pyimport("sys").path.insert(0, HOME);
    python.pyimport("numpy");
    python.pyimport("PIL.Image");
  });
  return { python, spec: await spec };
}

/**
 * @param {string} base
 * @param {Config} config
 * @returns {Promise<Pyodide>}
 */
async function loadPyodide(base, config) {
  const folder = `${base}pyodide/`;
  await checkWasm(`${folder}pyodide.asm.wasm`);
  const { loadPyodide: load } = await import(`${folder}pyodide.mjs`);
  /** @type {Pyodide} */
  const python = await load({
    indexURL: folder,
    packageBaseUrl: folder,
    packages: config.packages,
    env: { PYTHONDONTWRITEBYTECODE: "1" },
  });
  const missing = config.packages.filter((name) => !(name in python.loadedPackages));
  if (missing.length) throw new StartError(`The Python package ${missing.join(", ")} is missing or broken.`);
  return python;
}
