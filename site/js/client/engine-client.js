import { collectionOf, isOwnSource } from "../source-name.js";
import { CourierKeeper } from "./courier-keeper.js";
import { EngineFrame } from "./engine-frame.js";
import { EngineLink } from "./engine-link.js";
import { CRASHED, LEFT, STUCK } from "./engine-lost.js";
import { isOfScoring, ScorerState, scorerLost } from "./scorer-state.js";
import { PendingSearch } from "./pending-search.js";
import { findBrokenFile } from "./site-check.js";
import { blocked, countFetched, failure, fetchJson, StartError, workerFailure } from "./start-up.js";
import { timed } from "./timeline.js";
import { VisionClient } from "./vision-client.js";
import { JobKeeper } from "./job-keeper.js";
import { PING_EVERY, Watchdog } from "./watchdog.js";

/**
 * @import {Budget, CollectMessage, FailedMessage, FromEngine, MarkName, Problem, QueryPhoto,
 *   ReadyMessage, RestoreMessage, Settings, Stance, Tally, ToEngine, Told, Wish} from "../protocol.js"
 */
/** @import {Config} from "../engine/worker.js" */
/** @import {Rights} from "./lending.js" */

/**
 * The page's side of the engine: starts the workers, passes messages, and replaces an engine that
 * hangs, so that every search ends by a `finished` message whatever happens.
 */
