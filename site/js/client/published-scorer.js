import { fetchFile, fetchJson } from "./start-up.js";

/** What the site's own is called as a file, where people edit it. */
export const SCORE_FILE = "py/score.py";

/** @typedef {{file: string, title: string, line: string}} Start  A scorer to start from. */

/** The site's own, as people who write no Python know it. @type {Start} */
export const LIKENESS = {
  file: "",
  title: "Likeness",
  line: `How alike photos look, as this page has it: ${SCORE_FILE}.`,
};

/** The scorers that the site brings along. */
class Published {
  #base = new URL(".", document.baseURI).href;
  /** py/score.py as it was published. */
  score = "";
  /** What was fetched of the others, by their titles. @type {Map<string, string>} */
  #codes = new Map();

  /** Fetches score.py. */
  async load() {
    this.score ||= await this.#text("score.py");
    return this.score;
  }

  /** @returns {Promise<Start[]>} */
  async starts() {
    return JSON.parse(await fetchJson(`${this.#base}scorers/index.json`));
  }

  /** @param {Start} start */
  async code({ file, title }) {
    if (!file) return this.load();
    const code = await this.#text(`scorers/${file}`);
    this.#codes.set(title, code);
    return code;
  }

  /**
   * What a scorer is called where it is chosen: by its title, while it is as it came.
   * @param {{name: string, code: string} | null} scorer  Null for the site's own.
   */
  titleOf(scorer) {
    if (!scorer || scorer.code === this.score) return LIKENESS.title;
    const { name, code } = scorer;
    const edited = name.startsWith(SCORE_FILE) || (this.#codes.has(name) && this.#codes.get(name) !== code);
    return edited ? "your own code" : name;
  }

  /** @param {string} name */
  async #text(name) {
    return (await fetchFile(this.#base + name)).text();
  }
}

/** One for all who ask, so that nothing is fetched twice. */
export const published = new Published();
