/** @import {Photo} from "../protocol.js" */
/** @import {Search} from "../search/search.js" */
import { rowOf, searchOf, queryPhotosOf, stateOf } from "./state.js";
import { DAY, ReloadStore } from "./store.js";
import { Tab } from "./tab.js";

/** Milliseconds between two writes while something changes. */
const PAUSE = 1000;

/**
 * Keeps the search on show, so that a reload of the tab brings it back. Nothing is said where the browser keeps
 * nothing: then it does not come back.
 */
export class Keeper {
  #store = new ReloadStore();
  #tab = new Tab(() => this.#write());
  /** @type {Search | null} */
  #search = null;
  /** Which of its photos are kept. @type {Set<string>} */
  #written = new Set();
  /** The files of the photos it starts from that are kept: the engine may replace one. @type {Uint8Array[]} */
  #files = [];
  #at = 0;
  /** How it had ended when it was written last. @type {Search["end"]} */
  #end = null;
  /** Whether the store has another search yet, or none. */
  #again = true;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** When it was written last. */
  #last = -PAUSE;
  /** Whether something may have changed since the last write. */
  #stale = false;
  /** Whether the person has deleted what was kept of this search. */
  #forgotten = false;
  #broken = false;
  #context;

  /**
   * @param {{scorer: () => string, model: () => string, own: (photo: Photo) => Promise<Uint8Array | null>}}
   *   context  The names of the scorer, "" for the published one, and of the network; the picture of an own photo,
   *   null where there is none.
   */
  constructor(context) {
    this.#context = context;
    this.#tidy().catch(() => (this.#broken = true));
  }

  /** Whether there may be a search to come back. */
  get returning() {
    return this.#tab.returning;
  }

  /**
   * What was on show before the reload.
   * @returns {Promise<{search: Search, model: string, scorer: string} | null>}
   */
  async back() {
    try {
      const [stored, config] = await Promise.all([
        this.#store.read(this.#tab.id),
        fetch("config.json").then((response) => response.json()),
      ]);
      const state = Object(stored.state);
      // An earlier version of the page called the scorer "measure".
      const { at, model, scorer = state.measure } = state;
      if (!(now() - at < DAY)) return null;
      const search = await searchOf(stored, config.forms, this.#context.own);
      this.#begin(search, at);
      return { search, model: String(model), scorer: String(scorer) };
    } catch {
      return null; // nothing was kept, or by another version
    }
  }

  /** @param {Search} search  On show, and maybe changed. */
  draw(search) {
    if (this.#broken) return;
    const other = search !== this.#search;
    if (other) this.#begin(search, now());
    if (this.#forgotten) return;
    this.#stale = true;
    // Of another search, so that it is not the one before that comes back; and its end, or it would come back as one
    // that the reload has interrupted.
    if (other || search.end !== this.#end) this.#write();
    else this.#timer ??= setTimeout(() => this.#write(), this.#last + PAUSE - performance.now());
  }

  /** Forgets what all tabs have kept. Rejected where the browser has it still. */
  async clear() {
    this.#forgotten = true;
    this.#stale = false;
    await this.#store.clear();
  }

  /**
   * @param {Search} search
   * @param {number} at
   */
  #begin(search, at) {
    this.#search = search;
    this.#at = at;
    this.#end = null;
    this.#written.clear();
    this.#again = true;
    this.#forgotten = false;
  }

  async #write() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const search = this.#search;
    if (!search || !this.#stale || this.#broken) return;
    this.#stale = false;
    this.#last = performance.now();
    this.#end = search.end;
    try {
      const sources = queryPhotosOf(search);
      if (!sources || now() - this.#at >= DAY) return await this.#store.forget(this.#tab.id);
      const state = stateOf(search, { at: this.#at, scorer: this.#context.scorer(), model: this.#context.model() });
      const fresh = search.results.all.filter(({ photo }) => !this.#written.has(photo.id));
      for (const { photo } of fresh) this.#written.add(photo.id);
      const [again, files] = [this.#again, sources.map(({ bytes }) => bytes)];
      const same = !again && files.every((bytes, i) => bytes === this.#files[i]);
      this.#again = false;
      this.#files = files;
      await this.#store.write(this.#tab.id, { state, sources: same ? null : sources, photos: fresh.map(rowOf), again });
    } catch {
      // It is full, or refused: what is half there would come back as if it were all.
      this.#broken = true;
      this.#store.forget(this.#tab.id).catch(() => {});
    }
  }

  async #tidy() {
    await this.#store.tidy(await this.#tab.living(), now());
  }
}

function now() {
  return Date.now() / 1000;
}
