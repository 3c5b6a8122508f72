/** How much of what is being downloaded has come, in bytes. */
export class Amount {
  /** @type {Map<string, {size: number, came: number}>} */
  #files = new Map();

  /**
   * A file is going to be downloaded.
   * @param {string} name
   * @param {number} size
   */
  expect(name, size) {
    if (!this.#files.has(name)) this.#files.set(name, { size, came: 0 });
  }

  /**
   * Bytes of a file have come.
   * @param {string} name
   * @param {number} bytes
   */
  add(name, bytes) {
    const file = this.#files.get(name) ?? { size: 0, came: 0 };
    this.#files.set(name, file);
    file.came += bytes;
    // Of a file that is asked for twice, or is not the one that was built, more may come.
    file.size = Math.max(file.size, file.came);
  }

  /** Bytes that have come, and bytes that will have. */
  get told() {
    const files = [...this.#files.values()];
    return {
      came: files.reduce((sum, file) => sum + file.came, 0),
      total: files.reduce((sum, file) => sum + file.size, 0),
    };
  }
}
