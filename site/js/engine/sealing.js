/**
 * What is taken from the engine's global before anybody's code runs.
 *
 * The frame's policy and its missing origin already refuse the engine every request and all storage
 * (js/client/engine-frame.js). This is a second wall: what is not there cannot be called, whatever a browser forgets
 * to refuse. So it lists what stays, and not what goes: JavaScript itself, and what Pyodide and the code around it
 * use.
 */

const LANGUAGE = [
  "Object",
  "Function",
  "Array",
  "Number",
  "Boolean",
  "String",
  "Symbol",
  "BigInt",
  "Math",
  "JSON",
  "Date",
  "RegExp",
  "Reflect",
  "Proxy",
  "Promise",
  "Map",
  "Set",
  "WeakMap",
  "WeakSet",
  "WeakRef",
  "FinalizationRegistry",
  "Iterator",
  "AsyncIterator",
  "Intl",
  "Atomics",
  "ArrayBuffer",
  "SharedArrayBuffer",
  "DataView",
  "Int8Array",
  "Uint8Array",
  "Uint8ClampedArray",
  "Int16Array",
  "Uint16Array",
  "Int32Array",
  "Uint32Array",
  "Float16Array",
  "Float32Array",
  "Float64Array",
  "BigInt64Array",
  "BigUint64Array",
  "Error",
  "AggregateError",
  "EvalError",
  "RangeError",
  "ReferenceError",
  "SyntaxError",
  "TypeError",
  "URIError",
  "SuppressedError",
  "DisposableStack",
  "AsyncDisposableStack",
  "globalThis",
  "undefined",
  "NaN",
  "Infinity",
  "eval",
  "parseInt",
  "parseFloat",
  "isNaN",
  "isFinite",
  "encodeURI",
  "encodeURIComponent",
  "decodeURI",
  "decodeURIComponent",
  "escape",
  "unescape",
  "WebAssembly",
];

const PLATFORM = [
  "self",
  "console",
  "performance",
  "Performance",
  "crypto",
  "Crypto",
  "queueMicrotask",
  "structuredClone",
  "reportError",
  "atob",
  "btoa",
  "setTimeout",
  "clearTimeout",
  "setInterval",
  "clearInterval",
  "TextEncoder",
  "TextDecoder",
  "URL",
  "URLSearchParams",
  "Blob",
  "File",
  "FileReaderSync",
  "ImageBitmap",
  "ImageData",
  "createImageBitmap",
  "OffscreenCanvas",
  "OffscreenCanvasRenderingContext2D",
  "Event",
  "EventTarget",
  "ErrorEvent",
  "MessageEvent",
  "PromiseRejectionEvent",
  "CustomEvent",
  "addEventListener",
  "removeEventListener",
  "dispatchEvent",
  "onerror",
  "onmessage",
  "onmessageerror",
  "onunhandledrejection",
  "onrejectionhandled",
  "MessageChannel",
  "MessagePort",
  "AbortController",
  "AbortSignal",
  "DOMException",
  "WorkerGlobalScope",
  "DedicatedWorkerGlobalScope",
  "WorkerNavigator",
  "WorkerLocation",
  "navigator",
  "location",
  "isSecureContext",
  "origin",
];

/** What there is to know of the browser, and nothing to do. */
const NAVIGATOR = [
  "userAgent",
  "platform",
  "language",
  "languages",
  "hardwareConcurrency",
  "onLine",
  "appName",
  "appVersion",
  "vendor",
  "product",
];

/** Take it all away, for good: from the prototypes, too. */
export function seal() {
  reduce(self, new Set([...LANGUAGE, ...PLATFORM]));
  reduce(navigator, new Set(NAVIGATOR));
  // Of what an address can be made, something can be imported, or a worker started.
  for (const name of ["createObjectURL", "revokeObjectURL"]) remove(URL, name);
}

/**
 * Leave an object, and what it inherits from, nothing but these properties and those of every object.
 * @param {object} owner
 * @param {Set<string>} kept
 */
function reduce(owner, kept) {
  for (let each = owner; each && each !== Object.prototype; each = Object.getPrototypeOf(each)) {
    // An event target stays one.
    if (each === EventTarget.prototype) continue;
    for (const name of Object.getOwnPropertyNames(each)) {
      if (!kept.has(name) && name !== "constructor") remove(each, name);
    }
  }
}

/**
 * @param {object} owner
 * @param {string} name
 */
function remove(owner, name) {
  if (Reflect.deleteProperty(owner, name)) return;
  // What cannot be deleted may still be overwritten.
  Reflect.set(owner, name, undefined);
}
