/**
 * The engine worker's way to the photo service, and the only keeper of the API key.
 *
 * The key lives in this closure. It is added to requests for the API alone, and nothing that
 * Python can reach gives it back: neither the response's address nor the browser's own log of
 * requests. What is used here is taken before any Python runs, so that it cannot be replaced.
 */

const { encodeURIComponent, fetch, AbortController, AbortSignal, Uint8Array } = globalThis;
const readBody = Function.prototype.call.bind(Response.prototype.arrayBuffer);
const TIMEOUT = 15_000;

/**
 * @typedef {object} Answer
 * @property {number} status
 * @property {Uint8Array} body
 * @property {{name: string, message: string} | null} error  Why there is no answer.
 */

/**
 * @param {string} apiUrl  The API's base URL.
 */
export function createNetwork(apiUrl) {
  let key = "";
  let controller = new AbortController();

  /** @param {string} url */
  const signed = (url) =>
    key && url.slice(0, apiUrl.length + 1) === `${apiUrl}?` ? `${url}&api_key=${encodeURIComponent(key)}` : url;

  hideAddresses();
  signRequests(signed);

  return {
    /** @param {string} value  An API key, or "" for none. */
    setKey(value) {
      key = value;
    },

    /**
     * One simple GET, without cookies, referrer or redirects. Never rejects: where two promises
     * that Pyodide's run_sync waits for are rejected at once, it takes the second error for one
     * of its own ("Cannot stack switch"; its syncify_error is one variable for all of them).
     * @param {string} url
     * @returns {Promise<Answer>}
     */
    async fetchBytes(url) {
      const signal = AbortSignal.any([controller.signal, AbortSignal.timeout(TIMEOUT)]);
      try {
        const response = await fetch(signed(url), {
          signal,
          credentials: "omit",
          referrerPolicy: "no-referrer",
          redirect: "error",
        });
        return { status: response.status, body: new Uint8Array(await readBody(response)), error: null };
      } catch (error) {
        const { name, message } = /** @type {Error} */ (error);
        return { status: 0, body: new Uint8Array(), error: { name, message } };
      }
    },

    /** Abort every request under way. */
    abort() {
      controller.abort();
      controller = new AbortController();
    },
  };
}

/**
 * Without JSPI, pyodide-http makes synchronous requests by itself: sign those, too.
 * @param {(url: string) => string} signed
 */
function signRequests(signed) {
  const prototype = XMLHttpRequest.prototype;
  const open = Function.prototype.call.bind(prototype.open);
  const setTimeoutOf = /** @type {(ms: number) => void} */ (Object.getOwnPropertyDescriptor(prototype, "timeout")?.set);
  Object.defineProperty(prototype, "open", {
    value(/** @type {string} */ method, /** @type {string} */ url, /** @type {unknown[]} */ ...rest) {
      open(this, method, signed(String(url)), ...rest);
      // pyodide-http sets none, and nothing could end a synchronous request but this.
      Reflect.apply(setTimeoutOf, this, [TIMEOUT]);
    },
  });
  // It would give back the address with the key in it.
  Object.defineProperty(prototype, "responseURL", { get: () => "" });
}

/** Resource timing lists the address of every request of this worker. */
function hideAddresses() {
  performance.setResourceTimingBufferSize(0);
  performance.clearResourceTimings();
  Reflect.deleteProperty(globalThis, "PerformanceObserver");
}
