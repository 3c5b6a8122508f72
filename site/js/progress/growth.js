/** @import {Result} from "../search/result.js" */
import { isOwn } from "../source-name.js";
import { compact, plural } from "../ui/format.js";

/** How many of the best the mean is of. */
export const BEST = 10;

/**
 * The mean of the ten best, after so many photos that the search has looked at. @typedef {{photos: number, mean:
 * number}} Step
 */

/**
 * How the mean of the ten best has grown.
 * @typedef {object} Growth
 * @property {Step[]} steps  Where it changed, from the tenth photo on; before that, nothing.
 * @property {number} photos  How many the search has looked at.
 * @property {number} counted  How many the last mean is of: ten, or as many as there are.
 * @property {number | null} mean  As it is now; null where there is no photo.
 * @property {number} before  How many earlier searches of the visit had looked at.
 * @property {number[]} calls  How many photos it had looked at when each call was answered.
 */

/**
 * The growth by the scores as they are now: another scorer, or a mark, changes all of it. Photos that cost no look,
 * as earlier searches had them or they are the person's own, count among the best, and not as looked at; of
 * near-duplicates the best one counts.
 * @param {Pick<Result, "photo" | "score" | "before" | "alike" | "sought">[]} arrived  In the order in which they
 *   came.
 * @param {number[]} calls  How many of these were there when each call was answered.
 * @returns {Growth}
 */
export function growthOf(arrived, calls) {
  const best = new Best();
  /** @type {Step[]} */
  const steps = [];
  /** How many were looked at when so many had come. */
  const looked = [0];
  let before = 0;
  for (const { photo, score, before: known, alike, sought } of arrived) {
    const photos = (looked.at(-1) ?? 0) + (known || isOwn(photo) ? 0 : 1);
    looked.push(photos);
    if (sought || !Number.isFinite(score)) continue;
    if (known) before += 1;
    best.add(alike, score);
    if (best.size < BEST) continue;
    const { mean } = best;
    const last = steps.at(-1);
    if (last?.photos === photos) last.mean = mean;
    else if (last?.mean !== mean) steps.push({ photos, mean });
  }
  return {
    steps,
    photos: looked.at(-1) ?? 0,
    counted: best.size,
    mean: best.size ? best.mean : null,
    before,
    calls: calls.map((place) => looked[Math.min(place, looked.length - 1)] ?? 0),
  };
}

/** The best scores so far: one of each set of near-duplicates. */
class Best {
  /** @type {Map<unknown, number>} */
  #kept = new Map();

  get size() {
    return this.#kept.size;
  }

  get mean() {
    // Divided first: the sum of what is near the largest of numbers is none.
    return [...this.#kept.values()].reduce((sum, score) => sum + score / this.size, 0);
  }

  /**
   * @param {unknown} set
   * @param {number} score
   */
  add(set, score) {
    this.#kept.set(set, Math.max(score, this.#kept.get(set) ?? score));
    if (this.size <= BEST) return;
    const [worst] = [...this.#kept].reduce((least, entry) => (entry[1] < least[1] ? entry : least));
    this.#kept.delete(worst);
  }
}

/**
 * Where a mean stands, from 0 for the least to 1 for the greatest. Means over many powers of ten compare by their
 * logarithms.
 * @param {Step[]} steps
 * @returns {(mean: number) => number}
 */
export function heightsOf(steps) {
  const means = steps.map(({ mean }) => mean);
  const [least, most] = [Math.min(...means), Math.max(...means)];
  const by = least > 0 && most > 100 * least ? Math.log : (/** @type {number} */ mean) => mean / 2;
  const span = by(most) - by(least);
  return (mean) => (span > 0 ? (by(mean) - by(least)) / span : 0.5);
}

/**
 * The same in words; "" where there is no photo.
 * @param {Growth} growth
 */
export function growthInWords({ steps, photos, counted, mean, before, calls }) {
  if (mean === null) return "";
  const made = calls.length ? ` and ${plural(calls.length, "answered call")}` : "";
  const after = photos
    ? `after ${plural(photos, "photo")}${made}`
    : before
      ? "all of them seen before"
      : "all of them yours";
  const [first] = steps;
  if (!first)
    return `Mean score of ${counted === 1 ? "the one photo" : `the ${counted} best`} so far: ${compact(mean)}, ${after}.`;
  const now = `Mean score of the ten best: ${compact(mean)}, ${after}.`;
  if (!photos) return now;
  const last = steps.at(-1) ?? first;
  const start = first.photos
    ? `after ${plural(first.photos, "photo")}`
    : before
      ? `with ${before.toLocaleString("en")} seen before`
      : "with your own photos";
  const began = `It was ${compact(first.mean)} ${start}`;
  return steps.length > 1
    ? `${now} ${began}, and rose last at photo ${last.photos.toLocaleString("en")}.`
    : `${now} ${began}, and has not risen since.`;
}
