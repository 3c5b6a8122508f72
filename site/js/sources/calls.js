import { notAhead } from "../bounds.js";

/** @import {CallsMessage} from "../protocol.js" */

const PREFIX = "lookalike.calls.";
const DAY = 24 * 60 * 60;

/**
 * The calls made to each service in the last 24 hours, by their Unix times. Services count calls by
 * the address they come from, so all tabs of this browser share the count.
 */
export class Calls {
  /** Where the browser keeps nothing, the calls that this page knows of. @type {Map<string, number[]>} */
  #inMemory = new Map();

  /** @param {() => void} changed  Another tab has made calls. */
  constructor(changed) {
    addEventListener("storage", ({ key }) => key?.startsWith(PREFIX) && changed());
  }

  /** @param {CallsMessage} message */
  receive({ source, made }) {
    this.#keep(source, recent(united(this.of(source), made)));
  }

  /**
   * @param {string} source
   * @param {number[]} all
   */
  #keep(source, all) {
    this.#inMemory.set(source, all);
    try {
      localStorage.setItem(PREFIX + source, JSON.stringify(all));
    } catch {
      // Then each visit counts for itself.
    }
  }

  /**
   * When a service was called, oldest first.
   * @param {string} source
   * @returns {number[]}
   */
  of(source) {
    const known = united(keptOf(source), this.#inMemory.get(source) ?? []);
    const all = recent(known);
    // Else what counts as now would count as now for ever.
    if (known.some((time) => !all.includes(time) && time > Date.now() / 1000)) this.#keep(source, all);
    return all;
  }

  /**
   * What a search is told of them.
   * @param {string[]} sources
   * @returns {Record<string, number[]>}
   */
  made(sources) {
    return Object.fromEntries(sources.map((source) => [source, this.of(source)]));
  }
}

/**
 * @param {string} source
 * @returns {number[]}
 */
function keptOf(source) {
  try {
    const kept = JSON.parse(localStorage.getItem(PREFIX + source) ?? "[]");
    return Array.isArray(kept) ? kept.filter((time) => Number.isFinite(time)) : [];
  } catch {
    return [];
  }
}

/** @param {number[]} times */
function recent(times) {
  const now = Date.now() / 1000;
  const young = times.filter((time) => time > now - DAY);
  return notAhead(young, now).sort((a, b) => a - b);
}

/**
 * The calls of two lists that share some: each time as often as the list has it that has it more often.
 * @param {number[]} one
 * @param {number[]} other
 */
function united(one, other) {
  /** @type {Map<number, number>} */
  const counts = new Map();
  for (const time of one) counts.set(time, (counts.get(time) ?? 0) + 1);
  const more = other.filter((time) => {
    const count = counts.get(time) ?? 0;
    counts.set(time, count - 1);
    return count <= 0;
  });
  return [...one, ...more];
}