export class EngineClient {
  #base = new URL(".", document.baseURI).href;
  /** @type {Config | null} */
  #config = null;
  /** The network that is wanted, by its name. */
  #model = "";
  /** Counts starts, so that what is said of an earlier one can be told apart. */
  #attempt = 0;
  /** Whether it is counted here what is downloaded. */
  #counting = false;
  /** @type {VisionClient | null} */
  #vision = null;
  #courier = new CourierKeeper({
    onMessage: (message) => this.#emit(message),
    onBroken: (message) => this.#fail(failure(new Error(message))),
  });
  /** The one engine that is listened to. @type {EngineLink | null} */
  #engine = null;
  /** One that takes its place as soon as the code of somebody else has to go. @type {EngineLink | null} */
  #spare = null;
  /** Whether the engine can be given something to do. */
  #ready = false;
  /** Whether a new engine is being given what was on show and the scorer. */
  #welcoming = false;
  /** What the search that the engine knows of searches. @type {string[]} */
  #searched = [];
  #searches = new PendingSearch();
  #scorers = new ScorerState();
  #works = new JobKeeper();
  #watchdog = new Watchdog();
  #onMessage;
  #begun;
  #Frame;

  /**
   * @param {(message: Told) => void} onMessage
   * @param {{begun?: Promise<boolean>, Frame?: typeof EngineFrame}} [how]  `begun`: when the site's files may be
   *   fetched; whether through a service worker. `Frame`: where an engine runs.
   */
  constructor(onMessage, { begun, Frame = EngineFrame } = {}) {
    this.#onMessage = onMessage;
    this.#begun = begun;
    this.#Frame = Frame;
    setInterval(() => this.#watch(), PING_EVERY);
  }

  /** What the site has, and the network in charge; null until that is known. */
  get config() {
    return this.#config;
  }

  /** The scorer in charge; null for the published one. */
  get inCharge() {
    return this.#scorers.inCharge;
  }

  /** The number of the search that has ended and can go on; null where there is none. */
  get resumable() {
    return this.#ready && !this.#isTainted() ? this.#searches.resumable : null;
  }

  /** Whether the engine has been given something to do. */
  get #atWork() {
    const { running, leaving } = this.#searches;
    return this.#ready && (running || leaving || this.#scorers.watching || this.#works.any);
  }

  /** What the engine may use of what this browser keeps. @returns {Rights} */
  get #rights() {
    const { working, making } = this.#works;
    const searched = this.#searched.filter(isOwnSource).map(collectionOf);
    return { read: new Set([...searched, ...working]), work: working, make: making };
  }

  /** Start everything; after `failed`, or with another network, start again. A search that runs ends. */
  async start() {
    const attempt = ++this.#attempt;
    if (this.#searches.running) this.#emit(this.#searches.end("cancelled", null));
    this.#stopWorkers();
    try {
      // A service worker counts for itself what it downloads.
      if (this.#begun) this.#counting = !(await this.#begun);
      if (attempt !== this.#attempt) return;
      /** @type {Config} */
      const config = JSON.parse(await fetchJson(`${this.#base}config.json`, { cache: "no-cache" }));
      if (attempt !== this.#attempt) return;
      const model = config.models.find(({ name }) => name === this.#model)?.name ?? config.model;
      this.#config = { ...config, model };
      countFetched(this.#counting ? (name, bytes) => this.#emit({ type: "received", name, bytes }) : null);
      /** @param {ErrorEvent} event */
      const broken = (event) => this.#fail(workerFailure(event));
      this.#vision = new VisionClient(
        this.#base,
        model,
        this.#counting,
        (message) => (message.type === "failed" ? this.#fail(message) : this.#emit(message)),
        broken,
      );
      this.#courier.start(this.#base, config);
      this.#startEngine();
    } catch (error) {
      if (attempt === this.#attempt) this.#fail(failure(error));
    }
  }

  /**
   * Give this start up: stop what is half there, whose later messages would hide the failure.
   * @param {FailedMessage} message
   */
  async #fail(message) {
    const attempt = this.#attempt;
    this.#stopWorkers();
    this.#searches.drop();
    this.#emit(message);
    if (message.problem.code === "file") return;
    const found = await findBrokenFile(this.#base);
    if (attempt !== this.#attempt) return;
    if (found instanceof StartError) this.#emit(failure(found));
    else if (found === "whole" && message.problem.code === "load") this.#emit(blocked(message));
  }

  /** @param {string} name  The network that is wanted; it counts from the next start, and if the site has it. */
  setModel(name) {
    this.#model = name;
  }

  /** @param {string} key  The Flickr API key, or "". */
  setKey(key) {
    this.#courier.setKey(key);
  }

  /**
   * Search for photos like these; a search that runs is given up without another word.
   * @param {QueryPhoto[]} queries
   * @param {Settings} settings
   * @param {Record<string, number[]>} made  When each service was called in the last 24 hours, in Unix seconds.
   * @param {string} text  The words that are searched for besides, or instead; "" for none.
   * @param {ReadonlyMap<string, Stance>} stances  The tags that are steered, as they are when it begins.
   */
  search(queries, settings, made, text, stances) {
    const { running, cancelling, id: before } = this.#searches;
    if (running && !cancelling) this.#sendCancel(/** @type {number} */ (before));
    const id = this.#searches.begin({ queries, settings, made, text, stances });
    if (this.#isTainted()) this.#renewEngine();
    this.#sendWaiting();
    return id;
  }

  /**
   * Go on with the search that can.
   * @param {Budget} budget  On top of what it has spent.
   * @param {Record<string, number[]>} made  As for a search.
   */
  goOn(budget, made) {
    const id = this.resumable;
    if (id === null) return;
    this.#searches.goOn();
    this.#courier.grant(this.#searched, budget.calls, made);
    this.#send({ type: "continue", id, ...budget, made });
  }

  /**
   * Have the next search begin without what earlier ones have found, and delete what services have answered.
   * @returns {Promise<Tally | null>}  What is left; null where nothing is deleted before the next start. Rejected where
   *   the browser deletes nothing.
   */
  async forget() {
    const ready = this.#ready;
    if (ready) this.#send({ type: "forget" });
    try {
      return await this.#courier.forget();
    } finally {
      // One that has come meanwhile may have been given some of it.
      if (!ready) this.#send({ type: "forget" });
    }
  }

  /** @returns {Promise<Tally | null>}  How much is kept of what services have answered; null where nobody knows. */
  tally() {
    return this.#courier.tally();
  }

  /**
   * A picture that somebody has kept of an earlier visit.
   * @param {string} source  The name of its service.
   * @param {string} address
   * @returns {Promise<Uint8Array | null>}  Null where it cannot be had now.
   */
  picture(source, address) {
    return this.#courier.picture(source, address);
  }

  /** Cancel the current search. */
  cancel() {
    const { id, running } = this.#searches;
    if (id === null) return;
    if (running) {
      this.#searches.cancel();
      this.#sendCancel(id);
    } else {
      this.#emit(this.#searches.end("cancelled", null));
    }
  }

  /** @param {number} id  Of a search that the engine has. */
  #sendCancel(id) {
    this.#watchdog.cancel();
    this.#send({ type: "cancel", id });
  }

  /**
   * Have a tag asked more about, never asked, or left be: while the search runs, and when it has ended and may go on.
   * @param {number} id  Of the search.
   * @param {string} tag
   * @param {Stance} stance
   */
  steer(id, tag, stance) {
    if (id === this.#searches.held) this.#send({ type: "steer", id, tag, stance });
  }

  /**
   * Try a file as the scorer of everything from now on; `scorer-tried` tells what became of it.
   * @param {string} code
   * @param {string} name
   * @param {boolean} published  Whether it is the site's own.
   * @param {boolean} own  Whether the person wrote it here.
   */
  tryScorer(code, name, published, own) {
    const trial = this.#scorers.try({ code, name, own: own || published }, published);
    if (this.#isTainted(code)) this.#renewEngine();
    else if (trial === this.#scorers.trial) this.#sendTrial();
    return trial.id;
  }

  #sendTrial() {
    const { trial } = this.#scorers;
    if (!trial || !this.#ready || !this.#engine) return;
    if (!trial.own) this.#engine.taint(trial.code);
    this.#send({ type: "try-scorer", id: trial.id, code: trial.code, name: trial.name });
  }

  /**
   * Whether the engine has run code that the person did not write here, and that is not in charge: it may have left
   * something behind.
   * @param {string} [code]  Of the scorer that is to be in charge; without it, of that which is.
   */
  #isTainted(code = (this.#scorers.trial ?? this.#scorers.inCharge)?.code) {
    const foreign = this.#engine?.foreign ?? null;
    return foreign !== null && foreign !== code;
  }

  /** Put a new engine in the place of one that is tainted; a search that runs there ends, and what it found stays. */
  #renewEngine() {
    this.#stopEngine();
    if (this.#searches.running) this.#emit(this.#searches.end("cancelled", LEFT));
    this.#startEngine({ alone: true });
  }

  /**
   * @param {number} id  The search's.
   * @param {string} photo
   * @param {MarkName} mark
   */
  mark(id, photo, mark) {
    this.#scorers.touch();
    this.#send({ type: "mark", id, photo, mark });
  }

  /**
   * Give the photos of a search that has ended to an engine that does not know them.
   * @param {Omit<RestoreMessage, "type">} search
   */
  restore(search) {
    this.#scorers.touch();
    this.#searches.displace();
    this.#searched = search.settings.sources;
    this.#send({ type: "restore", ...search });
  }

  /**
   * Work on a collection, as soon as there is an engine; `collecting` tells how it goes.
   * @param {Omit<CollectMessage, "type" | "id">} work
   */
  collect(work) {
    if (this.#isTainted()) this.#renewEngine();
    const message = this.#works.take(work, this.#ready);
    this.#send(message);
    return message.id;
  }

  /**
   * @param {number} id  Of the work.
   * @param {Wish} wish
   */
  conduct(id, wish) {
    this.#send(this.#works.conduct(id, wish));
  }

  /**
   * Ask whether a file is a picture that a search can start from; `opened` answers, or the next `ready` where the
   * engine was replaced.
   * @param {number} id  The page's own number.
   * @param {Uint8Array} image
   */
  open(id, image) {
    this.#send({ type: "open", id, image });
  }

  /**
   * What an engine that is not ready would be sent, it is given when it is: by the keepers, and by the page.
   * @param {ToEngine} message
   */
  #send(message) {
    if (this.#ready) this.#engine?.send(message);
  }

  #sendWaiting() {
    const request = this.#ready && !this.#welcoming && this.#searches.hand();
    if (!request) return;
    const { stances, ...search } = request;
    const { sources, calls } = search.settings;
    this.#searched = sources;
    this.#courier.grant(sources, calls, search.made);
    /** @param {Stance} stance */
    const steered = (stance) => [...stances].filter((each) => each[1] === stance).map(([tag]) => tag);
    this.#send({ type: "search", ...search, pinned: steered("pin"), banned: steered("ban") });
  }

  /**
   * Start an engine, or take the one that was started beside.
   * @param {{alone?: boolean}} [options]  `alone`: what is tried comes before the scorer that was in charge.
   */
  #startEngine({ alone = false } = {}) {
    const vision = this.#vision;
    if (!vision) return;
    this.#ready = false;
    this.#scorers.renew(alone);
    this.#watchdog.start(!this.#spare);
    this.#engine = this.#spare ?? this.#newEngine();
    this.#spare = null;
    this.#engine?.use(this.#courier, vision, {
      onMessage: (message) => this.#receive(message),
      onAlive: () => this.#watchdog.alive(),
      onBroken: (message) =>
        this.#atWork
          ? this.replaceEngine(CRASHED)
          : this.#fail(failure(new Error(message || "a script could not be loaded"))),
      onFailed: (error) => this.#fail(failure(error)),
    });
  }

  #newEngine() {
    return this.#vision && this.#config
      ? new EngineLink(this.#base, this.#config, this.#vision, () => this.#rights, this.#Frame)
      : null;
  }

  /** @param {FromEngine} sent  Of a known form; whether it is true, nobody knows. */
  #receive(sent) {
    // The courier tells of calls.
    if (sent.type === "calls") return;
    const message = this.#courier.cleared(sent);
    if (message.type === "failed") {
      this.#fail(message);
      return;
    }
    // A file is taken for an export that was asked for, at its end, once.
    if (message.type === "collecting" && !this.#works.exports(message)) message.file = null;
    if (this.#scorers.receive(message)) this.#sendTrial();
    this.#works.receive(message);
    const ofSearch =
      "id" in message && !isOfScoring(message) && message.type !== "collecting" && message.type !== "opened";
    const known = !ofSearch || this.#searches.receive(message);
    if (message.type === "finished") {
      this.#watchdog.ended();
      this.#sendWaiting();
    }
    if (!known) return;
    if (message.type === "ready") this.#welcome(message);
    else this.#emit(message);
  }

  /**
   * Give a new engine what is for it. The scorer that was in charge comes before what was on show, which it has
   * ranked already; one that is new comes after that, to rank it, and before a search.
   * @param {ReadyMessage} message
   */
  #welcome(message) {
    this.#ready = this.#welcoming = true;
    this.#watchdog.started();
    const { trial } = this.#scorers;
    if (trial?.again) this.#sendTrial();
    this.#vision?.startOthers();
    const { again, lost } = this.#works.renew();
    again.forEach((work) => this.#send(work));
    lost.forEach((message) => this.#emit(message));
    this.#emit(message);
    // Unless the page has run another one since.
    if (!trial?.again && trial === this.#scorers.trial) this.#sendTrial();
    this.#welcoming = false;
    this.#sendWaiting();
  }

  #watch() {
    if (!this.#atWork) {
      this.#lookAhead();
      this.#watchdog.rest();
      this.#scorers.rest();
      return;
    }
    const { cancelling, leaving } = this.#searches;
    const trying = this.#scorers.watching && !this.#scorers.proven;
    if (this.#watchdog.hangs({ cancelling, leaving, trying })) this.replaceEngine(STUCK);
    else this.#engine?.ping();
  }

  /**
   * Have another engine at hand while somebody else's code is in this one; and let it take over where that is not in
   * charge.
   */
  #lookAhead() {
    if (!this.#ready || !this.#engine || this.#engine.foreign === null) return;
    this.#spare ??= this.#newEngine();
    if (this.#isTainted() && this.#spare?.ready) this.#renewEngine();
  }

  /**
   * Put a new engine in the place of one that hangs or broke; what it was at ends, or is given to the new one.
   * @param {Problem} problem  Why.
   */
  replaceEngine(problem) {
    const untaken = this.#stopEngine();
    /** @param {"search" | "try-scorer"} type @param {number | null} id */
    const missed = (type, id) => untaken.some((message) => message.type === type && message.id === id);
    const { cancelling, id } = this.#searches;
    if (!cancelling && missed("search", id)) this.#searches.takeBack();
    const blamed = this.#scorers.blame((trial) => missed("try-scorer", trial));
    const lost = blamed && scorerLost(blamed, problem === STUCK);
    if (blamed) this.#emit({ type: "scorer-tried", id: blamed.id, problem: lost, features: "kept", optional: [] });
    if (this.#searches.cancelling) this.#emit(this.#searches.end("cancelled", null));
    else if (this.#searches.running) this.#emit(this.#searches.end("failed", lost ?? problem));
    this.#startEngine();
  }

  /** Listen to the engine no more; gives what never reached it. */
  #stopEngine() {
    const untaken = this.#engine?.stop() ?? [];
    this.#engine = null;
    this.#ready = false;
    this.#searches.lose();
    this.#works.lose(untaken);
    return untaken;
  }

  /** @param {Told} message */
  #emit(message) {
    timed(message);
    this.#onMessage(message);
  }

  #stopWorkers() {
    this.#stopEngine();
    this.#spare?.stop();
    this.#spare = null;
    this.#courier.stop();
    this.#vision?.stop();
    this.#vision = null;
  }
}
