import { fetchFile, fetchJson } from "../start-up.js";

/** @typedef {{file: string, title: string, line: string}} Start  A measure to start from. */

/** The measures that the site brings along. */
export class Published {
  #base = new URL(".", document.baseURI).href;
  /** py/score.py as it was published. */
  score = "";

  /** Fetches score.py. */
  async load() {
    this.score ||= await this.#text("score.py");
    return this.score;
  }

  /** @returns {Promise<Start[]>} */
  async starts() {
    return JSON.parse(await fetchJson(`${this.#base}measures/index.json`));
  }

  /** @param {Start} start */
  code({ file }) {
    return this.#text(`measures/${file}`);
  }

  /** @param {string} name */
  async #text(name) {
    return (await fetchFile(this.#base + name)).text();
  }
}
