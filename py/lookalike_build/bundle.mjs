/** Makes one module of another and all that it imports: `node bundle.mjs NODE_MODULES ENTRY OUT BANNER`. */

import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [modules, entry, out] = process.argv.slice(2, 5).map((path) => resolve(path));
const { build } = await import(pathToFileURL(`${modules}/esbuild/lib/main.js`).href);
await build({
  entryPoints: [entry],
  outfile: out,
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  charset: "utf8",
  banner: { js: `/*! With ${process.argv[5]} */` },
});
