/** Runs precompile.py in Pyodide: `node precompile.mjs PYODIDE PY WHEELS`, three folders. */

import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [pyodide, sources, folder] = process.argv.slice(2).map((path) => resolve(path));
const { loadPyodide } = await import(pathToFileURL(`${pyodide}/pyodide.mjs`).href);
// Bytecode says of each instruction the line that it is of, not the columns, which are a fifth of it, and only serve to
// underline a part of the line: there are no sources to show it from.
const python = await loadPyodide({ env: { PYTHONDONTWRITEBYTECODE: "1", PYTHONNODEBUGRANGES: "1" } });
python.mountNodeFS("/sources", sources);
python.mountNodeFS("/wheels", folder);
python.pyimport("sys").path.insert(0, "/sources");
python.pyimport("lookalike_build.precompile").main("/wheels");
