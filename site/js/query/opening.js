/** @import {OpenedMessage, Problem} from "../protocol.js" */
/** @import {PhotoFile} from "../search/photo-file.js" */
/** @import {Search} from "../search/search.js" */
import { mayBePicture, titleOfOther } from "./picture-kinds.js";

/** Milliseconds that the engine may take before the browser is asked, and before a search begins all the same. */
const PATIENCE = { browser: 1500, engine: 20_000 };

const ADVICE = "Choose a JPEG, PNG, WebP or GIF file, or a photo as your phone or camera writes it.";

/**
 * @typedef {object} Surroundings
 * @property {(id: number, image: Uint8Array) => void} onOpen  Asks the engine whether it can open a file; see
 *   `receive`.
 * @property {() => "starting" | "ready" | "failed"} engine
 * @property {() => Search | null} shown  The search on show; null on the first screen.
 * @property {(search: Search) => void} onBegin
 * @property {(problem: Problem) => void} onProblem
 * @property {() => void} onChanged  It is opening another file, or none any more.
 */

/**
 * Lets a search begin when its photos can be opened, and not before: what is on show stays until then, and where a
 * file is no photo, it stays altogether.
 */
export class Opening {
  /** What it is called that is being opened; "" for nothing. */
  name = "";
  #context;
  #turn = 0;
  #id = 0;
  /** Photos of no search yet, which give back what they hold where none takes them. @type {PhotoFile[]} */
  #fresh = [];
  /** What the engine was asked last, and who waits for the answer.
   * @type {{id: number, image: Uint8Array, settle: (problem: Problem | null | "unanswered") => void} | null} */
  #asked = null;

  /** @param {Surroundings} context */
  constructor(context) {
    this.#context = context;
  }

  /**
   * Begins a search, unless one of its photos is none. A later one takes its place.
   * @param {Search} search
   * @returns {Promise<boolean>}  Whether it has begun.
   */
  async take(search) {
    const wanted = this.drop();
    const shown = this.#context.shown()?.queryPhotos.map(({ file }) => file) ?? [];
    const fresh = search.queryPhotos.flatMap(({ file }) => (file.opened || shown.includes(file) ? [] : file));
    this.#fresh = fresh;
    for (const { file } of search.queryPhotos) {
      const problem = file.opened ? null : await this.#problemOf(file);
      if (!wanted()) {
        // What was asked of them meanwhile may have made a URL again.
        for (const each of fresh) each.dispose();
        return false;
      }
      this.#rename("");
      if (problem) {
        this.drop();
        this.#context.onProblem(problem);
        return false;
      }
      file.opened = true;
    }
    this.#fresh = [];
    this.#context.onBegin(search);
    return true;
  }

  /**
   * Gives up what is being opened, for something else.
   * @returns {() => boolean}  Whether that is still wanted: nothing else has begun, or is being read or opened.
   */
  drop() {
    for (const query of this.#fresh) query.dispose();
    this.#fresh = [];
    this.#asked = null;
    this.#rename("");
    const turn = ++this.#turn;
    return () => turn === this.#turn;
  }

  /** @param {OpenedMessage} message */
  receive({ id, problem }) {
    if (id === this.#asked?.id) this.#asked.settle(problem);
  }

  /** Another engine is there, or none will be: the one that was asked does not answer any more. */
  renew() {
    if (!this.#asked) return;
    if (this.#context.engine() === "ready") this.#ask(this.#asked);
    else this.#asked.settle("unanswered");
  }

  /**
   * @param {PhotoFile} query
   * @returns {Promise<Problem | null>}
   */
  async #problemOf(query) {
    this.#rename(query.name);
    if (query.reopens && (await query.reopen())) return null;
    if (!mayBePicture(query.bytes) && !(await query.drawable())) return refusal(query);
    if (this.#context.engine() === "failed" || (this.#context.engine() === "starting" && (await query.drawable())))
      return null;
    return this.#answer(query);
  }

  /**
   * What the engine says of a file. One that stands still says nothing, and is found out by a search.
   * @param {PhotoFile} query
   * @returns {Promise<Problem | null>}
   */
  async #answer(query) {
    const id = ++this.#id;
    const answer = new Promise((/** @type {(problem: Problem | null | "unanswered") => void} */ settle) => {
      this.#asked = { id, image: query.bytes, settle };
      this.#ask(this.#asked);
    });
    const patience = [
      after(PATIENCE.browser).then(async () =>
        this.#asked?.id === id && (await query.drawable()) ? "unanswered" : answer,
      ),
      after(PATIENCE.engine).then(() => (this.#context.engine() === "ready" ? "unanswered" : answer)),
    ];
    const said = await Promise.race([answer, ...patience]);
    if (typeof said === "string" || said === null) return null;
    return { ...said, message: `${query.name}: ${said.message}` };
  }

  /** @param {{id: number, image: Uint8Array}} asked */
  #ask({ id, image }) {
    if (this.#context.engine() === "ready") this.#context.onOpen(id, image);
  }

  /** @param {string} name */
  #rename(name) {
    if (name === this.name) return;
    this.name = name;
    this.#context.onChanged();
  }
}

/**
 * @param {PhotoFile} query
 * @returns {Problem}
 */
function refusal({ name, bytes }) {
  const title = titleOfOther(bytes);
  if (title === "PDF")
    return { code: "bad-photo", message: `${name} is a PDF file, not a photo.`, advice: ADVICE, line: null };
  if (title)
    return {
      code: "bad-photo",
      message: `${name}: ${title} files cannot be opened here.`,
      advice: "Save the photo as JPEG or PNG, and choose that.",
      line: null,
    };
  return { code: "bad-photo", message: `${name} is not an image that can be opened here.`, advice: ADVICE, line: null };
}

/** @param {number} milliseconds */
function after(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
