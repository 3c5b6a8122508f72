/**
 * Which requests are carried: those that a service's source declares (py/lookalike/sources/requests.py), and no
 * others. Whoever asks may be hostile: score.py is anybody's code, and what it could put into an address would leave.
 */

/** @import {ServiceChoice} from "../protocol.js" */
import { Refusal } from "./signing.js";

/**
 * @typedef {object} Value  What a parameter may be.
 * @property {"words" | "whole" | "oneof" | "some"} kind
 * @property {string[]} [choices]  Of one, or of some.
 * @property {number} [low]        Of a whole number.
 * @property {number} [high]
 * @property {string} [after]      Of words: a regular expression of what may be before them.
 */

/**
 * @typedef {object} Requests  What is carried to a service.
 * @property {string} url  The base of its API.
 * @property {number} most_words  Characters of what is searched for, in one request.
 * @property {Record<string, Value>} search
 * @property {[string, string][]} rewritten
 * @property {string[]} built
 * @property {string[]} links
 */

/** @typedef {ServiceChoice & Requests} Service  As config.json describes it. */

/** Characters of a whole address. */
const LONGEST = 2000;

const SEE = "see `requests` in docs/sources.md";

/**
 * What a request searches for.
 * @param {string} url  Begins with the base of the service's API, and a "?".
 * @param {Service} service
 * @returns {string}  The words.
 * @throws {Refusal} It is none that the service's source declares.
 */
export function wordsOf(url, service) {
  if (url.length > LONGEST) throw new Refusal(`an address has at most ${LONGEST} characters`);
  if (url.includes("#")) throw new Refusal("an address of the API ends in no #fragment");
  const given = [...new URLSearchParams(url.slice(service.url.length + 1))];
  const names = given.map(([name]) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new Refusal(`the parameter ${JSON.stringify(twice)} is there twice`);
  const words = given.flatMap(([name, text]) => wordsIn(name, text, service));
  return words.join(" ");
}

/**
 * @param {string} name
 * @param {string} text
 * @param {Service} service
 * @returns {string[]}  The words; none where the parameter has no place for any.
 */
function wordsIn(name, text, { title, search, most_words }) {
  const value = Object.hasOwn(search, name) ? search[name] : undefined;
  if (!value) throw new Refusal(`${title}’s source declares no parameter ${shown(name)}: ${SEE}`);
  if (value.kind !== "words") {
    if (!fits(text, value))
      throw new Refusal(`${title}’s source does not declare that ${shown(name)} may be ${shown(text)}: ${SEE}`);
    return [];
  }
  const before = new RegExp(`^(?:${value.after})`).exec(text);
  if (!before) throw new Refusal(`${title}’s source declares that ${shown(name)} begins otherwise: ${SEE}`);
  const words = text.slice(before[0].length);
  if (!(words.length <= most_words)) throw new Refusal(`what is searched for has at most ${most_words} characters`);
  return [words];
}

/**
 * @param {string} text
 * @param {Value} value
 */
function fits(text, { kind, choices = [], low = 0, high = 0 }) {
  if (kind === "oneof") return choices.includes(text);
  if (kind === "whole") return /^(0|[1-9]\d{0,14})$/.test(text) && Number(text) >= low && Number(text) <= high;
  // Each once and in the order of the declaration: else their order could say something.
  const places = text.split(",").map((part) => choices.indexOf(part));
  return kind === "some" && places.every((place, i) => place > (places[i - 1] ?? -1));
}

/** @param {string} text */
function shown(text) {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
