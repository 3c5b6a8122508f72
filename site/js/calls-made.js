/**
 * When each service was called, kept in this browser: a service counts the calls of an address, whichever
 * visit or tab they come from, and lets no page read its count.
 */

/** @import {CallsMessage} from "./protocol.js" */

const PREFIX = "lookalike.calls.";
const DAY = 24 * 60 * 60;

/**
 * Keeps what the engine has counted, beside what other tabs have kept.
 * @param {CallsMessage} message
 */
export function keepCalls({ source, made }) {
  try {
    const times = [...new Set([...stored(PREFIX + source), ...made])].filter(recent).sort((a, b) => a - b);
    localStorage.setItem(PREFIX + source, JSON.stringify(times));
  } catch {
    // A browser that keeps nothing: the engine still counts for as long as the page is open.
  }
}

/**
 * The calls of the last 24 hours to every service, Unix times in seconds.
 * @returns {Record<string, number[]>}
 */
export function callsMade() {
  try {
    const names = Object.keys(localStorage).filter((name) => name.startsWith(PREFIX));
    return Object.fromEntries(names.map((name) => [name.slice(PREFIX.length), stored(name).filter(recent)]));
  } catch {
    return {};
  }
}

/**
 * @param {string} name
 * @returns {number[]}
 */
function stored(name) {
  try {
    const times = JSON.parse(localStorage.getItem(name) ?? "[]");
    return Array.isArray(times) ? times.filter(Number.isFinite) : [];
  } catch {
    return [];
  }
}

/** @param {number} time */
function recent(time) {
  return time > Date.now() / 1000 - DAY;
}
