/** @import {FinishedMessage, Photo, ProgressMessage, Tally} from "../protocol.js" */
/** @import {Result} from "../search/result.js" */
/** @import {Search} from "../search/search.js" */

/**
 * A number and its noun: "1 call", "34 calls".
 * @param {number} count
 * @param {string} noun
 */
export function plural(count, noun) {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}

/**
 * How much is kept of what services have answered: "212 answers of the last day, 3.1 MB".
 * @param {Tally} tally
 */
export function kept({ answers, bytes, lasting }) {
  const when = lasting ? "the last day" : "this visit";
  return `${plural(answers, "answer")} of ${when}${answers ? `, ${size(bytes)}` : ""}`;
}

/**
 * An amount of memory: "12 MB".
 * @param {number} bytes
 */
export function size(bytes) {
  const [unit, name] = bytes >= 1e9 ? [1e9, "GB"] : bytes >= 1e6 ? [1e6, "MB"] : [1e3, "kB"];
  const amount = bytes / unit;
  return `${amount.toLocaleString("en", { maximumFractionDigits: amount < 10 && bytes >= 1e6 ? 1 : 0 })} ${name}`;
}

/**
 * A duration, in the two largest units that it has: "12 s", "2 min 5 s", "23 h 39 min", "3 days 4 h".
 * @param {number} seconds
 */
export function duration(seconds) {
  const whole = Math.round(seconds);
  if (whole < 1) return "less than a second";
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(whole / 60);
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  const hours = Math.round(minutes / 60);
  return `${plural(Math.floor(hours / 24), "day")} ${hours % 24} h`;
}

/**
 * A score in about four characters, whatever its scale: a cosine, or `exp` of something.
 * @param {number} score
 */
export function compact(score) {
  const size = Math.abs(score);
  if (!Number.isFinite(score)) return "–";
  if (size >= 1e6) return score.toExponential(1).replace("e+", "e");
  if (size >= 1e4) return `${(score / 1000).toFixed(0)}k`;
  return score.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3);
}

/**
 * A score, and how far off it may be: "0.61 ± 0.04".
 * @param {number} mean
 * @param {number | null} margin
 */
export function plusMinus(mean, margin) {
  return margin === null ? compact(mean) : `${compact(mean)} ± ${compact(margin)}`;
}

/**
 * How long a bar is, from 0 to 1: a value between the worst (or 0, if that is less) and the best.
 * Scores that are an `exp` spread over so many powers of ten that only their logarithms compare.
 * @param {number} value
 * @param {number} best
 * @param {number} worst
 */
export function share(value, best, worst) {
  if (worst > 0 && best > 100 * worst)
    return share(Math.log(Math.max(value, worst) / worst), Math.log(best / worst), 0);
  const floor = Math.min(0, worst);
  return best > floor ? Math.min(1, Math.max(0, (value - floor) / (best - floor))) : 0;
}

/**
 * "a, b and c".
 * @param {string[]} words
 */
