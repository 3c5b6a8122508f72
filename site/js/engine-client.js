import { AwakeClock } from "./awake.js";
import { CourierClient } from "./courier-client.js";
import { EngineFrame } from "./engine-frame.js";
import { EnginePort } from "./engine-port.js";
import { Held } from "./held.js";
import { Lending } from "./lending.js";
import { isOfMeasures, MeasureKeeper, measureLost } from "./measure-keeper.js";
import { SearchKeeper } from "./search-keeper.js";
import { findBrokenFile } from "./site-check.js";
import { blocked, failure, fetchJson, StartError, workerFailure } from "./start-up.js";
import { timed } from "./timeline.js";
import { VisionClient } from "./vision-client.js";
import { WorkKeeper } from "./work-keeper.js";

/** @import {CollectMessage, CourierToPage, FailedMessage, FromEngine, MarkName, Problem, QueryPhoto, RestoreMessage, Settings, Stance, ToEngine, Told, Wish} from "./protocol.js" */
/** @import {Config} from "./engine/worker.js" */
/** @import {Rights} from "./lending.js" */

/** Milliseconds awake that an engine may stay silent: after a cancel, with a new measure, and during a search. */
const SILENCE = { cancel: 1000, measure: 3000, search: 20_000 };
const PING_EVERY = 500;

/** What a collection is called among the sources, before its id. */
const OWN = "collection:";

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
  /** @param {(message: Told) => void} onMessage */
  constructor(onMessage) {
    /** @param {Told} message */
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
    /** @type {EngineFrame | null} */
    this.frame = null;
    /** @type {Lending | null} */
    this.lending = null;
    /** @type {EnginePort | null} */
    this.port = null;
    this.held = new Held([]);
    this.searches = new SearchKeeper();
    this.measures = new MeasureKeeper();
    this.works = new WorkKeeper();
    /** What the search that the engine knows of searches. @type {string[]} */
    this.searched = [];
    this.clock = new AwakeClock(PING_EVERY + 100);
    /** When, by this clock, the engine was first asked for a sign of life that it has not given since.
     * @type {number | null} */
    this.asked = null;
    /** The number of the ping that it has not answered; 0 for none. */
    this.ping = 0;
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
      this.held = new Held(config.services);
      this.courier = new CourierClient(this.base, { services: config.services, apiUrl: config.flickr_url }, {
        told: (message) => this.hearCourier(message),
        broken: (message) => this.fail(failure(new Error(message))),
      });
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
    if (message.problem.code === "file") return;
    const found = await findBrokenFile(this.base);
    if (attempt !== this.attempt) return;
    if (found instanceof StartError) this.tell(failure(found));
    else if (found === "whole" && message.problem.code === "load") this.tell(blocked(message));
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
    this.searched = search.settings.sources;
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
    this.port?.send(message);
  }

  sendWaiting() {
    const search = this.ready && this.searches.hand();
    if (!search) return;
    const { sources, calls } = search.settings;
    this.searched = sources;
    this.courier?.grant(sources, calls, search.made);
    this.send({ type: "search", ...search });
  }

  startEngine() {
    if (!this.vision || !this.courier || !this.config) return;
    const [page, lent] = [new MessageChannel(), new MessageChannel()];
    const ports = { page: page.port2, lending: lent.port2, vision: this.vision.connect(), courier: this.courier.connect() };
    this.ready = false;
    this.asked = null;
    this.ping = 0;
    this.measures.renew();
    this.port = new EnginePort(page.port1, this.config.forms, {
      message: (message) => this.receive(message),
      flood: () => this.lose("the engine sent more than the page could read"),
    });
    this.lending = new Lending(lent.port1, this.base, () => this.rights);
    const frame = new EngineFrame(this.base, this.config, ports, {
      // One that breaks down may say so more than once, even when another has taken its place.
      broken: (message) => frame === this.frame && this.lose(message),
      failed: (error) => frame === this.frame && this.fail(failure(error)),
    });
    this.frame = frame;
  }

  /** What the engine may use of what this browser keeps. @returns {Rights} */
  get rights() {
    const { working, making } = this.works;
    const searched = this.searched.filter((name) => name.startsWith(OWN)).map((name) => name.slice(OWN.length));
    return { read: new Set([...searched, ...working]), work: working, make: making };
  }

  /** @param {string} message  Why the engine broke down. */
  lose(message) {
    if (this.atWork) this.replaceEngine(CRASHED);
    else this.fail(failure(new Error(message || "a script could not be loaded")));
  }

  /** @param {CourierToPage} message */
  hearCourier(message) {
    if (message.type === "found") return this.held.learn(message);
    // Who counts the calls to a service is who makes them.
    if (message.kind === "call") this.tell({ type: "calls", source: message.source, made: [message.at] });
    this.tell(message);
  }

  /** @param {FromEngine} sent  Of a known form, and of nothing else that would be known to be true. */
  receive(sent) {
    if (sent.type === "calls") return;
    if (sent.type === "pong") {
      // What never hears a ping cannot answer it, however much it says.
      if (sent.id !== this.ping) return;
      this.asked = null;
      this.ping = 0;
      return;
    }
    const message = this.held.cleared(sent);
    if (message.type === "failed") {
      this.fail(message);
      return;
    }
    // A file is taken for an export that was asked for, at its end, once.
    if (message.type === "collecting" && !this.works.exports(message)) message.file = null;
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
      this.vision?.startOthers();
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
    else if (!this.ping) {
      this.ping = crypto.getRandomValues(new Uint32Array(1))[0] || 1;
      this.send({ type: "ping", id: this.ping });
    }
  }

  /** @param {Problem} problem  Why. */
  replaceEngine(problem) {
    this.stopEngine();
    const blamed = this.measures.blame();
    const lost = blamed && measureLost(blamed, problem === STUCK);
    if (blamed) this.tell({ type: "measured", id: blamed.id, problem: lost, features: "kept", optional: [] });
    if (this.searches.cancelling) this.tell(this.searches.end("cancelled", null));
    else if (this.searches.running) this.tell(this.searches.end("failed", lost ?? problem));
    this.startEngine();
  }

  stopEngine() {
    this.frame?.stop();
    this.frame = null;
    this.lending?.close();
    this.lending = null;
    this.port?.close();
    this.port = null;
  }

  stopWorkers() {
    this.stopEngine();
    this.courier?.stop();
    this.courier = null;
    this.vision?.stop();
    this.vision = null;
    this.ready = false;
  }
}
