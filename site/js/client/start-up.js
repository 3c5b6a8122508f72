/** What the workers share while they start: named phases, and files that are what they should be. */

/** @import {FailedMessage, PhaseMessage} from "../protocol.js" */

/** @typedef {"unreachable" | "missing" | "broken" | "blocked"} Cause  Why a file is not what it should be. */

/** What to do next, by the cause. */
const ADVICE = {
  unreachable: "Check the connection, and extensions that block requests; then try again.",
  missing:
    "The site is incomplete, which its publisher can mend: build it again by build_site.py, and publish all of it.",
  broken:
    "Try again: the file is fetched again. If that does not help, its publisher can: build the site again by build_site.py, and publish that.",
  blocked:
    "All files of the site are there and whole, so something in this browser holds them back. Allow this site in extensions that block scripts, and in the browser’s security settings; or use another browser.",
  looking: "What is in the way is being looked for.",
  fault:
    "Try again. If it happens again, tell the site’s publisher what it says here; another browser may do meanwhile.",
};

/** A file of the site is not there as it should be, so that nothing can start. */
export class StartError extends Error {
  /**
   * @param {string} message
   * @param {Cause} [why]
   */
  constructor(message, why = "broken") {
    super(message);
    this.name = "StartError";
    this.why = why;
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
 * How browsers say that they did not load a script, or did not let it run: in Chromium's words, Firefox's, WebKit's.
 */
const NOT_LOADED =
  /dynamically imported module|module script|script could not be loaded|SecurityError|Content.Security.Policy|insecure|CompileError/i;

/**
 * @param {unknown} error
 * @returns {FailedMessage}  Its code is "file" where the cause is known, "load" where a script did not run, else
 *   "start".
 */
export function failure(error) {
  if (error instanceof StartError) return failed("file", error.message, ADVICE[error.why]);
  const line = lastLine(error);
  const code = NOT_LOADED.test(line) ? "load" : "start";
  return failed(code, `The page could not start (${line}).`, code === "load" ? ADVICE.looking : ADVICE.fault);
}

/**
 * What is known once all files have been checked: of a script that did not run although all are whole.
 * @param {FailedMessage} message
 * @returns {FailedMessage}
 */
export function blocked({ problem }) {
  return failed("file", `This browser has blocked a part of the page. ${problem.message}`, ADVICE.blocked);
}

/**
 * @param {string} code
 * @param {string} message
 * @param {string} advice
 * @returns {FailedMessage}
 */
function failed(code, message, advice) {
  return { type: "failed", problem: { code, message, advice, line: null } };
}

/**
 * An error of Python brings its whole traceback; what happened is in the last line.
 * @param {unknown} error
 * @returns {string}
 */
function lastLine(error) {
  const text = error instanceof Error ? String(error) : "its cause is unknown";
  return text.trim().split("\n").at(-1) ?? "";
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
  const counter = new TransformStream({
    transform(chunk, out) {
      report?.(name, chunk.length);
      out.enqueue(chunk);
    },
  });
  return new Response(body?.pipeThrough(counter), { status, headers });
}

/**
 * Fetch a file of this site.
 * @param {string} url
 * @param {RequestInit} [options]
 * @param {string} [name]  What it is called where it cannot be had: several may have the same name in other folders.
 */
export async function fetchFile(url, options, name = url.slice(url.lastIndexOf("/") + 1)) {
  /** @type {Response} */
  let response;
  try {
    response = await fetch(url, options);
  } catch {
    throw new StartError(`The file ${name} could not be fetched.`, "unreachable");
  }
  if (!response.ok) throw new StartError(`The file ${name} is missing (HTTP ${response.status}).`, "missing");
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
    throw new StartError(`The file ${name} could not be fetched.`, "unreachable");
  }
  if (!response.ok) throw new StartError(`The file ${name} is missing (HTTP ${response.status}).`, "missing");
  const { body } = report ? counted(name, response) : response;
  // Some hosts do not know the media type of wasm files, without which no browser compiles one. A response that
  // needs no change is passed on as it is: browsers keep compiled code with it.
  const type = "application/wasm";
  return body === response.body && response.headers.get("content-type") === type
    ? response
    : new Response(body, { headers: { "content-type": type } });
}

/**
 * The same, of a worker that broke.
 * @param {ErrorEvent} event
 * @returns {FailedMessage}
 */
export function workerFailure(event) {
  return failure(new Error(event.message || "a script could not be loaded"));
}