export function listed(words) {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/**
 * What a photo is called where it has no picture: its title, else its tags.
 * @param {Pick<Photo, "title" | "tags">} photo
 */
export function nameOf(photo) {
  return photo.title.trim() || photo.tags.slice(0, 8).join(", ") || "Untitled";
}

/**
 * By what a photo was found; "" where nobody knows.
 * @param {Pick<Result, "tag" | "before">} result
 */
export function foundBy({ tag, before }) {
  const where = "an earlier search of this visit";
  if (tag) return `By asking for “${tag}”${before ? ` in ${where}` : ""}.`;
  return before ? `By ${where}.` : "";
}

/**
 * What a search has done: "110 photos compared".
 * @param {Pick<ProgressMessage, "photos">} spent
 */
function compared({ photos }) {
  return `${plural(photos, "photo")} compared`;
}

/**
 * What takes time when own photos are searched by a scorer that does not know them.
 * @param {{done: number, total: number}} work
 */
function describing({ done, total }) {
  return `Describing your photos by this score function: ${done.toLocaleString("en")} of ${total.toLocaleString("en")}…`;
}

/**
 * What it has shown that earlier searches had found: ", 12 seen before"; "" where there is nothing.
 * @param {Pick<Search, "before">} search
 */
function besides({ before }) {
  return before ? `, ${before.toLocaleString("en")} seen before` : "";
}

/**
 * How a search goes that has not ended.
 * @param {Pick<Search, "recomputing" | "progress" | "queryPhotos" | "text" | "before"> | null} search  Null where there
 *   is none.
 */
export function going(search) {
  if (!search) return "Ready for your photo, or your words.";
  if (search.recomputing) return describing(search.recomputing);
  if (search.progress) return `Looking: ${compared(search.progress)}${besides(search)}`;
  if (search.queryPhotos.length) return "Looking at your photo…";
  return search.text ? "Reading your words…" : "Asking the score function where to start…";
}

/**
 * How a search goes, or how it has ended, where there is little room: "Done: 110 photos"; why it ended is said
 * elsewhere.
 * @param {Pick<Search, "recomputing" | "progress" | "queryPhotos" | "text" | "before" | "end" | "interrupted"> | null}
 *   search  Null where there is none.
 */
export function brief(search) {
  const spent = search?.end ?? search?.progress;
  if (!search || !spent || (!search.end && search.recomputing)) return going(search);
  const word = !search.end ? "Looking" : search.interrupted ? "Interrupted" : wordOf(search.end.reason);
  return `${word}: ${plural(spent.photos, "photo")}${spent.photos ? "" : besides(search)}`;
}

/** @param {FinishedMessage["reason"]} reason */
function wordOf(reason) {
  if (reason === "settled") return "Settled";
  return reason === "cancelled" ? "Cancelled" : reason === "failed" ? "Stopped" : "Done";
}

/**
 * The last sentence of a search: how it ended, and why; "" where it has not.
 * @param {Pick<Search, "end" | "allowed" | "interrupted" | "before" | "own" | "callsToOne" | "progress">} search
 */
export function endOf(search) {
  const { end } = search;
  if (!end) return "";
  const when = duration(end.seconds);
  const more = besides(search);
  if (search.interrupted)
    return `Interrupted: ${compared(end)} in ${when}, then the page was reloaded. Search again to find more.`;
  if (end.reason === "settled")
    return `Settled after ${plural(end.photos, "photo")} in ${when}${more}: nothing better is likely.`;
  return `${wordOf(end.reason)}: ${compared(end)} in ${when}${more}.${reasonOf(end, search)}`;
}

/**
 * Why a search has ended; "" where the person or an error on show says so.
 * @param {Pick<FinishedMessage, "reason" | "photos" | "seconds">} end
 * @param {Pick<Search, "allowed" | "own" | "callsToOne" | "progress">} search
 */
function reasonOf({ reason, photos, seconds }, { allowed, own, callsToOne, progress }) {
  if (reason === "exhausted") return " There was nothing more to ask.";
  if (reason === "complete")
    return photos && !progress?.services.some(({ problem }) => problem) ? " Your photos were all compared." : "";
  if (reason !== "budget" || !allowed) return "";
  if (photos - own >= allowed.photos) return " That is as many as Settings allow.";
  if (seconds >= allowed.seconds) return " The time that Settings allow is over.";
  return callsToOne >= allowed.calls
    ? " The calls that Settings allow are made."
    : " That is as many calls as the services give one search.";
}

/**
 * Whether a search has ended because its services give it no more calls: what a service takes in a minute, or a day,
 * is shared out among searches.
 * @param {Pick<Search, "end" | "allowed" | "own" | "callsToOne">} search
 */
export function outOfCalls({ end, allowed, own, callsToOne }) {
  if (end?.reason !== "budget" || !allowed) return false;
  return end.photos - own < allowed.photos && end.seconds < allowed.seconds && callsToOne < allowed.calls;
}
