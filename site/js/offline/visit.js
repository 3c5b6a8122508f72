/** Where the page's files come from in this visit: the service worker, or the network. */

/** @typedef {{came: number, total: number}} Downloaded  In bytes. */

/** Milliseconds that a first visit waits for the service worker, which may be refused without a word. */
const PATIENCE = 5000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export class Visit {
  /** The files may be fetched now; whether through the service worker. @type {Promise<boolean>} */
  begun;
  /** Told when a new version is ready. */
  onUpdate = () => {};
  /** Told how much has been downloaded through the service worker. @type {(downloaded: Downloaded) => void} */
  onDownloading = () => {};
  /** Told when the service worker comes into charge after files were fetched without it. */
  onLate = () => {};
  #base = new URL(".", document.baseURI).href;
  /** The build that the page is of; "" where it is built without a service worker. */
  #version = document.documentElement.dataset["version"] ?? "";
  /** @type {ServiceWorkerContainer | undefined} */
  #workers = navigator.serviceWorker;
  /** @type {ServiceWorkerRegistration | null} */
  #registration = null;
  #ready = false;
  #late = false;
  #looked = performance.now();

  constructor() {
    this.begun = this.#begin().catch(() => false);
    this.#workers?.addEventListener("message", ({ data }) => data?.type === "downloading" && this.onDownloading(data));
    document.addEventListener("visibilitychange", () => this.#look());
  }

  /** Whether a new version is there, and waits to be used. */
  get outdated() {
    return this.#ready;
  }

  /** Whether the service worker is in charge, and has not seen what was fetched before. */
  get late() {
    return this.#late;
  }

  /** Has the service worker keep what an engine needs, though it has not seen it fetched. */
  async keep() {
    const { controller } = this.#workers ?? {};
    if (controller) await ask(controller, "keep", MINUTE);
  }

  /**
   * Go over to the new version, and open the page again.
   * @returns {Promise<number>}  How many other tabs have to be closed first; with 0, the page is about to go.
   */
  async update() {
    const waiting = this.#registration?.waiting;
    this.#workers?.addEventListener("controllerchange", () => location.reload(), { once: true });
    const others = waiting ? await ask(waiting, "take over") : 0;
    if (typeof others === "number" && others > 0) return others;
    // Chromium now and then leaves the old worker in charge, as if it had work to do. What it did for this page ends
    // with it; where that does not help, the next page tells of the new version again.
    setTimeout(() => location.reload(), waiting ? PATIENCE : 0);
    return 0;
  }

  /**
   * What another app has shared with the page.
   * @returns {Promise<File[]>}
   */
  async shared() {
    const files = (await this.begun) && this.#workers?.controller ? await ask(this.#workers.controller, "shared") : [];
    return Array.isArray(files) ? files.filter((file) => file instanceof File) : [];
  }

  async #begin() {
    const workers = this.#workers;
    if (!workers) return false;
    const found = await workers.getRegistration();
    if (found?.scope === this.#base) this.#watch(found);
    const own = `${this.#base}sw.js`;
    if (workers.controller?.scriptURL === own) this.#reloadWithTheNext(workers);
    // A page that was built without a service worker may be given by one of an earlier build.
    if (workers.controller?.scriptURL === own || !this.#version) return workers.controller?.scriptURL === own;
    const { active } = this.#registration ?? {};
    // Whoever reloads with Shift pressed wants no worker.
    if (active && isReload()) return false;
    if (!(await (active ? claimed(workers, active) : this.#register(workers)))) {
      this.#awaitLate(workers, own);
      return false;
    }
    const given = workers.controller && (await ask(workers.controller, "version"));
    // The site was published again between the page and its worker: all is to be of one version.
    if (given && given !== this.#version) {
      location.reload();
      return new Promise(() => {});
    }
    this.#reloadWithTheNext(workers);
    if (!active) this.#watch(await workers.ready);
    return true;
  }

  /**
   * Register the service worker, and wait until it is in charge.
   * @param {ServiceWorkerContainer} workers
   * @returns {Promise<boolean>}  Whether it is.
   */
  #register(workers) {
    const frame = document.createElement("iframe");
    frame.hidden = true;
    frame.src = `${this.#base}sw.html`;
    return new Promise((/** @type {(done: boolean) => void} */ resolve) => {
      workers.addEventListener("controllerchange", () => resolve(true), { once: true });
      addEventListener(
        "message",
        ({ source, data }) => source === frame.contentWindow && data?.type === "no service worker" && resolve(false),
      );
      setTimeout(() => resolve(false), PATIENCE);
      document.body.append(frame);
    }).finally(() => frame.remove());
  }

  /**
   * @param {ServiceWorkerContainer} workers
   * @param {string} own  The address of this site's.
   */
  #awaitLate(workers, own) {
    const look = () => {
      if (this.#late || workers.controller?.scriptURL !== own) return;
      this.#late = true;
      this.onLate();
    };
    workers.addEventListener("controllerchange", look);
    look();
  }

  /** @param {ServiceWorkerContainer} workers */
  #reloadWithTheNext(workers) {
    workers.addEventListener("controllerchange", () => location.reload());
  }

  /** @param {ServiceWorkerRegistration} registration */
  #watch(registration) {
    this.#registration = registration;
    const announce = () => {
      if (!registration.waiting || !registration.active) return;
      this.#ready = true;
      this.onUpdate();
    };
    announce();
    registration.addEventListener("updatefound", () =>
      registration.installing?.addEventListener("statechange", announce),
    );
  }

  /** Has the browser look for a new version, where the page has long been open. */
  #look() {
    if (document.hidden || performance.now() - this.#looked < HOUR) return;
    this.#looked = performance.now();
    const { active } = this.#registration ?? {};
    if (active) ask(active, "look");
  }
}

function isReload() {
  const [navigation] = performance.getEntriesByType("navigation");
  return /** @type {PerformanceNavigationTiming | undefined} */ (navigation)?.type === "reload";
}

/**
 * Have a service worker take charge of this page. It is not, where it was installed while the page was being opened, or
 * the browser was too busy to start it.
 * @param {ServiceWorkerContainer} workers
 * @param {ServiceWorker} active
 * @returns {Promise<boolean>}  Whether it has.
 */
function claimed(workers, active) {
  return new Promise((resolve) => {
    workers.addEventListener("controllerchange", () => resolve(true), { once: true });
    setTimeout(() => resolve(false), PATIENCE);
    ask(active, "claim");
  });
}

/**
 * Ask a service worker something.
 * @param {ServiceWorker} worker
 * @param {string} question
 * @param {number} [patience]  Milliseconds that its answer may take.
 * @returns {Promise<unknown>}  Undefined where it does not answer.
 */
function ask(worker, question, patience = PATIENCE) {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = ({ data }) => resolve(data);
    setTimeout(() => resolve(undefined), patience);
    worker.postMessage(question, [port2]);
  });
}
