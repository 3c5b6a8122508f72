/** @import {Version} from "./version.js" */
import { addressOf, isWhole, keptNames, keyOf } from "./version.js";

/** Up to this many bytes a file is checked before any of it is given out. */
const SMALL = 1e6;
/** Downloads at once while a version is installed. */
const TOGETHER = 6;
/** Media types by which browsers decide whether they take a file; a host may not know them. */
const TYPES = /** @type {Record<string, string>} */ ({
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  json: "application/json",
  mjs: "text/javascript; charset=utf-8",
  png: "image/png",
  svg: "image/svg+xml",
  wasm: "application/wasm",
  webmanifest: "application/manifest+json",
});

/** A file came that is not the one of this version: the site is broken, or is another version by now. */
export class OtherFile extends Error {
  /** @param {string} name */
  constructor(name) {
    super(`The file ${name} is not the one that belongs to this version of the page.`);
    this.name = "OtherFile";
  }
}

/**
 * The files of one version that are kept in this browser. What is kept has been checked against the
 * hash in the version, and is checked again when it is given out: other code of this origin can write
 * into the cache, too.
 */
export class KeptFiles {
  /** Downloads under way, by name; each settles when the file is kept, or is not going to be.
   * @type {Map<string, Promise<unknown>>} */
  #underWay = new Map();
  #version;
  #scope;
  #context;
  /** @type {Promise<Cache> | null} */
  #opened = null;

  /**
   * @param {Version} version
   * @param {string} scope  The folder of the site, ending in a slash.
   * @param {object} context
   * @param {CacheStorage} context.caches
   * @param {(url: string, options: RequestInit) => Promise<Response>} context.fetch
   * @param {(name: string, bytes: number) => void} context.received  Bytes of a file came from the network.
   * @param {() => void} context.other  The site has another file than this version.
   */
  constructor(version, scope, context) {
    this.#version = version;
    this.#scope = scope;
    this.#context = context;
  }

  /** The names of the files that are kept, of whatever version. */
  async names() {
    const keys = await (await this.#cache()).keys();
    return keptNames(
      keys.map(({ url }) => url),
      this.#scope,
    );
  }

  /**
   * Keep these files.
   * @param {string[]} names
   * @throws where one cannot be had as it was built.
   */
  async keepAll(names) {
    const waiting = [...names];
    const work = async () => {
      for (let name = waiting.shift(); name; name = waiting.shift()) await this.keep(name);
    };
    await Promise.all(Array.from({ length: TOGETHER }, work));
  }

  /**
   * Keep a file, if it is not kept yet.
   * @param {string} name
   */
  async keep(name) {
    if (await this.#found(name)) return;
    // What the page has just loaded need not be downloaded again; if it is another file, it is.
    for (const cache of /** @type {RequestCache[]} */ (["force-cache", "reload"])) {
      const response = await this.#fetch(name, cache);
      if (!response.ok) continue;
      const bytes = new Uint8Array(await response.arrayBuffer());
      if (await this.#isWhole(name, bytes)) return this.#store(name, bytes);
    }
    throw new OtherFile(name);
  }

  /**
   * Answer a request for a file of this version: from what is kept, else from the network.
   * @param {string} name
   * @returns {Promise<Response>}
   */
  async answer(name) {
    for (;;) {
      const kept = await this.#found(name);
      if (kept) return kept;
      const other = this.#underWay.get(name);
      if (!other) return this.#download(name);
      await other;
    }
  }

  /** Forget what does not belong to this version. */
  async clean() {
    const { files } = this.#version;
    const own = new Set(Object.keys(files).map((name) => this.#key(name)));
    const cache = await this.#cache();
    for (const request of await cache.keys()) if (!own.has(request.url)) await cache.delete(request);
  }

  /**
   * The kept file; what is not as it was built is thrown away.
   * @param {string} name
   */
  async #found(name) {
    const cache = await this.#cache();
    const response = await cache.match(this.#key(name));
    if (!response) return null;
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (await this.#isWhole(name, bytes)) return responseOf(name, bytes);
    await cache.delete(this.#key(name));
    return null;
  }

  /** @param {string} name */
  async #download(name) {
    /** @type {(value?: unknown) => void} */
    let over = () => {};
    this.#underWay.set(name, new Promise((resolve) => (over = resolve)));
    const end = () => {
      this.#underWay.delete(name);
      over();
    };
    try {
      const response = await this.#fetch(name, "no-cache");
      if (!response.ok || !response.body) {
        end();
        return response;
      }
      const body = this.#checked(name, response.body, end);
      const { size } = this.#file(name);
      if (size > SMALL) return responseOf(name, body);
      return responseOf(name, new Uint8Array(await new Response(body).arrayBuffer()));
    } catch (error) {
      end();
      throw error;
    }
  }

  /**
   * What comes, until it turns out to be another file: then it ends in an error, and not as a whole.
   * @param {string} name
   * @param {ReadableStream<Uint8Array<ArrayBuffer>>} body
   * @param {() => void} end  Told when the file is kept, or is not going to be.
   * @returns {ReadableStream<Uint8Array<ArrayBuffer>>}
   */
  #checked(name, body, end) {
    const reader = body.getReader();
    const bytes = new Uint8Array(this.#file(name).size);
    let at = 0;
    return new ReadableStream({
      pull: async (out) => {
        try {
          const { done, value } = await reader.read();
          if (!done) {
            if (at + value.length > bytes.length) throw new OtherFile(name);
            bytes.set(value, at);
            at += value.length;
            this.#context.received(name, value.length);
            out.enqueue(value);
            return;
          }
          if (at < bytes.length || !(await this.#isWhole(name, bytes))) throw new OtherFile(name);
          // A full disk is no reason to give nothing out.
          await this.#store(name, bytes).catch(() => {});
          out.close();
        } catch (error) {
          if (error instanceof OtherFile) this.#context.other();
          reader.cancel().catch(() => {});
          out.error(error);
        }
        end();
      },
      cancel: () => {
        end();
        return reader.cancel();
      },
    });
  }

  /**
   * @param {string} name
   * @param {RequestCache} cache
   */
  #fetch(name, cache) {
    const url = this.#scope + addressOf(name);
    return this.#context.fetch(url, { cache, credentials: "same-origin" });
  }

  /**
   * @param {string} name
   * @param {Uint8Array<ArrayBuffer>} bytes
   */
  async #store(name, bytes) {
    await (await this.#cache()).put(this.#key(name), responseOf(name, bytes));
  }

  #cache() {
    // One for each site: several may lie in the folders of one host.
    this.#opened ??= this.#context.caches.open(`lookalike ${this.#scope}`);
    return this.#opened;
  }

  /** @param {string} name */
  #key(name) {
    return keyOf(name, this.#file(name).sha256, this.#scope);
  }

  /** @param {string} name */
  #file(name) {
    const file = this.#version.files[name];
    if (!file) throw new Error(`this version has no file ${name}`);
    return file;
  }

  /**
   * @param {string} name
   * @param {Uint8Array<ArrayBuffer>} bytes
   */
  #isWhole(name, bytes) {
    return isWhole(bytes, this.#file(name));
  }
}

/**
 * @param {string} name
 * @param {BodyInit} body
 */
function responseOf(name, body) {
  const type = TYPES[name.slice(name.lastIndexOf(".") + 1)] ?? "application/octet-stream";
  return new Response(body, { headers: { "content-type": type } });
}
