/**
 * Why did the page not start? Most often a file of the site is missing or broken, which the code
 * that trips over it rarely says. The build's manifest tells which one it is.
 */

import { StartError } from "./start-up.js";
import { hex } from "../hex.js";

/** @import {Cause} from "./start-up.js" */
/** @typedef {{files: Record<string, {size: number, sha256: string}>}} Manifest */

/** Which causes are told rather than others. @type {Cause[]} */
const FIRST = ["unreachable", "missing", "broken"];

/**
 * Find a file that is not as it was built.
 * @param {string} base  Where the site lies, ending in a slash.
 * @returns {Promise<StartError | "whole" | "unknown">}  What is wrong with it; whether nothing is, or nobody can tell.
 */
export async function findBrokenFile(base) {
  try {
    /** @type {Manifest} */
    const { files } = await (await fetch(`${base}manifest.json`, { cache: "no-cache" })).json();
    // No page needs its source maps.
    const needed = Object.entries(files).filter(([name]) => !name.endsWith(".map"));
    const checks = needed.map(([name, { size, sha256 }]) => check(base, name, size, sha256));
    const found = (await Promise.all(checks)).filter((result) => result !== null);
    found.sort((a, b) => FIRST.indexOf(a.why) - FIRST.indexOf(b.why));
    return found[0] ?? "whole";
  } catch {
    return "unknown";
  }
}

/**
 * @param {string} base
 * @param {string} name
 * @param {number} size
 * @param {string} sha256
 */
async function check(base, name, size, sha256) {
  // A broken copy in the browser's cache is replaced by this, so that trying again can work.
  const response = await fetch(base + name, { cache: "no-cache" }).catch(() => null);
  if (!response) return new StartError(`The file ${name} could not be fetched.`, "unreachable");
  if (!response.ok) return new StartError(`The file ${name} is missing (HTTP ${response.status}).`, "missing");
  const bytes = await response.arrayBuffer().catch(() => new ArrayBuffer(0));
  const same = bytes.byteLength === size && (await digest(bytes, sha256)) === sha256;
  return same ? null : new StartError(`The file ${name} is broken: it is not the one that was built.`, "broken");
}

/**
 * The SHA-256 of a file, in hexadecimal digits.
 * @param {ArrayBuffer} bytes
 * @param {string} otherwise  Given back where the browser computes none: outside https and localhost.
 */
export async function digest(bytes, otherwise) {
  if (!globalThis.crypto?.subtle) return otherwise;
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}
