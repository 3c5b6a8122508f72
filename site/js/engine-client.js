import { CourierClient } from "./courier-client.js";
import { isOfMeasures, MeasureKeeper, measureLost } from "./measure-keeper.js";
import { findBrokenFile } from "./site-check.js";
import { failure, fetchJson, StartError } from "./start-up.js";
import { WorkKeeper } from "./work-keeper.js";
import { startWorker } from "./worker-bootstrap.js";

/** @import {CollectMessage, FailedMessage, FromEngine, MarkName, Problem, QueryPhoto, Reason, RestoreMessage, Settings, Stance, ToEngine, Wish} from "./protocol.js" */
/** @import {Config} from "./engine/worker.js" */

/** Milliseconds that an engine may stay silent: after a cancel, with a new measure, and during a search. */
const SILENCE = { cancel: 1000, measure: 3000, search: 20_000 };
const PING_EVERY = 500;

const STUCK = {
  code: "stuck",
  message: "The engine no longer answered, and was restarted.",
  advice: "What was found stays here. If the measure was changed, see that its functions return; then search again.",
  line: null,
};

const CRASHED = {
  code: "crashed",
  message: "The engine broke down, and was restarted.",
  advice: "What was found stays here. Search again; if it happens again with this photo, try a smaller copy of it.",
  line: null,
};

/** @typedef {{id: number, queries: QueryPhoto[], text: string, settings: Settings, made: Record<string, number[]>}} Request */

/**
 * The page's side of the engine: starts the workers, passes messages, and replaces an engine that
 * hangs, so that every search ends by a `finished` message whatever happens.
 */
export class EngineClient {
  /** @param {(message: FromEngine) => void} onMessage */
  constructor(onMessage) {
    /** @param {FromEngine} message */
    this.tell = (message) => {
      timed(message);
      onMessage(message);
    };
    this.base = new URL(".", document.baseURI).href;
    this.key = "";
    /** The network that is wanted, by its name; it counts from the next start, and if the site has it. */
    this.model = "";
    this.lastId = 0;
    this.ready = false;
    /** Counts starts, so that what is said of an earlier one can be told apart. */
    this.attempt = 0;
    /** @type {Worker[]} */
    this.visionWorkers = [];
    /** @type {CourierClient | null} */
    this.courier = null;
    /** @type {Worker | null} */
    this.worker = null;
    /** @type {MessagePort | null} */
    this.port = null;
    /** @type {Request | null} */
    this.waiting = null;
    /** @type {number | null} */
    this.searching = null;
    this.spent = { calls: 0, photos: 0, seconds: 0 };
    this.cancelling = false;
    this.measures = new MeasureKeeper();
    this.works = new WorkKeeper();
    /** When the engine was first asked for a sign of life that it has not given since.
     * @type {number | null} */
    this.asked = null;
    setInterval(() => this.watch(), PING_EVERY);
  }

  /** Start everything; after `failed`, or with another network, start anew. A search that runs ends. */
  async start() {
    const attempt = ++this.attempt;
    if (this.searching !== null && !this.waiting) this.finish("cancelled", null);
    this.stopWorkers();
    try {
      /** @type {Config} */
      const config = JSON.parse(await fetchJson(`${this.base}config.json`, { cache: "no-cache" }));
      if (attempt !== this.attempt) return;
      const model = config.models.find(({ name }) => name === this.model)?.name ?? config.model;
      this.config = { ...config, model };
      this.courier = new CourierClient(this.base, config.flickr_url, (event) => this.fail(workerFailure(event)));
      this.courier.setKey(this.key);
      this.startEngine();
    } catch (error) {
      this.fail(failure(error));
    }
  }

  /**
   * Give this start up: stop what is half there, whose later messages would hide the failure.
   * @param {FailedMessage} message
   */
  async fail(message) {
    const { attempt } = this;
    this.stopWorkers();
    this.searching = this.waiting = null;
    this.tell(message);
    if (message.problem.code !== "start") return;
    const broken = await findBrokenFile(this.base);
    if (broken && attempt === this.attempt) this.tell(failure(new StartError(broken)));
  }

