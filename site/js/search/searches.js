/**
 * @import {Budget, CollectMessage, MarkName, ScoringEvent, Problem, QueryPhoto, RestoreMessage, SearchEvent,
 *   Settings, Stance, Tally, Wish} from "../protocol.js"
 */
/** @import {Config} from "../engine/worker.js" */
/** @import {Scorer} from "../client/scorer-state.js" */
/** @import {Result} from "./result.js" */
import { Search } from "./search.js";

/**
 * What the page needs of the engine; see engine-client.js.
 * @typedef {object} Client
 * @property {() => void} start
 * @property {(key: string) => void} setKey
 * @property {(queries: QueryPhoto[], settings: Settings, made: Record<string, number[]>, text: string,
 *   stances: ReadonlyMap<string, Stance>) => number} search
 * @property {number | null} resumable
 * @property {(budget: Budget, made: Record<string, number[]>) => void} goOn
 * @property {() => Promise<Tally | null>} forget
 * @property {() => Promise<Tally | null>} tally
 * @property {() => void} cancel
 * @property {(id: number, image: Uint8Array) => void} open
 * @property {(id: number, tag: string, stance: Stance) => void} steer
 * @property {(code: string, name: string, published: boolean, own: boolean) => number} tryScorer
 * @property {(id: number, photo: string, mark: MarkName) => void} mark
 * @property {(search: Omit<RestoreMessage, "type">) => void} restore
 * @property {Scorer | null} inCharge
 * @property {(work: Omit<CollectMessage, "type" | "id">) => number} collect
 * @property {(id: number, wish: Wish) => void} conduct
 * @property {(source: string, address: string) => Promise<Uint8Array | null>} picture
 * @property {(name: string) => void} setModel
 * @property {Config | null} config
 */

/**
 * @typedef {object} Surroundings
 * @property {(search: Search) => boolean} open  Whether this search can begin now: there is an engine, and a source
 *   that needs no key or has one.
 * @property {(search: Search) => Settings} settings
 * @property {(sources: string[]) => Record<string, number[]>} made  When each was called in the last 24 hours.
 * @property {() => void} onChanged  Something is to be drawn.
 * @property {(search: Search, problem: Problem | null) => void} onEnded
 */

/** The search on show and the one that runs: mostly the same one, from its photo to its end. */
export class Searches {
  /** @type {Search | null} */
  shown = null;
  /** @type {Search | null} */
  #running = null;
  /** The number of the search whose photos the engine knows. @type {number | null} */
  #known = null;
  #client;
  #context;

  /**
   * @param {Client} client
   * @param {Surroundings} context
   */
  constructor(client, context) {
    this.#client = client;
    this.#context = context;
  }

