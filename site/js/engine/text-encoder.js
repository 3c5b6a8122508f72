/** @import {VisionPool} from "./vision-pool.js" */
import { fetchFile, fetchJson } from "../start-up.js";

/** What searches by words need of the site's files; each is fetched when it is first needed. */
export class TextFiles {
  #base;
  #model;
  #pool;
  /** @type {Promise<(text: string) => number[]> | null} */
  #tokenizer = null;

  /**
   * @param {string} base  Where the site lies.
   * @param {string} model  The name of the model in use.
   * @param {VisionPool} pool
   */
  constructor(base, model, pool) {
    this.#base = base;
    this.#model = model;
    this.#pool = pool;
  }

  /** The table of word vectors. */
  async table() {
    return new Uint8Array(await (await fetchFile(`${this.#base}models/words.npz`)).arrayBuffer());
  }

  /**
   * The tokens of a text, as the model counts them.
   * @param {string} text
   */
  async tokenize(text) {
    this.#tokenizer ??= this.#loadTokenizer();
    try {
      return (await this.#tokenizer)(text);
    } catch (error) {
      this.#tokenizer = null;
      throw error;
    }
  }

  async #loadTokenizer() {
    const [{ tokenizerOf }, content] = await Promise.all([
      import(`${this.#base}js/tokenizer/tokenizer.js`),
      fetchJson(`${this.#base}models/${this.#model}.tokenizer.json`),
    ]);
    return tokenizerOf(JSON.parse(content));
  }

  /**
   * What the model's text encoder makes of tokens.
   * @param {number[]} tokens
   */
  encode(tokens) {
    return this.#pool.encode(tokens);
  }
}