  /** @param {string} key  The Flickr API key, or "". */
  setKey(key) {
    this.key = key;
    this.courier?.setKey(key);
  }

  /**
   * Search for photos like these; a search that runs is given up without another word.
   * @param {QueryPhoto[]} queries
   * @param {Settings} settings
   * @param {Record<string, number[]>} made  When each service was called in the last 24 hours, in Unix seconds.
   * @param {string} text  The words that are searched for besides, or instead; "" for none.
   */
  search(queries, settings, made, text) {
    const id = ++this.lastId;
    this.searching = id;
    this.cancelling = false;
    this.spent = { calls: 0, photos: 0, seconds: 0 };
    this.waiting = { id, queries, text, settings, made };
    this.sendWaiting();
    return id;
  }

  /** Cancel the current search. */
  cancel() {
    if (this.searching === null) return;
    if (this.waiting) {
      this.waiting = null;
      this.finish("cancelled", null);
    } else {
      this.cancelling = true;
      this.asked = performance.now();
      this.send({ type: "cancel", id: this.searching });
    }
  }

  /**
   * @param {string} tag
   * @param {Stance} stance
   */
  steer(tag, stance) {
    if (this.searching !== null) this.send({ type: "steer", id: this.searching, tag, stance });
  }

  /** The measure in charge; null for the published one. */
  get inCharge() {
    return this.measures.inCharge;
  }

  /**
   * Try a file as the measure of everything from now on; `measured` tells what became of it.
   * @param {string} code
   * @param {string} name
   * @param {boolean} published  Whether it is the site's own.
   */
  measure(code, name, published) {
    const { id } = this.measures.try({ code, name }, published);
    if (this.ready) this.send({ type: "measure", id, code, name });
    return id;
  }

  /**
   * @param {number} id  The search's.
   * @param {string} photo
   * @param {MarkName} mark
   */
  mark(id, photo, mark) {
    this.measures.touch();
    this.send({ type: "mark", id, photo, mark });
  }

  /**
   * Give the photos of a search that has ended to an engine that does not know them.
   * @param {Omit<RestoreMessage, "type">} search
   */
  restore(search) {
    this.measures.touch();
    this.send({ type: "restore", ...search });
  }

  /**
   * Work on a collection, as soon as there is an engine; `collecting` tells how it goes.
   * @param {Omit<CollectMessage, "type" | "id">} work
   */
  collect(work) {
    const message = this.works.take(work, this.ready);
    if (this.ready) this.send(message);
    return message.id;
  }

  /**
   * @param {number} id  Of the work.
   * @param {Wish} wish
   */
  conduct(id, wish) {
    this.send({ type: "conduct", id, wish });
  }

  /** @param {ToEngine} message */
  send(message) {
    this.port?.postMessage(message);
  }

  sendWaiting() {
    if (!this.ready || !this.waiting) return;
    this.send({ type: "search", ...this.waiting });
    this.waiting = null;
  }

  startEngine() {
    const page = new MessageChannel();
    const vision = this.connectVision();
    const courier = /** @type {CourierClient} */ (this.courier).connect();
    const options = { base: this.base, config: this.config, page: page.port2, vision, courier };
    this.ready = false;
    this.asked = null;
    this.measures.renew();
    this.port = page.port1;
    this.port.onmessage = (event) => this.receive(event.data);
    this.worker = startWorker(`${this.base}js/engine/worker.js`, options, [page.port2, courier, ...vision]);
    this.worker.onerror = (event) => {
      event.preventDefault();
      if (this.atWork) this.replaceEngine(CRASHED);
      else this.fail(workerFailure(event));
    };
  }

  /** Vision workers are kept when the engine is replaced: each gets a channel to the new one. */
  connectVision() {
    const count = Math.min(4, Math.max(1, Math.floor((navigator.hardwareConcurrency || 2) / 2)));
    const channels = Array.from({ length: count }, () => new MessageChannel());
    channels.forEach(({ port1: engine }, index) => {
      const worker = this.visionWorkers[index];
      if (worker) worker.postMessage({ engine }, [engine]);
      else this.visionWorkers[index] = this.startVision(engine, index);
    });
    return channels.map(({ port2 }) => port2);
  }

