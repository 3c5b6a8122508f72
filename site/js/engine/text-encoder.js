/** @import {Borrowed} from "./borrowed.js" */
/** @import {VisionPool} from "./vision-pool.js" */

/** What searches by words need besides Python: the vision workers have the tokenizer and the text encoder. */
export class TextFiles {
  #borrowed;
  #pool;

  /**
   * @param {Borrowed} borrowed
   * @param {VisionPool} pool
   */
  constructor(borrowed, pool) {
    this.#borrowed = borrowed;
    this.#pool = pool;
  }

  /** The table of word vectors. */
  table() {
    return this.#borrowed.words();
  }

  /**
   * The tokens of a text, as the model counts them.
   * @param {string} text
   */
  tokenize(text) {
    return this.#pool.tokenize(text);
  }

  /**
   * What the model's text encoder makes of tokens.
   * @param {number[]} tokens
   */
  encode(tokens) {
    return this.#pool.encode(tokens);
  }
}
