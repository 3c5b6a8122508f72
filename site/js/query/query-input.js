/** @import {OpenedMessage, Problem} from "../protocol.js" */
import { QueryDialog } from "./query-dialog.js";
import { rememberWords, wordsOfAddress } from "./address.js";
import { WordsForm } from "./words-form.js";
import { Opening } from "./opening.js";
import { PhotoInput } from "./photo-input.js";
import { Samples } from "./samples.js";
import { Search } from "../search/search.js";

/**
 * @typedef {object} Surroundings
 * @property {(search: Search) => void} onBegin
 * @property {() => Search | null} shown  The search on show; null on the first screen.
 * @property {(problem: Problem) => void} onProblem
 * @property {(problem: Problem) => void} onNote
 * @property {(id: number, image: Uint8Array) => void} onOpen  See `Opening`.
 * @property {() => "starting" | "ready" | "failed"} engine
 * @property {() => void} onChanged  Something is to be drawn.
 */

/** What a search starts from, wherever it comes from: a photo, words, or a choice of photos. */
export class QueryInput {
  #input;
  #words;
  #queries;
  #opening;
  #context;

  /** @param {Surroundings} context */
  constructor(context) {
    const { onBegin: begin, shown, onProblem: problem, onNote: note } = context;
    this.#context = context;
    this.#opening = new Opening(context);
    // One turn for all: what was chosen last is what is searched for, however long it takes to come.
    const onIntake = () => this.turn();
    this.#input = new PhotoInput({
      onIntake,
      onPhoto: (query) => this.#opening.take(Search.of(query, this.#words.words)),
      onProblem: problem,
      onNote: note,
    });
    new Samples({ onIntake, onTake: (files) => this.take(files), onProblem: problem });
    this.#words = new WordsForm({
      onWords: (words, photo) =>
        begin(this.#onward(new Search(photo ? (shown()?.queryPhotos ?? []) : [], undefined, words))),
    });
    this.#queries = new QueryDialog({
      onSearch: (queryPhotos) =>
        this.#opening.take(this.#onward(new Search(queryPhotos, shown()?.stances, shown()?.text))),
      onLeft: () => this.#opening.drop(),
    });
  }

  /** @param {Search} search  Which goes on from the one on show, if there is one. */
  #onward(search) {
    return this.#context.shown()?.leadsTo(search) ?? search;
  }

  /** What is being opened, in words; "" for nothing. */
  get said() {
    return this.#opening.name && `Opening ${this.#opening.name}…`;
  }

  /** @param {OpenedMessage} message */
  receive(message) {
    this.#opening.receive(message);
  }

  /** Another engine is there, or it has failed. */
  renew() {
    this.#opening.renew();
  }

  /** Lets the person choose a photo. */
  choose() {
    this.#input.choose();
  }

  /** @param {File[]} files  Photos that came from elsewhere. */
  take(files) {
    this.#input.take(files);
  }

  /** Lets the person type words. */
  type() {
    this.#words.focus();
  }

  /** @param {Search} search  Whose photos are to be weighted, cropped, or joined by others. */
  refine(search) {
    this.#queries.open(search.queryPhotos);
  }

  /**
   * Takes the turn of whatever is being read or opened.
   * @returns {() => boolean}  Whether nothing else has taken it since.
   */
  turn() {
    return this.#opening.drop();
  }

  /**
   * @param {Search} search  Which is on show now.
   * @param {boolean} [aside]  Whether the person may be at something else: what is typed or opened stays.
   */
  show(search, aside = false) {
    if (aside) return;
    this.#opening.drop();
    this.#queries.close();
    this.#input.moveTo("workspace-intake");
    this.#words.moveTo("workspace-words");
    this.#words.show(search);
    rememberWords(addressOf(search));
  }

  /** Back on the first screen, where nothing is searched for. */
  leave() {
    this.#opening.drop();
    this.#input.moveTo("landing-intake");
    this.#words.moveTo("landing-words");
    this.#words.show({ text: "", queryPhotos: [] });
    rememberWords("");
  }

  /**
   * Whether the page's address is that of a search.
   * @param {Search} search
   */
  isAddressOf(search) {
    return wordsOfAddress() === addressOf(search);
  }

  /** What the page's address names; null where that is nothing, or on show. @returns {Search | null} */
  get addressed() {
    const words = wordsOfAddress();
    const shown = this.#context.shown();
    return words && !(shown && words === addressOf(shown)) ? new Search([], undefined, words) : null;
  }

  /** Has the page's address name what is on show. */
  keepAddress() {
    const shown = this.#context.shown();
    rememberWords(shown ? addressOf(shown) : "");
  }
}

/**
 * The words that an address has for a search: those of one by words alone.
 * @param {Search} search
 */
function addressOf({ queryPhotos, text }) {
  return queryPhotos.length ? "" : text;
}
