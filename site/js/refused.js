/** A browser that is told to keep nothing says so in many ways; here they become one. */

const NAMES = ["SecurityError", "NotAllowedError"];

/**
 * The browser keeps nothing for this page: cookies and site data are blocked, or the page is in a frame that may not.
 */
export class Refused extends Error {
  constructor() {
    super("this browser lets this page keep nothing");
    this.name = "SecurityError";
  }
}

/**
 * What a failure to open the store means: the same, or that the browser refuses all of it. Chromium then speaks of an
 * unknown error, as it does where the store is damaged; but it refuses the locks or the other store as well.
 * @param {unknown} error
 * @returns {Promise<unknown>}
 */
export async function meant(error) {
  if (!globalThis.indexedDB) return new Refused();
  if (isRefusal(error) || (error instanceof Error && /denied|not allowed|permission/i.test(error.message)))
    return new Refused();
  try {
    // A worker has no local storage.
    if ("localStorage" in globalThis) globalThis.localStorage.getItem("");
    await navigator.locks?.query();
  } catch (other) {
    if (isRefusal(other)) return new Refused();
  }
  return error;
}

/** @param {unknown} error */
export function isRefusal(error) {
  return error instanceof Error && NAMES.includes(error.name);
}
