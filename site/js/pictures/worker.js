/**
 * The pictures worker: it opens what Python cannot, away from the page, and from the engine that runs anybody's code.
 */

import { Pictures } from "./pictures.js";

/** @typedef {{id: number, bytes: Uint8Array<ArrayBuffer>, kind: string}} Wanted */
/**
 * @typedef {{id: number, opened: import("./pictures.js").Opened | null, error: string}} Given  The error is "" where
 *   there is none.
 */

/**
 * The bootstrap calls this once.
 * @param {{base: string, page: MessagePort}} options  Where the site lies, and who asks.
 */
export function start({ base, page }) {
  const pictures = new Pictures(base);
  page.onmessage = async (event) => {
    /** @type {Wanted} */
    const { id, bytes, kind } = event.data;
    /** @type {Given} */
    let given;
    try {
      given = { id, opened: await pictures.reopen(bytes, kind), error: "" };
    } catch (error) {
      given = { id, opened: null, error: error instanceof Error ? error.message : String(error) };
    }
    page.postMessage(given);
  };
}
