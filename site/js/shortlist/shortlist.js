/** @import {Result} from "../search/result.js" */
import { isOwnSource, sourceOf } from "../source-name.js";
import { KeptPhoto } from "./kept-photo.js";
import { checkedPhoto, checkedRecord, MOST_KEPT } from "./record.js";

const NAME = "lookalike.shortlist";

/**
 * The photos that somebody has kept, newest first, in this browser: what is known of each, and no picture, which
 * is fetched again when it is wanted. Where the browser keeps nothing, they are kept for this visit.
 */
export class Shortlist {
  /** By the photos' ids, newest first. @type {Map<string, KeptPhoto>} */
  #all = new Map();
  #changed;
  /** Whether the browser keeps it. */
  lasting = true;

  /** @param {() => void} changed  Here, or in another tab. */
  constructor(changed) {
    this.#changed = changed;
    this.#read();
    addEventListener("storage", ({ key }) => {
      if (key !== NAME && key !== null) return;
      this.#read();
      changed();
    });
  }

  /** @returns {KeptPhoto[]}  Newest first. */
  get all() {
    return [...this.#all.values()];
  }

  get size() {
    return this.#all.size;
  }

  /** @param {{photo: {id: string}}} result */
  has({ photo }) {
    return this.#all.has(photo.id);
  }

  /**
   * Keeps a photo, or keeps it no longer.
   * @param {Result} result
   */
  toggle(result) {
    if (this.has(result)) return this.remove([result]);
    const photo = checkedPhoto(result.photo);
    if (!photo) return;
    this.put([new KeptPhoto({ photo, tag: result.tag.slice(0, 200), at: Date.now() / 1000 }, result.thumbnail)]);
  }

  /** @param {KeptPhoto[]} photos  To be kept, beside the others and in the order of their times. */
  put(photos) {
    this.#read();
    for (const kept of photos) this.#all.set(kept.photo.id, kept);
    this.#all = new Map(newest([...this.#all.values()]));
    this.#write();
  }

  /** @param {Pick<Result, "photo">[]} photos  To be kept no longer. */
  remove(photos) {
    this.#read();
    for (const { photo } of photos) this.#all.delete(photo.id);
    this.#write();
  }

  /** Forgets all. */
  clear() {
    this.#all.clear();
    this.#write();
  }

  /**
   * Forgets own photos whose collections are gone.
   * @param {Set<string>} collections  The ids of all that there are.
   */
  forgetOthers(collections) {
    const sources = new Set([...collections].map(sourceOf));
    const gone = this.all.filter(({ photo }) => isOwnSource(photo.source) && !sources.has(photo.source));
    if (gone.length) this.remove(gone);
  }

  /** Takes what is stored, as another tab may have changed it; what is known of each here stays. */
  #read() {
    /** @type {unknown} */
    let stored;
    try {
      if (!this.lasting) return;
      stored = JSON.parse(localStorage.getItem(NAME) ?? "[]");
    } catch {
      // It is refused, or is nothing that this page has written.
      return;
    }
    const records = (Array.isArray(stored) ? stored : [])
      .slice(0, MOST_KEPT)
      .flatMap((each) => checkedRecord(each) ?? []);
    this.#all = new Map(newest(records.map((record) => this.#all.get(record.photo.id) ?? new KeptPhoto(record))));
  }

  #write() {
    try {
      if (this.#all.size) localStorage.setItem(NAME, JSON.stringify(this.all.map(({ record }) => record)));
      else localStorage.removeItem(NAME);
      this.lasting = true;
    } catch {
      this.lasting = false;
    }
    this.#changed();
  }
}

/**
 * @param {KeptPhoto[]} photos
 * @returns {[string, KeptPhoto][]}
 */
function newest(photos) {
  const sorted = photos.toSorted((a, b) => b.record.at - a.record.at);
  return sorted.slice(0, MOST_KEPT).map((kept) => [kept.photo.id, kept]);
}
