import { AwakeClock } from "./awake.js";
import { CourierClient } from "./courier-client.js";
import { isOfMeasures, MeasureKeeper, measureLost } from "./measure-keeper.js";
import { SearchKeeper } from "./search-keeper.js";
import { findBrokenFile } from "./site-check.js";
import { failure, fetchJson, StartError, workerFailure } from "./start-up.js";
import { timed } from "./timeline.js";
import { VisionClient } from "./vision-client.js";
import { WorkKeeper } from "./work-keeper.js";
import { startWorker } from "./worker-bootstrap.js";

/** @import {CollectMessage, FailedMessage, FromEngine, MarkName, Problem, QueryPhoto, RestoreMessage, Settings, Stance, ToEngine, Wish} from "./protocol.js" */
/** @import {Config} from "./engine/worker.js" */

/** Milliseconds awake that an engine may stay silent: after a cancel, with a new measure, and during a search. */
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
    this.ready = false;
    /** Counts starts, so that what is said of an earlier one can be told apart. */
    this.attempt = 0;
    /** @type {VisionClient | null} */
    this.vision = null;
    /** @type {CourierClient | null} */
    this.courier = null;
    /** @type {Worker | null} */
    this.worker = null;
    /** @type {MessagePort | null} */
    this.port = null;
    this.searches = new SearchKeeper();
    this.measures = new MeasureKeeper();
    this.works = new WorkKeeper();
    this.clock = new AwakeClock(PING_EVERY + 100);
    /** When, by this clock, the engine was first asked for a sign of life that it has not given since.
     * @type {number | null} */
    this.asked = null;
    setInterval(() => this.watch(), PING_EVERY);
  }

  /** Start everything; after `failed`, or with another network, start anew. A search that runs ends. */
  async start() {
    const attempt = ++this.attempt;
    if (this.searches.running) this.tell(this.searches.end("cancelled", null));
    this.stopWorkers();
    try {
      /** @type {Config} */
      const config = JSON.parse(await fetchJson(`${this.base}config.json`, { cache: "no-cache" }));
      if (attempt !== this.attempt) return;
      const model = config.models.find(({ name }) => name === this.model)?.name ?? config.model;
      this.config = { ...config, model };
      /** @param {ErrorEvent} event */
      const broken = (event) => this.fail(workerFailure(event));
      this.vision = new VisionClient(this.base, model, (message) => (message.type === "failed" ? this.fail(message) : this.tell(message)), broken);
      this.courier = new CourierClient(this.base, config.flickr_url, broken);
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
    this.searches.drop();
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
    const id = this.searches.begin({ queries, settings, made, text });
    this.sendWaiting();
    return id;
  }

  /** Cancel the current search. */
  cancel() {
    const { id, running } = this.searches;
    if (id === null) return;
    if (running) {
      this.searches.cancelling = true;
      this.asked = this.clock.read();
      this.send({ type: "cancel", id });
    } else {
      this.tell(this.searches.end("cancelled", null));
    }
  }

  /**
   * @param {string} tag
   * @param {Stance} stance
   */
  steer(tag, stance) {
    const { id } = this.searches;
    if (id !== null) this.send({ type: "steer", id, tag, stance });
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
    const search = this.ready && this.searches.hand();
    if (search) this.send({ type: "search", ...search });
  }

  startEngine() {
    if (!this.vision || !this.courier) return;
    const page = new MessageChannel();
    const vision = this.vision.connect();
    const courier = this.courier.connect();
    const options = { base: this.base, config: this.config, page: page.port2, vision, courier };
    this.ready = false;
    this.asked = null;
    this.measures.renew();
    this.port = page.port1;
    this.port.onmessage = (event) => this.receive(event.data);
    const worker = startWorker(`${this.base}js/engine/worker.js`, options, [page.port2, courier, ...vision]);
    this.worker = worker;
    worker.onerror = (event) => {
      event.preventDefault();
      // One that breaks down may say so more than once, even when another has taken its place.
      if (worker !== this.worker) return;
      if (this.atWork) this.replaceEngine(CRASHED);
      else this.fail(workerFailure(event));
    };
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
    const ofSearch = "id" in message && !isOfMeasures(message) && message.type !== "collecting";
    if (ofSearch && !this.searches.hear(message)) return;
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
    return this.ready && (this.searches.running || this.measures.watching || this.works.any);
  }

  watch() {
    const now = this.clock.read();
    if (!this.atWork) {
      // What was asked and not answered before is of no matter now.
      this.asked = null;
      this.measures.rest();
      return;
    }
    // A hidden tab's timers are slow: only what is asked and not answered counts as silence.
    this.asked ??= now;
    const silence = now - this.asked;
    const { search, measure, cancel } = SILENCE;
    if (silence > (this.searches.cancelling ? cancel : this.measures.watching ? measure : search)) this.replaceEngine(STUCK);
    else this.send({ type: "ping", id: this.searches.lastId });
  }

  /** @param {Problem} problem  Why. */
  replaceEngine(problem) {
    this.worker?.terminate();
    const blamed = this.measures.blame();
    const lost = blamed && measureLost(blamed, problem === STUCK);
    if (blamed) this.tell({ type: "measured", id: blamed.id, problem: lost, features: "kept", optional: [] });
    if (this.searches.cancelling) this.tell(this.searches.end("cancelled", null));
    else if (this.searches.running) this.tell(this.searches.end("failed", lost ?? problem));
    this.startEngine();
  }

  stopWorkers() {
    this.worker?.terminate();
    this.port?.close();
    this.port = null;
    this.courier?.stop();
    this.courier = null;
    this.vision?.stop();
    this.vision = null;
    this.ready = false;
  }
}
