/** @import {Filters} from "../protocol.js" */
import { LATEST } from "../bounds.js";

/** What a first visit has: everything passes that is safe. @type {Readonly<Filters>} */
export const NO_FILTERS = Object.freeze({
  license: "any",
  since: null,
  until: null,
  orientation: "any",
  colour: "any",
  min_size: 0,
  safe: true,
});

/**
 * What each choice is called.
 * @satisfies {{[F in "license" | "orientation" | "colour"]: Record<Filters[F], string>}}
 */
export const CHOICES = /** @type {const} */ ({
  license: { any: "Any", reuse: "May be reused", commercial: "May be used commercially", modify: "May be changed" },
  orientation: { any: "Any", landscape: "Landscape", portrait: "Portrait", square: "Square" },
  colour: { any: "Any", colour: "Colour", "black-and-white": "Black and white" },
});

/** The longest side of the original, in pixels: no photo of a service is larger. */
const LARGEST = 100_000;

/**
 * Filters as they were kept or came by a link: what is not understood is as on a first visit.
 * @param {unknown} held
 * @returns {Filters}
 */
export function checkedFilters(held) {
  const given = typeof held === "object" && held !== null ? /** @type {Record<string, unknown>} */ (held) : {};
  return {
    license: oneOf(CHOICES.license, given["license"]),
    since: within(given["since"], LATEST),
    until: within(given["until"], LATEST),
    orientation: oneOf(CHOICES.orientation, given["orientation"]),
    colour: oneOf(CHOICES.colour, given["colour"]),
    min_size: within(given["min_size"], LARGEST) ?? 0,
    safe: given["safe"] !== false,
  };
}

/**
 * What is set, a line each; the days of the upload are one.
 * @param {Filters} filters
 * @returns {string[]}
 */
export function describedFilters({ license, since, until, orientation, colour, min_size, safe }) {
  const lines = [];
  if (license !== "any") lines.push(`Licence: ${CHOICES.license[license].toLowerCase()}`);
  if (since !== null || until !== null)
    lines.push(
      `Uploaded${since === null ? "" : ` from ${dayOf(since)}`}${until === null ? "" : ` to ${dayOf(until)}`}`,
    );
  if (orientation !== "any") lines.push(`Orientation: ${CHOICES.orientation[orientation].toLowerCase()}`);
  if (colour !== "any") lines.push(`Colour: ${CHOICES.colour[colour].toLowerCase()}`);
  if (min_size) lines.push(`Longest side: ${min_size.toLocaleString("en")} px or more`);
  if (!safe) lines.push("Photos that are not marked as safe, too");
  return lines;
}

/**
 * The day of a time, as the person's calendar has it and a date field takes it: "2024-02-29".
 * @param {number} time  Unix seconds.
 */
export function dayOf(time) {
  const date = new Date(time * 1000);
  const [month, day] = [date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, "0"));
  return `${String(date.getFullYear()).padStart(4, "0")}-${month}-${day}`;
}

/**
 * When a day begins, or ends, in Unix seconds; null for none.
 * @param {string} day
 * @param {"begin" | "end"} edge
 */
export function timeOf(day, edge) {
  const time = new Date(`${day}T${edge === "begin" ? "00:00:00" : "23:59:59"}`).getTime() / 1000;
  return time >= 0 && time <= LATEST ? time : null;
}

/**
 * @template {string} K
 * @param {Record<K, string>} choices
 * @param {unknown} value
 * @returns {K | "any"}
 */
function oneOf(choices, value) {
  return typeof value === "string" && Object.hasOwn(choices, value) ? /** @type {K} */ (value) : "any";
}

/**
 * @param {unknown} value
 * @param {number} most
 */
function within(value, most) {
  return typeof value === "number" && value >= 0 && value <= most ? Math.round(value) : null;
}
