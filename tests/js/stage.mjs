/**
 * A page without a browser: the workers and channels that the engine client meets are made here, so that a test is the
 * engine, and decides when each message arrives and when time passes.
 */

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The forms of messages, as the build writes them into config.json. */
export const FORMS = JSON.parse(
  execFileSync(process.env.PYTHON ?? "python3", [
    "-c",
    "import json, pathlib, sys; sys.path.insert(0, sys.argv[1]); from lookalike_build.forms import forms;" +
      " print(json.dumps(forms(pathlib.Path(sys.argv[1], 'lookalike'))))",
    fileURLToPath(new URL("../../py", import.meta.url)),
  ]).toString(),
);
const CONFIG = { model: "m", models: [{ name: "m" }], flickr_url: "", services: [], forms: FORMS };

export const SETTINGS = { photos: 10 };

/** A port whose messages wait until a test delivers them. */
class Port {
  onmessage = null;
  open = true;
  /** What has come and was not delivered yet. */
  queue = [];
  /** @type {Port | null} */
  other = null;

  postMessage(message) {
    if (this.open) this.other?.queue.push(message);
  }

  /** Deliver what waits, the next so many or all. */
  deliver(count = this.queue.length) {
    for (const data of this.queue.splice(0, count)) if (this.open) this.onmessage?.({ data });
  }

  close() {
    this.open = false;
  }
}

class Channel {
  constructor() {
    this.port1 = new Port();
    this.port2 = new Port();
    this.port1.other = this.port2;
    this.port2.other = this.port1;
  }
}

/** One engine, played by a test. */
class Engine {
  /** What has reached it, but for pings. */
  got = [];
  hangs = false;

  constructor(frame, { page, courier, vision }) {
    Object.assign(this, { frame, page, courier, vision });
    page.onmessage = ({ data }) => this.take(data);
  }

  take({ serial, ...message }) {
    if (serial) this.say({ type: "taken", serial });
    if (message.type === "ping") this.say({ type: "pong", id: message.id });
    else this.got.push(message);
  }

  /** Post a message to the page, which does not read it yet. */
  say(message) {
    this.page.postMessage(message);
  }

  /** Read what the page has sent, unless it hangs; have the page read what it says. */
  meet() {
    for (let again = true; again; ) {
      if (!this.hangs) this.page.deliver();
      this.page.other.deliver();
      again = this.page.other.queue.length > 0 || (!this.hangs && this.page.queue.length > 0);
    }
  }

  ready() {
    this.say({ type: "ready", versions: {}, policies: [], services: [] });
    this.meet();
  }

  types() {
    return this.got.map(({ type }) => type);
  }
}

/** Everything that a browser would give to the page. */
export class Stage {
  /** Every engine that was started. @type {Engine[]} */
  engines = [];
  /** The page's port of the courier in charge, as that has it. @type {Port | null} */
  courier = null;
  /** What the page was told. */
  told = [];
  now = 0;
  #timers = [];

  constructor() {
    const stage = this;
    // The courier's frame, which has loaded as soon as it is in the page.
    const frame = () => ({
      contentDocument: { documentElement: { dataset: { courier: "here" } } },
      contentWindow: { postMessage: (_options, _origin, [port]) => (stage.courier = port) },
      addEventListener(_load, begin) {
        this.begin = begin;
      },
      remove() {},
    });
    const body = { append: (loaded) => loaded.begin() };
    globalThis.document = { baseURI: "http://site.test/", createElement: frame, body };
    globalThis.location = { origin: "http://site.test" };
    globalThis.addEventListener = globalThis.removeEventListener = () => {};
    globalThis.MessageChannel = Channel;
    globalThis.BroadcastChannel = class {
      postMessage() {}
      close() {}
    };
    Object.defineProperty(globalThis, "navigator", { value: { hardwareConcurrency: 2 }, configurable: true });
    Object.defineProperty(globalThis, "performance", {
      value: { now: () => this.now, mark() {}, scorer() {} },
      configurable: true,
    });
    globalThis.matchMedia = () => ({ matches: false });
    globalThis.setInterval = (act) => void this.#timers.push(act);
    globalThis.fetch = async () =>
      new Response(JSON.stringify(CONFIG), { headers: { "content-type": "application/json" } });
    globalThis.Worker = class {
      addEventListener() {}
      postMessage() {}
      terminate() {}
    };
    /** In place of the frame that an engine runs in. */
    this.Frame = class {
      terminated = false;
      constructor(_base, _config, ports, callbacks) {
        this.callbacks = callbacks;
        stage.engines.push(new Engine(this, ports));
      }
      stop() {
        this.terminated = true;
      }
    };
  }

  /** The engine in charge. */
  get engine() {
    return this.engines.at(-1);
  }

  /** Start the client and its first engine. */
  async open() {
    const { EngineClient } = await import("../../site/js/client/engine-client.js");
    this.client = new EngineClient(
      (message) => {
        this.told.push(message);
        this.onEmitted?.(message);
      },
      { Frame: this.Frame },
    );
    await this.client.start();
    this.engine.ready();
    return this.client;
  }

  /** Let time pass, as the page's timers and the engine in charge see it. */
  pass(milliseconds) {
    for (const end = this.now + milliseconds; this.now < end; ) {
      this.now += 500;
      this.#timers.forEach((act) => act());
      this.engine.meet();
    }
  }

  search(stances = new Map()) {
    const id = this.client.search([], SETTINGS, {}, "", stances);
    this.engine.meet();
    return id;
  }

  of(type) {
    return this.told.filter((message) => message.type === type);
  }
}

export function finished(id, reason = "budget") {
  return { type: "finished", id, reason, calls: 1, photos: 1, seconds: 1, problem: null };
}

export function scored(id, name) {
  const texts = [
    "title",
    "thumb_url",
    "page_url",
    "owner",
    "owner_id",
    "license",
    "source",
    "license_url",
    "large_url",
    "attribution",
  ];
  const sizes = { width: 4, height: 3, full_width: 4, full_height: 3 };
  const photo = {
    id: name,
    tags: [],
    uploaded: null,
    sensitive: false,
    ...sizes,
    ...Object.fromEntries(texts.map((text) => [text, ""])),
  };
  return {
    type: "scored",
    id,
    photo,
    score: 1,
    tag: "",
    twin: null,
    thumbnail: new Uint8Array(),
    itself: null,
    before: false,
  };
}