  /**
   * Puts a search on show, and gives up the one that runs.
   * @param {Search} search
   */
  show(search) {
    if (this.#running && this.#running !== search) this.#giveUp(this.#running);
    if (this.shown && this.shown !== search && this.shown.active) this.shown.abandon("cancelled");
    this.shown = search;
    this.#context.onChanged();
  }

  /** Starts the search on show, if it waits and nothing is missing any more. */
  proceed() {
    const search = this.shown;
    if (!search?.active || search.id !== null || !this.#context.open(search)) return;
    search.settings = this.#context.settings(search);
    this.#running = search;
    this.#send(search);
    this.#context.onChanged();
  }

  /** Whether the search on show can go on from where it has ended. */
  get resumable() {
    const search = this.shown;
    return !!search?.unfinished && search.id === this.#client.resumable;
  }

  /** Has the search on show go on, with as much to spend again as the settings allow now. */
  goOn() {
    const search = this.shown;
    if (!search?.settings || !this.resumable) return;
    const { photos, calls, seconds } = this.#context.settings(search);
    search.goOn({ photos, calls, seconds });
    this.#running = search;
    this.#client.goOn({ photos, calls, seconds }, this.#context.made(search.settings.sources));
    this.#context.onChanged();
  }

  /** Ends the search on show. */
  cancel() {
    const search = this.shown;
    if (!search?.active) return;
    if (search === this.#running && !search.reopening) this.#client.cancel();
    else this.#end(search, "cancelled");
  }

  /** Ends what runs where the engine is gone and no message will. */
  lose() {
    if (this.#running) this.#end(this.#running, "failed");
  }

  /**
   * Asks more about a tag, never asks it, or leaves it be: in this search, and in the next with this photo.
   * @param {string} tag
   * @param {Stance} stance
   */
  steer(tag, stance) {
    const search = this.shown;
    if (!search) return;
    if (stance === "free") search.stances.delete(tag);
    else search.stances.set(tag, stance);
    if (search.id !== null) this.#client.steer(search.id, tag, stance);
    this.#context.onChanged();
  }

  /** A new engine is there: it knows of no search. */
  renew() {
    this.#known = null;
    this.remind();
  }

  /** Has the engine know the photos on show, so that it can rank them again. */
  remind() {
    const search = this.shown;
    if (!search?.settings || search.id === null || search.active || search.id === this.#known || !search.results.size)
      return;
    this.#known = search.id;
    this.#client.restore({
      id: search.id,
      queries: search.queries,
      text: search.text,
      settings: search.settings,
      results: search.seen,
    });
  }

  /**
   * @param {Result} result
   * @param {MarkName} mark
   */
  mark({ photo }, mark) {
    const search = this.shown;
    if (!search || search.id === null) return;
    this.remind();
    if (mark === "none") search.marks.delete(photo.id);
    else search.marks.set(photo.id, mark);
    this.#client.mark(search.id, photo.id, mark);
    this.#context.onChanged();
  }

  /**
   * What the scorer makes of the photos on show, whether their search has ended or not.
   * @param {ScoringEvent & {id: number}} message
   * @returns {boolean}  Whether it is about them.
   */
  receiveScoring(message) {
    const search = this.shown;
    if (!search || message.id !== search.id) return false;
    search.apply(message);
    return true;
  }

  /** @param {SearchEvent} message  Whoever passes it on has it drawn. */
  receive(message) {
    const search = this.#running;
    if (!search || message.id !== search.id) return;
    if (
      message.type === "finished" &&
      message.problem?.code === "bad-photo" &&
      search.queryPhotos.some(({ file }) => file.reopens)
    ) {
      this.#reopen(search, message.problem);
      return;
    }
    search.apply(message);
    if (message.type === "finished") {
      this.#running = null;
      this.#context.onEnded(search, message.problem);
    }
  }

  /**
   * The engine cannot open the file: the page may, if it is a drawing.
   * @param {Search} search
   * @param {Problem} problem
   */
  async #reopen(search, problem) {
    search.reopening = true;
    const closed = search.queryPhotos.filter(({ file }) => file.reopens);
    const opened = (await Promise.all(closed.map(({ file }) => file.reopen()))).some(Boolean);
    search.reopening = false;
    if (search !== this.#running) return;
    if (opened) this.#send(search);
    else this.#end(search, "failed", problem);
  }

  /** @param {Search} search */
  #send(search) {
    const { queries, settings, text } = search;
    if (settings)
      this.#known = search.id = this.#client.search(
        queries,
        settings,
        this.#context.made(settings.sources),
        text,
        search.stances,
      );
  }

  /** @param {Search} search */
  #giveUp(search) {
    this.#running = null;
    this.#client.cancel();
    search.abandon("cancelled");
  }

  /**
   * @param {Search} search
   * @param {"cancelled" | "failed"} reason
   * @param {Problem | null} problem
   */
  #end(search, reason, problem = null) {
    if (search === this.#running) this.#running = null;
    search.abandon(reason);
    this.#context.onEnded(search, problem);
    this.#context.onChanged();
  }
}
