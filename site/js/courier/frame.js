/**
 * The courier's frame: it has the one policy that lists the photo services, and starts the courier in a worker
 * that is held to it.
 */

import { startWorker } from "../worker-bootstrap.js";

const base = new URL(".", document.baseURI).href;

addEventListener("message", ({ source, origin, data, ports: [page] }) => {
  if (source !== parent || origin !== location.origin || !page) return;
  const worker = startWorker(`${base}js/courier/worker.js`, { ...data, page }, [page]);
  worker.onerror = (event) => {
    event.preventDefault();
    parent.postMessage({ type: "broken", message: event.message ?? "" }, location.origin);
  };
});
// The page looks for it when the frame is loaded.
document.documentElement.dataset.courier = "here";
