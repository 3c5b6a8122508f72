const WINDOW = 4;

/** How many photos a second a search has looked at lately. */
export class Rate {
  /** @type {{photos: number, seconds: number}[]} */
  #samples = [];

  /** @param {{photos: number, seconds: number}} sample */
  add(sample) {
    if (this.#samples.at(-1)?.seconds === sample.seconds) return;
    this.#samples.push(sample);
    while (this.#samples.length > 2 && sample.seconds - (this.#samples[0]?.seconds ?? 0) > WINDOW)
      this.#samples.shift();
  }

  /** Photos a second. */
  get rate() {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    if (!first || !last || last.seconds <= first.seconds) return 0;
    return (last.photos - first.photos) / (last.seconds - first.seconds);
  }
}
