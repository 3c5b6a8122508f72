/**
 * The service worker: gives the page its files from what is kept in this browser.
 *
 * The build adds what it is the worker of, as `self.lookalike`: a version, or null where the site is
 * built without one, so that a worker of an earlier build goes away.
 */

import { Amount } from "./js/offline/amount.js";
import { KeptFiles } from "./js/offline/kept-files.js";
import { SharedPhotos } from "./js/offline/shared-photos.js";
import { nameOf, wanted } from "./js/offline/version.js";

/** @import {Version} from "./js/offline/version.js" */

/** The address that another app sends a photo to: see the web app manifest. */
const SHARE = "share";
/** Milliseconds between two messages that say how much has come. */
const TOLD_EVERY = 200;

/** TypeScript knows workers or pages, not both at once. */
const worker = /** @type {any} */ (self);
/** @type {string} */
const scope = worker.registration.scope;
const shared = new SharedPhotos();
const amount = new Amount();
let expecting = false;
let told = -TOLD_EVERY;
/** @type {KeptFiles | null} */
let kept = null;

/** @returns {Version | null} */
function version() {
  return worker.lookalike;
}

/** @param {Version} of */
function files(of) {
  kept ??= new KeptFiles(of, scope, {
    caches,
    fetch: (url, options) => fetch(url, options),
    received: (name, bytes) => emitProgress(of, name, bytes),
    // The browser looks for a new version now and then; here it is known that there is one.
    other: look,
  });
  return kept;
}

/** Look for a new version. The page cannot: its policy, which lets no worker start so, counts for that, too. */
async function look() {
  await worker.registration.update().catch(() => {});
  return true;
}

async function install() {
  const own = version();
  if (own) await files(own).keepAll(wanted(own, await files(own).names()));
}

/** Keep what an engine needs, where this worker came into charge after it was fetched. */
async function keepStart() {
  const own = version();
  if (own) await files(own).keepAll(own.start);
  return true;
}

async function activate() {
  const own = version();
  if (own) {
    await files(own).clean();
    // On a first visit the page waits for this.
    await worker.clients.claim();
  } else {
    await caches.delete(`lookalike ${scope}`);
    await worker.registration.unregister();
  }
}

/** @param {any} event  A FetchEvent. */
function answer(event) {
  const own = version();
  const { method, headers, url } = event.request;
  const name = nameOf(url, scope);
  if (!own || name === null) return;
  if (method === "POST" && name === SHARE) event.respondWith(receive(event));
  // Whoever asks for a part looks whether the host has the file.
  if (method !== "GET" || headers.has("range")) return;
  if (name === "manifest.json") event.respondWith(Response.json({ files: own.files }));
  else if (Object.hasOwn(own.files, name)) event.respondWith(give(own, name, event.request));
}

/**
 * @param {Version} own
 * @param {string} name
 * @param {Request} request
 */
async function give(own, name, request) {
  try {
    return await files(own).answer(name);
  } catch (error) {
    // Where the browser has thrown away what was kept, and the site has another version by now, the page must open
    // all the same.
    if (request.mode === "navigate") return fetch(request);
    throw error;
  }
}

/** @param {any} event  A FetchEvent that brings photos. */
async function receive(event) {
  try {
    event.waitUntil(shared.put(await event.request.formData()));
  } catch {
    // The page says that nothing has come.
  }
  return Response.redirect(`${scope}?shared`, 303);
}

/** @param {any} event  An ExtendableMessageEvent. */
async function receiveMessage({ data, source, ports: [port] }) {
  // No worker, and no frame, has anything to say here: least of all the one that runs score.py.
  if (!port || !isPage(source)) return;
  if (data === "version") port.postMessage(version()?.name);
  if (data === "shared") port.postMessage(shared.take());
  if (data === "claim") port.postMessage(await worker.clients.claim());
  if (data === "keep") port.postMessage(await keepStart());
  if (data === "look") port.postMessage(await look());
  if (data === "take over") port.postMessage(await takeOver(source.id));
}

/**
 * Replace the version before, unless another page still needs its files.
 * @param {string} id  Of the page that asks.
 * @returns {Promise<number>}  How many other pages there are.
 */
async function takeOver(id) {
  const others = (await pages()).filter((page) => page.id !== id);
  if (!others.length) await worker.skipWaiting();
  return others.length;
}

/** @returns {Promise<any[]>} */
async function pages() {
  return (await worker.clients.matchAll({ includeUncontrolled: true, type: "window" })).filter(isPage);
}

/** @param {any} client */
function isPage(client) {
  return client?.type === "window" && nameOf(client.url, scope) === "index.html";
}

/**
 * Tell the pages how much has come.
 * @param {Version} of
 * @param {string} name
 * @param {number} bytes
 */
async function emitProgress({ files: all, start }, name, bytes) {
  amount.expect(name, all[name]?.size ?? 0);
  amount.add(name, bytes);
  if (!expecting) {
    expecting = true;
    const already = await kept?.names();
    // Which network is chosen, the page knows: its file is counted when it is asked for.
    const missing = start.filter((other) => !already?.has(other) && !other.startsWith("models/"));
    for (const other of missing) amount.expect(other, all[other]?.size ?? 0);
  }
  const { came, total } = amount.told;
  const now = performance.now();
  if (came < total && now - told < TOLD_EVERY) return;
  told = now;
  for (const page of await pages()) page.postMessage({ type: "downloading", came, total });
}

worker.addEventListener("install", (/** @type {any} */ event) => event.waitUntil(install()));
worker.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(activate()));
worker.addEventListener("fetch", answer);
worker.addEventListener("message", (/** @type {any} */ event) => event.waitUntil(receiveMessage(event)));
