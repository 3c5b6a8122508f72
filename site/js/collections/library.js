/** @import {CollectAction, CollectingMessage, CollectMessage, Problem, ProgressMessage} from "../protocol.js" */
/** @import {Upload, Wish} from "../protocol.js" */
/** @import {Collection, ModelId} from "../shelf/records.js" */
/** @import {Listed} from "../shelf/shelf.js" */
import { Broken } from "../shelf/records.js";
import { Shelf } from "../shelf/shelf.js";
import { LOCK } from "../shelf/turn.js";
import { extent, now } from "./amounts.js";
import { Job } from "./job.js";
import { collectionOf, isOwnSource, sourceOf } from "../source-name.js";
import { problemOf } from "./store-problem.js";
import { hex } from "../hex.js";

/**
 * What the library needs of the engine.
 * @typedef {object} Worker
 * @property {(work: Omit<CollectMessage, "type" | "id">) => number} collect
 * @property {(id: number, wish: Wish) => void} conduct
 * @property {import("../engine/worker.js").Config | null} config
 */

const MINUTE = 60 * 1000;

/** The collections of this browser, and the work on them; it changes, and the views draw it. */
export class Library {
  /** @type {Listed[]} */
  listed = [];
  /** What is kept, and how much may be, in bytes. @type {{used: number, quota: number} | null} */
  room = null;
  /** Whether the browser has promised not to delete anything by itself. @type {boolean | null} */
  persisted = null;
  /** Whether all that there are have been listed. */
  known = false;
  /** Why nothing can be listed. @type {Problem | null} */
  problem = null;
  /** The network in charge; null where nobody knows. @type {ModelId | null} */
  model = null;
  /** What is worked on in other tabs, by the collections' ids. @type {Set<string>} */
  elsewhere = new Set();
  /** The last work on each collection. @type {Map<string, Job>} */
  jobs = new Map();
  /** Why a collection could not be searched. @type {Map<string, Problem>} */
  damaged = new Map();
  /** Collections that have expired, and were deleted, since the page was opened. @type {string[]} */
  expired = [];
  #worker;
  #changed;
  /** The name of the network that was asked about last. */
  #asked = "";
  shelf = new Shelf({
    blocked: () =>
      this.#fail({
        code: "store-blocked",
        message: "Another tab keeps an older version of this page open.",
        advice: "Close it, and this one goes on.",
        line: null,
      }),
    changed: () => this.refresh(),
  });

  /** Which files are photos by their names; not there before the site's settings are. */
  get kinds() {
    return this.#worker.config?.files;
  }

  /**
   * @param {Worker} worker
   * @param {() => void} changed
   */
  constructor(worker, changed) {
    this.#worker = worker;
    this.#changed = changed;
    this.#keepTime();
    setInterval(() => this.#anyExpired && this.#keepTime(), MINUTE);
  }

  /** All collections, with those that are to be made as soon as there is an engine. @returns {Listed[]} */
  get all() {
    const there = new Set(this.listed.map(({ id }) => id));
    const coming = [...this.jobs.values()].filter(
      (job) =>
        !there.has(job.collection) &&
        (job.active || job.state === "failed") &&
        (job.action === "create" || job.action === "open"),
    );
    return [...this.listed, ...coming.map((job) => ({ id: job.collection, collection: this.#toCome(job) }))];
  }

  /** @param {Job} job  @returns {Collection} */
  #toCome({ collection: id, name }) {
    return {
      id,
      name,
      created: now(),
      expires: null,
      model: this.model ?? { name: "", hash: "" },
      measure: "",
      count: 0,
      bytes: 0,
      pending: 0,
    };
  }

  /** What can be searched, as it is offered among the sources. */
  get offered() {
    return this.listed.flatMap(({ id, collection }) => {
      if (!collection?.count || this.isOfAnotherNetwork(collection)) return [];
      return [{ name: sourceOf(id), title: collection.name, note: `Your photos: ${extent(collection)}.` }];
    });
  }

  /** What a collection's network is called. @param {Collection} collection */
  titleOf({ model }) {
    const choice = this.#worker.config?.models.find(({ name }) => name === model.name);
    return choice?.title.split(/[ ,]/)[0] || model.name;
  }

  /** The work on a collection that goes on, or ended last. @param {string} id */
  job(id) {
    return this.jobs.get(id);
  }

  /** Whether a collection's photos were described by another network. @param {Collection} collection */
  isOfAnotherNetwork({ model }) {
    return this.model !== null && (model.name !== this.model.name || model.hash !== this.model.hash);
  }

  /**
   * When a collection will be deleted: of one that is being opened, its record says what holds should that be broken off.
   * @param {Collection} collection
   * @returns {number | null}  Null for never.
   */
  expiryOf({ id, expires }) {
    const job = this.jobs.get(id);
    return job?.active && job.action === "open" ? job.expires : expires;
  }

  /**
   * Whether photos were being added when the page was closed.
   * @param {Collection} collection
   */
  isInterrupted({ id, pending }) {
    return pending > 0 && !this.jobs.get(id)?.active && !this.elsewhere.has(id);
  }

  /** Reads everything again. */
  async refresh() {
    try {
      this.listed = await this.shelf.list();
      this.known = true;
      this.problem = null;
      this.elsewhere = await this.#workedOnElsewhere();
      const estimate = await navigator.storage?.estimate().catch(() => null);
      this.room = estimate?.quota ? { used: estimate.usage ?? 0, quota: estimate.quota } : null;
      this.persisted ??= (await navigator.storage?.persisted?.().catch(() => null)) ?? null;
    } catch (error) {
      this.problem = problemOf(error);
    }
    this.#changed();
  }

  /**
   * Make a collection of uploads.
   * @param {string} name
   * @param {number | null} expires
   * @param {Upload[]} uploads
   * @param {"create" | "open"} [action]
   */
  create(name, expires, uploads, action = "create") {
    this.#askToPersist();
    return this.#begin({ action, collection: newId(), name, expires, uploads });
  }

  /**
   * @param {string} collection
   * @param {CollectAction} action
   * @param {Upload[]} [uploads]
   */
  work(collection, action, uploads = []) {
    this.damaged.delete(collection);
    return this.#begin({ action, collection, name: "", expires: null, uploads });
  }

  /**
   * @param {Job} job
   * @param {Wish} wish
   */
  conduct(job, wish) {
    job.wished = wish;
    this.#worker.conduct(job.id, wish);
    this.#changed();
  }

  /**
   * Does something that takes no time, by the shelf itself.
   * @param {(shelf: Shelf) => Promise<unknown>} change
   * @returns {Promise<Problem | null>}  Why it could not.
   */
  async change(change) {
    try {
      await change(this.shelf);
      return null;
    } catch (error) {
      return problemOf(error);
    } finally {
      await this.refresh();
    }
  }

  /**
   * Delete a collection, or what was to become one. Work on it ends, and of that nothing more is shown: it could only
   * say that its collection is gone.
   * @param {string} id
   * @returns {Promise<Problem | null>}  Why it could not.
   */
  delete(id) {
    const job = this.jobs.get(id);
    if (job?.active) this.conduct(job, "stop");
    return this.change(async (shelf) => {
      await shelf.delete(id);
      this.jobs.delete(id);
      this.damaged.delete(id);
    });
  }

  /** @param {CollectingMessage} message */
  receive(message) {
    const job = [...this.jobs.values()].find(({ id }) => id === message.id);
    if (!job) return;
    const counted = job.total > 0;
    job.receive(message);
    if (job.adds && job.total && !counted) this.#note(job.collection, job.total);
    if (job.adds && (job.state === "done" || job.state === "stopped")) this.#note(job.collection, 0);
    // A new collection is there as soon as its photos have been counted.
    if (!job.active || (job.total && !counted)) this.refresh();
    this.#changed();
  }

  /**
   * A collection could not be read: it is damaged where what was found is not what was written, and not where the
   * browser only did not give it, as when another tab has closed the store.
   * @param {string} id
   * @param {unknown} error
   */
  unread(id, error) {
    if (error instanceof Broken) this.damaged.set(id, problemOf(error));
  }

  /**
   * A search tells of collections that could not be read.
   * @param {ProgressMessage} message
   */
  receiveSearch({ services }) {
    for (const { name, problem } of services) {
      if (problem?.code === "store-broken" && isOwnSource(name)) this.damaged.set(collectionOf(name), problem);
    }
  }

  /** @param {Omit<CollectMessage, "type" | "id">} work */
  #begin(work) {
    const id = this.#worker.collect(work);
    const job = new Job({ ...work, id });
    this.jobs.set(work.collection, job);
    this.#changed();
    return job;
  }

  /**
   * Writes down that photos are being added, for who opens the page again before they are.
   * @param {string} id
   * @param {number} pending
   */
  #note(id, pending) {
    this.shelf.change(id, { pending }).catch(() => {}); // it is gone, or full: said elsewhere
  }

  /** The collections that other tabs work on: their locks tell. @returns {Promise<Set<string>>} */
  async #workedOnElsewhere() {
    const held = (await navigator.locks?.query().catch(() => null))?.held ?? [];
    const ids = held.flatMap(({ name }) => (name?.startsWith(LOCK) ? [name.slice(LOCK.length)] : []));
    return new Set(ids.filter((id) => !this.jobs.get(id)?.holds));
  }

  /** Asks about the network in charge, where it is another one than before: photos can be searched that it described. */
  async follow() {
    const asked = this.#worker.config?.model ?? "";
    if (asked === this.#asked) return;
    this.#asked = asked;
    const model = await described(asked);
    if (asked !== this.#asked) return;
    this.model = model;
    this.#changed();
  }

  /** An engine is ready: what could not be found out before may be known now. */
  async renew() {
    if (!this.model) this.#asked = "";
    await this.follow();
  }

  async #askToPersist() {
    if (this.persisted) return;
    this.persisted = (await navigator.storage?.persist?.().catch(() => null)) ?? null;
    this.#changed();
  }

  /** Whether the time of a collection is over; as they are listed here, so that nothing need be read. */
  get #anyExpired() {
    return this.listed.some(({ collection }) => (collection?.expires ?? Infinity) <= now());
  }

  async #keepTime() {
    try {
      this.expired.push(...(await this.shelf.expire(now())));
    } catch (error) {
      this.problem = problemOf(error);
    }
    await this.refresh();
  }

  /** @param {Problem} problem */
  #fail(problem) {
    this.problem = problem;
    this.#changed();
  }
}

/**
 * What collections say of the network that described them.
 * @param {string} model
 * @returns {Promise<ModelId | null>}  Null where its file cannot be had, as the engine then says.
 */
async function described(model) {
  try {
    const { name, sha256 } = await (await fetch(`models/${model}.json`)).json();
    return { name, hash: sha256 };
  } catch {
    return null;
  }
}

/** An id that no other collection has: 16 hexadecimal digits, as the engine makes them. */
function newId() {
  return hex(crypto.getRandomValues(new Uint8Array(8)));
}
