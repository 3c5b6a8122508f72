/** Photos that another app has shared, until the page fetches them. They are in memory alone. */

/** Milliseconds after which nobody comes for them any more. */
const PATIENCE = 60_000;

export class SharedPhotos {
  /** @type {File[]} */
  #files = [];
  #taken = () => {};

  /**
   * Keep photos for the page that is about to open.
   * @param {FormData} form  What was shared: see share_target in the web app manifest.
   * @returns {Promise<void>}  Settles when they were taken, or nobody came for them.
   */
  put(form) {
    this.#taken();
    this.#files = form.getAll("photo").filter((value) => value instanceof File);
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.take(), PATIENCE);
      this.#taken = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Give them away, once. */
  take() {
    const files = this.#files;
    this.#files = [];
    this.#taken();
    return files;
  }
}
