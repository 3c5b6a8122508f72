/**
 * @import {Budget, FinishedMessage, Guess, MarkName, ScoringEvent, Problem, ProgressMessage,
 *   QueriedMessage, QueryPhoto as SentPhoto, ScoredMessage, SearchEvent, Settings, SkippedMessage, Stance} from "../protocol.js"
 */
/** @import {Result} from "./result.js" */
/** @import {QueryPhoto} from "./query-photo.js" */
import { isOwnSource } from "../source-name.js";
import { Rate } from "./rate.js";
import { PhotoFile } from "./photo-file.js";
import { Results } from "./results.js";
import { nameOf } from "../ui/format.js";

/** Photos that a search starts from at most: more make it slow to begin. */
export const MOST = 8;

/** Everything the page knows of one search; it changes with each message, and the views draw it. */
export class Search {
  /** The engine client's number for it; null while it waits for the key or the engine. @type {number | null} */
  id = null;
  /** @type {Settings | null} */
  settings = null;
  results;
  /** @type {Guess[]} */
  guesses = [];
  /** @type {number | null} */
  seed = null;
  /** The tags that are being asked, or were last. @type {string[]} */
  asking = [];
  /** How often each tag has been asked. @type {Map<string, number>} */
  asked = new Map();
  /** How many results there were when each call was answered. @type {number[]} */
  calls = [];
  /** Photos that the services have named, looked at or not. */
  known = 0;
  /** Photos that earlier searches have looked at. */
  #before = 0;
  /** @type {ProgressMessage | null} */
  progress = null;
  /** What the person should know of their words, and of what they have marked. @type {Problem[]} */
  notes = [];
  /** @type {SkippedMessage[]} */
  skipped = [];
  /** @type {FinishedMessage | null} */
  end = null;
  /**
   * What it may spend in all: as much as it had spent, and as much again, whenever it has gone on. @type {Budget |
   * null}
   */
  #allowed = null;
  /** Whether the page was reloaded before it had ended. */
  interrupted = false;
  /** How far own photos are described again; null where they are not. @type {{done: number, total: number} | null} */
  recomputing = null;
  /**
   * The collection that alone is searched, "collection:ID"; "" for all that is ticked, null where it has not been on
   * show. @type {string | null}
   */
  only = null;
  pace = new Rate();
  /** Whether the browser is trying to open a file that the engine could not. */
  reopening = false;
  /** @type {Map<string, Stance>} */
  stances;
  /**
   * What becomes of its pictures that are likely unsafe, where the person has asked for that here. @type {"hide" |
   * "veil" | null}
   */
  unsafe = null;
  /** What the person thinks of its results, by their ids. @type {Map<string, MarkName>} */
  marks = new Map();

  /**
   * @param {QueryPhoto[]} queryPhotos  Those it starts from; none where there are words, or the scorer names some.
   * @param {Map<string, Stance>} [stances] Of an earlier search with this photo.
   * @param {string} [text]  The words it starts from, or "".
   */
  constructor(queryPhotos, stances = new Map(), text = "") {
    this.queryPhotos = queryPhotos;
    this.text = text;
    this.stances = new Map(stances);
    this.results = new Results(queryPhotos.map(({ file }) => file.of));
  }

  /**
   * A search from one whole photo.
   * @param {PhotoFile} file
   * @param {string} [text]  Words besides.
   */
  static of(file, text) {
    return new Search([{ file, weight: 1, crop: null }], undefined, text);
  }

  /**
   * A search from what one has found: for others like it, and not for itself.
   * @param {Result} result
   */
  static like(result) {
    return Search.of(fileOf(result));
  }

  /**
   * A search from several that were found: for others like them.
   * @param {Result[]} results  At most `MOST`.
   */
  static likeAll(results) {
    return new Search(results.map((result) => ({ file: fileOf(result), weight: 1, crop: null })));
  }

  /**
   * A search from the same.
   * @param {Search} search
   */
  static again(search) {
    return search.leadsTo(new Search(search.queryPhotos, search.stances, search.text));
  }

  /**
   * A search from the same, and from what is liked of its results; what is disliked leads away.
   * @param {Search} search
   */
  static further(search) {
    const marked = search.results.all.flatMap((result) => {
      const mark = search.marks.get(result.photo.id);
      return mark
        ? [
            {
              file: new PhotoFile(new Uint8Array(result.thumbnail), nameOf(result.photo)),
              weight: mark === "liked" ? 1 : -0.5,
              crop: null,
            },
          ]
        : [];
    });
    const all = [...search.queryPhotos, ...marked];
    const further = search.leadsTo(new Search(all.slice(0, MOST), search.stances, search.text));
    if (all.length > MOST) further.notes.push(leftOut(all.length - MOST));
    return further;
  }

  /**
   * A search that goes on from this one, and not from another photo: it stays confined to what this one is.
   * @param {Search} next
   */
  leadsTo(next) {
    next.only = this.only;
    return next;
  }

  /** What it is called: by its first photo and its words. */
  get name() {
    const [first] = this.queryPhotos;
    const words = this.text && `“${this.text}”`;
    return [first?.file.name, words].filter(Boolean).join(", ") || "Without a photo";
  }

