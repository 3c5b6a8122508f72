/** What the workers share while they start: named phases, and files that are what they should be. */

/** @import {FailedMessage, PhaseMessage} from "./protocol.js" */

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

const ADVICE = "Try again. If it happens again, the site is incomplete: build it anew with build_site.py, and publish that.";

/**
 * @param {unknown} error
 * @returns {FailedMessage}  Its code is "file" where the message names the file, else "start".
 */
export function failure(error) {
  const known = error instanceof StartError;
  const message = known ? error.message : `The page could not start (${lastLine(error)}).`;
  return { type: "failed", problem: { code: known ? "file" : "start", message, advice: ADVICE, line: null } };
}

/**
 * An error of Python brings its whole traceback; what happened is in the last line.
 * @param {unknown} error
 */
function lastLine(error) {
  const text = error instanceof Error ? String(error) : "its cause is unknown";
  return text.trim().split("\n").at(-1);
}

/** @type {((name: string, bytes: number) => void) | null} */
let report = null;

/**
 * Have counted what is fetched here, where no service worker does it.
 * @param {((name: string, bytes: number) => void) | null} to  Told of each part of a file that comes.
 */
export function countFetched(to) {
  report = to;
}

/**
 * @param {string} name
 * @param {Response} response
 */
function counted(name, { body, status, headers }) {
  const tell = new TransformStream({
    transform(chunk, out) {
      report?.(name, chunk.length);
      out.enqueue(chunk);
    },
  });
  return new Response(body?.pipeThrough(tell), { status, headers });
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
  return report ? counted(name, response) : response;
}

/**
 * Fetch a JSON file of this site, as text that is known to be JSON.
 * @param {string} url
 * @param {RequestInit} [options]
 */
export async function fetchJson(url, options) {
  const text = await (await fetchFile(url, options)).text();
  try {
    JSON.parse(text);
  } catch {
    throw new StartError(`The file ${url.slice(url.lastIndexOf("/") + 1)} is broken: it is not JSON.`);
  }
  return text;
}

/**
 * Have a library fetch and compile its wasm file, and fail as soon as that fails: Pyodide never
 * settles without one, and onnxruntime does not say which file it lacks.
 * @template T
 * @param {string} name  The file's.
 * @param {() => Promise<T>} load
 * @returns {Promise<T>}
 */
export async function compiling(name, load) {
  const { instantiateStreaming } = WebAssembly;
  /** @type {Promise<never>} */
  const broken = new Promise((_, reject) => {
    WebAssembly.instantiateStreaming = async (source, imports) => {
      try {
        return await instantiateStreaming(await wasmResponse(name, source), imports);
      } catch (error) {
        reject(error instanceof StartError ? error : new StartError(`The file ${name} is broken.`));
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

/**
 * @param {string} name
 * @param {Response | PromiseLike<Response>} source
 */
async function wasmResponse(name, source) {
  /** @type {Response} */
  let response;
  try {
    response = await source;
  } catch {
    throw new StartError(`The file ${name} could not be fetched.`);
  }
  if (!response.ok) throw new StartError(`The file ${name} is missing (HTTP ${response.status}).`);
  const { body } = report ? counted(name, response) : response;
  // Some hosts do not know the media type of wasm files, without which no browser compiles one. A response that
  // needs no change is passed on as it is: browsers keep compiled code with it.
  const type = "application/wasm";
  return body === response.body && response.headers.get("content-type") === type ? response : new Response(body, { headers: { "content-type": type } });
}

/**
 * The same, of a worker that broke.
 * @param {ErrorEvent} event
 * @returns {FailedMessage}
 */
export function workerFailure(event) {
  return failure(new Error(event.message || "a script could not be loaded"));
}
