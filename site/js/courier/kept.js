/** @import {KeptAnswer, Tally} from "../protocol.js" */

/** Seconds for which an answer is kept: docs/sources.md has what services' terms say. */
const DAY = 24 * 60 * 60;
/** So many answers are kept, and so many bytes of them; the oldest go first. */
const MOST = { answers: 300, bytes: 12_000_000 };
/** An answer of more bytes would push out too many others. */
const LARGEST = 1_000_000;

/** An answer without its body. @typedef {Omit<KeptAnswer, "body"> & {bytes: number}} Row */
/**
 * Where answers are: on the disk (kept-disk.js), or in memory. Each is there once, by its address.
 * @typedef {object} Place
 * @property {boolean} lasting
 * @property {() => Promise<Row[]>} rows
 * @property {(url: string) => Promise<Uint8Array<ArrayBuffer> | undefined>} body
 * @property {(row: Row, body: Uint8Array<ArrayBuffer>) => Promise<void>} put
 * @property {(urls: string[]) => Promise<void>} drop
 * @property {() => Promise<void>} clear
 */

/**
 * What services have answered in the last 24 hours, as it came: so that an engine that is replaced, or that of the next
 * visit, need not ask again. No engine can put anything here but by asking a service, so nothing here is forged.
 * Where nothing can be stored, it lasts for the visit; nothing is ever said of that.
 */
export class KeptAnswers {
  /** @type {Promise<Place | null>} */
  #disk;
  /** Where answers are now. @type {Promise<Place>} */
  #place;
  #memory;
  #now;
  /** One after the other, so that the bounds hold. @type {Promise<unknown>} */
  #last = Promise.resolve();

  /**
   * @param {() => Promise<Place>} open  Rejects where nothing can be stored.
   * @param {Place} memory
   * @param {() => number} now  Unix time in seconds.
   */
  constructor(open, memory, now = () => Date.now() / 1000) {
    this.#memory = memory;
    this.#now = now;
    this.#disk = open().catch(() => null);
    this.#place = this.#disk.then((disk) => disk ?? memory);
    this.tidy();
  }

  /**
   * Keep an answer that has just come.
   * @param {Omit<KeptAnswer, "at">} answer  Nobody else has its body.
   */
  async add({ source, url, words, body }) {
    if (body.length > LARGEST || !isJson(body)) return;
    const row = { source, url, words, at: this.#now(), bytes: body.length };
    await this.#do(async (place) => {
      await place.put(row, body);
      await this.#trim(place);
    });
  }

  /** What there is, newest first. @returns {Promise<Row[]>} */
  async rows() {
    return this.#do((place) => this.#trim(place));
  }

  /**
   * @param {Row} row
   * @returns {Promise<KeptAnswer | null>}  Null where it is there no more.
   */
  async get({ source, url, words, at }) {
    const body = await this.#do((place) => place.body(url));
    return body && this.#isYoung(at) ? { source, url, words, at, body } : null;
  }

  /** Deletes what is too old. */
  async tidy() {
    await this.rows();
  }

  /** @returns {Promise<Tally>} */
  async tally() {
    const rows = await this.rows();
    const { lasting } = await this.#place;
    return { answers: rows.length, bytes: rows.reduce((sum, { bytes }) => sum + bytes, 0), lasting };
  }

  /** Deletes all of it. @returns {Promise<Tally>}  Rejected where the disk has it still. */
  async clear() {
    await this.#do(async (place) => {
      await place.clear();
      // What was there before it was full, too.
      if (place === this.#memory) await (await this.#disk)?.clear();
    });
    return this.tally();
  }

  /** @param {number} at */
  #isYoung(at) {
    const age = this.#now() - at;
    // One from the future was kept by a clock that was wrong: nobody knows how old it is.
    return age >= 0 && age < DAY;
  }

  /**
   * Deletes what is too old, or too much.
   * @param {Place} place
   * @returns {Promise<Row[]>}  What stays, newest first.
   */
  async #trim(place) {
    const rows = (await place.rows()).sort((a, b) => b.at - a.at);
    const stay = rows.filter(({ at }) => this.#isYoung(at)).slice(0, MOST.answers);
    let bytes = stay.reduce((sum, row) => sum + row.bytes, 0);
    while (bytes > MOST.bytes) bytes -= stay.pop()?.bytes ?? bytes;
    const staying = new Set(stay);
    const gone = rows.filter((row) => !staying.has(row));
    if (gone.length) await place.drop(gone.map(({ url }) => url));
    return stay;
  }

  /**
   * @template T
   * @param {(place: Place) => Promise<T>} work  Done once more in memory where the disk fails.
   * @returns {Promise<T>}
   */
  #do(work) {
    const done = this.#last.then(async () => {
      const place = await this.#place;
      try {
        return await work(place);
      } catch (error) {
        if (place === this.#memory) throw error;
        this.#place = Promise.resolve(this.#memory);
        return work(this.#memory);
      }
    });
    this.#last = done.catch(() => {});
    return done;
  }
}

/** Answers that last for the visit. @implements {Place} */
export class Memory {
  lasting = false;
  /** @type {Map<string, {row: Row, body: Uint8Array<ArrayBuffer>}>} */
  #answers = new Map();

  async rows() {
    return [...this.#answers.values()].map(({ row }) => row);
  }

  /** @param {string} url */
  async body(url) {
    // Whoever gets it moves it to another thread.
    return this.#answers.get(url)?.body.slice();
  }

  /**
   * @param {Row} row
   * @param {Uint8Array<ArrayBuffer>} body
   */
  async put(row, body) {
    this.#answers.set(row.url, { row, body });
  }

  /** @param {string[]} urls */
  async drop(urls) {
    for (const url of urls) this.#answers.delete(url);
  }

  async clear() {
    this.#answers.clear();
  }
}

/** @param {Uint8Array} body */
function isJson(body) {
  try {
    return typeof JSON.parse(new TextDecoder().decode(body)) === "object";
  } catch {
    return false; // a page that says that something is wrong
  }
}
