import { isRefusal } from "../refused.js";

/** What the lock of a collection is called, before its id. */
export const LOCK = "lookalike.collection.";

/**
 * Have a collection to oneself among all tabs of this browser.
 * @param {string} collection
 * @returns {Promise<(() => void) | null>}  How to give it back; null where another tab has it.
 */
export function turn(collection) {
  // Over plain HTTP a browser has no locks: then two tabs may do some of the work twice, and lose nothing.
  if (!navigator.locks) return Promise.resolve(() => {});
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(LOCK + collection, { ifAvailable: true }, (lock) => {
        if (!lock) return resolve(null);
        return new Promise((giveBack) => resolve(() => giveBack(undefined)));
      })
      // Where the browser refuses locks it keeps nothing either, as the shelf is about to say.
      .catch((error) => (isRefusal(error) ? resolve(() => {}) : reject(error)));
  });
}
