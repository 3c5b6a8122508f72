/** What the workers share while they start: named phases, and files that are what they should be. */

/** @import {FailedMessage, PhaseMessage, Problem} from "./protocol.js" */

/** A file is missing or broken, so that nothing can start. */
export class StartError extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = "StartError";
  }
}

/**
 * Run one phase of the start, and tell its begin and end.
 * @template T
 * @param {(message: PhaseMessage) => void} post
 * @param {string} name
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function phase(post, name, work) {
  const began = performance.now();
  post({ type: "phase", name, state: "started", ms: 0 });
  const result = await work();
  post({ type: "phase", name, state: "done", ms: Math.round(performance.now() - began) });
  return result;
}

/**
 * @param {unknown} error
 * @returns {FailedMessage}
 */
export function failure(error) {
  const message = error instanceof StartError ? error.message : `The page could not start (${error}).`;
  const advice =
    "Reload the page. If it happens again, a file of this site is missing or broken: build and publish it anew.";
  return { type: "failed", problem: { code: "start", message, advice } };
}

/**
 * Fetch a file of this site.
 * @param {string} url
 * @param {RequestInit} [options]
 */
export async function fetchFile(url, options) {
  const name = url.slice(url.lastIndexOf("/") + 1);
  /** @type {Response} */
  let response;
  try {
    response = await fetch(url, options);
  } catch {
    throw new StartError(`The file ${name} could not be fetched.`);
  }
  if (!response.ok) throw new StartError(`The file ${name} is missing (HTTP ${response.status}).`);
  return response;
}

/**
 * Fail early on a wasm file that is none: Pyodide's loader would never settle on one.
 * @param {string} url
 */
export async function checkWasm(url) {
  const head = await fetchFile(url, { headers: { Range: "bytes=0-3" } });
  const reader = head.body?.getReader();
  const first = (await reader?.read())?.value ?? new Uint8Array();
  // A host that does not know ranges sends the whole file: the rest is not wanted here.
  reader?.cancel().catch(() => {});
  const magic = [0x00, 0x61, 0x73, 0x6d];
  if (!magic.every((byte, i) => first[i] === byte)) {
    throw new StartError(`The file ${url.slice(url.lastIndexOf("/") + 1)} is broken.`);
  }
}
