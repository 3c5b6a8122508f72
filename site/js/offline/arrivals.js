/** @import {Problem} from "../protocol.js" */

/** Whoever opens the page with this in its address has photos to fetch from the service worker. */
const SHARED = "shared";

const LOST = {
  code: "shared",
  message: "The photo that was shared has not arrived.",
  advice: "Share it again, or choose it here.",
  line: null,
};

/**
 * Take the photos that come from outside the page: shared by another app, or opened as files with this one.
 * @param {object} on
 * @param {() => Promise<File[]>} on.shared  What was shared; nothing of it has left the browser.
 * @param {(files: File[]) => void} on.photos
 * @param {(problem: Problem) => void} on.problem
 */
export async function takeArrivals({ shared, photos, problem }) {
  openWith((files) => files.length && photos(files));
  const address = new URL(location.href);
  if (!address.searchParams.has(SHARED)) return;
  // So that a reload does not ask for it again.
  address.searchParams.delete(SHARED);
  history.replaceState(history.state, "", address);
  const files = await shared();
  if (files.length) photos(files);
  else problem(LOST);
}

/**
 * Take the files that the system opens with the installed page, where there is such a thing.
 * @param {(files: File[]) => void} take
 */
function openWith(take) {
  /** @typedef {{files?: {getFile: () => Promise<File>}[]}} Launch */
  /** @type {{setConsumer: (consumer: (launch: Launch) => void) => void} | undefined} */
  const queue = /** @type {any} */ (globalThis).launchQueue;
  queue?.setConsumer(async ({ files = [] }) => take(await Promise.all(files.map((file) => file.getFile()))));
}
