/** @import {CollectAction, CollectingMessage, CollectMessage, Failure, JobState, Problem} from "../protocol.js" */

/** Work on a collection that takes its time: what was asked for, and how far it is. */
export class Job {
  /** @type {JobState} */
  state = "running";
  done = 0;
  total = 0;
  added = 0;
  unchanged = 0;
  /** Photos a second; 0 where nobody knows. */
  rate = 0;
  /** Seconds; null where nobody knows. @type {number | null} */
  left = null;
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

  /** What the engine is asked for. */
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

  /** @param {CollectingMessage} message */
  hear({ failures, state, done, total, added, unchanged, rate, left, file, problem }) {
    Object.assign(this, { state, done, total, added, unchanged, rate, left, file, problem, wished: "" });
    this.failures.push(...failures);
  }

  /** The engine is gone: the work begins anew, and passes over what is kept already. */
  restart() {
    this.restarts += 1;
    this.failures = [];
    this.state = "running";
  }

  /** @param {Problem} problem  Why it ends, where no message tells. */
  fail(problem) {
    this.state = "failed";
    this.problem = problem;
  }
}