  /** Whether it has been asked for and has not ended. */
  get active() {
    return !this.end;
  }

  /** What it has spent so far. */
  get spent() {
    return this.end ?? this.progress ?? { photos: this.results.size, calls: 0, seconds: 0 };
  }

  /** What it may spend in all; null before it has begun. */
  get allowed() {
    return this.#allowed ?? this.settings;
  }

  /** How many of its results earlier searches had found. */
  get before() {
    return this.results.before;
  }

  /** How many own photos it has compared: these are no part of what it may spend. */
  get own() {
    const services = this.progress?.services ?? [];
    return services.reduce((sum, { name, photos }) => sum + (isOwnSource(name) ? photos : 0), 0);
  }

  /** The most calls that one of its services was asked: Settings limit those to each. */
  get callsToOne() {
    const services = this.progress?.services ?? [];
    return services.length ? Math.max(...services.map(({ calls }) => calls)) : this.spent.calls;
  }

  /** Whether there may be more to find for whoever keeps looking: not where own photos alone are searched. */
  get unfinished() {
    const looks = this.settings?.sources.some((name) => !isOwnSource(name));
    return !!looks && !this.interrupted && !!this.end && ["budget", "settled", "cancelled"].includes(this.end.reason);
  }

  /**
   * It goes on.
   * @param {Budget} more  What it may spend besides.
   */
  goOn(more) {
    const { photos, seconds } = this.spent;
    this.#allowed = {
      photos: photos - this.own + more.photos,
      calls: this.callsToOne + more.calls,
      seconds: seconds + more.seconds,
    };
    this.end = null;
    this.pace = new Rate();
  }

  /** The query photos as the engine is told of them. @returns {SentPhoto[]} */
  get queries() {
    // A copy: the bytes are needed again, and the client may transfer what it is given.
    return this.queryPhotos.map(({ file, weight, crop }) => ({ image: file.bytes.slice(), weight, crop, of: file.of }));
  }

  /** What an engine needs to rank again what another one has found. */
  get seen() {
    return this.results.all.map(({ photo, thumbnail, tag }) => ({
      photo,
      thumbnail,
      tag,
      mark: this.marks.get(photo.id) ?? "none",
    }));
  }

  /** Photos that the filters kept out, by reason. */
  get filtered() {
    return this.progress?.filtered ?? [];
  }

  /** @param {SearchEvent | ScoringEvent} message */
  apply(message) {
    if (message.type === "recomputing") this.recomputing = message.done < message.total ? message : null;
    if (message.type === "rescored") this.results.rescore(message);
    if (message.type === "ranked") this.results.arrange(message.order);
    if (message.type === "started") [this.seed, this.guesses] = [message.seed, message.guesses];
    if (message.type === "drawn")
      this.queryPhotos[message.index]?.file.take(/** @type {Uint8Array<ArrayBuffer>} */ (message.image));
    if (message.type === "noted") this.notes.push(message.problem);
    if (message.type === "queried") this.#count(message);
    if (message.type === "scored") this.#add(message);
    if (message.type === "joined") this.results.add({ ...message, tag: "", twin: null, before: false });
    if (message.type === "skipped") this.skipped.push(message);
    if (message.type === "progress") this.#advance(message);
    if (message.type === "finished") this.finish(message);
  }

  /** @param {ProgressMessage} progress */
  #advance(progress) {
    this.progress = progress;
    this.pace.add(progress);
    if (progress.asking.length) this.asking = progress.asking;
  }

  /** @param {ScoredMessage} scored */
  #add(scored) {
    this.results.add(scored);
    if (scored.before) this.#before += 1;
    // Progress tells of it a little later, or never where the scorer does not return.
    const photos = this.results.size - this.#before;
    if (this.progress && this.progress.photos < photos) this.progress = { ...this.progress, photos };
  }

  /** @param {QueriedMessage} queried */
  #count(queried) {
    this.known += queried.new;
    this.calls.push(this.results.size);
    this.asked.set(queried.tag, (this.asked.get(queried.tag) ?? 0) + 1);
  }

  /** @param {FinishedMessage} end */
  finish(end) {
    this.end = end;
  }

  /** The page was reloaded while it ran: what was found is what there is. */
  interrupt() {
    this.interrupted = true;
    this.abandon("cancelled");
  }

  /**
   * Ends it where no message will: it had not begun, or its engine is gone.
   * @param {"cancelled" | "failed"} reason
   */
  abandon(reason) {
    const { photos, calls, seconds } = this.spent;
    this.finish({ type: "finished", id: this.id ?? -1, reason, photos, calls, seconds, problem: null });
  }
}

/**
 * @param {number} count  Of photos that are marked and that a search does not start from.
 * @returns {Problem}
 */
function leftOut(count) {
  const message = `A search starts from at most ${MOST} photos: ${count} of those that you marked ${count > 1 ? "were" : "was"} left out.`;
  return { code: "most-photos", message, advice: "", line: null };
}

/**
 * A photo that was found, to search for others like it.
 * @param {Result} result
 */
function fileOf({ thumbnail, photo }) {
  const file = new PhotoFile(new Uint8Array(thumbnail), nameOf(photo));
  file.of = photo.id;
  return file;
}
