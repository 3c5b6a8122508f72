/** Registers the service worker: all that runs in the frame sw.html, which the page opens for it. */

try {
  await navigator.serviceWorker.register(new URL("sw.js", location.href), { updateViaCache: "none" });
} catch (error) {
  parent.postMessage({ type: "no service worker", why: String(error) }, location.origin);
}
