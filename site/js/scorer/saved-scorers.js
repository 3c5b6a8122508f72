const KEY = "lookalike.measures";

/** The scorers that the person has saved, kept in this browser. */
export class SavedScorers {
  /** @type {Map<string, string>} */
  #codes = new Map();

  constructor() {
    this.#read();
    // Another tab may save, too.
    addEventListener("storage", ({ key }) => key === KEY && this.#read());
  }

  /** Their names, in alphabetical order. */
  get names() {
    return [...this.#codes.keys()].sort((a, b) => a.localeCompare(b));
  }

  /** @param {string} name */
  code(name) {
    return this.#codes.get(name) ?? "";
  }

  /** @param {string} name */
  has(name) {
    return this.#codes.has(name);
  }

  /**
   * @param {string} name
   * @param {string} code
   * @returns {boolean}  Whether this browser keeps it.
   */
  save(name, code) {
    this.#codes.set(name, code);
    return this.#write();
  }

  /**
   * @param {string} name
   * @param {string} other
   */
  rename(name, other) {
    const code = this.code(name);
    this.#codes.delete(name);
    return this.save(other, code);
  }

  /** @param {string} name */
  delete(name) {
    this.#codes.delete(name);
    this.#write();
  }

  #read() {
    try {
      const stored = Object.entries(JSON.parse(localStorage.getItem(KEY) ?? "{}"));
      this.#codes = new Map(stored.flatMap(([name, code]) => (typeof code === "string" ? [[name, code]] : [])));
    } catch {
      // What another version stored is not worth an error.
    }
  }

  #write() {
    try {
      localStorage.setItem(KEY, JSON.stringify(Object.fromEntries(this.#codes)));
      return true;
    } catch {
      return false;
    }
  }
}
