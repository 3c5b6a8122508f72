/** @import {Problem} from "../protocol.js" */
import { QueryDialog } from "../queries/query-dialog.js";
import { rememberWords, wordsOfAddress } from "../text/address.js";
import { WordsForm } from "../text/words-form.js";
import { PhotoInput } from "./photo-input.js";
import { Search } from "./search.js";

/**
 * @typedef {object} Surroundings
 * @property {(search: Search) => void} begin
 * @property {() => Search | null} shown  The search on show.
 * @property {(problem: Problem) => void} problem
 * @property {(problem: Problem) => void} note
 */

/** What a search starts from, wherever it comes from: a photo, words, or a choice of photos. */
export class Intake {
  #input;
  #words;
  #queries;
  #around;

  /** @param {Surroundings} around */
  constructor(around) {
    const { begin, shown, problem, note } = around;
    this.#around = around;
    this.#input = new PhotoInput({ photo: (query) => begin(Search.of(query, this.#words.words)), problem, note });
    this.#words = new WordsForm({ words: (words, photo) => begin(new Search(photo ? (shown()?.sources ?? []) : [], undefined, words)) });
    this.#queries = new QueryDialog((sources) => begin(new Search(sources, shown()?.stances, shown()?.text)));
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
    this.#queries.open(search.sources);
  }

  /** @param {Search} search  Which is on show now. */
  show(search) {
    this.#input.moveTo("workspace-intake");
    this.#words.moveTo("workspace-words");
    this.#words.show(search);
    rememberWords(addressOf(search));
  }

  /**
   * Whether the page's address is that of a search.
   * @param {Search} search
   */
  isAddressOf(search) {
    return wordsOfAddress() === addressOf(search);
  }

  /** Begins what the page's address names. */
  readAddress() {
    const words = wordsOfAddress();
    if (words) this.#around.begin(new Search([], undefined, words));
  }
}

/**
 * The words that an address has for a search: those of one by words alone.
 * @param {Search} search
 */
function addressOf({ sources, text }) {
  return sources.length ? "" : text;
}
