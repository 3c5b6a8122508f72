/**
 * Everything in JavaScript that score.py could think of to get the API key, by the module `js`:
 * test_privacy.py lets the engine worker begin with it, which is earlier than score.py can be.
 */

const API = "@API@";
const KEY = /@KEY@/; // so written that it does not match itself
const SEARCH = `${API}?method=flickr.photos.search`;
const ECHO = "method=flickr.test.echo&format=json&nojsoncallback=1";
const TRICKS = [
  `${API}?${ECHO}`,
  `${API}?${ECHO}&api_key=`,
  `${API}?method=Flickr.Test.Echo&format=json`,
  `${API}?method=flickr.test.echo%00flickr.photos.search`,
  `${API}?method=flickr.photos.search%00`,
  `${API}?method=flickr.photos.search;${ECHO}`,
  `${API}?%6dethod=flickr.photos.search&${ECHO}`,
  `${API}?method[]=flickr.test.echo&method=flickr.photos.search`,
  `${API}??${ECHO}`,
  `${API}?#${ECHO}`,
  `${API.toUpperCase()}?${ECHO}`,
  `${API.slice(0, -1)}?${ECHO}`,
  `${API}../rest/?${ECHO}`,
  `${API}?\t${ECHO}`,
  ` ${API}?${ECHO}`,
  `${API.replace("://", "://user@")}?${ECHO}`,
  `${SEARCH}&${ECHO}`,
  `${SEARCH}&%20${ECHO}`,
  `${SEARCH}&+${ECHO}`,
  `${SEARCH}&METHOD=flickr.test.echo`,
  `${SEARCH}&api.key=mine`,
  `${SEARCH}&api%5Fkey=mine`,
  `${SEARCH}&api_key[]=mine`,
  `${SEARCH}#${ECHO}`,
];
const get = (id, url) => ({ type: "get", id, url });
const MESSAGES = [
  ...TRICKS.map((url, i) => get(1e6 + i, url)),
  ...[-1, 1e308, NaN, 1n, "x", [], {}, undefined].map((id) => get(id, TRICKS[0])),
  ...[null, 7, [API], {}, "", "x".repeat(1e6), "http://", "blob:x", "data:,x", "file:///x"].map((url) => get(2e6, url)),
  ...["toString", "__proto__", "key", "connect", 7, null, {}].map((type) => ({ type, key: "mine", engine: 7 })),
  JSON.parse('{"__proto__": {"type": "get", "id": 1}}'),
  undefined,
  null,
  7,
  "key",
  [],
  new Map([["type", "abort"]]),
  new ArrayBuffer(1e6),
  new Date(NaN),
  new Error("x"),
];

/** What was found, and some of what was merely heard, which shows that this has ears. */
const loot = new Set();
const ports = new Set();
let courier;
const met = new WeakSet();
const decoder = new TextDecoder("latin1");
const { apply, get: read, ownKeys, set } = Reflect;
const { postMessage } = MessagePort.prototype;
const { addEventListener } = EventTarget.prototype;
const fetchIt = globalThis.fetch;

function note(where, text) {
  if (KEY.test(text)) loot.add(`${where}: KEY ${text.slice(text.search(KEY)).slice(0, 32)}`);
  else if (/flickr\.photos\.search|those that are signed/.test(text)) loot.add(`${where}: ${text.slice(0, 300)}`);
}

/** Note all that can be reached from a value. */
function walk(where, value, depth = 3) {
  if (typeof value === "string") return note(where, value);
  if (value === null || !["object", "function"].includes(typeof value) || met.has(value)) return;
  if (value instanceof MessagePort) keep(value);
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return note(where, decoder.decode(value));
  if (!depth || value === loot) return;
  met.add(value);
  for (const name of ownKeys(value)) {
    note(where, String(name));
    try {
      walk(where, read(value, name), depth - 1);
    } catch (error) {
      note(where, String(error));
    }
  }
}

function keep(port) {
  if (ports.has(port)) return;
  ports.add(port);
  apply(addEventListener, port, ["message", ({ data }) => walk("message", data)]);
}

/** Listen to all calls of a function, and to what it is to call later. */
function patch(owner, name, how = "value") {
  const described = Object.getOwnPropertyDescriptor(owner, name);
  const original = described?.[how];
  if (typeof original !== "function" || !described.configurable || name === "constructor") return;
  const heard = (value) =>
    typeof value === "function" && how !== "get" && !/^class|\[native code\]/.test(value)
      ? function (...args) {
          walk(name, args);
          return new.target ? Reflect.construct(value, args) : apply(value, this, args);
        }
      : value;
  described[how] = function (...args) {
    if (this instanceof MessagePort) keep(this);
    if (name === "postMessage" && args[0].type === "get") courier = this;
    walk(name, args);
    const result = apply(original, this, ["then", "onmessage"].includes(name) ? args.map(heard) : args);
    walk(name, result);
    return result;
  };
  Object.defineProperty(owner, name, described);
}

for (const { prototype } of [Promise, Response, Request, MessagePort, XMLHttpRequest, URLSearchParams, Headers]) {
  for (const name of ownKeys(prototype).filter((name) => typeof name === "string")) patch(prototype, name);
}
patch(EventTarget.prototype, "addEventListener");
patch(MessagePort.prototype, "onmessage", "set");
patch(MessageEvent.prototype, "data", "get");
patch(Response.prototype, "url", "get");
patch(XMLHttpRequest.prototype, "responseURL", "get");
for (const name of ["fetch", "postMessage", "encodeURIComponent", "structuredClone"]) patch(globalThis, name);
new PerformanceObserver((list) =>
  walk(
    "observer",
    list.getEntries().map((entry) => entry.toJSON()),
  ),
).observe({ entryTypes: ["resource"] });

// On what the engine keeps of its global.
console.thief = {
  tricks: TRICKS,
  note,
  loot,
  send() {
    // The page and the vision workers have no key to give; this is for the courier.
    for (const message of MESSAGES) apply(postMessage, courier, [message]);
  },
  async ask() {
    for (const url of TRICKS) {
      try {
        const response = await fetchIt(url);
        note("fetch", `${response.url} ${await response.text()}`);
      } catch (error) {
        note("fetch", String(error));
      }
    }
  },
  /** Look through all of Python's memory. */
  remember(heap) {
    for (let at = 0; at < heap.length; at += 1e6) note("memory", decoder.decode(heap.subarray(at, at + 1e6 + 64)));
  },
  /** Give all that was found. */
  tell() {
    walk(
      "entries",
      performance.getEntries().map((entry) => entry.toJSON()),
    );
    walk("global", globalThis, 5);
    loot.add("done: JavaScript");
    return [...loot];
  },
};
