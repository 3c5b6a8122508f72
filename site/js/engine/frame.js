// The script of the engine's frame, which has no origin of its own (sandbox) and no network (policy). It starts
// the engine in a worker, of the code that the page gives, and does nothing else. The build puts it into index.html.
"use strict";
addEventListener("message", ({ source, data, ports }) => {
  if (source !== parent) return;
  const [control, ...given] = ports;
  // A classic worker: Chromium starts no module worker from a blob without an origin.
  const boot = `
    onmessage = ({ data: { code, options } }) => {
      onmessage = null;
      // Pyodide takes a worker that has it for one that it cannot run in.
      self.importScripts = undefined;
      const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
      const started = import(url).then(({ start }) => {
        URL.revokeObjectURL(url);
        return start(options);
      });
      started.catch((error) => setTimeout(() => { throw error; }));
    };`;
  const url = URL.createObjectURL(new Blob([boot], { type: "text/javascript" }));
  const worker = new Worker(url);
  worker.onerror = (event) => {
    event.preventDefault();
    control?.postMessage({ type: "broken", message: String(event.message ?? "") });
  };
  worker.postMessage(data, given);
});
