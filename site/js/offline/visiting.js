/** @import {Problems} from "../ui/problems.js" */
/** @import {Downloaded, Visit} from "./visit.js" */
import { takeArrivals } from "./arrivals.js";
import { Spare } from "./spare.js";
import { tellOfUpdate } from "./update-alert.js";

/** What the page does with its service worker: shows what it says, and has it keep what may be needed. */
export class Visiting {
  #spare = new Spare();
  #visit;
  /** What is done once the engine has what it needs; null before. @type {(() => void) | null} */
  #settled = null;

  /**
   * @param {Visit} visit
   * @param {Problems} problems
   * @param {object} on
   * @param {(downloaded: Downloaded) => void} on.downloading
   * @param {(files: File[]) => void} on.photos  Photos came from another app.
   */
  constructor(visit, problems, { downloading, photos }) {
    this.#visit = visit;
    visit.onDownloading = downloading;
    visit.onLate = () => this.#settled?.();
    visit.onUpdate = () => tellOfUpdate(visit, problems);
    if (visit.outdated) visit.onUpdate();
    takeArrivals({ shared: () => visit.shared(), photos, problem: (problem) => problems.show(problem) });
  }

  /**
   * The engine has what it needs: what else may be needed without a network is fetched.
   * @param {boolean} ownPhotos  Whether there are any.
   */
  async settle(ownPhotos) {
    if (await this.#visit.begun) return this.#spare.fetch(ownPhotos);
    // On a slow machine the service worker may come later than the engine.
    this.#settled = () => this.#catchUp(ownPhotos);
    if (this.#visit.late) this.#settled();
  }

  /** @param {boolean} ownPhotos */
  async #catchUp(ownPhotos) {
    await this.#visit.keep();
    await this.#spare.fetch(ownPhotos);
  }
}
