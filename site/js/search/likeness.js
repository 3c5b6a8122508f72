import { share } from "../ui/format.js";

/** Where the query photo scores so many times the usual score, only logarithms compare: it is an `exp` of something. */
const POWERS = 1000;
/** What is off no more than this is off by rounding. */
const SLACK = 0.0005;

/**
 * How alike photos are, on the scale of one scorer: from 0 to what the query photo scores with itself. Where nobody
 * knows that, or it is nothing that others could be a part of, to the best score found.
 */
export class Likeness {
  #best;
  #worst;
  #itself;
  #powers;

  /**
   * @param {number[]} scores  Of all photos found.
   * @param {number | null} itself  What the query photo scores.
   */
  constructor(scores, itself) {
    const sorted = Float64Array.from(scores).sort();
    this.#best = sorted.at(-1) ?? 0;
    this.#worst = sorted[0] ?? 0;
    const usual = sorted[sorted.length >> 1] ?? 0;
    this.#itself = itself !== null && Number.isFinite(itself) && itself > 0 ? itself : null;
    this.#powers = this.#itself !== null && this.#worst > 0 && this.#itself > POWERS * usual;
  }

  /**
   * How long a bar is, from 0 to 1.
   * @param {number} score
   */
  part(score) {
    return this.#itself === null ? share(score, this.#best, this.#worst) : Math.min(1, this.#of(score, this.#itself));
  }

  /**
   * @param {number} score
   * @param {{photos: number, marked: boolean}} query  What it is compared with: how many photos, and whether marks
   *   count.
   */
  words(score, { photos, marked }) {
    const percent = `${Math.round(100 * this.part(score))} %`;
    if (this.#itself === null) return `${percent}, where the most alike photo found has 100 %`;
    const whose = photos > 1 ? "the best of your photos" : "your photo";
    // Several photos, and marks, make one thing that all are compared with, your own photos as well.
    const alone = photos === 1 && !marked;
    if (this.#of(score, this.#itself) > 1 + SLACK)
      return `It scores higher than ${whose} ${alone ? "does with itself" : "itself"}`;
    const told = `${percent} of what ${whose} ${alone ? "scores with itself" : "itself scores"}`;
    return this.#powers ? `${told}, by logarithms, as scores span many powers of ten` : told;
  }

  /**
   * @param {number} score
   * @param {number} itself
   */
  #of(score, itself) {
    if (!this.#powers) return Math.max(0, score / itself);
    // An `exp` gives 1 where there is nothing in common, or falls towards 0.
    const least = Math.min(1, this.#worst);
    return Math.max(0, Math.log(Math.max(score, least) / least) / Math.log(itself / least));
  }
}
