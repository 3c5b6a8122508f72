/** @import {ScoredMessage} from "../protocol.js" */
import { Result } from "./result.js";

/** Everything a search has found: best first, near-duplicates behind the best of them. */
export class Results {
  /** @type {Map<string, Result>} */
  #byId = new Map();
  /** @type {Map<string, Result[]>} The near-duplicates of an id that has not come yet. */
  #early = new Map();
  /** @type {Set<Result[]>} */
  #open = new Set();
  /** @type {Result[] | null} */
  #listed = null;

  /** How many photos there are, near-duplicates included. */
  get size() {
    return this.#byId.size;
  }

  /** What is on show, best first: one of each set of near-duplicates, or all of an opened one. */
  get listed() {
    this.#listed ??= this.#list();
    return this.#listed;
  }

  /** @param {ScoredMessage} scored */
  add(scored) {
    this.#listed = null;
    const known = this.#byId.get(scored.photo.id);
    if (known) known.score = scored.score;
    else this.#join(new Result(scored), scored.twin);
  }

  /**
   * Whether the near-duplicates of a result are on show.
   * @param {Result} result
   */
  isOpen(result) {
    return this.#open.has(result.alike);
  }

  /**
   * Shows the near-duplicates of a result, or hides them.
   * @param {Result} result
   */
  toggle(result) {
    this.#listed = null;
    if (!this.#open.delete(result.alike)) this.#open.add(result.alike);
  }

  /** Gives every thumbnail's URL back. */
  dispose() {
    for (const result of this.#byId.values()) result.dispose();
  }

  /**
   * @param {Result} result
   * @param {string | null} twin
   */
  #join(result, twin) {
    const { id } = result.photo;
    this.#byId.set(id, result);
    const first = twin === null ? undefined : this.#byId.get(twin);
    const alike = first?.alike ?? this.#early.get(twin ?? id) ?? this.#early.get(id);
    if (alike) result.alike = alike;
    if (alike && !alike.includes(result)) alike.push(result);
    if (twin !== null && !first) this.#early.set(twin, result.alike);
  }

  #list() {
    const sets = new Set([...this.#byId.values()].map((result) => result.alike));
    for (const alike of sets) alike.sort((a, b) => b.score - a.score);
    const best = [...sets].sort((a, b) => leader(b).score - leader(a).score);
    return best.flatMap((alike) => (this.#open.has(alike) ? alike : [leader(alike)]));
  }
}

/** @param {Result[]} alike */
function leader(alike) {
  const [first] = alike;
  if (!first) throw new Error("a set of near-duplicates is never empty");
  return first;
}
