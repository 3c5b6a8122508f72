/** @import {CollectAction, CollectingMessage, CollectMessage, Failure, JobState, Problem} from "../protocol.js" */

/** Milliseconds in which a lock that was given back may still be seen. */
const HOLDS = 2000;

/** Work on a collection that takes its time: what was asked for, and how far it is. */
export class Job {
  /** @type {JobState} */
  state = "running";
  done = 0;
  total = 0;
  added = 0;
  unchanged = 0;
  renamed = 0;
  /** Photos a second; 0 where nobody knows. */
  rate = 0;
  /** Seconds; null where nobody knows. @type {number | null} */
  left = null;
  /** @type {Failure[]} */
  failures = [];
  /** Photos of which a part could not be used, and what. @type {Failure[]} */
  notes = [];
  /** Files that are no photos. */
  others = 0;
  /** @type {Blob | null} */
  file = null;
  /** @type {Problem | null} */
  problem = null;
  /** Whether the person has asked for a halt that the engine has not confirmed. */
  wished = "";
  #request;
  #ended = 0;

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

  get name() {
    return this.#request.name;
  }

  /** When what it makes is to be deleted; null for never. */
  get expires() {
    return this.#request.expires;
  }

  /** @type {CollectAction} */
  get action() {
    return this.#request.action;
  }

  /** Whether it goes on. */
  get active() {
    return ["waiting", "running", "paused"].includes(this.state);
  }

  /** Whether its engine may have the collection to itself: until a moment after the end. */
  get holds() {
    return this.active || performance.now() - this.#ended < HOLDS;
  }

  /** Whether it takes photos in, of which some may be missing where it is broken off. */
  get adds() {
    return this.action === "create" || this.action === "add";
  }

  /** @param {CollectingMessage} message */
  receive({ failures, notes, ...told }) {
    const { state, done, total, added, unchanged, renamed, rate, left, file, problem, others } = told;
    Object.assign(this, {
      state,
      done,
      total,
      added,
      unchanged,
      renamed,
      rate,
      left,
      file,
      problem,
      others,
      wished: "",
    });
    this.failures.push(...failures);
    this.notes.push(...notes);
    if (!this.active) this.#ended = performance.now();
  }
}
