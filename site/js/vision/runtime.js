/**
 * onnxruntime-web, with one thread.
 * @param {string} base  Where the site lies.
 * @returns {Promise<typeof import("onnxruntime-web")>}
 */
export async function loadRuntime(base) {
  const folder = `${base}ort/`;
  const ort = await import(`${folder}ort.wasm.min.mjs`);
  ort.env.wasm.wasmPaths = folder;
  // Threads need SharedArrayBuffer, and so headers that static hosts cannot send.
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = "error";
  return ort;
}
