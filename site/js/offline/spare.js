import { published } from "../client/published-scorer.js";

/**
 * What no visit needs at its start, and one without a network may need later: the service worker
 * keeps what is fetched through it.
 */
export class Spare {
  #base = new URL(".", document.baseURI).href;
  /** @type {Set<string>} */
  #fetched = new Set();

  /** @param {boolean} words  Whether there are own photos, which may be searched by words. */
  async fetch(words) {
    try {
      const starts = await published.starts();
      const names = ["score.py", "js/editor/code-editor.js", ...starts.map(({ file }) => `scorers/${file}`)];
      for (const name of words ? [...names, "models/words.npz"] : names) await this.#one(name);
    } catch {
      // It is fetched when it is needed.
    }
  }

  /** @param {string} name */
  async #one(name) {
    if (this.#fetched.has(name)) return;
    this.#fetched.add(name);
    await (await fetch(this.#base + name)).arrayBuffer();
  }
}
