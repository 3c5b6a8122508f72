/** @import {CollectAction, CollectingMessage, CollectMessage, Failure, JobState, Problem} from "../protocol.js" */

/** The rate is that of the last so many milliseconds: it changes with what else the computer does. */
const WINDOW = 20_000;

/** Work on a collection that takes its time: what was asked for, and how far it is. */
export class Job {
  /** @type {JobState} */
  state = "running";
  done = 0;
  total = 0;
  added = 0;
  /** @type {Failure[]} */
  failures = [];
  /** @type {Blob | null} */
  file = null;
  /** @type {Problem | null} */
  problem = null;
  /** The engine was lost and the work goes on with a new one: how often. */
  restarts = 0;
  /** Whether the person has asked for a halt that the engine has not confirmed. */
  wished = "";
  /** @type {{at: number, done: number}[]} */
  #steps = [];
  #request;

  /** @param {Omit<CollectMessage, "type">} request */
  constructor(request) {
    this.#request = request;
  }

  get id() {
    return this.#request.id;
  }

  get collection() {
    return this.#request.collection;
  }

  /** @type {CollectAction} */
  get action() {
    return this.#request.action;
  }

  /** What the engine is asked for; anew, after it was lost, under another number. */
  get request() {
    return this.#request;
  }

  /** Whether it goes on. */
  get active() {
    return ["waiting", "running", "paused"].includes(this.state);
  }

  /** Whether it puts photos into the collection. */
  get adds() {
    return ["create", "add", "open"].includes(this.action);
  }

  /** Photos a second; null where there is too little to tell. */
  get rate() {
    const [first, last] = [this.#steps[0], this.#steps.at(-1)];
    const ms = first && last ? last.at - first.at : 0;
    return first && last && ms > 500 && this.state === "running" ? (1000 * (last.done - first.done)) / ms : null;
  }

  /** Seconds until it is done, about; null where nobody knows. */
  get left() {
    const { rate } = this;
    return rate ? (this.total - this.done) / rate : null;
  }

  /** @param {CollectingMessage} message */
  hear({ state, done, total, added, failures, file, problem }) {
    if (state !== this.state) this.#steps = [];
    Object.assign(this, { state, done, total, added: Math.max(added, this.added), file, problem, wished: "" });
    this.failures.push(...failures);
    const now = performance.now();
    this.#steps = [...this.#steps.filter(({ at }) => now - at < WINDOW), { at: now, done }];
  }

  /**
   * The engine is gone: the work begins anew, and passes over what is kept already.
   * @param {number} id  Its new number.
   */
  restart(id) {
    // What was to be created has been, or will be where it is not there.
    this.#request = { ...this.#request, id };
    this.restarts += 1;
    this.failures = [];
    this.#steps = [];
    this.state = "running";
  }

  /** @param {Problem} problem  Why it ends, where no message tells. */
  fail(problem) {
    this.state = "failed";
    this.problem = problem;
  }
}
