/**
 * Start a module worker that is held to the page's Content-Security-Policy.
 *
 * A worker started by its own URL would take its policy from that URL's headers, which a static
 * host cannot send; one started from a blob inherits the page's. So the blob only imports the
 * module, keeps the first message until that is done, and hands it over.
 *
 * @param {string} url  Of a module that exports `start(options)`.
 * @param {object} options  Given to `start`.
 * @param {Transferable[]} transfer
 */
export function startWorker(url, options, transfer) {
  const source = `
    const first = new Promise((resolve) => addEventListener("message", resolve, { once: true }));
    const { start } = await import(${JSON.stringify(url)});
    await start((await first).data);
  `;
  const blobUrl = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const worker = new Worker(blobUrl, { type: "module" });
  worker.postMessage(options, transfer);
  // The worker has read the blob by the time it sends or fails anything.
  const revoke = () => URL.revokeObjectURL(blobUrl);
  worker.addEventListener("message", revoke, { once: true });
  worker.addEventListener("error", revoke, { once: true });
  return worker;
}

/**
 * End a worker; what it has still said is heard no more.
 * @param {Worker} worker
 */
export function endWorker(worker) {
  worker.onmessage = worker.onerror = null;
  worker.terminate();
}