  /**
   * @param {MessagePort} engine
   * @param {number} index
   */
  startVision(engine, index) {
    const options = { base: this.base, model: this.config?.model, engine };
    const worker = startWorker(`${this.base}js/vision/worker.js`, options, [engine]);
    // The others do the same at the same time: the first one's phases speak for all.
    worker.onmessage = ({ data }) => {
      if (data.type === "failed") this.fail(data);
      else if (index === 0) this.tell(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.fail(workerFailure(event));
    };
    return worker;
  }

  /** @param {FromEngine} message */
  receive(message) {
    this.asked = null;
    if (message.type === "pong") return;
    if (message.type === "failed") {
      this.fail(message);
      return;
    }
    this.measures.hear(message);
    this.works.hear(message);
    if ("id" in message && !isOfMeasures(message) && message.type !== "collecting") {
      if (message.id !== this.searching) return;
      if (message.type === "progress") this.spent = message;
      if (message.type === "finished") this.searching = null;
    }
    if (message.type === "ready" && this.measures.trial) {
      const { id, code, name } = this.measures.trial;
      this.send({ type: "measure", id, code, name });
    }
    this.tell(message);
    if (message.type === "ready") {
      this.ready = true;
      this.sendWaiting();
      const { again, lost } = this.works.renew();
      again.forEach((work) => this.send(work));
      lost.forEach(this.tell);
    }
  }

  /** Whether the engine has been given something to do. */
  get atWork() {
    return this.ready && ((this.searching !== null && !this.waiting) || this.measures.watching || this.works.any);
  }

  watch() {
    if (!this.atWork) {
      // What was asked and not answered before is of no matter now.
      this.asked = null;
      this.measures.rest();
      return;
    }
    // A hidden tab's timers are slow: only what is asked and not answered counts as silence.
    this.asked ??= performance.now();
    const silence = performance.now() - this.asked;
    const { search, measure, cancel } = SILENCE;
    if (silence > (this.cancelling ? cancel : this.measures.watching ? measure : search)) this.replaceEngine(STUCK);
    else this.send({ type: "ping", id: this.searching ?? this.lastId });
  }

  /** @param {Problem} problem  Why. */
  replaceEngine(problem) {
    this.worker?.terminate();
    const blamed = this.measures.blame();
    const lost = blamed && measureLost(blamed, problem === STUCK);
    if (blamed) this.tell({ type: "measured", id: blamed.id, problem: lost, features: "kept", optional: [] });
    if (this.cancelling) this.finish("cancelled", null);
    else if (this.searching !== null && !this.waiting) this.finish("failed", lost ?? problem);
    this.startEngine();
  }

  /**
   * @param {Reason} reason
   * @param {Problem | null} problem
   */
  finish(reason, problem) {
    const id = this.searching ?? this.lastId;
    const { calls, photos, seconds } = this.spent;
    this.searching = null;
    this.cancelling = false;
    this.tell({ type: "finished", id, reason, calls, photos, seconds, problem });
  }

  stopWorkers() {
    this.worker?.terminate();
    this.port?.close();
    this.port = null;
    this.courier?.stop();
    this.courier = null;
    for (const worker of this.visionWorkers) worker.terminate();
    this.visionWorkers = [];
    this.ready = false;
  }
}

/**
 * Leave what happened, and when, in the browser's own timeline (User Timing), where developer tools
 * show it and tests/bench.py reads it.
 * @param {FromEngine} message
 */
function timed(message) {
  if (message.type === "phase" && message.state === "done") {
    const end = performance.now();
    performance.measure(message.name, { start: Math.max(0, end - message.ms), end });
  } else if (["ready", "started", "scored", "finished", "measured", "rescored", "collecting"].includes(message.type)) {
    performance.mark(message.type);
  }
}

/**
 * @param {ErrorEvent} event
 * @returns {FailedMessage}
 */
function workerFailure(event) {
  return failure(new Error(event.message || "a script could not be loaded"));
}
