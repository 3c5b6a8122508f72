/** What one build of the site consists of, as its service worker knows it. */

import { hex } from "../hex.js";

/**
 * @typedef {object} Version  What the build writes into the service worker.
 * @property {string} name  Of the build: a hash of all that it consists of.
 * @property {Record<string, {size: number, sha256: string}>} files  As in manifest.json.
 * @property {string[]} shell  The page and its parts: kept before the worker serves anything.
 * @property {string[]} start  What the engine needs besides to start, with the site's default network.
 */

/** Where kept files lie in the cache: under addresses that no file of the site has. */
const KEPT = "kept/";

/**
 * The name of the file that is asked for.
 * @param {string} url
 * @param {string} scope  The folder of the site, ending in a slash.
 * @returns {string | null}  Null for what is not in the site's folder.
 */
export function nameOf(url, scope) {
  const { origin, pathname } = new URL(url);
  if (!(origin + pathname).startsWith(scope)) return null;
  try {
    return decodeURIComponent((origin + pathname).slice(scope.length)) || "index.html";
  } catch {
    return null;
  }
}

/**
 * A file's address in the site's folder.
 * @param {string} name
 */
export function addressOf(name) {
  return name.split("/").map(encodeURIComponent).join("/");
}

/**
 * Under which address a file is kept: the same file in another version is another one.
 * @param {string} name
 * @param {string} sha256  Of its content.
 * @param {string} scope
 */
export function keyOf(name, sha256, scope) {
  return `${scope}${KEPT}${sha256}/${addressOf(name)}`;
}

/**
 * The names of files that are kept, of whatever version.
 * @param {Iterable<string>} keys  Addresses in the cache.
 * @param {string} scope
 * @returns {Set<string>}
 */
export function keptNames(keys, scope) {
  const start = scope + KEPT;
  const kept = [...keys].filter((key) => key.startsWith(start)).map((key) => key.slice(start.length));
  return new Set(kept.map((path) => decodeURIComponent(path.slice(path.indexOf("/") + 1))));
}

/**
 * What has to be kept before this version can be in charge.
 *
 * On a first visit that is the page alone: the rest is kept as the page asks for it, so that nothing
 * is downloaded twice. An update has all that the version before it has kept, so that whoever
 * could work offline still can.
 * @param {Version} version
 * @param {Set<string>} kept  Names of files kept by the version before; empty on a first visit.
 * @returns {string[]}
 */
export function wanted({ files, shell, start }, kept) {
  const again = [...kept].filter((name) => name in files);
  // A package's new version has another name, so that its old one says nothing.
  const started = start.some((name) => kept.has(name));
  const engine = started ? start.filter((name) => !name.startsWith("models/")) : [];
  return [...new Set([...shell, ...again, ...engine])];
}

/**
 * Whether bytes are the file that was built.
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {{size: number, sha256: string}} file
 */
export async function isWhole(bytes, { size, sha256 }) {
  if (bytes.length !== size) return false;
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))) === sha256;
}
