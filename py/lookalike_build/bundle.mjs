/**
 * Makes one file of each entry and all that it imports: `node bundle.mjs NODE_MODULES SITE OUT ENTRIES`,
 * where ENTRIES is JSON: a list of {name, credit}, names relative to SITE. Source maps lie beside them.
 */

import { mkdir, realpath, writeFile } from "node:fs/promises";
import { dirname, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [given, site, out] = process.argv.slice(2, 5).map((path) => resolve(path));
// It may be a link, and esbuild names what it finds by where that leads.
const modules = await realpath(given);
/** @type {{name: string, credit: string}[]} */
const entries = JSON.parse(process.argv[5]);
const { build } = await import(pathToFileURL(`${modules}/esbuild/lib/main.js`).href);

/** What is imported by `import()` is an entry of its own, fetched when it is needed. */
const late = (/** @type {string} */ entry) => ({
  name: "late",
  setup(/** @type {any} */ setup) {
    setup.onResolve({ filter: /^\./ }, (/** @type {any} */ { kind, path, resolveDir }) => {
      // What packages import so stays with them.
      if (kind !== "dynamic-import" || resolveDir.startsWith(modules)) return undefined;
      const from = relative(dirname(resolve(site, entry)), resolve(resolveDir, path)).replaceAll("\\", "/");
      return { path: from.startsWith(".") ? from : `./${from}`, external: true };
    });
  },
});

/** @param {{name: string, credit: string}} entry */
async function bundle({ name, credit }) {
  const { outputFiles } = await build({
    entryPoints: [resolve(site, name)],
    // Beside its sources, so that the source map names them without a path of this machine.
    outfile: resolve(site, name),
    allowOverwrite: true,
    write: false,
    bundle: true,
    format: "esm",
    target: "es2022",
    minify: true,
    charset: "utf8",
    legalComments: "none",
    sourcemap: true,
    nodePaths: [modules],
    banner: credit ? { [name.endsWith(".css") ? "css" : "js"]: `/*! ${credit} */` } : {},
    plugins: [late(name)],
    logLevel: "warning",
  });
  for (const { path, contents } of outputFiles) {
    const target = resolve(out, relative(site, path));
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, contents);
  }
}

await Promise.all(entries.map(bundle));
