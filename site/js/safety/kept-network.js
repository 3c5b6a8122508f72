import { keptNames } from "../offline/version.js";

/**
 * Whether the service worker has the classifier's network, so that loading it is no work for the line.
 * @param {string} base  Where the site lies, ending in a slash.
 */
export async function isKept(base) {
  if (!navigator.serviceWorker?.controller) return false;
  const keys = await (await caches.open(`lookalike ${base}`)).keys();
  return keptNames(
    keys.map(({ url }) => url),
    base,
  ).has("models/nsfw.onnx");
}
