/** @import {CollectAction, CollectingMessage, CollectMessage, Problem, Upload, Wish} from "../protocol.js" */
/** @import {Collection, ModelId} from "../shelf/records.js" */
/** @import {Listed} from "../shelf/shelf.js" */
import { Shelf } from "../shelf/shelf.js";
import { now } from "./amounts.js";
import { Job } from "./job.js";
import { problemOf } from "./store-problem.js";

/**
 * What the library needs of the engine.
 * @typedef {object} Worker
 * @property {(work: Omit<CollectMessage, "type" | "id">) => number} collect
 * @property {(id: number, wish: Wish) => void} conduct
 * @property {(work: Omit<CollectMessage, "type">) => void} recollect  Ask anew, under the same number.
 */

const HOUR = 60 * 60 * 1000;
const LOST = { code: "engine-lost", message: "The engine broke down three times over these photos.", advice: "What is in stays. Add the photos again, in smaller parts, to find the one that does it.", line: null };

/** The collections of this browser, and the work on them; it changes, and the views draw it. */
export class Library {
  /** @type {Listed[]} */
  listed = [];
  /** What is kept, and how much may be, in bytes. @type {{used: number, quota: number} | null} */
  room = null;
  /** Whether the browser has promised not to delete anything by itself. @type {boolean | null} */
  persisted = null;
  /** Why nothing can be listed. @type {Problem | null} */
  problem = null;
  /** The network of today. @type {ModelId | null} */
  model = null;
  /** What is worked on in other tabs, by the collections' ids. @type {Set<string>} */
  elsewhere = new Set();
  /** The last work on each collection. @type {Map<string, Job>} */
  jobs = new Map();
  /** Why a collection could not be searched. @type {Map<string, Problem>} */
  damaged = new Map();
  /** Collections that have deleted themselves since the page was opened. @type {string[]} */
  expired = [];
  #worker;
  #changed;
  shelf = new Shelf({
    blocked: () => this.#fail({ code: "store-blocked", message: "Another tab keeps an older version of this page open.", advice: "Close it, and this one goes on.", line: null }),
    changed: () => this.refresh(),
  });

  /**
   * @param {Worker} worker
   * @param {() => void} changed
   */
  constructor(worker, changed) {
    this.#worker = worker;
    this.#changed = changed;
    this.#keepTime();
    setInterval(() => this.#keepTime(), HOUR);
  }

  /** The work on a collection that goes on, or ended last. @param {string} id */
  job(id) {
    return this.jobs.get(id);
  }

  /** Whether a collection's photos were embedded by another network than today's. @param {Collection} collection */
  isForeign({ model }) {
    return this.model !== null && (model.name !== this.model.name || model.hash !== this.model.hash);
  }

  /**
   * Whether photos were being added when the page was closed.
   * @param {Collection} collection
   */
  isInterrupted({ id, pending }) {
    return pending > 0 && !this.jobs.get(id)?.active && !this.elsewhere.has(id);
  }

  /** Reads everything anew. */
  async refresh() {
    try {
      this.listed = await this.shelf.list();
      this.problem = null;
      this.elsewhere = await workedOn();
      const estimate = await navigator.storage?.estimate();
      this.room = estimate?.quota ? { used: estimate.usage ?? 0, quota: estimate.quota } : null;
      this.persisted ??= (await navigator.storage?.persisted?.()) ?? null;
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

  /** @param {CollectingMessage} message */
  hear(message) {
    const job = [...this.jobs.values()].find(({ id }) => id === message.id);
    if (!job) return;
    const counted = job.total > 0;
    job.hear(message);
    if (job.adds && job.total && !counted) this.#note(job.collection, job.total);
    if (job.adds && (job.state === "done" || job.state === "stopped")) this.#note(job.collection, 0);
    if (!job.active) this.refresh();
    this.#changed();
  }

  /** A new engine is there, which knows of no work: what went on goes on, and passes over what is kept. */
  renew() {
    for (const job of this.jobs.values()) {
      if (!job.active) continue;
      if (job.restarts < 2) {
        job.restart();
        this.#worker.recollect(job.request);
      } else job.fail(LOST);
    }
    this.#changed();
  }

  /** Whether any work goes on. */
  get busy() {
    return [...this.jobs.values()].some(({ active }) => active);
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
   * Writes down that photos are being added, for who opens the page anew before they are.
   * @param {string} id
   * @param {number} pending
   */
  #note(id, pending) {
    this.shelf.change(id, { pending }).catch(() => {}); // it is gone, or full: said elsewhere
  }

  async #askToPersist() {
    if (this.persisted) return;
    this.persisted = (await navigator.storage?.persist?.()) ?? null;
    this.#changed();
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

/** An id that no other collection has: 16 hexadecimal digits, as the engine makes them. */
function newId() {
  return [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The collections that some tab works on: their locks tell. @returns {Promise<Set<string>>} */
async function workedOn() {
  const held = (await navigator.locks?.query())?.held ?? [];
  return new Set(held.flatMap(({ name }) => (name?.startsWith("lookalike.collection.") ? [name.slice("lookalike.collection.".length)] : [])));
}
