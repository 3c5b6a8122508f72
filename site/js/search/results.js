/** @import {RescoredMessage, ScoredMessage} from "../protocol.js" */
/** @import {Screen} from "../safety/screening.js" */
import { Likeness } from "./likeness.js";
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
  /** Where each id stands, for a scorer that orders by more than the score. @type {Map<string, number> | null} */
  #places = null;
  #only = "";
  /** What becomes of pictures that are likely unsafe. @type {Screen} */
  #screen = "off";
  /** What the query photo scores; null where it says nothing of others. @type {number | null} */
  #itself = null;

  #sought;

  /**
   * @param {string[]} [sought]  The ids of photos that are searched for, and so are left out, as are their
   *   near-duplicates.
   */
  constructor(sought = []) {
    this.#sought = new Set(sought.filter(Boolean));
  }

  /** How many photos there are, near-duplicates included. */
  get size() {
    return this.#byId.size;
  }

  /** How many of them are not what was searched for. */
  get found() {
    return [...this.#byId.values()].filter(({ sought }) => !sought).length;
  }

  /** How many of them earlier searches had found, those that are left out not counted. */
  get before() {
    return [...this.#byId.values()].filter((result) => result.before && !this.hides(result)).length;
  }

  /** The source whose photos alone are listed; "" for all. */
  get only() {
    return this.#only;
  }

  set only(source) {
    this.#only = source;
    this.#listed = null;
  }

  get screen() {
    return this.#screen;
  }

  set screen(screen) {
    if (screen !== this.#screen) this.#listed = null;
    this.#screen = screen;
  }

  /**
   * How many of a source's are likely unsafe; of all for "".
   * @param {string} source
   */
  unsafeOf(source) {
    return [...this.#byId.values()].filter(
      ({ photo, verdict, sought }) => verdict === "unsafe" && !sought && (!source || photo.source === source),
    ).length;
  }

  /** How many pictures are still to be judged. */
  get unjudged() {
    if (this.#screen === "off") return 0;
    return [...this.#byId.values()].filter(({ screened, verdict }) => screened && verdict === "none").length;
  }

  /**
   * What the classifier has made of a result's picture.
   * @param {Result} result
   * @param {"safe" | "unsafe"} verdict
   */
  judge(result, verdict) {
    if (verdict === "unsafe") this.#listed = null;
    result.verdict = verdict;
  }

  /**
   * Whether a result is left out, as its picture is likely unsafe, or is what was searched for.
   * @param {Result} result
   */
  hides({ verdict, sought }) {
    return sought || (this.#screen === "hide" && verdict === "unsafe");
  }

  /**
   * Whether a result's picture may be drawn.
   * @param {Result} result
   */
  shows({ screened, verdict, unveiled }) {
    return this.#screen === "off" || !screened || verdict === "safe" || unveiled;
  }

  /** What is on show, best first: one of each set of near-duplicates, or all of an opened one. */
  get listed() {
    this.#listed ??= this.#list();
    return this.#listed;
  }

  /** @param {string} id */
  find(id) {
    return this.#byId.get(id);
  }

  /** Every photo in the order in which they came. */
  get arrived() {
    return [...this.#byId.values()];
  }

  /** Every photo, best first, near-duplicates included. */
  get all() {
    return [...this.#byId.values()].sort((a, b) => this.#compare(a, b));
  }

  /**
   * A result and its near-duplicates, best first: those that may be listed.
   * @param {Result} result
   */
  groupOf({ alike }) {
    return alike.filter((result) => (!this.#only || result.photo.source === this.#only) && !this.hides(result));
  }

  /**
   * How many of a source's are not left out; of all for "".
   * @param {string} source
   */
  admittedOf(source) {
    return [...this.#byId.values()].filter(
      (result) => !this.hides(result) && (!source || result.photo.source === source),
    ).length;
  }

  /** Every photo but those that are left out, best first. */
  get admitted() {
    return this.all.filter((result) => !this.hides(result));
  }

  /** The ids in the order of a scorer that orders by more than the score, best first; else null. */
  get order() {
    return this.#places && [...this.#places.keys()];
  }

  /** What the query photo scores with itself; null where nobody knows. */
  get itself() {
    return this.#itself;
  }

  /** How alike they are, as the scores are now. */
  get likeness() {
    return new Likeness(
      [...this.#byId.values()].flatMap(({ score, sought }) => (sought ? [] : score)),
      this.#itself,
    );
  }

  /** @param {RescoredMessage} rescored */
  rescore({ scores, order, itself }) {
    this.#itself = itself;
    for (const { id, score } of scores) {
      const known = this.#byId.get(id);
      if (known) known.score = score;
    }
    this.arrange(order);
  }

  /** @param {string[] | null} order  Ids, best first; null for the order of the scores. */
  arrange(order) {
    this.#listed = null;
    this.#places = order && new Map(order.map((id, place) => [id, place]));
  }

  /**
   * @param {Omit<ScoredMessage, "type" | "itself"> & {itself?: number | null}} scored  Without `itself` where that is
   *   as it was.
   */
  add(scored) {
    this.#listed = null;
    if (scored.itself !== undefined) this.#itself = scored.itself;
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
    result.sought = [id, twin].some((each) => each !== null && this.#sought.has(each));
    this.#byId.set(id, result);
    const first = twin === null ? undefined : this.#byId.get(twin);
    const alike = first?.alike ?? this.#early.get(twin ?? id) ?? this.#early.get(id);
    if (alike) result.alike = alike;
    if (alike && !alike.includes(result)) alike.push(result);
    if (twin !== null && !first) this.#early.set(twin, result.alike);
  }

  #list() {
    const sets = new Set([...this.#byId.values()].map((result) => result.alike));
    for (const alike of sets) alike.sort((a, b) => this.#compare(a, b));
    const groups = [...sets].flatMap((alike) => {
      const [first, ...others] = this.groupOf(leader(alike));
      return first ? [{ first, others: this.#open.has(alike) ? others : [] }] : [];
    });
    return groups.sort((a, b) => this.#compare(a.first, b.first)).flatMap(({ first, others }) => [first, ...others]);
  }

  /**
   * By place; what has none yet comes after what has, by score.
   * @param {Result} a
   * @param {Result} b
   */
  #compare(a, b) {
    const place = (/** @type {Result} */ { photo }) => this.#places?.get(photo.id) ?? Number.MAX_SAFE_INTEGER;
    return place(a) - place(b) || b.score - a.score;
  }
}

/** @param {Result[]} alike */
function leader(alike) {
  const [first] = alike;
  if (!first) throw new Error("a set of near-duplicates is never empty");
  return first;
}
